"""What the ledger decides in memory: the verdict of every act of a batch, in order. No Django, no clock."""

from dataclasses import dataclass, field
from datetime import datetime

from kepu.campaigns.rules import (
    COUNTED,
    Counted,
    Kind,
    Measure,
    Published,
    Reason,
    Verdict,
    judge,
    sheet_covering,
)
from kepu.kit import clock
from kepu.ledger.rules.values import (
    Act,
    Entry,
    Head,
    Known,
    Receipt,
    Refusal,
    Tally,
    TallyKey,
    chain_hash,
    day_number,
)
from kepu.people.rules import Standing


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
        refusal = _refusal(act, standing, facts)
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


def _refusal(act: Act, standing: Standing | None, facts: Facts) -> Refusal | None:
    if standing is None:
        return Refusal.UNKNOWN_PERSON
    if not standing.is_active and act.kind not in STATED_KINDS:
        return Refusal.SIGNED_OUT
    if act.session_version and act.session_version != standing.session_version:
        return Refusal.SIGNED_OUT
    if _book(act, standing) not in facts.heads:
        return Refusal.NO_BOOK
    return None


def _book(act: Act, standing: Standing) -> int:
    """The book an act is entered in: the person's, or that of what it corrects."""
    return act.corrects.book if act.corrects else standing.book


def _answer_again(act: Act, known: Known) -> Receipt | Refusal:
    if (act.kind, act.article, act.channel) != known[:3] or not _answers_the_same(act, known):
        return Refusal.CONFLICT
    return known.receipt._replace(repeated=True)


def _answers_the_same(act: Act, known: Known) -> bool:
    """A reader may come back by another link of the same sharer; a spend must be the same spend."""
    receipt = known.receipt
    if act.kind is Kind.SPEND and receipt.reason is Reason.ADJUSTED and receipt.points != act.points:
        return False
    return act.kind is Kind.READ or (act.ref_book, act.ref_seq) == (known.ref_book, known.ref_seq)


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
            counted=Counted(facts.credited.get(key, 0), facts.credited_articles.get((key, act.article), 0)),
        )
    entry = _entry(act, standing, facts.heads[_book(act, standing)], verdict, (day, campaign, version))
    facts.heads[entry.book] = Head(entry.book, entry.seq, entry.hash)
    settled.entries.append(entry)
    _count(entry, facts, settled)
    if verdict.reason in COUNTED and act.article:
        _count_article(entry, facts, settled)
    receipt = Receipt(
        entry.book, entry.seq, verdict.points, verdict.volume, verdict.reason, verdict.left_today
    )
    facts.known[act.person, act.event_id] = Known(
        entry.kind, entry.article, entry.channel, entry.ref_book, entry.ref_seq, receipt
    )
    return receipt


def _sheet(facts: Facts, division: str, day: int, at: datetime) -> Published | None:
    """The sheet that covers a division on a day; sheets open and close at midnight, so a day has one."""
    where = (division, day)
    if where not in facts.covering:
        facts.covering[where] = sheet_covering(facts.published, division, at)
    return facts.covering[where]


def _stated(act: Act, facts: Facts) -> Verdict:
    """Adjustments, spends and imports state their points and volume; points never fall below zero.

    Imported volume counts only where the sheet ranks by it: two measures are never added.
    """
    balance = facts.balances.get(act.person, 0)
    if act.kind is Kind.SPEND:
        assert act.points < 0, "a spend takes points"
        assert not act.volume, "a spend is no volume"
        if balance + act.points < 0:
            return Verdict(0, 0, Reason.BALANCE_SHORT, None)
    if act.kind is Kind.IMPORT and act.volume and not _ranks_by_imports(facts, act.campaign):
        return Verdict(0, 0, Reason.NOT_REWARDED, None)
    points = max(act.points, -balance) if act.points < 0 else act.points
    return Verdict(points, act.volume, Reason.ADJUSTED, None)


def _ranks_by_imports(facts: Facts, campaign: int) -> bool:
    return any(each.number == campaign and each.sheet.measure is Measure.IMPORTED for each in facts.published)


def _entry(act: Act, standing: Standing, head: Head, verdict: Verdict, where: tuple[int, int, int]) -> Entry:
    day, campaign, version = where
    fields = (
        head.book,
        head.seq + 1,
        act.person,
        act.event_id,
        int(act.kind),
        act.article,
        act.at_ms,
        day,
        campaign,
        version,
        verdict.points,
        verdict.volume,
        int(verdict.reason),
        -1 if verdict.left_today is None else verdict.left_today,
        act.corrects.unit if act.corrects else standing.unit,
        act.corrects.division if act.corrects else int(standing.division[:9]),
        int(act.channel),
        act.ref_book,
        act.ref_seq,
        act.author,
    )
    return Entry(*fields, act.note, chain_hash(head.hash, fields, act.note))


def _count(entry: Entry, facts: Facts, settled: Settled) -> None:
    if entry.points:
        settled.points[entry.person] = settled.points.get(entry.person, 0) + entry.points
        if entry.person in facts.balances:
            facts.balances[entry.person] += entry.points
    credited = 1 if entry.reason in COUNTED else 0
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
