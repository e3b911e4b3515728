"""What the company alone does with devices, over HTTP."""

from typing import Any

from rest_framework import viewsets
from rest_framework.request import Request

from core.contracts.equipment import EquipmentView
from devices.policies import must_manage_devices


class AdminDeviceViewSet(EquipmentView, viewsets.ViewSet):
    """For those who manage devices: others are refused before anything that they sent is looked at."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        must_manage_devices(None, request.auth)
