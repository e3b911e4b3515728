"""People: users and their roles, sessions, VLEs and operators; territories and who works there."""

from accounts.models.profiles import DEVICE_TYPE_CODE, Operator, OperatorTraining, VleProfile
from accounts.models.sessions import OtpChallenge, Session, StaffSession
from accounts.models.territories import Territory, TerritoryMembership, TerritoryPrefix
from accounts.models.users import PINCODE_OR_NONE, Role, RoleAssignment, Timestamped, User

__all__ = [
    "DEVICE_TYPE_CODE",
    "PINCODE_OR_NONE",
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
