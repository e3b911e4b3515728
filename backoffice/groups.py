"""Groups of staff and their permissions. Superusers have every permission.

The tables below are the only source: every migration makes the groups in the database equal to them. The groups of a
user are changed on the user's page, and stay.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions

VIEWER, OPERATOR, TERRITORY_MANAGER = "viewer", "operator", "territory manager"
GROUPS = (VIEWER, OPERATOR, TERRITORY_MANAGER)

VERBS = {"v": "view", "a": "add", "c": "change", "d": "delete"}
# fmt: off
ROWS = {
    #                                  viewer  operator  territory manager
    "accounts.user":                   ("v",    "v",      "v"),
    "accounts.roleassignment":         ("v",    "v",      "v"),
    "accounts.session":                ("v",    "v",      "v"),
    "accounts.accesschange":           ("v",    "v",      "v"),
    "accounts.vleprofile":             ("v",    "v",      "v"),
    "accounts.operator":               ("v",    "v",      "v"),
    "accounts.operatortraining":       ("v",    "v",      "v"),
    "accounts.territory":              ("v",    "v",      "vc"),
    "accounts.territoryprefix":        ("v",    "v",      "vacd"),
    "accounts.territorymembership":    ("v",    "v",      "vacd"),
    "auth.group":                      ("v",    "v",      "v"),
    "devices.device":                  ("v",    "vac",    "vac"),
    "devices.devicemedia":             ("v",    "vac",    "vac"),
    "devices.devicetype":              ("v",    "v",      "v"),
    "devices.manufacturer":            ("v",    "v",      "v"),
    "devices.pricingrule":             ("v",    "vac",    "vac"),
    "devices.pricingrate":             ("v",    "vacd",   "vacd"),
    "devices.rentalthreshold":         ("v",    "vac",    "vac"),
    "orders.order":                    ("v",    "vc",     "vc"),
    "orders.intent":                   ("v",    "v",      "v"),
    "leases.lease":                    ("v",    "vac",    "vac"),
    "leases.leaseoperator":            ("v",    "vac",    "vac"),
    "leases.leaseattachment":          ("v",    "vac",    "vac"),
    "service_orders.serviceorder":     ("v",    "v",      "vc"),
    "events.orderevent":               ("v",    "v",      "v"),
    "notifications.smsmessage":        ("v",    "vc",     "vc"),
    "notifications.pushtoken":         ("v",    "v",      "v"),
}
OTHERS = {
    "accounts.work_everywhere":        (True,   True,     False),
    "service_orders.view_insurance":   (False,  False,    True),
    "exports.export":                  (False,  True,     True),
}
# fmt: on


def sync_groups(sender: AppConfig, **options: Any) -> None:
    """Make the groups equal to the tables, after the last app has been migrated."""
    if sender != _last_migrated():
        return
    create_permissions(sender, verbosity=0)  # Django may create those of the last app after this
    permission_ids = {(label, codename): pk for pk, label, codename in _permissions()}
    for column, name in enumerate(GROUPS):
        group, _ = apps.get_model("auth.Group").objects.get_or_create(name=name)
        granted = _granted(column)
        group.permissions.set({permission_ids[name] for name in granted if name in permission_ids})


def _granted(column: int) -> Iterator[tuple[str, str]]:
    """Yield the permissions of the group in this column, as app label and codename."""
    for row, verbs in ROWS.items():
        label, model = row.split(".")
        yield from ((label, f"{VERBS[verb]}_{model}") for verb in verbs[column])
    for permission, granted in OTHERS.items():
        if granted[column]:
            label, codename = permission.split(".")
            yield label, codename


def _permissions() -> Any:
    return apps.get_model("auth.Permission").objects.values_list("pk", "content_type__app_label", "codename")


def _last_migrated() -> AppConfig:
    """Return the app for which the signal is sent last: it is sent for every app with models, in this order."""
    return [config for config in apps.get_app_configs() if config.models_module][-1]
