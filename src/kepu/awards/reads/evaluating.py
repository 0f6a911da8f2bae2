"""The list as the ledger gives it now, and the lists that were stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from kepu.awards import models
from kepu.awards.rules import (
    Candidate,
    Counted,
    Evaluation,
    NoRound,
    ScopeOutcome,
    Step,
    VolumeLine,
    counted_in_time,
    evaluate,
    register_digest,
)
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind, Published, Round, round_of
from kepu.kit import clock, crypto
from kepu.ledger import reads as ledger
from kepu.ledger.reads import stating
from kepu.ledger.reads.state import one_state
from kepu.ledger.rules import Entry
from kepu.people import reads as people
from kepu.regions import reads as regions
from kepu.standings.rules import round_days

ROUNDS_MAX = 50


@dataclass(frozen=True, slots=True)
class Closed:
    """The end of what counts for a round; `kept`: later corrections, (book, seq), that count all the same."""

    until: datetime
    until_ms: int
    kept: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class StoredEvaluation:
    """An evaluation that was kept; `body` is canonical JSON (`rules.evaluation_bytes`)."""

    id: int
    campaign: str
    round: str
    version: int
    as_of: str | None
    ledger_head: str
    body: bytes
    sha256: str
    made_at: datetime
    made_by: str

    def content(self) -> dict[str, Any]:
        """The list as plain values."""
        content: dict[str, Any] = msgspec.json.decode(self.body)
        return content


def evaluate_round(campaign: str, round_id: str) -> Evaluation | NoRound:
    """The round on the ledger as it stands now, all of it read from one state of the database.

    Six queries and one for each book that counts; of a closed round up to four more.
    """
    with one_state():
        published = campaigns.campaign(campaign)
        if published is None:
            return NoRound.NO_CAMPAIGN
        round_ = round_of(published.sheet, round_id)
        if round_ is None:
            return NoRound.NO_ROUND
        return _evaluated(published, round_)


def latest_evaluation(campaign: str, round_id: str) -> StoredEvaluation | None:
    """The newest stored evaluation of a round. One query."""
    row = models.Evaluation.objects.filter(campaign=campaign, round=round_id).order_by("-id").first()
    return _stored(row) if row is not None else None


def evaluation(number: int) -> StoredEvaluation | None:
    """One stored evaluation. One query."""
    row = models.Evaluation.objects.filter(pk=number).first()
    return _stored(row) if row is not None else None


def standing_evaluation(campaign: str, round_id: str) -> StoredEvaluation | None:
    """The list that stands: what a round's last step is about, else the newest stored. Two queries."""
    rows = models.RoundStep.objects.filter(campaign=campaign, round=round_id, evaluation__isnull=False)
    row = rows.select_related("evaluation").order_by("-number").first()
    if row is None or row.evaluation is None:
        return latest_evaluation(campaign, round_id)
    return _stored(row.evaluation)


def _stored(row: models.Evaluation) -> StoredEvaluation:
    return StoredEvaluation(
        id=row.pk,
        campaign=row.campaign,
        round=row.round,
        version=row.version,
        as_of=row.as_of or None,
        ledger_head=row.ledger_head,
        body=bytes(row.body),
        sha256=row.sha256,
        made_at=row.made_at,
        made_by=row.made_by,
    )


def evaluated_rounds(campaign: str) -> frozenset[str]:
    """The ids of a campaign's rounds that have a stored list. One query."""
    rows = models.Evaluation.objects.filter(campaign=campaign).order_by()
    return frozenset(rows.values_list("round", flat=True).distinct()[:ROUNDS_MAX])


def last_counted(published: Published, round_: Round, closed: Closed | None) -> list[Entry]:
    """Of each book the last entry that counts for a round, and then the corrections upheld objections led to.

    Three queries and one a book.
    """
    until = closed.until_ms if closed is not None else None
    ends = ledger.last_entries(published.sheet.counts_within, *round_days(round_), until)
    kept = ledger.entries_at(sorted(closed.kept)) if closed is not None else []
    return ends + sorted(kept, key=lambda each: (each.book, each.seq))


