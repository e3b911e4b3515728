"""Models of users, roles, sessions, profiles, territories, and the record of access changes."""

from accounts.choices import Role
from accounts.models.access import AccessChange
from accounts.models.profiles import DEVICE_TYPE_CODE, Operator, OperatorTraining, VleProfile
from accounts.models.sessions import OtpChallenge, Session, StaffSession
from accounts.models.territories import Territory, TerritoryMembership, TerritoryPrefix
from accounts.models.users import PINCODE_OR_NONE, RoleAssignment, Timestamped, User

__all__ = [
    "DEVICE_TYPE_CODE",
    "PINCODE_OR_NONE",
    "AccessChange",
    "Operator",
    "OperatorTraining",
    "OtpChallenge",
    "Role",
    "RoleAssignment",
    "Session",
    "StaffSession",
    "Territory",
    "TerritoryMembership",
    "TerritoryPrefix",
    "Timestamped",
    "User",
    "VleProfile",
]
