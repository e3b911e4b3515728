"""Declare workflows as classes, one line per transition: a thin layer over django-fsm.

django-fsm leaves some things open that this module closes: a transition has a policy and a place in the order of
declaration, is found by its target, and `refresh_from_db()` works with a protected field (the library's own mixin
lifts the protection of all instances meanwhile).
"""

from collections.abc import Callable
from itertools import count
from typing import Any, cast

import django_fsm as fsm
from django.db import models

from core.errors import Forbidden, InvalidTransition
from core.statuses import Status

Policy = Callable[[Any, Any], None]
"""Decide whether an actor may act on an object: `policy(object, actor)` raises `Forbidden` if not."""

_declared = count()


def state_field(statuses: type[Status], *, default: Status) -> fsm.FSMField:
    """Return a status column that only a transition can change."""
    field = fsm.FSMField(choices=statuses.choices, default=default, max_length=32, protected=True)
    field.descriptor_class = StatusDescriptor
    return field


class StatusDescriptor(fsm.FSMFieldDescriptor):
    """Refuse assignments as django-fsm does, except those of a refresh of the same instance."""

    def __set__(self, instance: Any, value: Any) -> None:
        if instance.is_refreshing:
            self.field.set_state(instance, value)
        else:
            super().__set__(instance, value)


def transition(*sources: Status, to: Status, by: Policy) -> Callable:
    """Declare the transitions from any of `sources` to `to`, for actors who pass the policy `by`."""
    custom = {"policy": by, "number": next(_declared)}
    return fsm.transition(field="status", source=list(sources), target=to, custom=custom)


class StateModel(models.Model):
    """Let the `status` of a model change by declared transitions only."""

    status: fsm.FSMField
    is_refreshing = False

    class Meta:
        abstract = True

    @classmethod
    def transitions(cls) -> set[tuple[str, str]]:
        """Return every declared (from, to)."""
        return {(str(t.source), str(t.target)) for t in cls._declared_transitions()}

    def available_transitions(self, actor: Any) -> list[str]:
        """Return the statuses that `actor` may give this object now, in the order of declaration."""
        return [str(t.target) for t in self._transitions_from_here() if _is_permitted(t.custom["policy"], self, actor)]

    def policy_of(self, to: str) -> Policy | None:
        """Return the policy of the transition from the present status to `to`, None if there is no such transition."""
        return next((t.custom["policy"] for t in self._transitions_from_here() if t.target == to), None)

    def check_permission(self, to: str, *, by: Any) -> None:
        """Raise Forbidden unless `by` may give such an object the status `to`, whatever its present status is.

        For workflows whose transitions to one status all have the same policy.
        """
        for transition in self._declared_transitions():
            if transition.target == to:
                transition.custom["policy"](self, by)
                return

    def transition_to(self, to: str) -> None:
        """Change the status in memory. The caller holds the row lock, has asked the policy, and saves.

        Raises InvalidTransition if no transition leads from the present status to `to`.
        """
        for transition in self._transitions_from_here():
            if transition.target == to:
                getattr(self, transition.name)()
                return
        raise InvalidTransition(self.status, to)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Reload the row as Django does, the protected status included."""
        self.is_refreshing = True
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            self.is_refreshing = False

    @classmethod
    def _declared_transitions(cls) -> list[fsm.Transition]:
        field = cast(fsm.FSMField, cls._meta.get_field("status"))
        # django-fsm sorts them by the name of the method.
        return sorted(field.get_all_transitions(cls), key=lambda each: each.custom["number"])

    def _transitions_from_here(self) -> list[fsm.Transition]:
        return [t for t in self._declared_transitions() if t.source == self.status]


def _is_permitted(policy: Policy, subject: Any, actor: Any) -> bool:
    try:
        policy(subject, actor)
    except Forbidden:
        return False
    return True
