"""Questions about official documents, always inside the asker's divisions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from kepu.documents.rules.numerals import document_number
from kepu.kit.paging import Page, page_of
from kepu.papers import labels
from kepu.papers.models import HearingRow, OrganRow, PaperCopy, PaperRow, Series
from kepu.papers.rules import (
    WITHOUT_PERSONS,
    Facts,
    FactsNo,
    Hearing,
    Issue,
    Kind,
    Organ,
    PaperNo,
    State,
    Texts,
    facts_of,
    paper_of,
    persons_in,
)
from kepu.people import reads as people

ORGANS_MAX = 100
HEARINGS_MAX = 500


class AlteredPaperError(Exception):
    """Kept figures or bytes of a document are not those written once: somebody wrote into the database."""


@dataclass(frozen=True, slots=True)
class OrganLine:
    """An organ that may issue, and in which division."""

    number: int
    division: str
    organ: Organ


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One document in a list. `number` is "" before it is issued."""

    id: int
    kind: Kind
    state: State
    title: str
    organ: str
    number: str
    campaign: int
    changed_at: datetime
    changed_name: str
    issued_day: date | None


@dataclass(frozen=True, slots=True)
class PaperDetail:
    """One document with its figures and words, and who took which step. Accounts are 0 for nobody."""

    line: PaperLine
    organ: OrganLine
    round: str
    facts: Facts
    facts_sha256: str
    texts: Texts
    revision: int
    writers: tuple[int, ...]
    approved_name: str
    approved_at: datetime | None
    issued_name: str
    issued_at: datetime | None
    withdrawn_name: str
    withdrawn_at: datetime | None
    withdrawn_why: str
    copies: tuple[tuple[str, str], ...]  # form, SHA-256


def organs(divisions: tuple[str, ...]) -> list[OrganLine]:
    """The organs of these divisions by code, at most ORGANS_MAX. One query."""
    rows = OrganRow.objects.filter(_inside(divisions)).order_by("code")[:ORGANS_MAX]
    return [_organ(row) for row in rows]


def papers(
    divisions: tuple[str, ...], start: int, size: int, *, kind: str = "", state: str = "", year: int = 0
) -> Page[PaperLine]:
    """The documents of these divisions, the newest first; empty words and 0 mean any. One query.

    `year`: of the number for issued ones, of the writing for others.
    """
    rows = PaperRow.objects.filter(_inside(divisions)).select_related("organ", "withdrawal").defer("facts")
    if kind:
        rows = rows.filter(kind=kind)
    if state == State.WITHDRAWN:
        rows = rows.filter(withdrawal__isnull=False)
    elif state:
        rows = rows.filter(state=state, withdrawal__isnull=True)
    if year:
        rows = rows.filter(Q(year=year) | Q(year=None, written_at__year=year))
    found = list(rows.order_by("-pk")[start : start + size + 1])
    return page_of([_line(row) for row in found], start, size)


def paper(number: int, divisions: tuple[str, ...]) -> PaperDetail | None:
    """One document of these divisions. Two queries. Raises AlteredPaperError."""
    rows = PaperRow.objects.filter(_inside(divisions), pk=number).select_related("organ", "withdrawal")
    row = rows.first()
    if row is None:
        return None
    withdrawal = getattr(row, "withdrawal", None)
    copies = PaperCopy.objects.filter(paper=row).order_by("form").values_list("form", "sha256")
    return PaperDetail(
        line=_line(row),
        organ=_organ(row.organ),
        round=row.round,
        facts=_facts(row),
        facts_sha256=row.facts_sha256,
        texts=Texts(**row.texts),
        revision=row.revision,
        writers=tuple(row.writers),
        approved_name=row.approved_name,
        approved_at=row.approved_at,
        issued_name=row.issued_name,
        issued_at=row.issued_at,
        withdrawn_name=withdrawal.name if withdrawal else "",
        withdrawn_at=withdrawal.at if withdrawal else None,
        withdrawn_why=withdrawal.reason if withdrawal else "",
        copies=tuple(copies),
    )


