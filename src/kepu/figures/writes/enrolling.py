"""Bringing the people of an export in, for a county whose communicators the national app certified."""

from collections.abc import Sequence
from datetime import datetime

from kepu.documents.reading import Cell
from kepu.figures import reads
from kepu.figures.rules import Layout, Match, Role, Verdict
from kepu.figures.rules.matching import cell_of, place_of
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.rules import ApplicantType, Enrolment, name_of, phone_of


def enrol_named(
    rows: Sequence[Sequence[Cell]], layout: Layout, division: str, certified_at: datetime, now: datetime
) -> tuple[int, int]:
    """Whoever a file names by phone, name and unit and nobody knows yet is a communicator, as if on paper.

    (How many were enrolled, how many rows could not: no number, no name, no unit of this division.) A
    number that is known keeps its account. Eight queries and five for each 500 people.
    """
    assert layout.match is Match.PHONE
    known = reads.places_known(division)
    association = people.associations(division, 1, near=division)
    found: dict[str, Enrolment] = {}
    left = 0
    for row in rows:
        phone = phone_of(cell_of(row, layout, Role.PHONE))
        name = name_of(cell_of(row, layout, Role.NAME))
        place = place_of(row, layout, known)
        if phone is None or name is None or isinstance(place, Verdict) or not place.unit or not association:
            left += 1
            continue
        found.setdefault(
            phone,
            Enrolment(
                phone=phone,
                name=name,
                unit_id=place.unit,
                association_id=association[0].id,
                applicant_type=ApplicantType.COUNTY,
                is_backbone=False,
                certified_at=certified_at,
            ),
        )
    there = people.accounts_with_phones(found)
    fresh = [enrolment for phone, enrolment in found.items() if phone not in there]
    people_writes.enroll_many(fresh, now=now)
    return len(fresh), left
