"""What the ledger decides in memory: the verdict of every act of a batch, in order. No Django, no clock."""

from datetime import datetime

from kepu.campaigns.rules import (
    COUNTED,
    Counted,
    Kind,
    Published,
    Reason,
    Verdict,
    judge,
    sheet_covering,
)
from kepu.kit import clock
from kepu.ledger.rules.facts import Facts, Settled
from kepu.ledger.rules.lots import YearPoints, given_back, last_day_of_year
from kepu.ledger.rules.stating import lines_of, stated
from kepu.ledger.rules.values import (
    STATED_KINDS,
    UNEARNED_KINDS,
    Act,
    Channel,
    Entry,
    Head,
    Known,
    Lot,
    Receipt,
    Refusal,
    Tally,
    TallyKey,
    chain_hash,
    day_before,
    day_number,
    own_event,
    takes_back,
)
from kepu.people.rules import Standing


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
            settled.answers.append(_answer_again(act, known, standing, facts))
            continue
        # Asked only of what is new: what was recorded stays so, wherever the person belongs by now.
        head = facts.heads.get(_book(act, standing))
        if head is None:
            settled.answers.append(Refusal.NO_BOOK)
            continue
        settled.answers.append(_write_down(act, standing, head, facts, settled))
    return settled


def _refusal(act: Act, standing: Standing | None) -> Refusal | None:
    """Why this session or person is told nothing at all, not even what was recorded."""
    if standing is None:
        return Refusal.UNKNOWN_PERSON
    if not standing.is_active and act.kind not in STATED_KINDS:
        return Refusal.SIGNED_OUT
    if act.session_version and act.session_version != standing.session_version:
        return Refusal.SIGNED_OUT
    return None


def _book(act: Act, standing: Standing) -> int:
    """The book an act is entered in: the person's, or that of what it corrects."""
    return act.corrects.book if act.corrects else standing.book


def _answer_again(act: Act, known: Known, standing: Standing, facts: Facts) -> Receipt | Refusal:
    if (act.kind, act.article, act.channel) != known[:3] or not _answers_the_same(act, known):
        return Refusal.CONFLICT
    counts_in = 0
    if act.kind not in STATED_KINDS:
        at = clock.from_milliseconds(act.at_ms)
        counts_in = _counts_in(sheet_on(facts, standing.division, day_number(act.at_ms), at), standing)
    return known.receipt._replace(repeated=True, counts_in=counts_in)


def _counts_in(current: Published | None, standing: Standing) -> int:
    """The campaign in which acts of this person count; 0 where none is open, or only for the certified."""
    if current is None or (current.sheet.certified_only and not standing.is_certified):
        return 0
    return current.number


def _answers_the_same(act: Act, known: Known) -> bool:
    """A reader may come back by another link of the same sharer; a spend must be the same spend."""
    receipt = known.receipt
    if act.kind is Kind.SPEND and receipt.reason is Reason.ADJUSTED and receipt.points != act.points:
        return False
    return act.kind is Kind.READ or (act.ref_book, act.ref_seq) == (known.ref_book, known.ref_seq)


def _write_down(act: Act, standing: Standing, head: Head, facts: Facts, settled: Settled) -> Receipt:
    day = act.day or day_number(act.at_ms)
    campaign, version = act.campaign, act.version
    lines: tuple[YearPoints, ...] = ()
    counts_in = 0
    if act.kind in STATED_KINDS:
        verdict = stated(act, facts)
        if act.kind in UNEARNED_KINDS:
            lines = lines_of(act, verdict, day, facts)
    else:
        at = clock.from_milliseconds(act.at_ms)
        current = sheet_on(facts, standing.division, day, at)
        campaign, version = (current.number, current.sheet.version) if current else (0, 0)
        counts_in = _counts_in(current, standing)
        key = TallyKey(act.person, day, campaign, act.kind)
        counted = Counted(facts.credited.get(key, 0), facts.credited_articles.get((key, act.article), 0))
        if facts.needs.refined:
            counted = _refined(counted, key, act.article, facts)
        sheet = current.sheet if current else None
        verdict = judge(sheet, act.kind, at, certified=standing.is_certified, counted=counted)
    entry = _entry(act, standing, head, verdict, (day, campaign, version))
    facts.heads[entry.book] = Head(entry.book, entry.seq, entry.hash)
    settled.entries.append(entry)
    _count(entry, facts, settled)
    if entry.points:
        _move_points(entry, lines, facts, settled)
    if verdict.reason in COUNTED and act.article:
        _count_article(entry, facts, settled)
    receipt = Receipt(entry.book, entry.seq, *verdict, False, counts_in)
    facts.known[act.person, act.event_id] = Known(
        entry.kind, entry.article, entry.channel, entry.ref_book, entry.ref_seq, receipt
    )
    if entry.points < 0 and takes_back(entry):
        _give_back(act, entry, standing, facts, settled)
    return receipt


