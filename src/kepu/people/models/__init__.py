"""Who is here: accounts, communicators, the units and associations they belong to; one file an idea."""

from kepu.people.models.accounts import Account, Communicator
from kepu.people.models.certification import Certification, CertificationStep, CounterEntry
from kepu.people.models.entering import SignInGuard, SmsCode, SmsDay
from kepu.people.models.land import Association, Unit
from kepu.people.models.register import Merge, RosterFile, UnitMembership, UnitName
from kepu.people.models.staff import RecoveryCode, SecondFactor, StaffScope, StaffSession, StaffWatch
from kepu.people.models.telling import Announcement, Complaint, Delivery, Notice

__all__ = [
    "Account",
    "Announcement",
    "Association",
    "Certification",
    "CertificationStep",
    "Communicator",
    "Complaint",
    "CounterEntry",
    "Delivery",
    "Merge",
    "Notice",
    "RecoveryCode",
    "RosterFile",
    "SecondFactor",
    "SignInGuard",
    "SmsCode",
    "SmsDay",
    "StaffScope",
    "StaffSession",
    "StaffWatch",
    "Unit",
    "UnitMembership",
    "UnitName",
]
