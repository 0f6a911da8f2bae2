"""Following the ledger: every write here only repeats what the books say."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

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
    Change,
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
    Acts,
    Counted,
    Counts,
    Day,
    active_after,
    count,
    first_count_day,
    lines_by_span,
    people_by_span,
)
from kepu.standings.rules.ranks import CHANGES_KEPT, TREES_FROM, changes_by_level, pack_changes

_PLACE = ("city", "county", "town", "unit")
KEPT_EDITION = 4  # a higher one builds everything anew: what is kept came to be something else
FOLLOWED_AT_ONCE = 5_000
CHECKED_AT_ONCE = 500

Rounds = dict[int, tuple[RoundDays, ...]]
Moves = dict[int, list[tuple[store.ScoreRow | None, store.ScoreRow]]]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No cycles are looked for meanwhile: a batch makes none, and looking took a third of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collecting()
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

    Returns the last person checked, or 0 at the end of the list. Four queries; where anything changed, a
    transaction of eight more.
    """
    windows = dict(Window.objects.values_list("pk", "name"))
    whole = [pk for pk, name in windows.items() if name == ALL]
    everyone = Score.objects.filter(window__in=whole, person__gt=after).order_by("person")
    persons = list(everyone.values_list("person", flat=True).distinct()[:CHECKED_AT_ONCE])
    standings = people.standing_many(persons)
    held = Score.objects.filter(window__in=list(windows), person__in=persons)
    wrong = {
        person
        for person, shown, *place in held.values_list("person", "shown", *_PLACE).distinct()
        if (shown, *place) != _wanted(standings.get(person), tuple(place))
    }
    if wrong:
        _set_places({person: standings.get(person) for person in sorted(wrong)})
    return persons[-1] if len(persons) == CHECKED_AT_ONCE else 0


def _wanted(standing: Standing | None, held: tuple[int, ...]) -> tuple[bool | int, ...]:
    """(shown, *place) of somebody: whoever has no place stays where they were."""
    if standing is None or not (standing.is_certified and standing.is_active):
        return (False, *held)
    return (True, *place_of(standing.division, standing.unit))


@transaction.atomic
def _set_places(standings: dict[int, Standing | None]) -> None:
    """Each of these people is shown, and where, as their standing says, in every window; trees are told."""
    list(FollowedCampaign.objects.select_for_update().order_by("campaign"))
    windows = list(Window.objects.order_by("pk"))
    moves: Moves = {}
    with connection.cursor() as cursor:
        for before in sorted(store.held_scores(cursor, [window.pk for window in windows], list(standings))):
            shown, city, county, town, unit = _wanted(
                standings[before.person], tuple(getattr(before, name) for name in _PLACE)
            )
            after = before._replace(shown=bool(shown), city=city, county=county, town=town, unit=unit)
            if after != before:
                moves.setdefault(before.window, []).append((before, after))
        store.change_scores(cursor, [after for own in moves.values() for _, after in own])
    _tell(windows, moves)


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
        FollowedCampaign.objects.bulk_update(campaigns_held.values(), ["latest_day", "counted_day"])
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
        row.latest_day = max(day, row.latest_day)
        first_days[campaign] = first_day_kept(row.latest_day)
    gains = scores_by_window(gathered, rounds, first_days)
    windows = _windows(set(gains), first_days)
    moves: Moves = {}
    with connection.cursor() as cursor:
        everybody = sorted(set().union(*gains.values()))
        found = store.held_scores(cursor, [windows[key].pk for key in gains], everybody)
        there: dict[int, dict[int, store.ScoreRow]] = {windows[key].pk: {} for key in gains}
        for score in found:
            there[score.window][score.person] = score
        for key, people in gains.items():
            window = windows[key].pk
            moves[window] = _moves(window, people, there[window])
        _write_scores(cursor, moves)
        store.add_to_unit_volumes(cursor, sorted((*unit, volume) for unit, volume in gathered.units.items()))
    _tell(windows.values(), moves)
    _renew_reached(gathered.corrected, rounds)


