"""Questions about money that was won: sums, lines, what happened to them, batches and answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum

from kepu.awards import labels, models
from kepu.awards.rules.payouts import (
    ON_THE_WAY,
    SETTLED,
    Event,
    Flag,
    LineState,
    PayList,
    Review,
    Standing,
    Sums,
    sums,
)
from kepu.awards.rules.top_ups import AnswerRow, JudgedRow, Sent, judge_rows
from kepu.kit import crypto
from kepu.kit.paging import Page, page_of

LISTS_MAX = 200
LINES_MAX = 5_000
EVENTS_MAX = 500
FILES_MAX = 200
_MARK = re.compile(r"([0-9]{6,12})-([0-9]{8,15})")


@dataclass(frozen=True, slots=True)
class Line:
    """One award in money, in yuan, and where it stands."""

    number: int
    of: PayList
    person: int
    name: str
    unit: str
    rank: int
    volume: int
    title: str
    amount: int
    standing: Standing
    flag: Flag | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a line."""

    number: int
    event: Event
    state: LineState
    reason: str
    batch: int
    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ListSums:
    """A list that is paid, how many lines stand where, and its sums in yuan."""

    of: PayList
    counts: dict[LineState, int]
    sums: Sums
    under_review: int

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return sum(self.counts.values())

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to pay, to send or to hear of."""
        return all(state in SETTLED for state in self.counts)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch that was made; `has_file`: its file can still be taken, some line has no answer yet."""

    number: int
    of: PayList
    lines: int
    amount: int
    sha256: str
    has_file: bool
    made_by: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerFileRow:
    """An answer file that was applied."""

    name: str
    sha256: str
    rows: int
    paid: int
    failed: int
    applied_by: int
    applied_at: datetime


def pay_lists(divisions: tuple[str, ...]) -> list[ListSums]:
    """The lists whose awards were won in these divisions, the newest campaign first. One query."""
    inside = reduce(or_, (Q(division__startswith=each) for each in divisions), Q(pk=None))
    return _summed(models.PayoutLine.objects.filter(inside))


def pay_list(of: PayList) -> ListSums | None:
    """One list's sums; None when nothing was won there. One query."""
    return next(iter(_summed(_lines(of))), None)


def unsettled(campaign: str, round_id: str) -> int:
    """How many lines of a round are still to be paid, sent or heard of. One query."""
    rows = models.PayoutLine.objects.filter(campaign=campaign, round=round_id)
    return rows.exclude(state__in=SETTLED).count()


def lines(of: PayList, state: LineState | None, start: int, size: int) -> Page[Line]:
    """Lines by rank, those in one state when it is given. One query."""
    rows = _lines(of) if state is None else _lines(of).filter(state=state)
    ordered = rows.order_by("rank", "person")[start : start + size + 1]
    return page_of([_line(row) for row in ordered], start, size)


def roster(of: PayList) -> list[Line]:
    """Every line that is not withdrawn, by rank, at most LINES_MAX: what one signs for. One query."""
    rows = _lines(of).exclude(state=LineState.WITHDRAWN).order_by("rank", "person")
    return [_line(row) for row in rows[:LINES_MAX]]


def line(number: int, divisions: tuple[str, ...]) -> Line | None:
    """One line won in these divisions. One query."""
    inside = reduce(or_, (Q(division__startswith=each) for each in divisions), Q(pk=None))
    row = models.PayoutLine.objects.filter(inside, pk=number).first()
    return _line(row) if row is not None else None


def lines_of(person: int) -> list[Line]:
    """A person's own lines, newest first. One query."""
    return [_line(row) for row in models.PayoutLine.objects.filter(person=person).order_by("-pk")[:100]]


def winner_text(state: LineState) -> str:
    """What the winner reads about the money."""
    return str(labels.MONEY[state])


def happened(number: int) -> list[Happened]:
    """What happened to a line, in order, at most EVENTS_MAX. One query."""
    rows = models.PayoutEvent.objects.filter(line=number).order_by("number")
    return [
        Happened(
            row.number,
            Event(row.event),
            LineState(row.state),
            row.reason,
            row.batch_id or 0,
            row.by,
            row.at,
        )
        for row in rows[:EVENTS_MAX]
    ]


def batches(of: PayList) -> list[BatchRow]:
    """The batches of a list, newest first, at most FILES_MAX. One query."""
    rows = models.PayoutBatch.objects.filter(campaign=of.campaign, round=of.round, division=of.division)
    return [_batch(row) for row in rows.order_by("-pk")[:FILES_MAX]]


def batch(number: int, divisions: tuple[str, ...]) -> BatchRow | None:
    """One batch of a list in these divisions. One query."""
    inside = reduce(or_, (Q(division__startswith=each) for each in divisions), Q(pk=None))
    row = models.PayoutBatch.objects.filter(inside, pk=number).first()
    return _batch(row) if row is not None else None


