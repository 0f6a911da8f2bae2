"""Following the ledger for signals, and what officers decide about them."""

from collections.abc import Sequence, Set
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext

from kepu.campaigns.rules import Kind
from kepu.integrity.models import Cursor, LikeRow, Signal
from kepu.integrity.reads import seen_of
from kepu.integrity.rules import (
    RULE,
    Decision,
    Like,
    Pair,
    Refusal,
    SignalKind,
    SignalState,
    arranged,
    is_between_two,
    judge_decision,
    pair_of,
    shared_division,
)
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.reads.liking import likes_after, likes_behind
from kepu.ledger.rules import Entry, Head
from kepu.people import reads as people
from kepu.people.reads.merges import hands_of
from kepu.people.rules import Ability, NoticeKind, masked_name, may
from kepu.people.writes.notices import notify

WALKED_AT_ONCE = 20_000
TAKEN_BACK_AT_ONCE = 200
PAIRS_AT_ONCE = 500
FORGOTTEN_AT_ONCE = 2_000
# Far longer than the rule looks back: a like that is entered late still meets the others of its days.
KEPT_DAYS = 30
_FOLLOWED = ("low_gave", "high_gave", "points", "first_ms", "last_ms", "division")


def follow(limit: int = WALKED_AT_ONCE) -> int:
    """Signals rest on about `limit` more entries; how many were walked, 0 when caught up.

    Each lagging book gets an equal part, in a transaction of its own that moves its cursor with the rows.
    What stands in the end does not depend on the order of books or on the pieces.
    """
    heads = ledger.heads()
    Cursor.objects.bulk_create([Cursor(book=head.book) for head in heads], ignore_conflicts=True)
    reached = dict(Cursor.objects.values_list("book", "seq"))
    lagging = [head for head in heads if reached[head.book] < head.seq]
    part = max(1, limit // max(1, len(lagging)))
    return sum(_follow_book(head, reached[head.book], part) for head in lagging)


def rebuild() -> int:
    """Whatever nobody decided is built anew from the first entry; how many entries were walked."""
    with transaction.atomic():
        list(Cursor.objects.select_for_update().order_by("book"))
        undecided = Q(signal=None) | Q(signal__state=SignalState.OPEN.value)
        LikeRow.objects.filter(undecided).delete()
        Signal.objects.filter(state=SignalState.OPEN.value).delete()
        Cursor.objects.update(seq=0)
    total = 0
    while walked := follow():
        total += walked
    return total


@transaction.atomic
def decide_signal(number: int, decision: Decision, by: int, now: datetime) -> Refusal | None:
    """The signal is harmless, or its likes do not count; None when that is so, else why not.

    Where they do not count, `take_back` takes them back from now on. UNKNOWN outside the officer's scopes.
    """
    # As `_follow_book` does: nothing is added to a signal while it is decided, nor the other way round.
    list(Cursor.objects.select_for_update().order_by("book"))
    row = Signal.objects.select_for_update().filter(pk=number).first()
    if row is None or not may(people.scopes_of(by), Ability.SIGNALS, row.division):
        return Refusal.UNKNOWN
    pair = Pair(row.low, row.high)
    refusal = judge_decision(decision, SignalState(row.state), pair, seen_of(row.pk), hands_of(by))
    if refusal is None:
        row.state, row.why = decision.becomes.value, decision.why
        row.decided_at, row.decided_by = now, by
        row.left = row.low_gave + row.high_gave if decision.becomes is SignalState.NOT_COUNTED else 0
        row.save(update_fields=["state", "why", "decided_at", "decided_by", "left"])
        if decision.becomes is SignalState.NOT_COUNTED:
            _tell(pair, decision.why, now)
    return refusal


def take_back(now: datetime, limit: int = TAKEN_BACK_AT_ONCE) -> int:
    """The next `limit` likes that do not count are reversed in the ledger, with those who gave them.

    How many; 0 when nothing is left. The ledger reverses an entry once, however often this is called.
    """
    while signal := Signal.objects.filter(left__gt=0).order_by("pk").first():
        rows = LikeRow.objects.filter(signal=signal, taken_back=False).order_by("book", "seq")
        if places := list(rows.values_list("book", "seq")[:limit]):
            return _take_back(signal, places, now)
        # Nothing is left after all: the next one must not wait behind it.
        Signal.objects.filter(pk=signal.pk).update(left=0)
    return 0


def _take_back(signal: Signal, places: Sequence[tuple[int, int]], now: datetime) -> int:
    liked = ledger.entries_at(places)
    given = likes_behind(liked).values()
    refs = [*places, *sorted((each.book, each.seq) for each in given)]
    # Never the officer's own words: what stands in the chain stays, and they may name somebody.
    ledger_writes.reverse_entries(refs, signal.decided_by, gettext("Likes that do not count"), now)
    with transaction.atomic():
        LikeRow.objects.filter(_at(places)).update(taken_back=True)
        left = LikeRow.objects.filter(signal=signal, taken_back=False).count()
        Signal.objects.filter(pk=signal.pk).update(left=left)
    return len(places)


def forget_likes(now: datetime) -> int:
    """Likes of long ago on which no signal rests are gone; how many. Only while every book is caught up."""
    reached = dict(Cursor.objects.values_list("book", "seq"))
    if any(reached.get(head.book, 0) < head.seq for head in ledger.heads()):
        return 0
    before_ms = clock.milliseconds(now - timedelta(days=KEPT_DAYS))
    gone = 0
    for book in sorted(reached):
        oldest = LikeRow.objects.filter(book=book, signal=None).order_by("seq")[:FORGOTTEN_AT_ONCE]
        old = [seq for seq, at_ms in oldest.values_list("seq", "at_ms") if at_ms < before_ms]
        gone += LikeRow.objects.filter(book=book, seq__in=old, signal=None).delete()[0] if old else 0
    return gone


def _tell(pair: Pair, why: str, now: datetime) -> None:
    """Both find the reason among their messages; whoever closed their account is told nothing.

    Each reads the other's name as strangers do: they may never have met.
    """
    names = people.account_names(pair)
    for account, other in ((pair.low, pair.high), (pair.high, pair.low)):
        if names.get(account):
            words = {"name": masked_name(names.get(other, "")) or gettext("a closed account"), "reason": why}
            notify(account, NoticeKind.LIKES_NOT_COUNTED, words, "/me/points/", now)


def _follow_book(head: Head, seq: int, limit: int) -> int:
    entries, last = likes_after(head.book, seq, min(limit, head.seq - seq))
    liked = [each for each in entries if each.kind == Kind.LIKED and is_between_two(each)]
    reversed_ = [each.ref_seq for each in entries if each.kind == Kind.ADJUSTMENT]
    given = likes_behind(liked)
    with transaction.atomic():
        # All of them: the two of a pair may stand in two books.
        list(Cursor.objects.select_for_update().order_by("book"))
        if not Cursor.objects.filter(book=head.book, seq=seq).update(seq=last):
            return 0
        rows = [_row(each, given.get((each.book, each.seq))) for each in liked]
        LikeRow.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
        pairs = {pair_of(each) for each in liked} | _leave_out(head.book, reversed_)
        for pair, likes in _undecided(sorted(pairs)).items():
            _raise(pair, likes)
    return last - seq


def _row(liked: Entry, given: Entry | None) -> LikeRow:
    pair = pair_of(liked)
    return LikeRow(
        book=liked.book,
        seq=liked.seq,
        low=pair.low,
        high=pair.high,
        by_low=liked.author == pair.low,
        at_ms=liked.at_ms,
        day=liked.day,
        division=liked.division,
        points=liked.points + (given.points if given else 0),
    )


def _leave_out(book: int, seqs: Sequence[int]) -> set[Pair]:
    """Likes that were taken back for another reason earned nothing: they are gone. The pairs they were of."""
    touched: set[Pair] = set()
    undecided = Q(signal=None) | Q(signal__state=SignalState.OPEN.value)
    for start in range(0, len(seqs), 1_000):
        rows = LikeRow.objects.filter(undecided, book=book, seq__in=seqs[start : start + 1_000])
        found = list(rows.values_list("seq", "low", "high"))
        touched |= {Pair(low, high) for _seq, low, high in found}
        LikeRow.objects.filter(book=book, seq__in=[seq for seq, *_pair in found]).delete()
    return touched


def _undecided(pairs: Sequence[Pair]) -> dict[Pair, list[Like]]:
    """The likes of each pair that no decision covers. One query for each PAIRS_AT_ONCE."""
    found: dict[Pair, list[Like]] = {pair: [] for pair in pairs}
    with connection.cursor() as cursor:
        for start in range(0, len(pairs), PAIRS_AT_ONCE):
            some = pairs[start : start + PAIRS_AT_ONCE]
            marks = ",".join(["(CAST(%s AS bigint), CAST(%s AS bigint))"] * len(some))
            numbers = [number for pair in some for number in pair]
            cursor.execute(_UNDECIDED.replace("@pairs", marks), numbers)
            for low, high, *like in cursor.fetchall():
                at_ms, book, seq, by_low = like
                found[Pair(low, high)].append(Like(at_ms, book, seq, bool(by_low)))
    return found


def _raise(pair: Pair, likes: list[Like]) -> None:
    """The pair's open signal rests on exactly those likes that the rule finds; none is open without."""
    places = arranged(likes, RULE)
    of_pair = {"kind": SignalKind.MUTUAL_LIKES.value, "low": pair.low, "high": pair.high}
    signal = Signal.objects.filter(**of_pair, state=SignalState.OPEN.value).first()
    if signal is None and not places:
        return
    if signal is None:
        signal = Signal.objects.create(**of_pair)
    own = LikeRow.objects.filter(signal=signal)
    held = set(own.values_list("book", "seq"))
    _hold(held - places, None)
    _hold(places - held, signal)
    if not places:
        signal.delete()
        return
    rows = list(own.order_by("at_ms", "book", "seq").values_list("by_low", "at_ms", "points", "division"))
    signal.low_gave = sum(by_low for by_low, *_ in rows)
    signal.high_gave = len(rows) - signal.low_gave
    signal.points = sum(points for _by, _at, points, _division in rows)
    signal.first_ms, signal.last_ms = rows[0][1], rows[-1][1]
    # Whoever is liked stands in the entry with their own division; the last one counts.
    at = {by_low: division for by_low, _at, _points, division in rows}
    signal.division = shared_division(at[True], at[False])
    # Never what was decided.
    signal.save(update_fields=_FOLLOWED)


def _hold(places: Set[tuple[int, int]], signal: Signal | None) -> None:
    ordered = sorted(places)
    for start in range(0, len(ordered), 1_000):
        LikeRow.objects.filter(_at(ordered[start : start + 1_000])).update(signal=signal)


def _at(places: Sequence[tuple[int, int]]) -> Q:
    by_book: dict[int, list[int]] = {}
    for book, seq in places:
        by_book.setdefault(book, []).append(seq)
    found = Q(book=-1)
    for book, seqs in by_book.items():
        found |= Q(book=book, seq__in=seqs)
    return found


_UNDECIDED = """
WITH wanted(low, high) AS (VALUES @pairs)
SELECT l.low, l.high, l.at_ms, l.book, l.seq, l.by_low FROM wanted w CROSS JOIN integrity_likerow l
LEFT JOIN integrity_signal s ON s.id = l.signal_id
WHERE l.low = w.low AND l.high = w.high AND (s.id IS NULL OR s.state = 'open')
"""
