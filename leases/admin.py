"""Leases in the back office: to be found, read and ended; they are signed from their order, through the service."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from accounts.admin_actions import act_on_each
from core.admin import ReadOnlyAdmin, id_starts_with, link_to, links_to
from core.admin.needs import needs_filter
from core.errors import NotFound
from leases.downloads import download, find_attachment
from leases.models import Lease, LeaseAttachment, LeaseOperator
from leases.needs import ENDING, OVERDUE
from leases.services import complete_lease, terminate_lease


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class OperatorInline(ReadOnlyInline):
    model = LeaseOperator
    fields = ["operator_link", "role", "assigned_at", "released_at"]
    readonly_fields = ["operator_link"]

    operator_link = link_to("operator")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LeaseOperator]:
        return super().get_queryset(request).select_related("operator")


class AttachmentInline(ReadOnlyInline):
    model = LeaseAttachment
    fields = ["document", "type", "content_type", "size", "uploaded_at"]
    readonly_fields = ["document"]

    @admin.display(description="document")
    def document(self, attachment: LeaseAttachment) -> str:
        url = reverse("admin:leases_lease_document", args=[attachment.lease_id, attachment.pk])
        return format_html('<a href="{}" download>{}</a>', url, attachment.name)


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    list_display = ["short_id", "status", "device", "vle", "start_date", "end_date", "signed_by", "created_at"]
    list_filter = [
        needs_filter(ENDING, OVERDUE),
        "status",
        ("created_at", admin.DateFieldListFilter),
        ("end_date", admin.DateFieldListFilter),
    ]
    search_fields = ["vle__name", "vle__user__phone", "device__name"]
    search_help_text = "Id or its first 8 characters (#abc12345), VLE, phone, device"
    actions = [
        act_on_each("complete_lease", "Complete", lambda lease, by: complete_lease(lease, by=by), "COMPLETED"),
        act_on_each("terminate_lease", "Terminate", lambda lease, by: terminate_lease(lease, by=by), "TERMINATED"),
    ]
    inlines = [OperatorInline, AttachmentInline]

    order_link = link_to("order")
    device_link = link_to("device")
    vle_link = link_to("vle", "VLE")
    signed_by_link = link_to("signed_by")
    ended_by_link = link_to("ended_by")
    sms_link = links_to("notifications", "smsmessage", "related_id", "SMS")

    fieldsets = [
        (None, {"fields": ["id", "status", "order_link", "device_link", "vle_link", "sms_link"]}),
        (
            "Terms",
            {
                "fields": [
                    "start_date",
                    "end_date",
                    "commitment_type",
                    "commitment_value",
                    "estimated_price",
                    "deposit_amount",
                    "notes",
                ]
            },
        ),
        ("Signed", {"fields": ["signed_by_link", "created_at"]}),
        ("Ended", {"fields": ["ended_by_link", "ended_at", "end_note"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lease]:
        return super().get_queryset(request).select_related("order", "device", "vle", "signed_by", "ended_by")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term)), duplicates

    def get_urls(self) -> list[URLPattern]:
        document = path(
            "<uuid:lease_id>/documents/<uuid:attachment_id>",
            self.admin_site.admin_view(self.document),
            name="leases_lease_document",
        )
        return [document, *super().get_urls()]

    def document(self, request: HttpRequest, lease_id: Any, attachment_id: Any) -> FileResponse:
        """A document of a lease, for staff who may see leases."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return download(find_attachment(Lease.objects.find(lease_id), attachment_id))
        except NotFound as missing:
            raise Http404(str(missing)) from None
