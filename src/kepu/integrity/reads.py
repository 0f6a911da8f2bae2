"""Signals for those who look into them. Every answer is a frozen value."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from kepu.integrity.labels import REFUSALS, STATES
from kepu.integrity.models import LikeRow
from kepu.integrity.models import Signal as SignalRow
from kepu.integrity.rules import RULE, Refusal, SignalKind, SignalState, digest_of
from kepu.kit import clock
from kepu.kit.paging import Page, page_of
from kepu.people.rules import Ability, Scopes, divisions_for


@dataclass(frozen=True, slots=True)
class Signal:
    """Two people liked each other again and again, and what was decided about it.

    `low_gave`, `high_gave`: how many of the likes it rests on each gave; `points`: what they brought both
    together. `left`: how many likes are still to be taken back.
    """

    number: int
    kind: SignalKind
    state: SignalState
    low: int
    high: int
    division: str
    low_gave: int
    high_gave: int
    points: int
    first_at: datetime
    last_at: datetime
    decided_at: datetime | None
    decided_by: int
    why: str
    left: int

    @property
    def likes(self) -> int:
        """How many likes it rests on."""
        return self.low_gave + self.high_gave


@dataclass(frozen=True, slots=True)
class SeenLike:
    """One like a signal rests on: who gave it to whom, when, and where it stands in the ledger."""

    giver: int
    receiver: int
    at: datetime
    book: int
    seq: int
    points: int
    is_taken_back: bool


@dataclass(frozen=True, slots=True)
class DayOfLikes:
    """How many of the likes of a signal each of the two gave on a day."""

    day: int
    low_gave: int
    high_gave: int


def signals(scopes: Scopes, start: int, size: int, *, waiting: bool) -> Page[Signal]:
    """Signals in these scopes: open ones (the latest like first), or those decided (the last first).

    One query; none without a scope.
    """
    found = _looked_at(scopes)
    if found is None:
        return Page([], None)
    still_open = Q(state=SignalState.OPEN.value)
    chosen = found.filter(still_open) if waiting else found.exclude(still_open)
    ordered = chosen.order_by(*(("-last_ms", "pk") if waiting else ("-decided_at", "-pk")))
    page = page_of(list(ordered[start : start + size + 1]), start, size)
    return Page([_signal(row) for row in page.rows], page.next_start)


def signals_waiting(scopes: Scopes) -> int:
    """How many signals in these scopes nobody decided. One query; none without a scope."""
    found = _looked_at(scopes)
    return found.filter(state=SignalState.OPEN.value).count() if found is not None else 0


def signal(scopes: Scopes, number: int) -> Signal | None:
    """One signal in these scopes, else None. One query."""
    found = _looked_at(scopes)
    row = found.filter(pk=number).first() if found is not None else None
    return _signal(row) if row is not None else None


def decided_before(signal: Signal, limit: int) -> list[Signal]:
    """What was decided about the same two people, the last first. One query."""
    rows = SignalRow.objects.filter(low=signal.low, high=signal.high).exclude(pk=signal.number)
    return [_signal(row) for row in rows.exclude(state=SignalState.OPEN.value).order_by("-pk")[:limit]]


def likes_of(number: int, start: int, size: int) -> Page[SeenLike]:
    """The likes a signal rests on, the first first. One query."""
    rows = LikeRow.objects.filter(signal=number).order_by("at_ms", "book", "seq")
    page = page_of(list(rows[start : start + size + 1]), start, size)
    return Page([_like(row) for row in page.rows], page.next_start)


def seen_of(number: int) -> str:
    """The `digest_of` the likes a signal rests on: what a decision names. One query."""
    return digest_of(LikeRow.objects.filter(signal=number).values_list("book", "seq"))


def days_of(number: int, limit: int) -> list[DayOfLikes]:
    """The likes of a signal by day (yyyymmdd), the last `limit` days of them, in order. One query."""
    rows = LikeRow.objects.filter(signal=number).order_by()
    counted = rows.values_list("day").annotate(
        low=Count("seq", filter=Q(by_low=True)), high=Count("seq", filter=Q(by_low=False))
    )
    return [DayOfLikes(*row) for row in reversed(counted.order_by("-day")[:limit])]


def rule_text() -> str:
    """When two people raise a signal, in plain words."""
    said = _("Each of the two liked the other at least %(times)s times within %(days)s days.")
    return said % {"times": RULE.each_way_min, "days": RULE.days}


def state_text(state: SignalState) -> str:
    """What became of a signal, in plain words."""
    return str(STATES[state])


def refusal_text(refusal: Refusal) -> str:
    """Why nothing was decided, and what to do."""
    return str(REFUSALS[refusal])


def _looked_at(scopes: Scopes) -> QuerySet[SignalRow] | None:
    divisions = divisions_for(scopes, Ability.SIGNALS)
    if not divisions:
        return None
    inside = Q()
    for division in divisions:
        inside |= Q(division__startswith=division)
    return SignalRow.objects.filter(inside)


def _signal(row: SignalRow) -> Signal:
    return Signal(
        number=row.pk,
        kind=SignalKind(row.kind),
        state=SignalState(row.state),
        low=row.low,
        high=row.high,
        division=row.division,
        low_gave=row.low_gave,
        high_gave=row.high_gave,
        points=row.points,
        first_at=clock.from_milliseconds(row.first_ms),
        last_at=clock.from_milliseconds(row.last_ms),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        why=row.why,
        left=row.left,
    )


def _like(row: LikeRow) -> SeenLike:
    giver, receiver = (row.low, row.high) if row.by_low else (row.high, row.low)
    at = clock.from_milliseconds(row.at_ms)
    return SeenLike(giver, receiver, at, row.book, row.seq, row.points, row.taken_back)
