"""Write users, profiles, roles, staff access and territories. Nothing else writes them."""

from accounts.services.access import delete_group, grant_role, revoke_role, save_group, set_staff_access
from accounts.services.profiles import change_operator, change_vle, create_operator, create_vle
from accounts.services.territories import add_member, change_member, remove_member, save_territory
from accounts.services.users import (
    change_user,
    deactivate_user,
    end_one_session,
    get_or_create_user,
    log_out_everywhere,
    reactivate_user,
    reset_user_second_factor,
)

__all__ = [
    "add_member",
    "change_member",
    "change_operator",
    "change_user",
    "change_vle",
    "create_operator",
    "create_vle",
    "deactivate_user",
    "delete_group",
    "end_one_session",
    "get_or_create_user",
    "grant_role",
    "log_out_everywhere",
    "reactivate_user",
    "remove_member",
    "reset_user_second_factor",
    "revoke_role",
    "save_group",
    "save_territory",
    "set_staff_access",
]
