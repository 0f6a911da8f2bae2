"""Following the ledger: every write here only repeats what the books say."""

from collections.abc import Sequence

from django.db import connection, transaction

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published
from kepu.kit.canonical import canonical_json
from kepu.ledger import reads as ledger
from kepu.ledger.rules import Entry, Head
from kepu.people import reads as people
from kepu.standings import store
from kepu.standings.models import Cursor, FollowedCampaign, Score, UnitVolume, Window
from kepu.standings.rules import (
    ALL,
    Added,
    Gathered,
    RoundDays,
    first_day_kept,
    gather,
    is_day,
    round_days,
    scores_by_window,
    takes_back,
)

FOLLOWED_AT_ONCE = 5_000
CHECKED_AT_ONCE = 500

Rounds = dict[int, tuple[RoundDays, ...]]


def follow(limit: int = FOLLOWED_AT_ONCE) -> int:
    """Scores and unit volumes hold about `limit` more entries; how many were followed, 0 when caught up.

    Each lagging book gets an equal part, in a transaction of its own that moves its cursor with the rows:
    an entry counts once whatever stops half-way or runs beside. When a campaign's rounds were given other
    days, everything is built anew.
    """
    heads = ledger.heads()
    rounds = _rounds(campaigns.published())
    _start_over_where_rounds_changed(rounds)
    reached = dict(Cursor.objects.values_list("book", "seq"))
    lagging = [head for head in heads if reached.get(head.book, 0) < head.seq]
    part = max(1, limit // max(1, len(lagging)))
    return sum(_follow_book(head, reached.get(head.book, 0), part, rounds) for head in lagging)


def rebuild() -> int:
    """Everything is built anew from the first entry; how many entries were followed."""
    _start_over()
    total = 0
    while followed := follow():
        total += followed
    after = 0
    while after := refresh_shown(after):
        pass
    return total


def refresh_shown(after: int = 0) -> int:
    """The next CHECKED_AT_ONCE persons after `after` have a place exactly when they are certified and active.

    Returns the last person checked, or 0 at the end of the list. Four queries, up to two more on a change.
    """
    windows = dict(Window.objects.values_list("pk", "name"))
    whole = [pk for pk, name in windows.items() if name == ALL]
    everyone = Score.objects.filter(window__in=whole, person__gt=after).order_by("person")
    persons = list(everyone.values_list("person", flat=True).distinct()[:CHECKED_AT_ONCE])
    standings = people.standing_many(persons)
    there = {p for p, standing in standings.items() if standing.is_certified and standing.is_active}
    scores = Score.objects.filter(window__in=list(windows), person__in=persons)
    as_held = set(scores.values_list("person", "shown").distinct())
    gone = [person for person, shown in as_held if shown and person not in there]
    back = [person for person, shown in as_held if not shown and person in there]
    if gone:
        scores.filter(person__in=gone).update(shown=False)
    if back:
        scores.filter(person__in=back).update(shown=True)
    return persons[-1] if len(persons) == CHECKED_AT_ONCE else 0


def _rounds(published: Sequence[Published]) -> Rounds:
    return {
        each.number: tuple((round_.id, *round_days(round_)) for round_ in each.sheet.rounds)
        for each in published
    }


def _signature(rounds: tuple[RoundDays, ...]) -> str:
    return canonical_json(rounds).decode()


def _start_over_where_rounds_changed(rounds: Rounds) -> None:
    held = dict(FollowedCampaign.objects.values_list("campaign", "rounds"))
    wanted = {number: _signature(days) for number, days in rounds.items()}
    if any(number in held and held[number] != text for number, text in wanted.items()):
        _start_over()
        held = {}
    FollowedCampaign.objects.bulk_create(
        [FollowedCampaign(campaign=n, rounds=text) for n, text in wanted.items() if n not in held],
        ignore_conflicts=True,
    )


@transaction.atomic
def _start_over() -> None:
    list(FollowedCampaign.objects.select_for_update().order_by("campaign"))
    for table in (Cursor, Score, Window, UnitVolume, FollowedCampaign):
        table._default_manager.all().delete()


def _follow_book(head: Head, seq: int, limit: int, rounds: Rounds) -> int:
    entries = ledger.entries_after(head.book, seq, min(limit, head.seq - seq))
    gathered = gather(entries, _reversed_units(entries))
    with transaction.atomic():
        campaigns_held = _lock_campaigns(gathered, rounds)
        if campaigns_held is None or not _move_cursor(head.book, seq, entries[-1]):
            return 0
        _add(gathered, rounds, campaigns_held)
    return len(entries)


def _reversed_units(entries: Sequence[Entry]) -> dict[tuple[int, int], int]:
    """Reversals are rare, so each costs one query."""
    units = {}
    for entry in entries:
        if takes_back(entry):
            original = ledger.entry(entry.ref_book, entry.ref_seq)
            if original is not None:
                units[entry.ref_book, entry.ref_seq] = original.unit
    return units


def _lock_campaigns(gathered: Gathered, rounds: Rounds) -> dict[int, FollowedCampaign] | None:
    """The campaigns' rows, held until the end; None when someone started over for other rounds meanwhile."""
    rows = FollowedCampaign.objects.select_for_update().filter(campaign__in=gathered.latest)
    held = {row.campaign: row for row in rows.order_by("campaign")}
    as_expected = all(n in held and held[n].rounds == _signature(rounds[n]) for n in gathered.latest)
    return held if as_expected else None


def _move_cursor(book: int, seq: int, last: Entry) -> bool:
    if not seq:
        Cursor.objects.bulk_create([Cursor(book=book)], ignore_conflicts=True)
    return Cursor.objects.filter(book=book, seq=seq).update(seq=last.seq, at_ms=last.at_ms) == 1


def _add(gathered: Gathered, rounds: Rounds, held: dict[int, FollowedCampaign]) -> None:
    first_days = {}
    for campaign, day in gathered.latest.items():
        row = held[campaign]
        if day > row.latest_day:
            row.latest_day = day
            row.save(update_fields=["latest_day"])
        first_days[campaign] = first_day_kept(row.latest_day)
    scores = scores_by_window(gathered, rounds, first_days)
    windows = _windows({(campaign, window) for campaign, window, _ in scores}, first_days)
    rows = sorted(
        _score_row(windows[campaign, window], person, added)
        for (campaign, window, person), added in scores.items()
    )
    with connection.cursor() as cursor:
        store.add_to_scores(cursor, rows)
        store.add_to_unit_volumes(cursor, sorted((*unit, volume) for unit, volume in gathered.units.items()))


def _windows(wanted: set[tuple[int, str]], first_days: dict[int, int]) -> dict[tuple[int, str], int]:
    """Ids of the wanted windows, made where missing; days too old for a board of their own are dropped."""
    held = _held_windows(first_days)
    missing = [Window(campaign=campaign, name=name) for campaign, name in sorted(wanted - held.keys())]
    if missing:
        Window.objects.bulk_create(missing)
        held = _held_windows(first_days)
    stale = [
        held[campaign, name]
        for campaign, name in held
        if is_day(name) and int(name.replace("-", "")) < first_days[campaign]
    ]
    if stale:
        Score.objects.filter(window__in=stale).delete()
        Window.objects.filter(pk__in=stale).delete()
    return held


def _held_windows(campaigns_touched: dict[int, int]) -> dict[tuple[int, str], int]:
    rows = Window.objects.filter(campaign__in=campaigns_touched).values_list("campaign", "name", "pk")
    return {(campaign, name): pk for campaign, name, pk in rows}


def _score_row(window: int, person: int, added: Added) -> store.ScoreRow:
    reached_ms, town, county, unit = added.place
    return (window, person, added.volume, reached_ms, town, county, unit, county // 100)
