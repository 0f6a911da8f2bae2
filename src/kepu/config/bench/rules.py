"""Other rules tried on the last days of a busy county, beside the floor: only reading the same entries.

Acts come as people make them: few do much and many do little, each day's in the order of the clock, some over
a cap. Entries are made in bulk as the ledger would leave them, but for the chain. Processor time is that of
this process and of the judges it started.
"""

import os
import resource
import time
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from random import Random
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from kepu.campaigns.rules import Earning, Kind, Reason, RuleSheet, Streak, Weight
from kepu.config.bench import crowd
from kepu.config.bench.table import machine
from kepu.console.trials import run_trial, trial_of
from kepu.kit import clock
from kepu.ledger.models import Book
from kepu.ledger.reads import ENTRIES_MAX
from kepu.ledger.reads.replaying import ActsAsked, past_acts
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
from kepu.standings.rules.counting import number_of

COUNTY, FIRST, DAYS, SEED = crowd.COUNTY, crowd.FIRST, 90, 7
# How often of a hundred acts; what a day holds once comes first.
MIX = {
    Kind.SIGN_IN: 8,
    Kind.CHECK_IN: 7,
    Kind.BROWSE: 20,
    Kind.SHARE: 38,
    Kind.READ: 20,
    Kind.LIKE: 4,
    Kind.QUIZ: 3,
}
ARTICLES = 400
AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Taken:
    """How long something took: by the clock on the wall, and in processor time with that of children."""

    name: str
    seconds: float
    cpu_seconds: float


def run(count: int, entries: int) -> str:
    """The figures of trials on `entries` entries of `count` people, on an empty site."""
    call_command("migrate", verbosity=0)
    regions.load_divisions(only_within=("43",))
    now = clock.now()
    today = clock.day_of(now)
    simulation.prepare(simulation.live_plan(count), now)
    published = simulation.publish_edition(today.year, now)
    whole = crowd.Crowd(published, count, entries, today)
    crowd.hurry(on=True)
    crowd.enrol(whole, now)
    _fill(whole)
    crowd.hurry(on=False)
    first = today - timedelta(days=DAYS - 1)
    asked = ActsAsked(published.number, (number_of(first), number_of(today)))
    figures = [_taken("reading alone (the floor)", partial(_read, entries, asked))]
    for name, sheet in tried_sheets(published.sheet).items():
        trial = trial_of(published, sheet, first, today, is_whole=False)
        figures.append(_taken(name, partial(run_trial, trial, lambda _done, _total: None)))
    most = sum(resource.getrusage(whose).ru_maxrss for whose in _WHOSE) // 1024
    head = f"{machine()}\n{entries:,} entries of {DAYS} days, {count:,} people, {connection.vendor}"
    return f"{head}, {os.cpu_count()} cores\n{_table(figures)}\nmost memory, own and one judge's: {most:,} MB"


def tried_sheets(sheet: RuleSheet) -> dict[str, RuleSheet]:
    """The rules tried: one with other points and caps, one with everything that a sheet can ask."""
    capped = sheet.earnings | {Kind.SHARE: Earning(2, 40), Kind.QUIZ: Earning(2, 5)}
    refined = capped | {
        Kind.CHECK_IN: Earning(1, 1, streaks=(Streak(3, 1), Streak(7, 2), Streak(30, 5))),
        Kind.READ: Earning(2, 50, per_article_day_max=5),
        Kind.BROWSE: Earning(1, 10, per_article_day_max=1),
    }
    days = (clock.start_of(clock.day_of(sheet.opens_at)), sheet.closes_at)
    weights = (Weight("双倍", *days, 2, frozenset({Kind.QUIZ, Kind.READ})),)
    everything = replace(sheet, earnings=refined, points_per_day_max=60, weights=weights, designated_times=2)
    article = refined | {Kind.SHARE: Earning(2, 40, per_article_max=3)}
    return {
        "other points and caps": replace(sheet, earnings=capped),
        "streaks, weights, ceiling, articles": everything,
        "and one article 3 times in all": replace(everything, earnings=article),
    }


