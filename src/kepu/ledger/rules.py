"""What the ledger decides in memory: the verdict of every act of a batch, in order. No Django, no clock."""

import hashlib
import struct
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple

from kepu.campaigns.rules import Kind, Published, Reason, Verdict, judge, sheet_covering
from kepu.kit import clock
from kepu.people.rules import Standing


class Channel(IntEnum):
    """How an act reached us. The numbers are in the chain hash: never change or reuse one."""

    PAGE = 0
    COPY_LINK = 1
    SYSTEM = 2
    WECHAT = 3
    POSTER = 4
    OFFLINE = 5
    STAFF = 6


class Act(NamedTuple):
    """What someone did, as reported; nothing is decided yet.

    `event_id`: 16 bytes, unique for the person. `article`: 0 when there is none. `ref_book`, `ref_seq`:
    the entry this one answers to (the share that was opened, the entry that is reversed). `points`,
    `volume`, `campaign`, `version` and `day` (yyyymmdd) are stated only by adjustments, spends and imports.
    `session_version`: 0 when no session is involved.
    """

    person: int
    event_id: bytes
    kind: Kind
    article: int
    channel: Channel
    at_ms: int
    ref_book: int = 0
    ref_seq: int = 0
    session_version: int = 0
    points: int = 0
    volume: int = 0
    campaign: int = 0
    version: int = 0
    day: int = 0
    author: int = 0
    note: str = ""


class Entry(NamedTuple):
    """One line of a book, as stored; the order of fields is the order of columns and of the chain hash.

    `left_today` is -1 where no cap applies; `campaign` is 0 where no campaign was open; `unit` and
    `division` are the person's at that moment; `author` is 0 when the person acted for themself.
    """

    book: int
    seq: int
    person: int
    event_id: bytes
    kind: int
    article: int
    at_ms: int
    day: int
    campaign: int
    version: int
    points: int
    volume: int
    reason: int
    left_today: int
    unit: int
    division: int
    channel: int
    ref_book: int
    ref_seq: int
    author: int
    note: str
    hash: bytes


class Receipt(NamedTuple):
    """The answer to a recorded act; a retry gets the first one again, with `repeated` set."""

    book: int
    seq: int
    points: int
    volume: int
    reason: Reason
    left_today: int | None
    repeated: bool = False


class Refusal(IntEnum):
    """Why an act was not recorded at all."""

    CONFLICT = 1
    SIGNED_OUT = 2
    UNKNOWN_PERSON = 3


class Known(NamedTuple):
    """What must agree for an act to be a retry of an entry, and that entry's receipt."""

    kind: int
    article: int
    channel: int
    receipt: Receipt


class Head(NamedTuple):
    """The end of a book: how many entries it has and the hash of the last one."""

    book: int
    seq: int
    hash: bytes


class TallyKey(NamedTuple):
    """One person's day in one campaign for one kind of act."""

    person: int
    day: int
    campaign: int
    kind: int


@dataclass(slots=True)
class Tally:
    """What a `TallyKey` adds up to; `reached_ms` is when volume last grew (0: never)."""

    credited: int = 0
    points: int = 0
    volume: int = 0
    reached_ms: int = 0


@dataclass(slots=True)
class Facts:
    """What a batch must know before it is settled; `settle` keeps it up to date as it goes.

    `credited` and `credited_articles` hold counts read from the tallies; `balances` only the persons
    whose points the batch may take away; `article_capped` the (campaign, kind) pairs with a cap an article;
    `covering` remembers which sheet covers a division on a day.
    """

    published: tuple[Published, ...]
    standings: dict[int, Standing]
    heads: dict[int, Head]
    known: dict[tuple[int, bytes], Known] = field(default_factory=dict)
    credited: dict[TallyKey, int] = field(default_factory=dict)
    credited_articles: dict[tuple[TallyKey, int], int] = field(default_factory=dict)
    balances: dict[int, int] = field(default_factory=dict)
    article_capped: frozenset[tuple[int, int]] = frozenset()
    covering: dict[tuple[str, int], Published | None] = field(default_factory=dict)


@dataclass(slots=True)
class Settled:
    """What a batch became: an answer an act (same order), new entries, and what they add to the tallies."""

    answers: list[Receipt | Refusal] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    tallies: dict[TallyKey, Tally] = field(default_factory=dict)
    article_tallies: dict[tuple[TallyKey, int], int] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)


def settle(acts: list[Act], facts: Facts) -> Settled:
    """Decide every act in order, each seeing what those before it changed.

    Cutting a list into pieces, settled one after another on the same facts, changes nothing.
    """
    settled = Settled()
    for act in acts:
        standing = facts.standings.get(act.person)
        refusal = _refusal(act, standing)
        if refusal is not None or standing is None:
            settled.answers.append(refusal or Refusal.UNKNOWN_PERSON)
            continue
        known = facts.known.get((act.person, act.event_id))
        if known is not None:
            settled.answers.append(_answer_again(act, known))
            continue
        settled.answers.append(_write_down(act, standing, facts, settled))
    return settled


def article_capped(published: tuple[Published, ...]) -> frozenset[tuple[int, int]]:
    """The (campaign, kind) pairs of which one article counts only so often a day."""
    return frozenset(
        (each.number, int(kind))
        for each in published
        for kind, earning in each.sheet.earnings.items()
        if earning.per_article_day_max is not None
    )


def entry_hash(previous: bytes, entry: Entry) -> bytes:
    """SHA-256 over the previous hash and every other field of the entry, in fixed binary form."""
    return _chain(previous, entry[:20], entry.note)


def receipt_of(entry: Entry) -> Receipt:
    """The receipt of a stored entry, as it was first given."""
    left = None if entry.left_today < 0 else entry.left_today
    return Receipt(entry.book, entry.seq, entry.points, entry.volume, Reason(entry.reason), left)


