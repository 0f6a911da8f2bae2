"""A document's way from draft to issue: one function, one step, one transaction."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from kepu.documents.rules.numerals import document_number
from kepu.kit import clock
from kepu.papers.models import HearingRow, OrganRow, PaperCopy, PaperRow, Series, Withdrawal
from kepu.papers.reads import persons_named
from kepu.papers.rules import (
    REASON_MAX,
    SAID_MAX,
    Facts,
    Issue,
    Kind,
    Organ,
    PaperNo,
    State,
    Texts,
    facts_bytes,
    texts_trouble,
)
from kepu.people.reads.rosters import merges_of

NAME_MAX = 80
FORMS = ("docx", "pdf")
By = tuple[int, str]  # account and name


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new draft is to be: of which organ and kind, about which campaign and round ("": none)."""

    organ: int
    kind: Kind
    campaign: int
    round: str = ""


def declare_organ(organ: Organ, division: str, by: By, now: datetime) -> int | None:
    """The organ may issue in a division: its number; None when its code is another's."""
    try:
        with transaction.atomic():
            row = OrganRow.objects.create(
                division=division,
                name=organ.name,
                mark=organ.mark,
                code=organ.code,
                declared_by=by[0],
                declared_at=now,
            )
    except IntegrityError:
        return None
    return row.pk


def keep_hearing(campaign: int, unit: tuple[str, str], said: str, by: By, now: datetime) -> int:
    """What a unit (name, division) said is on record: the record's number. `said` is not blank."""
    assert said.strip()
    row = HearingRow.objects.create(
        campaign=campaign,
        unit=unit[0],
        division=unit[1],
        said=said.strip()[:SAID_MAX],
        account=by[0],
        name=by[1][:NAME_MAX],
        at=now,
    )
    return row.pk


def begin_paper(wanted: Wanted, facts: Facts, texts: Texts, by: By, now: datetime) -> int:
    """A draft with its figures, which stay as they are: its number."""
    body = facts_bytes(facts)
    organ = OrganRow.objects.get(pk=wanted.organ)
    row = PaperRow.objects.create(
        organ=organ,
        division=organ.division,
        kind=wanted.kind.value,
        campaign=wanted.campaign,
        round=wanted.round,
        facts=body,
        facts_sha256=hashlib.sha256(body).hexdigest(),
        texts=asdict(texts),
        writers=[by[0]],
        written_at=now,
        changed_at=now,
        changed_name=by[1][:NAME_MAX],
    )
    return row.pk


@transaction.atomic
def change_paper(number: int, revision: int, texts: Texts, by: By, now: datetime) -> int | PaperNo:
    """The draft's words are these; its new revision. The figures are not touched."""
    row = _locked(number, revision, State.DRAFT)
    if isinstance(row, PaperNo):
        return row
    row.texts, row.revision, row.changed_at = asdict(texts), revision + 1, now
    row.changed_name = by[1][:NAME_MAX]
    row.writers = sorted({*row.writers, by[0]})
    row.save(update_fields=["texts", "revision", "changed_at", "changed_name", "writers"])
    return row.revision


@transaction.atomic
def drop_paper(number: int, revision: int) -> PaperNo | None:
    """The draft is gone. Only a draft can be dropped: it never had a number."""
    row = _locked(number, revision, State.DRAFT)
    if isinstance(row, PaperNo):
        return row
    row.delete()
    return None


@transaction.atomic
def approve_paper(number: int, revision: int, by: By, now: datetime) -> PaperNo | None:
    """The draft is approved as it was seen, by somebody who wrote none of it.

    A document about units is refused while it names anybody certified in the campaign's place.
    """
    row = _locked(number, revision, State.DRAFT)
    if isinstance(row, PaperNo):
        return row
    if not _hands(by[0]).isdisjoint(row.writers):
        return PaperNo.OWN_DRAFT
    trouble = texts_trouble(Kind(row.kind), Texts(**row.texts), clock.day_of(now))
    if trouble is None and persons_named(row.pk):
        trouble = PaperNo.PERSON_NAMED
    if trouble is not None:
        return trouble
    row.state, row.revision = State.APPROVED, revision + 1
    row.approved_by, row.approved_name, row.approved_at = by[0], by[1][:NAME_MAX], now
    row.save(update_fields=["state", "revision", "approved_by", "approved_name", "approved_at"])
    return None


@transaction.atomic
def return_paper(number: int, revision: int) -> PaperNo | None:
    """The approved document is a draft again: its approval is gone."""
    row = _locked(number, revision, State.APPROVED)
    if isinstance(row, PaperNo):
        return row
    row.state, row.revision = State.DRAFT, revision + 1
    row.approved_by, row.approved_name, row.approved_at = 0, "", None
    row.save(update_fields=["state", "revision", "approved_by", "approved_name", "approved_at"])
    return None


@transaction.atomic
def issue_paper(
    seen: tuple[int, int], issue: Issue, copies: Mapping[str, bytes], by: By, now: datetime
) -> PaperNo | None:
    """The approved document is issued under its organ's next number of the year, and its bytes are kept.

    `seen`: number of the row and revision; `issue`: what `reads.next_issue` gave and the bytes say. Whoever
    comes second to a number is told NUMBER_MOVED and composes anew: numbers are unbroken, none is used twice.
    """
    assert set(copies) == set(FORMS)
    assert issue.day == clock.day_of(now)
    row = _locked(*seen, State.APPROVED)
    if isinstance(row, PaperNo):
        return row
    Series.objects.get_or_create(organ=row.organ, year=issue.day.year)
    series = Series.objects.select_for_update().get(organ=row.organ, year=issue.day.year)
    if document_number(row.organ.code, issue.day.year, series.last + 1) != issue.number:
        return PaperNo.NUMBER_MOVED
    series.last += 1
    series.save(update_fields=["last"])
    row.state, row.revision = State.ISSUED, row.revision + 1
    row.issued_by, row.issued_name, row.issued_at, row.issued_day = by[0], by[1][:NAME_MAX], now, issue.day
    row.year, row.number = issue.day.year, series.last
    row.save()
    for form, body in copies.items():
        digest = hashlib.sha256(body).hexdigest()
        PaperCopy.objects.create(paper=row, form=form, body=body, sha256=digest)
    return None


@transaction.atomic
def withdraw_paper(number: int, reason: str, by: By, now: datetime) -> PaperNo | None:
    """It is on record that an issued document no longer stands, and why; the document stays as it is."""
    if not reason.strip():
        return PaperNo.NO_REASON
    row = PaperRow.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        return PaperNo.GONE
    if row.state != State.ISSUED or Withdrawal.objects.filter(paper=row).exists():
        return PaperNo.NOT_NOW
    Withdrawal.objects.create(
        paper=row, account=by[0], name=by[1][:NAME_MAX], at=now, reason=reason.strip()[:REASON_MAX]
    )
    return None


def _hands(account: int) -> set[int]:
    """The account and those that were merged with it: they are one person's. One query."""
    return {account, *(each.other for each in merges_of(account) if each.undone_at is None)}


def _locked(number: int, revision: int, wanted: State) -> PaperRow | PaperNo:
    row = PaperRow.objects.select_for_update(of=("self",)).select_related("organ").filter(pk=number).first()
    if row is None:
        return PaperNo.GONE
    if row.state != wanted:
        return PaperNo.NOT_NOW
    return row if row.revision == revision else PaperNo.CHANGED
