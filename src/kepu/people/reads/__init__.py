"""Questions about people; each answer is frozen, each docstring says how many queries it costs."""

from kepu.people.reads.accounts import (
    AccountRow,
    StaffRow,
    account,
    refusal_text,
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
    "scopes_of",
    "staff",
    "standing_many",
    "steps_of",
    "unit",
    "unit_people",
    "units_within",
    "waiting",
]
