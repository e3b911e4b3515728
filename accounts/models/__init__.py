"""Models of users, roles, sessions, profiles, territories, and the record of access changes."""

from accounts.choices import Role
from accounts.models.access import AccessChange
from accounts.models.profiles import DEVICE_TYPE_CODE, Operator, OperatorTraining, VleProfile
from accounts.models.sessions import OtpChallenge, Session, StaffSession
from accounts.models.territories import PREFIX_PATTERN, PREFIX_SHAPE, Territory, TerritoryMembership, TerritoryPrefix
from accounts.models.users import PINCODE_OR_NONE, PINCODE_SHAPE, RoleAssignment, Timestamped, User

__all__ = [
    "DEVICE_TYPE_CODE",
    "PINCODE_OR_NONE",
    "PINCODE_SHAPE",
    "PREFIX_PATTERN",
    "PREFIX_SHAPE",
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
