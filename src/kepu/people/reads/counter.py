"""Questions about what a clerk entered at the counter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from kepu.kit.paging import Page, page_of
from kepu.people.accounts import opened_phone
from kepu.people.models import Association, CounterEntry, Unit
from kepu.people.rules import CounterWay, form_number, masked_phone
from kepu.regions import reads as regions


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry at the counter; `phone_masked` is "" once confirmed. `form` is the number on its form."""

    number: int
    form: str
    phone_masked: str
    name: str
    town: str
    town_name: str
    unit_name: str
    applicant_type: str
    association_name: str
    division: str
    clerk: str
    entered_at: datetime
    way: CounterWay | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CounterNote:
    """How an application at the counter was confirmed, and the number on its form."""

    way: CounterWay
    form: str


def entry(number: int, by: int) -> EntryRow | None:
    """The clerk's own entry; None when there is none of that number. Four queries."""
    rows = _rows(list(_mine(by).filter(pk=number)))
    return rows[0] if rows else None


def entries(by: int, start: int, size: int) -> Page[EntryRow]:
    """What the clerk entered, newest first. Four queries."""
    return page_of(_rows(list(_mine(by).order_by("-pk")[start : start + size + 1])), start, size)


def counter_notes(accounts: Collection[int]) -> dict[int, CounterNote]:
    """How the last application at a counter of each of these people was confirmed. One query at most."""
    if not accounts:
        return {}
    kept = CounterEntry.objects.filter(account__in=accounts, confirmed_at__isnull=False).order_by("pk")
    return {
        row.account_id: CounterNote(CounterWay(row.way), form_number(row.stated.get("town", ""), row.pk))
        for row in kept
        if row.account_id is not None
    }


def _mine(by: int) -> QuerySet[CounterEntry]:
    return CounterEntry.objects.select_related("entered_by").filter(entered_by=by)


def _rows(found: list[CounterEntry]) -> list[EntryRow]:
    towns = regions.full_names({row.stated.get("town", "") for row in found})
    units = Unit.objects.in_bulk({row.stated.get("unit", 0) for row in found})
    associations = Association.objects.in_bulk({row.stated.get("association", 0) for row in found})
    return [
        EntryRow(
            number=row.pk,
            form=form_number(row.stated.get("town", ""), row.pk),
            phone_masked=_masked(row),
            name=row.stated.get("name", ""),
            town=row.stated.get("town", ""),
            town_name=towns.get(row.stated.get("town", ""), ""),
            unit_name=_name(units.get(row.stated.get("unit", 0))),
            applicant_type=row.stated.get("applicant_type", ""),
            association_name=_name(associations.get(row.stated.get("association", 0))),
            division=row.division,
            clerk=row.entered_by.display_name,
            entered_at=row.entered_at,
            way=CounterWay(row.way) if row.way else None,
            confirmed_at=row.confirmed_at,
        )
        for row in found
    ]


def _name(row: Unit | Association | None) -> str:
    return row.name if row is not None else ""


def _masked(row: CounterEntry) -> str:
    phone = opened_phone(row.phone_sealed, row.phone_index)
    return masked_phone(phone) if phone else ""