def copy(number: int, form: str) -> bytes | None:
    """The kept bytes of an issued document; ask `paper` first whether the asker may have them. One query.

    Raises AlteredPaperError where they are no longer what was issued.
    """
    kept = PaperCopy.objects.filter(paper=number, form=form).values_list("body", "sha256").first()
    if kept is None:
        return None
    body = bytes(kept[0])
    if hashlib.sha256(body).hexdigest() != kept[1]:
        raise AlteredPaperError(number, form)
    return body


def next_issue(organ: int, day: date) -> Issue:
    """The number and day a document of this organ would be issued under now. Two queries."""
    row = OrganRow.objects.get(pk=organ)
    last = Series.objects.filter(organ=organ, year=day.year).values_list("last", flat=True).first() or 0
    return Issue(document_number(row.code, day.year, last + 1), day)


def hearings(campaign: int, divisions: Sequence[str] = ()) -> list[Hearing]:
    """What all units of a campaign said, or those of these divisions.

    The newest first, at most HEARINGS_MAX. One query.
    """
    rows = HearingRow.objects.filter(campaign=campaign)
    if divisions:
        rows = rows.filter(division__in=list(divisions))
    return [
        Hearing(row.unit, row.said, row.name, row.at, row.division)
        for row in rows.order_by("-pk")[:HEARINGS_MAX]
    ]


def persons_named(number: int) -> tuple[str, ...]:
    """The people a document about units names, which it must not; none for other kinds. At most two queries.

    Looked for are those certified in the campaign's place: all their names are read. Raises
    AlteredPaperError.
    """
    row = PaperRow.objects.select_related("organ").get(pk=number)
    kind, facts = Kind(row.kind), _facts(row)
    if kind not in WITHOUT_PERSONS:
        return ()
    paper = paper_of(kind, _organ(row.organ).organ, facts, Texts(**row.texts))
    units = [unit.unit for unit in facts.progress.units] if facts.progress else []
    names = {each.name for each in people.profiles_within(facts.campaign.place_code)}
    return persons_in(kind, paper, names, units)


def kind_text(kind: Kind) -> str:
    """What a kind of document is called."""
    return str(labels.KINDS[kind])


def kind_hint(kind: Kind) -> str:
    """What a kind of document holds, and when it can be written."""
    return str(labels.KIND_HINTS[kind])


def state_text(state: State) -> str:
    """How far a document is, in a word."""
    return str(labels.STATES[state])


def paper_no_text(refused: PaperNo) -> str:
    """Why nothing was done to a document, and what to do; of PERSON_NAMED with %(names)s to fill in."""
    return str(labels.PAPER_NOS[refused])


def facts_no_text(refused: FactsNo) -> str:
    """Why a document cannot be begun, and what to do."""
    return str(labels.FACTS_NOS[refused])


def _inside(divisions: tuple[str, ...]) -> Q:
    inside = Q(pk__in=())
    for division in divisions:
        inside |= Q(division__startswith=division)
    return inside


def _facts(row: PaperRow) -> Facts:
    body = bytes(row.facts)
    if hashlib.sha256(body).hexdigest() != row.facts_sha256:
        raise AlteredPaperError(row.pk, "facts")
    return facts_of(body)


def _organ(row: OrganRow) -> OrganLine:
    return OrganLine(row.pk, row.division, Organ(row.name, row.mark, row.code))


def _line(row: PaperRow) -> PaperLine:
    state = State.WITHDRAWN if getattr(row, "withdrawal", None) else State(row.state)
    number = document_number(row.organ.code, row.year or 0, row.number) if row.number else ""
    return PaperLine(
        id=row.pk,
        kind=Kind(row.kind),
        state=state,
        title=str(row.texts["title"]),
        organ=row.organ.name,
        number=number,
        campaign=row.campaign,
        changed_at=row.changed_at,
        changed_name=row.changed_name,
        issued_day=row.issued_day,
    )