def batch_content(number: int) -> bytes | None:
    """The file of a batch, the same bytes as when it was made; None once every line has its answer.

    It holds whole numbers: a page that gives it out keeps that in the audit. One query.
    """
    row = models.PayoutBatch.objects.filter(pk=number).first()
    if row is None or row.sealed is None:
        return None
    text = crypto.unseal(settings.KEPU_KEYS.phone_cipher, bytes(row.sealed), sealed_to(number))
    return text.encode() if text is not None else None


def sealed_to(number: int) -> str:
    """What the file of a batch is bound to when it is encrypted."""
    return f"payout batch {number}"


def batches_on_the_way(of: PayList) -> set[int]:
    """The batches of which a line still waits for its answer. One query."""
    sent = models.PayoutEvent.objects.filter(
        line__in=_lines(of).filter(state__in=ON_THE_WAY), event=Event.SEND
    )
    latest = sent.order_by().values("line").annotate(latest=Max("batch"))
    return {row["latest"] for row in latest[:LINES_MAX]}


def answers(of: PayList) -> list[AnswerFileRow]:
    """The answer files that were applied to a list, newest first, at most FILES_MAX. One query."""
    rows = models.PayoutAnswer.objects.filter(campaign=of.campaign, round=of.round, division=of.division)
    return [
        AnswerFileRow(row.name, row.sha256, row.rows, row.paid, row.failed, row.applied_by, row.applied_at)
        for row in rows.order_by("-pk")[:FILES_MAX]
    ]


def is_applied(of: PayList, sha256: str) -> bool:
    """Whether a file of these bytes was applied to the list. One query."""
    return models.PayoutAnswer.objects.filter(
        campaign=of.campaign, round=of.round, division=of.division, sha256=sha256
    ).exists()


def judged(of: PayList, rows: Sequence[AnswerRow]) -> list[JudgedRow]:
    """What each row of an answer file would do to the list as it stands. One query."""
    wanted = {row.mark: _MARK.fullmatch(row.mark) for row in rows}
    meant = {mark: (int(found[1]), int(found[2])) for mark, found in wanted.items() if found is not None}
    told = models.PayoutEvent.objects.filter(
        line__in=_lines(of).filter(pk__in={line for _, line in meant.values()}),
        event__in=(Event.SEND, Event.CONFIRM, Event.FAIL),
    )
    last: dict[int, int] = {}  # the batch each line was sent in last
    held: dict[tuple[int, int], Sent] = {}
    for each in told.select_related("line").order_by("number")[: LINES_MAX * 8]:
        event, line_number = Event(each.event), each.line_id
        if event is Event.SEND:
            last[line_number] = each.batch_id or 0
        answered = None if event is Event.SEND else event
        held[last[line_number], line_number] = Sent(line_number, each.line.amount, answered)
    return judge_rows(rows, {mark: held[each] for mark, each in meant.items() if each in held})


def _summed(rows: QuerySet[models.PayoutLine]) -> list[ListSums]:
    names = ("campaign", "round", "division", "state")
    waiting = Count("pk", filter=Q(review=Review.WAITING))
    grouped = rows.order_by().values(*names).annotate(lines=Count("pk"), yuan=Sum("amount"), waits=waiting)
    found: dict[PayList, list[tuple[LineState, int, int, int]]] = {}
    for row in grouped[: LISTS_MAX * len(LineState)]:
        of = PayList(row["campaign"], row["round"], row["division"])
        found.setdefault(of, []).append((LineState(row["state"]), row["lines"], row["yuan"], row["waits"]))
    ordered = sorted(found, key=lambda of: (of.campaign, of.round, of.division), reverse=True)
    return [
        ListSums(
            of,
            {state: count for state, count, _, _ in found[of]},
            sums((state, yuan) for state, _, yuan, _ in found[of]),
            sum(waits for state, _, _, waits in found[of] if state not in SETTLED),
        )
        for of in ordered
    ]


def _lines(of: PayList) -> QuerySet[models.PayoutLine]:
    return models.PayoutLine.objects.filter(campaign=of.campaign, round=of.round, division=of.division)


def _line(row: models.PayoutLine) -> Line:
    return Line(
        row.pk,
        PayList(row.campaign, row.round, row.division),
        row.person,
        row.name,
        row.unit,
        row.rank,
        row.volume,
        row.title,
        row.amount,
        Standing(LineState(row.state), Review(row.review)),
        Flag(row.flag) if row.flag else None,
    )


def _batch(row: models.PayoutBatch) -> BatchRow:
    return BatchRow(
        row.pk,
        PayList(row.campaign, row.round, row.division),
        row.lines,
        row.amount,
        row.sha256,
        row.sealed is not None,
        row.made_by,
        row.made_at,
    )