def _moves(
    window: int, people: dict[int, Added], there: dict[int, store.ScoreRow]
) -> list[tuple[store.ScoreRow | None, store.ScoreRow]]:
    """Scores before and after; unit and divisions are those of the latest act, whatever came first."""
    found: list[tuple[store.ScoreRow | None, store.ScoreRow]] = []
    row_of = store.ScoreRow._make
    for person, added in people.items():
        before = there.get(person)
        volume, place, shown = added.volume, added.place, True
        if before is not None:
            _, _, held, reached_ms, town, county, unit, _, shown = before
            volume += held
            if place[0] <= reached_ms:
                place = max(place, (reached_ms, town, county, unit))
        found.append((before, row_of((window, person, volume, *place, place[2] // 100, shown))))
    return found


def _write_scores(cursor: CursorWrapper, moves: Moves) -> None:
    added: list[store.ScoreRow] = []
    changed: list[store.ScoreRow] = []
    for own in moves.values():
        for before, after in own:
            (added if before is None else changed).append(after)
    store.change_scores(cursor, changed)
    store.add_scores(cursor, added)


def _tell(windows: Iterable[Window], moves: Moves) -> None:
    """Windows whose scores moved have another version; of large ones trees learn what moved."""
    touched = [window for window in windows if window.pk in moves]
    changes, old = [], Q()
    for window in touched:
        window.version += 1
        window.scores += sum(before is None for before, _ in moves[window.pk])
        if window.scores >= TREES_FROM:
            for level, found in changes_by_level(moves[window.pk]).items():
                changes.append(
                    Change(window=window, version=window.version, level=level, body=pack_changes(found))
                )
            old |= Q(window=window, version__lte=window.version - CHANGES_KEPT)
    Window.objects.bulk_update(touched, ["version", "scores"])
    if changes:
        Change.objects.bulk_create(changes)
        Change.objects.filter(old).delete()


def _add_counts(counted: Counted, held: dict[int, FollowedCampaign]) -> None:
    first_days = {}
    for campaign, day in counted.latest.items():
        row = held[campaign]
        first_days[campaign] = first_count_day(max(day, row.counted_day))
        if day > row.counted_day:
            _forget_days(campaign, first_days[campaign])
            row.counted_day = day
    lines = lines_by_span(counted, first_days)
    there: list[tuple[int, ...]] = []
    with connection.cursor() as cursor:
        for span, people in people_by_span(counted, first_days).items():
            after, came = active_after(span, _held_people(cursor, span, people), people)
            for key, active in came.items():
                lines.setdefault(key, Counts()).active += active
            there += [(*span, person, acts.acts, *acts.place) for person, acts in after.items()]
        store.keep_people(cursor, there)
        rows = [
            (*key, line.shares, line.opens, line.reads, line.volume, line.active)
            for key, line in sorted(lines.items())
        ]
        store.add_to_counts(cursor, rows)


def _forget_days(campaign: int, first_day: int) -> None:
    for table in (UnitCount, ActivePerson):
        table._default_manager.filter(campaign=campaign, span__gt=WHOLE, span__lt=first_day).delete()


def _held_people(cursor: CursorWrapper, span: Day, people: Iterable[int]) -> dict[int, Acts]:
    return {
        person: Acts(acts, (reached_ms, town, county, unit))
        for person, acts, reached_ms, town, county, unit in store.held_people(cursor, *span, list(people))
    }


def _renew_reached(corrected: set[tuple[int, int]], rounds: Rounds) -> None:
    """A place whose last acts were taken back was reached by the last one that stands."""
    for campaign, person in sorted(corrected):
        scores = Score.objects.filter(window__campaign=campaign, person=person).select_related("window")
        for score in scores.order_by("window"):
            days = days_of(score.window.name, rounds[campaign])
            score.reached_ms = ledger.reached_ms(person, campaign, *days)
            score.save(update_fields=["reached_ms"])


def _windows(wanted: set[tuple[int, str]], first_days: dict[int, int]) -> dict[tuple[int, str], Window]:
    """The wanted windows, made where missing; days too old for a board of their own are dropped."""
    held = _held_windows(first_days)
    missing = [Window(campaign=campaign, name=name) for campaign, name in sorted(wanted - held.keys())]
    held |= {(row.campaign, row.name): row for row in Window.objects.bulk_create(missing)}
    stale = [
        held[campaign, name].pk
        for campaign, name in held
        if is_day(name) and int(name.replace("-", "")) < first_days[campaign]
    ]
    if stale:
        Score.objects.filter(window__in=stale).delete()
        Window.objects.filter(pk__in=stale).delete()
    return held


def _held_windows(campaigns_touched: dict[int, int]) -> dict[tuple[int, str], Window]:
    rows = Window.objects.filter(campaign__in=campaigns_touched)
    return {(row.campaign, row.name): row for row in rows}