def _fill(whole: crowd.Crowd) -> None:
    """The entries are in the ledger with their tallies."""
    marks = ", ".join(["%s"] * 22)
    with transaction.atomic(), connection.cursor() as cursor:  # else each row would be one of its own
        batch = []
        for row in _entries(whole):
            batch.append(row)
            if len(batch) == AT_ONCE:
                cursor.executemany(_INSERT.format(marks=marks), batch)
                batch = []
        cursor.executemany(_INSERT.format(marks=marks), batch)
        cursor.execute(_TALLIES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    Book.objects.filter(code=COUNTY).update(last_seq=whole.entries, last_hash=bytes(32))


def _entries(whole: crowd.Crowd) -> Iterator[tuple[Any, ...]]:
    random = Random(SEED)  # noqa: S311 - a benchmark's people
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, unit_id, CAST(substr(division, 1, 9) AS int) FROM people_communicator"
        )
        homes = {account: (unit, town) for account, unit, town in cursor.fetchall()}
    busy = list(accumulate(1 / (1 + n % 500) for n in range(whole.people)))
    kinds, weights = list(MIX), list(accumulate(MIX.values()))
    caps = {kind: earning.per_day_max for kind, earning in whole.published.sheet.earnings.items()}
    campaign, version = whole.published.number, whole.published.sheet.version
    seq, per_day = 0, -(-whole.entries // DAYS)
    for ahead in range(DAYS):
        day = whole.last - timedelta(days=DAYS - 1 - ahead)
        counted: dict[tuple[int, int], int] = {}
        for at_ms in sorted(_moments(random, day, min(per_day, whole.entries - seq))):
            seq += 1
            person = FIRST + bisect(busy, random.random() * busy[-1], hi=whole.people - 1)
            kind = kinds[bisect(weights, random.random() * weights[-1], hi=len(kinds) - 1)]
            key = (person, kind)
            counted[key] = counted.get(key, 0) + 1
            reason = Reason.NOT_REWARDED if kind not in caps else Reason.CREDITED
            if reason is Reason.CREDITED and counted[key] > caps[kind]:
                reason = Reason.DAY_CAP
            points = int(reason is Reason.CREDITED)
            article = 0 if kind in (Kind.SIGN_IN, Kind.CHECK_IN) else 1 + int(random.random() ** 2 * ARTICLES)
            volume = points if kind is Kind.SHARE else 0
            judged = (campaign, version, points, volume, int(reason), -1, *homes[person])
            event = random.getrandbits(128).to_bytes(16, "big")
            own = (COUNTY, seq, person, event, int(kind), article, at_ms, number_of(day))
            yield (*own, *judged, 0, 0, 0, 0, "", bytes(32))


def _moments(random: Random, day: date, count: int) -> list[int]:
    begins = clock.milliseconds(clock.start_of(day))
    return [begins + int(random.random() * 86_400_000) for _ in range(count)]


def _read(entries: int, asked: ActsAsked) -> None:
    for after in range(0, entries, ENTRIES_MAX):
        past_acts(COUNTY, after, asked)


def _taken(name: str, work: Callable[[], object]) -> Taken:
    began, cpu = time.perf_counter(), _processor_seconds()
    work()
    return Taken(name, time.perf_counter() - began, _processor_seconds() - cpu)


def _processor_seconds() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _table(figures: list[Taken]) -> str:
    floor = figures[0].cpu_seconds
    lines = [f"{'':<40}{'seconds':>9}{'CPU s':>9}{'x floor':>9}"]
    lines += [
        f"{each.name:<40}{each.seconds:>9.1f}{each.cpu_seconds:>9.1f}{each.cpu_seconds / floor:>9.1f}"
        for each in figures
    ]
    return "\n".join(lines)


_WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
_COLUMNS = """book, seq, person, event_id, kind, article, at_ms, day, campaign, version, points, volume,
reason, left_today, unit, division, channel, ref_book, ref_seq, author, note, hash"""
_INSERT = f"INSERT INTO ledger_entry ({_COLUMNS}) VALUES ({{marks}})"  # noqa: S608 - our own columns
_TALLIES = """
INSERT INTO ledger_daytally (book, person, day, campaign, kind, credited, points, volume, reached_ms)
SELECT book, person, day, campaign, kind, count(*), sum(points), sum(volume),
  max(CASE WHEN volume > 0 THEN at_ms ELSE 0 END)
FROM ledger_entry WHERE reason = 0 GROUP BY book, person, day, campaign, kind
"""
