"""Choices of the account models."""

from django.db import models


class Role(models.TextChoices):
    FARMER = "FARMER"
    VLE = "VLE"
    OPERATOR = "OPERATOR"
    ADMIN = "ADMIN"


class VleType(models.TextChoices):
    INDIVIDUAL = "INDIVIDUAL"
    COMPANY = "COMPANY"


class VleStatus(models.TextChoices):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class OperatorStatus(models.TextChoices):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ARCHIVED = "ARCHIVED"


class Source(models.TextChoices):
    """List the sources of a change, with the label that screens show after "by"."""

    API = "api", "API"
    BACK_OFFICE = "back office", "back office"
    COMMAND = "command", "system (demo data)"
    TIMER = "timer", "system (timer)"


class AccessChangeKind(models.TextChoices):
    """List the kinds of access changes."""

    ROLE_GRANTED = "ROLE_GRANTED", "Role granted"
    ROLE_REVOKED = "ROLE_REVOKED", "Role revoked"
    STAFF_ACCESS_CHANGED = "STAFF_ACCESS_CHANGED", "Staff access changed"
    USER_GROUPS_CHANGED = "USER_GROUPS_CHANGED", "User groups changed"
    GROUP_SAVED = "GROUP_SAVED", "Group saved"
    GROUP_DELETED = "GROUP_DELETED", "Group deleted"
    TERRITORY_SAVED = "TERRITORY_SAVED", "Territory saved"
    MEMBER_ADDED = "MEMBER_ADDED", "Member added"
    MEMBER_CHANGED = "MEMBER_CHANGED", "Member changed"
    MEMBER_REMOVED = "MEMBER_REMOVED", "Member removed"
