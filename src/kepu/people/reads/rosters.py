"""名册: the people of one's divisions, as lists, one by one, and all of them for a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from kepu.kit import clock
from kepu.kit.paging import Page, page_of
from kepu.people.accounts import index_of, opened_phone
from kepu.people.models import Account, Communicator, Merge, UnitMembership
from kepu.people.reads.roster_files import inside
from kepu.people.rules import masked_phone, phone_of
from kepu.people.rules.registers import Membership
from kepu.regions import reads as regions
from kepu.regions.rules import range_of

CERTIFIED, REVOKED, REGISTERED = "certified", "revoked", "registered"
STATES = (CERTIFIED, REVOKED, REGISTERED)
READ_AT_ONCE = 2_000
SEARCH_TEXT_MAX = 40


@dataclass(frozen=True, slots=True)
class RosterSearch:
    """What of the roster is asked for. `state`: one of STATES; `unit` 0 and `town` "" for all.

    `text` is a whole phone number, or part of a person's or a unit's name.
    """

    state: str = CERTIFIED
    text: str = ""
    town: str = ""
    unit: int = 0
    is_backbone: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the roster. `phone` is masked unless the read says so. `unit` 0: only registered."""

    account: int
    name: str
    phone: str
    unit: int
    unit_name: str
    division: str
    town_name: str
    applicant_type: str
    association_name: str
    is_backbone: bool
    certified_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge this account has part in. `other` is the other account; `is_kept`: this one was kept."""

    number: int
    other: int
    other_name: str
    is_kept: bool
    merged_by: str
    merged_at: datetime
    undone_at: datetime | None


def roster(divisions: tuple[str, ...], search: RosterSearch, start: int, size: int) -> Page[Person]:
    """The people of these divisions: communicators by division and number, the only registered newest first.

    Two queries at most, whatever the number of people.
    """
    if search.state == REGISTERED:
        rows = page_of(list(_registered(divisions, search)[start : start + size + 1]), start, size)
        towns = regions.full_names(_division_of(row)[:9] for row in rows.rows)
        people = [_only_registered(row, towns.get(_division_of(row)[:9], "")) for row in rows.rows]
        return Page(people, rows.next_start)
    found = page_of(list(_communicators(divisions, search)[start : start + size + 1]), start, size)
    names = regions.names(row.division[:9] for row in found.rows)
    return Page([_person(row, names.get(row.division[:9], "")) for row in found.rows], found.next_start)


def how_many(divisions: tuple[str, ...], search: RosterSearch) -> int:
    """How many people `every_person` would give. One query."""
    return _communicators(divisions, search).count()


def every_person(
    divisions: tuple[str, ...], search: RosterSearch, unmasked: tuple[str, ...] = ()
) -> Iterator[Person]:
    """As `roster`, all communicators, READ_AT_ONCE at a time: memory does not grow with them.

    Phones are whole for people in the divisions `unmasked`.
    """
    towns: dict[str, str] = {}
    for row in _communicators(divisions, search).iterator(READ_AT_ONCE):
        town = row.division[:9]
        if town not in towns:
            towns[town] = regions.names([town]).get(town, "")
        whole = any(row.division.startswith(each) for each in unmasked)
        yield _person(row, towns[town], whole=whole)


def person(account: int, divisions: tuple[str, ...]) -> Person | None:
    """Somebody of these divisions, revoked, merged and only registered people too; else None. Two queries."""
    row = (
        Account.objects.filter(pk=account, closed_at=None)
        .select_related("communicator__unit", "communicator__association", "certification__unit")
        .first()
    )
    if row is None:
        return None
    communicator = getattr(row, "communicator", None)
    if communicator is not None:
        communicator.account = row
        found = _person(communicator, regions.full_name(communicator.division[:9]))
        return found if any(found.division.startswith(each) for each in divisions) else None
    division = _division_of(row)
    if not any(division.startswith(each) for each in divisions):
        return None
    return _only_registered(row, regions.full_name(division[:9]))


def memberships(account: int) -> list[Membership]:
    """Which unit somebody belonged to when, oldest first; for one who never moved, the one. Two queries."""
    rows = UnitMembership.objects.filter(account=account).select_related("unit").order_by("since_day")
    found = [
        Membership(row.unit_id, row.unit.name, row.since_day, row.until_day, row.is_applied) for row in rows
    ]
    if found:
        return found
    row = Communicator.objects.filter(account=account).select_related("unit").first()
    if row is None:
        return []
    return [Membership(row.unit_id, row.unit.name, clock.day_of(row.certified_at), None, True)]


def merges_of(account: int) -> list[MergeRow]:
    """The merges an account has part in, newest first. One query."""
    rows = Merge.objects.filter(Q(kept=account) | Q(closed=account)).select_related(
        "kept", "closed", "merged_by"
    )
    return [
        MergeRow(
            number=row.pk,
            other=row.closed_id if row.kept_id == account else row.kept_id,
            other_name=str(row.closed if row.kept_id == account else row.kept),
            is_kept=row.kept_id == account,
            merged_by=str(row.merged_by),
            merged_at=row.merged_at,
            undone_at=row.undone_at,
        )
        for row in rows.order_by("-pk")[:20]
    ]


def doubles_of(account: int, divisions: tuple[str, ...], limit: int = 5) -> list[Person]:
    """Other communicators of the same name and unit, who may be the same person. Three queries at most."""
    me = Communicator.objects.filter(account=account).values_list("name", "unit").first()
    if me is None or not me[0]:
        return []
    same = Communicator.objects.filter(name=me[0], unit=me[1], revoked_at=None).exclude(account=account)
    rows = same.filter(inside(divisions)).select_related("unit", "association", "account__certification")
    return [_person(row, "") for row in rows.order_by("account")[:limit]]


def _communicators(divisions: tuple[str, ...], search: RosterSearch) -> QuerySet[Communicator]:
    rows = Communicator.objects.filter(inside(divisions), account__closed_at=None)
    rows = rows.filter(revoked_at__isnull=search.state != REVOKED)
    if search.town:
        low, high = range_of(search.town)
        rows = rows.filter(division__gte=low, division__lt=high)
    if search.unit:
        rows = rows.filter(unit=search.unit)
    if search.is_backbone:
        rows = rows.filter(is_backbone=True)
    text = search.text.strip()[:SEARCH_TEXT_MAX].replace("\x00", "")
    phone = phone_of(text)
    if phone is not None:
        rows = rows.filter(account__phone_index=index_of(phone))
    elif text:
        rows = rows.filter(Q(name__contains=text) | Q(unit__name__contains=text))
    return rows.select_related("unit", "association", "account__certification").order_by(
        "division", "account"
    )


def _registered(divisions: tuple[str, ...], search: RosterSearch) -> QuerySet[Account]:
    """Open accounts that are no communicators; where they applied, else in the county they are entered in."""
    here = Q() if "" in divisions else Q(pk__in=())
    for division in () if "" in divisions else divisions:
        low, high = range_of(division)
        here |= Q(certification__unit__division__gte=low, certification__unit__division__lt=high)
        if len(division) <= 6:
            scale = 10 ** (6 - len(division))
            low_book, high_book = int(division) * scale, (int(division) + 1) * scale
            here |= Q(certification=None, book__gte=low_book, book__lt=high_book)
    rows = Account.objects.filter(here, communicator=None, is_active=True, is_staff=False)
    if search.town:
        low, high = range_of(search.town)
        rows = rows.filter(certification__unit__division__gte=low, certification__unit__division__lt=high)
    if search.unit:
        rows = rows.filter(certification__unit=search.unit)
    text = search.text.strip()[:SEARCH_TEXT_MAX].replace("\x00", "")
    phone = phone_of(text)
    if phone is not None:
        rows = rows.filter(phone_index=index_of(phone))
    elif text:
        rows = rows.filter(Q(display_name__contains=text) | Q(certification__name__contains=text))
    return rows.select_related("certification__unit", "certification__association").order_by("-pk")


def _division_of(row: Account) -> str:
    """Where somebody only registered belongs: to the unit they applied in, else to their county."""
    certification = getattr(row, "certification", None)
    return certification.unit.division if certification is not None else str(row.book)


def _person(row: Communicator, town_name: str, *, whole: bool = False) -> Person:
    phone = opened_phone(row.account.phone_sealed, row.account.phone_index) or ""
    certification = getattr(row.account, "certification", None)
    return Person(
        account=row.account_id,
        name=row.name,
        phone=phone if whole or not phone else masked_phone(phone),
        unit=row.unit_id,
        unit_name=row.unit.name,
        division=row.division,
        town_name=town_name,
        applicant_type=certification.applicant_type if certification is not None else "",
        association_name=row.association.name,
        is_backbone=row.is_backbone,
        certified_at=row.certified_at,
        revoked_at=row.revoked_at,
        created_at=row.account.created_at,
    )


def _only_registered(row: Account, town_name: str) -> Person:
    phone = opened_phone(row.phone_sealed, row.phone_index) or ""
    certification = getattr(row, "certification", None)
    return Person(
        account=row.pk,
        name=(certification.name if certification is not None else "") or row.display_name,
        phone=masked_phone(phone) if phone else "",
        unit=0,
        unit_name="",
        division=_division_of(row),
        town_name=town_name,
        applicant_type=certification.applicant_type if certification is not None else "",
        association_name="",
        is_backbone=False,
        certified_at=None,
        revoked_at=None,
        created_at=row.created_at,
    )
