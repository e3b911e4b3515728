"""Declare workflows as classes, one line per transition: a thin layer over django-fsm.

It adds what django-fsm lacks: transitions in the order of their declaration, each with a policy, found by their
target; and a `refresh_from_db()` that works with a protected field.
"""

import warnings
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, cast

from django.db import models

with warnings.catch_warnings():
    # The package advertises its AGPL successor at import.
    warnings.simplefilter("ignore", UserWarning)
    import django_fsm as fsm

from core.errors import Forbidden, InvalidTransition
from core.statuses import Status

Policy = Callable[[Any, Any], None]
"""Decide whether an actor may act on an object: `policy(object, actor)` raises `Forbidden` if not."""

_declared = count()


def state_field(statuses: type[Status], *, default: Status) -> fsm.FSMField:
    """Return a status column that only a transition can change."""
    return fsm.FSMField(choices=statuses.choices, default=default, max_length=32, protected=True)


def transition(*sources: Status, to: Status, by: Policy) -> Callable:
    """Declare the transitions from any of `sources` to `to`, for actors who pass the policy `by`."""
    custom = {"policy": by, "number": next(_declared)}
    return fsm.transition(field="status", source=list(sources), target=to, custom=custom)


class StateModel(models.Model):
    """Base class of models whose `status` changes by declared transitions only."""

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
        raise InvalidTransition(self.status, to)  # type: ignore[attr-defined]

    def refresh_from_db(
        self, using: Any = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Reload the row as Django does, protected columns included."""
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
        # django-fsm sorts them by the name of the method.
        return sorted(field.get_all_transitions(cls), key=lambda each: each.custom["number"])

    def _transitions_from_here(self) -> list[fsm.Transition]:
        return [t for t in self._declared_transitions() if t.source == self.status]  # type: ignore[attr-defined]


def _is_permitted(policy: Policy, subject: Any, actor: Any) -> bool:
    try:
        policy(subject, actor)
    except Forbidden:
        return False
    return True
