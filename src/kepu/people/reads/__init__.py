"""Questions about people; each answer is frozen, each docstring says how many queries it costs."""

from kepu.people.reads.accounts import (
    AccountRow,
    StaffRow,
    account,
    account_with_phone,
    scopes_of,
    staff,
    standing_many,
)
from kepu.people.reads.certifications import (
    CertificationRow,
    StepRow,
    application,
    certification_of,
    queue,
    steps_of,
    waiting,
)
from kepu.people.reads.communicators import (
    Profile,
    communicators_page,
    profile,
    profiles,
    profiles_within,
)
from kepu.people.reads.units import (
    AssociationRow,
    UnitPeople,
    UnitRow,
    association,
    associations,
    unit,
    unit_people,
    units_within,
)
from kepu.people.reads.words import applicant_type_text, refusal_text, role_text, state_text

__all__ = [
    "AccountRow",
    "AssociationRow",
    "CertificationRow",
    "Profile",
    "StaffRow",
    "StepRow",
    "UnitPeople",
    "UnitRow",
    "account",
    "account_with_phone",
    "applicant_type_text",
    "application",
    "association",
    "associations",
    "certification_of",
    "communicators_page",
    "profile",
    "profiles",
    "profiles_within",
    "queue",
    "refusal_text",
    "role_text",
    "scopes_of",
    "staff",
    "standing_many",
    "state_text",
    "steps_of",
    "unit",
    "unit_people",
    "units_within",
    "waiting",
]
