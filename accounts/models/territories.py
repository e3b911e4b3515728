"""Territories, their PIN code prefixes and their members."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.users import User
from accounts.queries import MembershipQuerySet

PREFIX_PATTERN = r"^[1-9][0-9]{0,5}$"
PREFIX_SHAPE = "Prefix must be up to 6 digits and not start with 0"


class Territory(models.Model):
    """Represent a set of PIN codes whose service orders and live feed belong together."""

    id = models.SlugField(primary_key=True, max_length=50, help_text="Such as pune; never changes.")
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "territories"
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(id__regex=r"^[a-z0-9_-]{1,50}$"), name="territory_id_shape")]

    def __str__(self) -> str:
        return self.name


class TerritoryPrefix(models.Model):
    """Assign the PIN codes that start with `prefix` to a territory. The longest matching prefix wins."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="prefixes")
    prefix = models.CharField("PIN code prefix", max_length=6, unique=True)

    class Meta:
        verbose_name_plural = "PIN code prefixes"
        ordering = ["prefix"]
        constraints = [models.CheckConstraint(condition=Q(prefix__regex=PREFIX_PATTERN), name="prefix_is_digits")]

    def __str__(self) -> str:
        return self.prefix


class TerritoryMembership(models.Model):
    """Represent a user's membership in a territory. Removing it acts at the next request."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="memberships")
    can_verify = models.BooleanField(default=False, help_text="May verify, reject and complete service orders.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet["TerritoryMembership"].as_manager()

    class Meta:
        ordering = ["territory", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "territory"], name="one_membership_per_territory")]

    def __str__(self) -> str:
        return f"{self.user} in {self.territory_id}"
