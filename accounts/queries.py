"""Questions about many profiles."""

from django.db import models
from django.db.models import Q


class ProfileQuerySet(models.QuerySet):
    """VLE profiles and operators: each belongs to a user and has a name of its own."""

    def narrowed(self, *, status: str | None, search: str | None) -> "ProfileQuerySet":
        """Those in this state, whose name or phone contains this text; None and "" narrow nothing."""
        rows = self.filter(status=status) if status else self
        return rows.filter(Q(name__icontains=search) | Q(user__phone__contains=search)) if search else rows
