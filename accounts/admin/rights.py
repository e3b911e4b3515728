"""Rows of inlines that give rights, saved by the services instead of by their formset."""

from collections.abc import Sequence
from typing import Any

from django.forms import BaseInlineFormSet

from accounts.actors import Actor
from accounts.models import Territory, User
from accounts.services import add_member, change_member, grant_role, remove_member, revoke_role


def save_roles(formset: BaseInlineFormSet, user: User, by: Actor) -> None:
    """Grant and revoke the roles that differ between the rows as they were and as they were sent."""
    before = [form.initial["role"] for form in formset.initial_forms]
    after = [form.instance.role for form in kept_forms(formset) if form.instance.role]
    for role in before:
        if role not in after:
            revoke_role(user, by=by, role=role)
    for role in after:
        if role not in before:
            grant_role(user, by=by, role=role)


def save_members(formset: BaseInlineFormSet, territory: Territory, by: Actor) -> None:
    """Remove, change and add the members that differ. A row with another user removes one member and adds one."""
    replaced = [row for row, columns in formset.changed_objects if "user" in columns]
    for row in [*formset.deleted_objects, *replaced]:
        remove_member(row, by=by)
    for row, columns in formset.changed_objects:
        if "user" not in columns:
            change_member(row, by=by, can_verify=row.can_verify)
    for row in [*replaced, *formset.new_objects]:
        add_member(territory, by=by, user=row.user, can_verify=row.can_verify)


def prefixes_of(formset: BaseInlineFormSet | None) -> list[str] | None:
    """List the PIN code prefixes of the rows that were sent; None if the page shows no prefixes."""
    if formset is None:
        return None
    return [form.instance.prefix for form in kept_forms(formset) if form.instance.prefix]


def kept_forms(formset: BaseInlineFormSet) -> Sequence[Any]:
    """List the forms of a valid formset that are not to be deleted."""
    return [form for form in formset.forms if form not in formset.deleted_forms]