def day_number(at_ms: int) -> int:
    """The calendar day in Asia/Shanghai as yyyymmdd."""
    days = (at_ms + _SHANGHAI_MS) // _DAY_MS
    number = _DAYS.get(days)
    if number is None:
        day = clock.day_of(clock.from_milliseconds(at_ms))
        number = _DAYS[days] = day.year * 10_000 + day.month * 100 + day.day
    return number


def _refusal(act: Act, standing: Standing | None) -> Refusal | None:
    if standing is None:
        return Refusal.UNKNOWN_PERSON
    if act.session_version and (not standing.is_active or act.session_version != standing.session_version):
        return Refusal.SIGNED_OUT
    return None


def _answer_again(act: Act, known: Known) -> Receipt | Refusal:
    if (act.kind, act.article, act.channel) != known[:3]:
        return Refusal.CONFLICT
    return known.receipt._replace(repeated=True)


def _write_down(act: Act, standing: Standing, facts: Facts, settled: Settled) -> Receipt:
    day = act.day or day_number(act.at_ms)
    campaign, version = act.campaign, act.version
    if act.kind in STATED_KINDS:
        verdict = _stated(act, facts)
    else:
        at = clock.from_milliseconds(act.at_ms)
        current = _sheet(facts, standing.division, day, at)
        campaign, version = (current.number, current.sheet.version) if current else (0, 0)
        key = TallyKey(act.person, day, campaign, act.kind)
        verdict = judge(
            current.sheet if current else None,
            act.kind,
            at,
            certified=standing.is_certified,
            credited_today=facts.credited.get(key, 0),
            credited_article_today=facts.credited_articles.get((key, act.article), 0),
        )
    entry = _entry(act, standing, facts.heads[standing.book], verdict, (day, campaign, version))
    facts.heads[standing.book] = Head(entry.book, entry.seq, entry.hash)
    settled.entries.append(entry)
    _count(entry, facts, settled)
    if verdict.reason is Reason.CREDITED and act.article:
        _count_article(entry, facts, settled)
    receipt = Receipt(
        entry.book, entry.seq, verdict.points, verdict.volume, verdict.reason, verdict.left_today
    )
    facts.known[act.person, act.event_id] = Known(entry.kind, entry.article, entry.channel, receipt)
    return receipt


def _sheet(facts: Facts, division: str, day: int, at: datetime) -> Published | None:
    """The sheet that covers a division on a day; sheets open and close at midnight, so a day has one."""
    where = (division, day)
    if where not in facts.covering:
        facts.covering[where] = sheet_covering(facts.published, division, at)
    return facts.covering[where]


def _stated(act: Act, facts: Facts) -> Verdict:
    """Adjustments, spends and imports state their points and volume; points never fall below zero."""
    balance = facts.balances.get(act.person, 0)
    if act.kind is Kind.SPEND and balance + act.points < 0:
        return Verdict(0, 0, Reason.BALANCE_SHORT, None)
    points = max(act.points, -balance) if act.points < 0 else act.points
    return Verdict(points, act.volume, Reason.ADJUSTED, None)


def _entry(act: Act, standing: Standing, head: Head, verdict: Verdict, where: tuple[int, int, int]) -> Entry:
    day, campaign, version = where
    fields = (
        head.book,
        head.seq + 1,
        act.person,
        act.event_id,
        act.kind,
        act.article,
        act.at_ms,
        day,
        campaign,
        version,
        verdict.points,
        verdict.volume,
        verdict.reason,
        -1 if verdict.left_today is None else verdict.left_today,
        standing.unit,
        int(standing.division[:9]),
        act.channel,
        act.ref_book,
        act.ref_seq,
        act.author,
    )
    return Entry(*fields, act.note, _chain(head.hash, fields, act.note))


def _chain(previous: bytes, fields: tuple[Any, ...], note: str) -> bytes:
    text = note.encode()
    return hashlib.sha256(previous + _FIXED.pack(*fields, len(text)) + text).digest()


def _count(entry: Entry, facts: Facts, settled: Settled) -> None:
    if entry.points:
        settled.points[entry.person] = settled.points.get(entry.person, 0) + entry.points
        if entry.person in facts.balances:
            facts.balances[entry.person] += entry.points
    credited = 1 if entry.reason == Reason.CREDITED else 0
    if not credited and not entry.points and not entry.volume:
        return
    key = TallyKey(entry.person, entry.day, entry.campaign, entry.kind)
    tally = settled.tallies.get(key)
    if tally is None:
        tally = settled.tallies[key] = Tally()
    tally.credited += credited
    tally.points += entry.points
    tally.volume += entry.volume
    if entry.volume > 0:
        tally.reached_ms = max(tally.reached_ms, entry.at_ms)
    if credited:
        facts.credited[key] = facts.credited.get(key, 0) + 1


def _count_article(entry: Entry, facts: Facts, settled: Settled) -> None:
    """Counted only where some sheet caps an article, so that the common sheet pays nothing for it."""
    if (entry.campaign, entry.kind) not in facts.article_capped:
        return
    place = (TallyKey(entry.person, entry.day, entry.campaign, entry.kind), entry.article)
    facts.credited_articles[place] = facts.credited_articles.get(place, 0) + 1
    settled.article_tallies[place] = settled.article_tallies.get(place, 0) + 1


STATED_KINDS = frozenset({Kind.ADJUSTMENT, Kind.SPEND, Kind.IMPORT})
GENESIS = bytes(32)
_FIXED = struct.Struct(">IQQ16sBQqIIIiiBiIIBIQQI")
_SHANGHAI_MS = 8 * 3_600_000
_DAY_MS = 86_400_000
_DAYS: dict[int, int] = {}
