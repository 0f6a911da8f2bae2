"""People certified on paper, entered in bulk with the history a single one would have."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from kepu.kit import clock
from kepu.people.accounts import index_of, sealed_phone
from kepu.people.models import Account, Certification, CertificationStep, Communicator, Unit
from kepu.people.rules import CertificationState, Enrolment, name_of, phone_of, review_due_day
from kepu.people.writes.holding import lock_units
from kepu.people.writes.moves import stated

ENROLLED_AT_ONCE = 500


@transaction.atomic
def enroll_many(people: Sequence[Enrolment], *, now: datetime, by: int | None = None) -> list[int]:
    """Each person is a certified communicator; account ids in the order given. `by`: whose act it is.

    A number that is known already keeps its account as it is and only its id is returned. Passwords are
    unusable: these people sign in by code. Five queries for each ENROLLED_AT_ONCE people and one for the
    units; thousands of people a second.
    """
    units = lock_units({person.unit_id for person in people})
    assert all(unit.closed_day is None for unit in units.values()), "nobody is certified into a closed unit"
    ids: list[int] = []
    for start in range(0, len(people), ENROLLED_AT_ONCE):
        ids += _enroll(people[start : start + ENROLLED_AT_ONCE], units, by, now)
    return ids


def _enroll(people: Sequence[Enrolment], units: dict[int, Unit], by: int | None, now: datetime) -> list[int]:
    indexes = [index_of(_checked(person).phone) for person in people]
    known = dict(Account.objects.filter(phone_index__in=indexes).values_list("phone_index", "pk"))
    fresh = {index: person for index, person in zip(indexes, people, strict=True) if index not in known}
    accounts = Account.objects.bulk_create(
        [account_row(index, person, units[person.unit_id], now) for index, person in fresh.items()]
    )
    certifications = Certification.objects.bulk_create(
        [
            certification_row(account, person, units[person.unit_id])
            for account, person in zip(accounts, fresh.values(), strict=True)
        ]
    )
    CertificationStep.objects.bulk_create(
        [step_row(certification, by, now) for certification in certifications]
    )
    Communicator.objects.bulk_create(
        [
            communicator_row(account, person, units[person.unit_id])
            for account, person in zip(accounts, fresh.values(), strict=True)
        ]
    )
    known |= {account.phone_index: account.pk for account in accounts}
    return [known[index] for index in indexes]


def _checked(person: Enrolment) -> Enrolment:
    assert phone_of(person.phone) == person.phone, "a phone of 11 digits"
    assert name_of(person.name) == person.name, "a name as it is kept"
    return person


def account_row(index: str, person: Enrolment, unit: Unit, now: datetime) -> Account:
    """An account that is not kept yet."""
    return Account(
        phone_sealed=sealed_phone(person.phone),
        phone_index=index,
        password=make_password(None),
        display_name=person.name,
        book=int(unit.division[:6]),
        created_at=now,
    )


def certification_row(account: Account, person: Enrolment, unit: Unit) -> Certification:
    """A certification on paper that is not kept yet."""
    due_day = review_due_day(clock.day_of(person.certified_at))
    return Certification(
        account=account,
        name=person.name,
        town=unit.division[:9],
        unit_id=person.unit_id,
        applicant_type=person.applicant_type,
        association_id=person.association_id,
        state=CertificationState.APPROVED,
        submitted_at=person.certified_at,
        review_due_at=clock.start_of(due_day + timedelta(days=1)),
        decided_at=person.certified_at,
    )


def step_row(certification: Certification, by: int | None, now: datetime) -> CertificationStep:
    """The step that says so, not kept yet."""
    return CertificationStep(
        certification=certification,
        state=CertificationState.APPROVED,
        acted_by_id=by,
        at=now,
        stated=stated(certification),
    )


def communicator_row(account: Account, person: Enrolment, unit: Unit) -> Communicator:
    """A communicator who is not kept yet."""
    return Communicator(
        account=account,
        name=person.name,
        unit_id=person.unit_id,
        division=unit.division,
        association_id=person.association_id,
        is_backbone=person.is_backbone,
        certified_at=person.certified_at,
    )
