"""Route the paths of devices under /api/v1."""

from typing import Any

from django.urls import path

from devices.api.master_data_views import DeviceTypeView, ManufacturerView, PublicMasterDataView
from devices.api.pricing_views import DevicePricesView, PricingRuleView, ThresholdView
from devices.api.views import DeviceMediaView, DeviceView

ALL: dict[str, Any] = {"get": "list", "post": "create"}
ONE: dict[str, Any] = {"get": "retrieve", "put": "update"}

urlpatterns = [
    path("public/device-types", PublicMasterDataView.as_view({"get": "device_types"})),
    path("public/manufacturers", PublicMasterDataView.as_view({"get": "manufacturers"})),
    path("admin/device-types", DeviceTypeView.as_view(ALL)),
    path("admin/device-types/<str:code>", DeviceTypeView.as_view(ONE | {"delete": "destroy"})),
    path("admin/manufacturers", ManufacturerView.as_view(ALL)),
    path("admin/manufacturers/<str:code>", ManufacturerView.as_view(ONE | {"delete": "destroy"})),
    path("admin/devices", DeviceView.as_view({"get": "list"})),
    path("admin/devices/onboard/step1", DeviceView.as_view({"post": "draft"})),
    path("admin/devices/<str:device_id>", DeviceView.as_view(ONE)),
    path("admin/devices/<str:device_id>/media", DeviceMediaView.as_view(ALL | {"delete": "destroy"})),
    path("admin/devices/<str:device_id>/media/set-primary", DeviceMediaView.as_view({"put": "set_primary"})),
    path("admin/devices/<str:device_id>/pricing-status", DevicePricesView.as_view({"get": "retrieve"})),
    path("admin/devices/<str:device_id>/pricing-rule", DevicePricesView.as_view({"post": "create"})),
    path("admin/devices/<str:device_id>/onboard-summary", DeviceView.as_view({"get": "summary"})),
    path("admin/devices/<str:device_id>/finalize", DeviceView.as_view({"patch": "finalize"})),
    path("admin/devices/<str:device_id>/status", DeviceView.as_view({"patch": "change_status"})),
    path("admin/pricing/rules", PricingRuleView.as_view(ALL)),
    path("admin/pricing/rules/<str:rule_id>", PricingRuleView.as_view(ONE)),
    path("admin/pricing/thresholds", ThresholdView.as_view({"post": "create"})),
    path("admin/pricing/thresholds/<str:code>", ThresholdView.as_view({"get": "retrieve"})),
]
