"""Querysets of the account models."""

from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from accounts.search import has_phone
from core.database import find_by_id
from core.errors import NotFound

Row = TypeVar("Row", bound=models.Model)
MEMBER_REMOVED = "This person is no longer a member"


class PersonQuerySet(models.QuerySet[Row]):
    """Find and lock rows that stand for a person by id."""

    not_found: ClassVar[str]

    def find(self, identifier: Any) -> Row:
        """Return the row with this id. Raises NotFound, also if `identifier` is not a UUID."""
        return find_by_id(self, identifier, self.not_found)

    def lock(self, identifier: UUID | str) -> Row:
        """Return the row, locked until the end of the transaction. Raises NotFound like `find`."""
        return self.select_for_update(of=("self",), no_key=True).find(identifier)


class UserQuerySet(PersonQuerySet[Row]):
    not_found = "User not found"


class ProfileQuerySet(PersonQuerySet[Row]):
    """Filter VLE profiles or operators, which have a user, a status and a name of their own."""

    def matching(self, *, status: str | None, search: str | None) -> Self:
        """Filter by status, and by text in the name, or a phone in any spelling; None and "" do not filter."""
        rows = self.filter(status=status) if status else self
        if not search:
            return rows
        has_number = Q(user__phone__contains=search) | has_phone(search, "user__phone")
        return rows.filter(Q(name__icontains=search) | has_number)


class VleQuerySet(ProfileQuerySet[Row]):
    not_found = "VLE not found"


class MembershipQuerySet(models.QuerySet[Row]):
    def lock(self, membership_id: int) -> Row:
        """Return the membership with its user, locked until the end of the transaction. Raises NotFound if removed."""
        row = self.select_for_update(of=("self",)).select_related("user").filter(pk=membership_id).first()
        if row is None:
            raise NotFound(MEMBER_REMOVED)
        return row


class OperatorQuerySet(ProfileQuerySet[Row]):
    not_found = "Operator not found"