def closed_at(campaign: str, round_id: str) -> Closed | None:
    """When what counts for a round ends, and which later corrections count; None while it is open.

    Two queries.
    """
    rows = models.RoundStep.objects.filter(campaign=campaign, round=round_id, step=Step.CLOSE)
    details = rows.values_list("details", flat=True).first()
    if details is None:
        return None
    answers = models.ObjectionAnswer.objects.filter(
        objection__campaign=campaign, objection__round=round_id, is_upheld=True
    )
    kept = {(book, seq) for refs in answers.values_list("entries", flat=True) for book, seq in refs}
    until = datetime.fromisoformat(details["counts_until"])
    return Closed(until, clock.milliseconds(until), frozenset(kept))


def _evaluated(published: Published, round_: Round) -> Evaluation:
    sheet = published.sheet
    closed = closed_at(sheet.campaign, round_.id)
    volumes = _volumes(published, round_, closed)
    candidates = [
        Candidate(
            person=profile.account,
            name=profile.name,
            unit=profile.unit_name,
            division=profile.division,
            volume=volumes[profile.account].volume,
            reached_ms=volumes[profile.account].reached_ms,
        )
        for profile in people.profiles_within(sheet.counts_within)
        if profile.account in volumes
    ]
    return evaluation_of(
        published, round_, closed, evaluate(sheet, round_, candidates), register_digest(candidates)
    )


def evaluation_of(
    published: Published,
    round_: Round,
    closed: Closed | None,
    outcomes: tuple[ScopeOutcome, ...],
    register: str,
) -> Evaluation:
    """The evaluation these outcomes make; `register`: as `register_digest`. Four queries and one a book."""
    ends = last_counted(published, round_, closed)
    return Evaluation(
        campaign=published.sheet.campaign,
        round=round_.id,
        version=published.sheet.version,
        as_of=_last_moment(ends),
        ledger_head=head_digest(ends),
        register=register,
        names=regions.names([outcome.division for outcome in outcomes]),
        scopes=outcomes,
        counts_until=closed.until.isoformat() if closed is not None else None,
    )


def _volumes(published: Published, round_: Round, closed: Closed | None) -> dict[int, Counted]:
    """What everybody brought together; persons at 0 are absent."""
    found = {
        row.person: Counted(row.volume, row.reached_ms)
        for row in ledger.volumes(published.number, *round_days(round_))
    }
    if closed is None:
        return found
    found |= volumes_of_late(published, round_, closed)
    return {person: counted for person, counted in found.items() if counted.volume}


def volumes_of_late(published: Published, round_: Round, closed: Closed) -> Mapping[int, Counted]:
    """What counts of those about whose days something was stated after the round was closed.

    One query, and one for each 500 of them.
    """
    days = round_days(round_)
    late = {each.person for each in stating.stated_since(published.number, days, closed.until_ms)}
    lines = [_line(each) for each in stating.volume_entries(sorted(late), published.number, days)]
    return counted_in_time(lines, closed.until_ms, closed.kept)


def _line(entry: stating.VolumeEntry) -> VolumeLine:
    takes_back = entry.kind == Kind.ADJUSTMENT and entry.ref_seq > 0
    ref = (entry.ref_book, entry.ref_seq) if takes_back else None
    return VolumeLine(entry.person, (entry.book, entry.seq), entry.at_ms, entry.day, entry.volume, ref)


def _last_moment(ends: list[Entry]) -> str | None:
    last = max((entry.at_ms for entry in ends), default=None)
    if last is None:
        return None
    return clock.from_milliseconds(last).astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds")


def head_digest(ends: list[Entry]) -> str:
    """One hash over the last entry of each book that bears on the round: later entries leave it alone."""
    parts = [
        part for end in ends for part in (end.book.to_bytes(4, "big"), end.seq.to_bytes(8, "big"), end.hash)
    ]
    return crypto.digest(*parts).hex()