def _give_back(act: Act, entry: Entry, standing: Standing, facts: Facts, settled: Settled) -> None:
    """What had expired of an entry that is taken back is given back by an entry of its own, after it."""
    back = given_back(facts.expired.get(entry.person, {}), entry.day // 10_000, -entry.points)
    if back is None:
        return
    given = act._replace(
        event_id=own_event(b"give_back", f"{entry.ref_book}/{entry.ref_seq}".encode()),
        kind=Kind.EXPIRY,
        article=0,
        channel=Channel.SYSTEM,
        points=back.points,
        volume=0,
        campaign=0,
        version=0,
        day=last_day_of_year(back.year),
    )
    _write_down(given, standing, facts.heads[entry.book], facts, settled)


def _refined(counted: Counted, key: TallyKey, article: int, facts: Facts) -> Counted:
    """With what only some sheets ask about."""
    streak, longest, before = 0, facts.needs.streaks.get(key.kind, 0) - 1, key.day
    while streak < longest:
        before = day_before(before)
        if (key.person, key.kind, before) not in facts.credited_days:
            break
        streak += 1
    return counted._replace(
        article=facts.credited_articles.get((key._replace(day=0), article), 0),
        points_today=facts.points_today.get((key.person, key.day), 0),
        streak_days=streak,
        designated=(key.day, article) in facts.designated,
    )


def sheet_on(facts: Facts, division: str, day: int, at: datetime) -> Published | None:
    """The sheet that covers a division on a day; sheets open and close at midnight, so a day has one."""
    where = (division, day)
    if where not in facts.covering:
        facts.covering[where] = sheet_covering(facts.published, division, at)
    return facts.covering[where]


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
    credited = 1 if entry.reason in COUNTED else 0
    if not credited and not entry.points and not entry.volume:
        return
    key = TallyKey(entry.person, entry.day, entry.campaign, entry.kind)
    tally = settled.tallies.get((entry.book, key))
    if tally is None:
        tally = settled.tallies[entry.book, key] = Tally()
    tally.credited += credited
    tally.points += entry.points
    tally.volume += entry.volume
    if entry.volume > 0:
        tally.reached_ms = max(tally.reached_ms, entry.at_ms)
    if credited:
        facts.credited[key] = facts.credited.get(key, 0) + 1
        if facts.needs.refined:
            _count_day(entry, facts)


def _count_day(entry: Entry, facts: Facts) -> None:
    if facts.needs.ceiling:
        today = (entry.person, entry.day)
        facts.points_today[today] = facts.points_today.get(today, 0) + entry.points
    if entry.kind in facts.needs.streaks:
        facts.credited_days.add((entry.person, entry.kind, entry.day))


def _count_article(entry: Entry, facts: Facts, settled: Settled) -> None:
    """Counted only where some sheet caps an article, so that the common sheet pays nothing for it."""
    where = (entry.campaign, entry.kind)
    if where in facts.needs.article_days:
        _count_place(entry, entry.day, facts, settled)
    if where in facts.needs.articles:
        _count_place(entry, WHOLE_CAMPAIGN, facts, settled)


def _count_place(entry: Entry, day: int, facts: Facts, settled: Settled) -> None:
    key = TallyKey(entry.person, day, entry.campaign, entry.kind)
    place, there = (key, entry.article), (entry.book, key, entry.article)
    facts.credited_articles[place] = facts.credited_articles.get(place, 0) + 1
    settled.article_tallies[there] = settled.article_tallies.get(there, 0) + 1


def _move_points(entry: Entry, lines: tuple[YearPoints, ...], facts: Facts, settled: Settled) -> None:
    """The lots of the entry's year, or of those that a spend or refund names, change by its points."""
    if lines:
        settled.lines += [(entry.book, entry.seq, *line) for line in lines]
        if entry.kind == Kind.SPEND:
            facts.taken[entry.book, entry.seq] = tuple(YearPoints(each.year, -each.points) for each in lines)
    if entry.kind == Kind.EXPIRY:
        year = entry.day // 10_000
        expired = facts.expired.setdefault(entry.person, {})
        expired[year] = expired.get(year, 0) - entry.points
        facts.expired_to = max(facts.expired_to, year)
    earned = 0 if entry.kind in UNEARNED_KINDS else entry.points
    held = facts.lots.get(entry.person)
    for year, points in lines or ((entry.day // 10_000, entry.points),):
        lot = settled.lots.get((entry.book, entry.person, year))
        if lot is None:
            lot = settled.lots[entry.book, entry.person, year] = Lot()
        lot.points += points
        lot.earned += earned
        if held is not None:
            held[year] = held.get(year, 0) + points


# The day of article tallies that count over a whole campaign.
WHOLE_CAMPAIGN = 0
