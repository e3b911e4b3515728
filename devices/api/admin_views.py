"""Base of the views that manage devices, their master data and their prices."""

from typing import Any

from rest_framework import viewsets
from rest_framework.request import Request

from core.contracts.equipment import EquipmentView
from devices.policies import must_manage_devices


class AdminDeviceViewSet(EquipmentView, viewsets.ViewSet):
    """Refuse callers who may not manage devices before their uploads are read or a path is looked up."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        must_manage_devices(None, self.caller)
