"""Admin pages as a browser uses them: addresses, forms, buttons and actions of lists."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse


def admin_url(model: str, view: str = "changelist", *args: object) -> str:
    """Return the address of an admin page: `admin_url("accounts_user", "change", user.pk)`."""
    return reverse(f"admin:{model}_{view}", args=args)


def form_of(client: Client, url: str) -> dict[str, Any]:
    """Return the fields of a change form, with its inlines, as a browser would send them back unchanged."""
    context: Any = client.get(url).context
    values = {field.html_name: field.value() for form in _forms_in(context) for field in form}
    fields = {name: "" if value is None else value for name, value in values.items() if value is not False}
    return fields | {"_version": context.get("form_version", "")}


def save(client: Client, url: str, **changes: object) -> HttpResponse:
    """Post the form of a page with changes."""
    return client.post(url, form_of(client, url) | changes)


def press(client: Client, model: str, row: Model, action: str, **fields: str) -> HttpResponse:
    """Press the button of a row action on the page of a row."""
    return client.post(admin_url(model, "action", row.pk), {"action": action} | fields, follow=True)


def run_action(client: Client, model: str, action: str, *rows: Model) -> HttpResponse:
    """Run an action of a list for chosen rows."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(admin_url(model), data, follow=True)


def _forms_in(context: Any) -> Iterator[Any]:
    yield context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.initial_forms
