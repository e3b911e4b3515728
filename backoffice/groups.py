"""The groups of staff, and what each may do. A superuser may do everything.

The tables below are the one place that says so: what a migration finds in the database is made equal to them. Who is
in which group is said on the pages of the users, and stays.
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


def bring_groups(sender: AppConfig, **options: Any) -> None:
    """Make the groups what the tables say, once all apps have been migrated and have their permissions."""
    if sender != _last_migrated():
        return
    create_permissions(sender, verbosity=0)  # those of the last app itself, should Django come to it after us
    known = {(label, codename): pk for pk, label, codename in _permissions()}
    for column, name in enumerate(GROUPS):
        group, _ = apps.get_model("auth.Group").objects.get_or_create(name=name)
        group.permissions.set({known[granted] for granted in _granted(column) if granted in known})


def _granted(column: int) -> Iterator[tuple[str, str]]:
    """The permissions of the group in this column, each as its app and its codename."""
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
    """The signal is sent for every app that has models, in this order."""
    return [config for config in apps.get_app_configs() if config.models_module][-1]
