"""A thin layer over django-fsm: a workflow is a class whose every arrow is one line.

django-fsm leaves three things open that this module closes: `permission=` is not asked when a transition is called,
`refresh_from_db()` fails on a protected field, and nothing finds the transition that leads to a given state.
"""

import warnings
from collections.abc import Callable, Iterable
from typing import Any, cast

from django.db import models

with warnings.catch_warnings():
    # The package advertises its AGPL successor at import.
    warnings.simplefilter("ignore", UserWarning)
    import django_fsm as fsm

from core.errors import Forbidden, InvalidTransition

Policy = Callable[[Any, Any], None]
"""Asks whether an actor may act on an object: `policy(object, actor)` raises `Forbidden` when not."""


def state_field(states: type[models.TextChoices], *, default: models.TextChoices) -> fsm.FSMField:
    """A status column that only a step can change."""
    return fsm.FSMField(choices=states.choices, default=default, max_length=32, protected=True)


def transition(*sources: models.TextChoices, to: models.TextChoices, by: Policy) -> Callable:
    """Declare one arrow of a workflow: from any of `sources` to `to`, open to those whom the policy `by` lets pass."""
    return fsm.transition(field="status", source=list(sources), target=to, custom={"policy": by})


class StateModel(models.Model):
    """A model with a `status` that moves along declared arrows."""

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
        raise InvalidTransition(self.status, wanted)  # type: ignore[attr-defined]

    def refresh_from_db(
        self, using: Any = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """As Django's, with protected columns read past their guard."""
        wanted = self._loaded_columns() if fields is None else set(fields)
        protected = {f.attname for f in self._meta.concrete_fields if getattr(f, "protected", False)} & wanted
        if protected:
            rows = (
                from_queryset if from_queryset is not None else type(self)._base_manager.using(using or self._state.db)
            )
            self.__dict__.update(rows.filter(pk=self.pk).values(*protected).get())
        if rest := wanted - protected:
            super().refresh_from_db(using=using, fields=rest, from_queryset=from_queryset)

    def _loaded_columns(self) -> set[str]:
        return {f.attname for f in self._meta.concrete_fields} - self.get_deferred_fields()

    @classmethod
    def _declared_transitions(cls) -> list[fsm.Transition]:
        field = cast(fsm.FSMField, cls._meta.get_field("status"))
        return list(field.get_all_transitions(cls))

    def _transitions_from_here(self) -> list[fsm.Transition]:
        return [t for t in self._declared_transitions() if t.source == self.status]  # type: ignore[attr-defined]


def _is_permitted(policy: Policy, subject: Any, actor: Any) -> bool:
    try:
        policy(subject, actor)
    except Forbidden:
        return False
    return True
