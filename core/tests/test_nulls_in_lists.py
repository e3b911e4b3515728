"""Nulls inside of lists, in every serializer of a request's body."""

import pytest
from django.urls import get_resolver
from rest_framework import serializers

get_resolver().url_patterns  # imports the serializers of every app


def inputs_below(kind):
    for subclass in kind.__subclasses__():
        yield subclass
        yield from inputs_below(subclass)


def lists_in(serializer, path=()):
    """Yield the path of each list in a serializer, and in the objects inside of it."""
    for name, field in serializer.fields.items():
        if isinstance(field, serializers.ListSerializer | serializers.ListField):
            yield (*path, name)
            if isinstance(field.child, serializers.Serializer):
                yield from lists_in(field.child, (*path, name, 0))
        elif isinstance(field, serializers.Serializer):
            yield from lists_in(field, (*path, name))


def body_at(path, value):
    for name in reversed(path):
        value = [value] if name == 0 else {name: value}
    return value


INPUTS = {kind for kind in inputs_below(serializers.Serializer) if kind.__name__.endswith(("Input", "Serializer"))}
LISTS = sorted(
    {
        (kind, path)
        for kind in INPUTS
        if not kind.__module__.startswith(("rest_framework", "drf_spectacular"))
        for path in lists_in(kind())
    },
    key=str,
)


def test_there_are_lists_to_test():
    assert {("defaultRules",), ("timeSpecificRules", 0, "rules"), ("operators",), ("training",)} <= {
        path for _, path in LISTS
    }


@pytest.mark.parametrize("item", [None, [], [None], 7, "text", {}, {"null": None}], ids=repr)
@pytest.mark.parametrize(("kind", "path"), LISTS, ids=lambda part: getattr(part, "__name__", str(part)))
def test_a_wrong_item_of_a_list_is_an_error_of_that_field(kind, path, item):
    form = kind(data=body_at(path, [item]))
    assert not form.is_valid()
    assert path[0] in form.errors
