"""Following the ledger: every write here only repeats what the books say."""

from collections.abc import Sequence

from django.db import connection, transaction

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published
from kepu.kit.canonical import canonical_json
from kepu.ledger import reads as ledger
from kepu.ledger.rules import Entry, Head
from kepu.people import reads as people
from kepu.people.rules import Standing
from kepu.standings import store
from kepu.standings.models import (
    ActivePerson,
    ArticleCount,
    Cursor,
    FollowedCampaign,
    Score,
    UnitCount,
    UnitVolume,
    Window,
)
from kepu.standings.rules import (
    ALL,
    Added,
    Gathered,
    RoundDays,
    days_of,
    first_day_kept,
    gather,
    is_day,
    place_of,
    round_days,
    scores_by_window,
)
from kepu.standings.rules.articles import rows_by_article
from kepu.standings.rules.counting import (
    WHOLE,
    ActiveKey,
    Acts,
    Counted,
    Counts,
    active_changes,
    count,
    first_count_day,
    lines_by_span,
    people_by_span,
)

_PLACE = ("city", "county", "town", "unit")
KEPT_EDITION = 3  # a higher one builds everything anew: what is kept came to be something else
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
    while after := refresh_places(after):
        pass
    return total


def refresh_places(after: int = 0) -> int:
    """The next CHECKED_AT_ONCE persons after `after` have a place exactly when they are certified and active,
    and have it where they are certified now, as in a round's list.

    Returns the last person checked, or 0 at the end of the list. Five queries, two more on a change and one
    for each person who moved.
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
    _move_places({person: standings[person] for person in sorted(there)}, list(windows))
    return persons[-1] if len(persons) == CHECKED_AT_ONCE else 0


def _move_places(standings: dict[int, Standing], windows: list[int]) -> None:
    """Whoever belongs to another unit or division than a place of theirs says has all places there."""
    held = Score.objects.filter(window__in=windows, person__in=list(standings))
    for person, *place in held.values_list("person", *_PLACE).distinct():
        wanted = place_of(standings[person].division, standings[person].unit)
        if tuple(place) != wanted:
            held.filter(person=person).update(**dict(zip(_PLACE, wanted, strict=True)))


def _rounds(published: Sequence[Published]) -> Rounds:
    return {
        each.number: tuple((round_.id, *round_days(round_)) for round_ in each.sheet.rounds)
        for each in published
    }


def _signature(rounds: tuple[RoundDays, ...]) -> str:
    return canonical_json([KEPT_EDITION, rounds]).decode()


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
    for table in (Cursor, Score, Window, UnitVolume, UnitCount, ArticleCount, ActivePerson, FollowedCampaign):
        table._default_manager.all().delete()


def _follow_book(head: Head, seq: int, limit: int, rounds: Rounds) -> int:
    entries = ledger.entries_after(head.book, seq, min(limit, head.seq - seq))
    gathered = gather(entries)
    counted = count(entries, ledger.reversed_by(entries))
    with transaction.atomic():
        campaigns_held = _lock_campaigns(set(counted.latest), rounds)
        if campaigns_held is None or not _move_cursor(head.book, seq, entries[-1]):
            return 0
        _add(gathered, rounds, campaigns_held)
        _add_counts(counted, campaigns_held)
        with connection.cursor() as cursor:
            store.add_to_article_counts(cursor, rows_by_article(entries))
    return len(entries)


def _lock_campaigns(touched: set[int], rounds: Rounds) -> dict[int, FollowedCampaign] | None:
    """The campaigns' rows, held until the end; None when someone started over for other rounds meanwhile."""
    rows = FollowedCampaign.objects.select_for_update().filter(campaign__in=touched)
    held = {row.campaign: row for row in rows.order_by("campaign")}
    as_expected = all(n in held and n in rounds and held[n].rounds == _signature(rounds[n]) for n in touched)
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
    _renew_reached(gathered.corrected, rounds)


def _add_counts(counted: Counted, held: dict[int, FollowedCampaign]) -> None:
    first_days = {}
    for campaign, day in counted.latest.items():
        row = held[campaign]
        first_days[campaign] = first_count_day(max(day, row.counted_day))
        if day > row.counted_day:
            _forget_days(campaign, first_days[campaign])
            row.counted_day = day
            row.save(update_fields=["counted_day"])
    lines, people = lines_by_span(counted, first_days), people_by_span(counted, first_days)
    changes = active_changes(_held_people(people), people)
    rows = []
    for key in sorted(lines.keys() | changes.keys()):
        line = lines.get(key, Counts())
        rows.append((*key, line.shares, line.opens, line.reads, line.volume, changes.get(key, 0)))
    with connection.cursor() as cursor:
        store.add_to_counts(cursor, rows)
        store.add_to_people(cursor, sorted(_active_row(key, added) for key, added in people.items()))


def _forget_days(campaign: int, first_day: int) -> None:
    for table in (UnitCount, ActivePerson):
        table._default_manager.filter(campaign=campaign, span__gt=WHOLE, span__lt=first_day).delete()


def _held_people(touched: dict[ActiveKey, Acts]) -> dict[ActiveKey, Acts]:
    found: dict[ActiveKey, Acts] = {}
    spans: dict[tuple[int, int], list[int]] = {}
    for campaign, span, person in touched:
        spans.setdefault((campaign, span), []).append(person)
    columns = ("person", "acts", "reached_ms", "town", "county", "unit")
    for (campaign, span), persons in spans.items():
        rows = ActivePerson.objects.filter(campaign=campaign, span=span, person__in=persons)
        for person, acts, *place in rows.values_list(*columns):
            found[ActiveKey(campaign, span, person)] = Acts(acts, tuple(place))
    return found


def _active_row(key: ActiveKey, added: Acts) -> tuple[int, ...]:
    return (*key, added.acts, *added.place)


def _renew_reached(corrected: set[tuple[int, int]], rounds: Rounds) -> None:
    """A place whose last acts were taken back was reached by the last one that stands."""
    for campaign, person in sorted(corrected):
        scores = Score.objects.filter(window__campaign=campaign, person=person).select_related("window")
        for score in scores.order_by("pk"):
            days = days_of(score.window.name, rounds[campaign])
            score.reached_ms = ledger.reached_ms(person, campaign, *days)
            score.save(update_fields=["reached_ms"])


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
