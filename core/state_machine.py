"""A thin layer over django-fsm: a workflow is a class whose every arrow is one line.

django-fsm leaves three things open that this module closes: `permission=` is not asked when a transition is called,
`refresh_from_db()` fails on a protected field (its own mixin lifts the protection of all instances meanwhile), and
nothing finds the transition that leads to a given state.
"""

from collections.abc import Callable
from typing import Any, cast

import django_fsm as fsm
from django.db import models

from core.errors import Forbidden, InvalidTransition

Policy = Callable[[Any, Any], None]
"""Asks whether an actor may act on an object: `policy(object, actor)` raises `Forbidden` when not."""


def state_field(states: type[models.TextChoices], *, default: models.TextChoices) -> fsm.FSMField:
    """Return a status column that only a transition can change."""
    field = fsm.FSMField(choices=states.choices, default=default, max_length=32, protected=True)
    field.descriptor_class = StatusDescriptor
    return field


class StatusDescriptor(fsm.FSMFieldDescriptor):
    """Refuse assignments as django-fsm does, except those of a refresh of the same instance."""

    def __set__(self, instance: Any, value: Any) -> None:
        if instance.is_refreshing:
            self.field.set_state(instance, value)
        else:
            super().__set__(instance, value)


def transition(*sources: models.TextChoices, to: models.TextChoices, by: Policy) -> Callable:
    """Declare one arrow of a workflow: from any of `sources` to `to`, open to those whom the policy `by` lets pass."""
    return fsm.transition(field="status", source=list(sources), target=to, custom={"policy": by})


class StateModel(models.Model):
    """A model with a `status` that moves along declared arrows."""

    status: fsm.FSMField
    is_refreshing = False

    class Meta:
        abstract = True

    @classmethod
    def transitions(cls) -> set[tuple[str, str]]:
        """Every declared (from, to)."""
        return {(str(t.source), str(t.target)) for t in cls._declared_transitions()}

    def available_transitions(self, actor: Any) -> list[str]:
        """The states that `actor` may move this object to now, in the order of declaration."""
        return [str(t.target) for t in self._transitions_from_here() if _is_permitted(t.custom["policy"], self, actor)]

    def check_permission(self, wanted: str, *, by: Any) -> None:
        """Raises Forbidden where `by` may not move such an object to `wanted`, whatever its state is now.

        For workflows whose arrows to one state all have the same policy.
        """
        for transition in self._declared_transitions():
            if transition.target == wanted:
                transition.custom["policy"](self, by)
                return

    def transition_to(self, wanted: str, *, by: Any) -> None:
        """Move in memory to `wanted`; the caller holds the row lock and saves.

        Raises InvalidTransition where no arrow leads there, Forbidden where the arrow's policy refuses `by`.
        """
        for transition in self._transitions_from_here():
            if transition.target == wanted:
                transition.custom["policy"](self, by)
                getattr(self, transition.name)()
                return
        raise InvalidTransition(self.status, wanted)

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
        return list(field.get_all_transitions(cls))

    def _transitions_from_here(self) -> list[fsm.Transition]:
        return [t for t in self._declared_transitions() if t.source == self.status]


def _is_permitted(policy: Policy, subject: Any, actor: Any) -> bool:
    try:
        policy(subject, actor)
    except Forbidden:
        return False
    return True
