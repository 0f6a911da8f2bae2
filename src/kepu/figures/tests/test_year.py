"""A county that runs its whole year on imported figures: twelve monthly files, held against a sum of our own.

The suite uses a few hundred rows a file; `make figures` uses 5,000.
"""

import os
from bisect import bisect_right
from calendar import monthrange
from datetime import date, timedelta
from random import Random

import pytest

from kepu.awards import reads as awards
from kepu.campaigns.rules import Published
from kepu.figures import reads, writes
from kepu.figures.models import FileLine
from kepu.figures.rules import FileState, Verdict
from kepu.figures.tests import exports
from kepu.figures.tests.sending import entered, phones_of, quiet
from kepu.figures.writes import deciding
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.models import Entry
from kepu.ledger.reads import BookCheck
from kepu.people import reads as people
from kepu.people.models import Unit
from kepu.people.rules import UnitKind
from kepu.standings import reads as standings
from kepu.standings import writes as following
from kepu.standings.tests import town

PEOPLE = int(os.environ.get("KEPU_FIGURES_ROWS", "240"))
VILLAGES = sorted(code for code in town.NAMES if code.startswith(town.TONGFU[:9]) and len(code) == 12)
SHEET = (
    town.SAMPLE.replace('measure = "shares"', 'measure = "imported"')
    .replace("closes_on = 2021-11-30", "closes_on = 2021-12-31")
    .replace("judged_on = 2021-11-30", "judged_on = 2021-12-31")
    .replace('tie_rule = "earlier"', 'tie_rule = "shared"')
)
NOW = clock.start_of(date(2022, 1, 10)) + timedelta(hours=9)
MERGED, GBK, CORRECTED = 4, 7, 3
Figures = dict[int, dict[int, int]]


@pytest.fixture
def county(db: None) -> tuple[Published, list[int], tuple[int, int]]:
    """The campaign, its people over nine units, and two officers' accounts."""
    published = town.build(SHEET)
    there = {unit.division for unit in Unit.objects.all()}
    for code in VILLAGES:
        if code not in there:
            Unit.objects.create(name=town.NAMES[code], kind=UnitKind.VILLAGE, division=code)
    accounts: list[int] = []
    for place, code in enumerate([*VILLAGES, "430623110"]):
        part = PEOPLE // 9 + (1 if place < PEOPLE % 9 else 0)
        accounts += town.enrol(part, code, backbones=2)
    officers = town.enrol(2, town.ELSEWHERE)
    return published, accounts, (officers[0], officers[1])


def month_file(month: int, figures: dict[int, int], phones: dict[int, str]) -> bytes:
    """The month's export in that month's shape; 合计 at its foot."""
    profiles = people.profiles(figures)
    rows = [
        (number, profiles[each].name, phones[each], profiles[each].unit_name, volume)
        for number, (each, volume) in enumerate(figures.items(), 1)
    ]
    foot = ("合计", "", "", "", sum(figures.values()))
    if month == MERGED:
        return exports.merged([(*row, 3) for row in rows] + [(*foot, 9)], f"2021年{month}月")
    if month == GBK:
        return exports.gbk([*rows, foot])
    return exports.xlsx([*rows, foot], title=f"2021年{month}月科普员传播量")


def days(month: int) -> tuple[int, int]:
    """First and last day of a month of 2021."""
    return 20210001 + month * 100, 20210000 + month * 100 + monthrange(2021, month)[1]


def test_twelve_months_of_files_give_boards_units_and_rounds_right_to_the_unit(county):
    published, accounts, officers = county
    phones, random = phones_of(accounts), Random(5)
    year: Figures = {
        month: {each: random.choice((0, random.randint(1, 90), random.randint(90, 700))) for each in accounts}
        for month in range(1, 13)
    }
    corrected = dict(year[CORRECTED])
    for each in accounts[::5]:
        corrected[each] = max(0, corrected[each] + random.randint(-60, 60))
    for month in range(1, 13):
        now = NOW + timedelta(minutes=month)
        file = entered(month_file(month, year[month], phones), days(month), published, officers, now)
        assert file.state is FileState.ENTERED
        counts = reads.verdict_counts(file.number)
        assert Verdict.SUM_ROW in counts
        accepted = sum(count.rows for verdict, count in counts.items() if verdict in ("counts", "same"))
        assert accepted == len(accounts)
        if month == 9:
            again = entered(month_file(3, corrected, phones), days(3), published, officers, now)
            kept = reads.verdict_counts(again.number)
            assert kept[Verdict.LESS].delta < 0 < kept[Verdict.COUNTS].delta
            year[CORRECTED] = corrected
    while following.follow():
        pass
    totals = {each: sum(year[month][each] for month in year) for each in accounts}
    half = {each: sum(year[month][each] for month in range(1, 8)) for each in accounts}
    check_boards(published, totals, half)
    check_units(published, totals)
    check_round(published, "midyear", half, 1400, (("4306", 100),))
    check_round(published, "annual", totals, 2200, (("4306", 100), ("430623", 100)))
    assert sound()


def expected_ranks(totals: dict[int, int]) -> list[tuple[int, int, int]]:
    """(rank, person, volume) by our own counting: 1, 2, 2, 4."""
    in_order = sorted(totals.values())
    return sorted(
        (1 + len(in_order) - bisect_right(in_order, volume), each, volume)
        for each, volume in totals.items()
        if volume
    )


def check_boards(published: Published, totals: dict[int, int], half: dict[int, int]) -> None:
    """The first hundred places of the year's and the half year's board."""
    for window, sums in (("all", totals), ("midyear", half)):
        places = standings.board(published.number, window, "430623", 0, 100).rows
        first = expected_ranks(sums)[: len(places)]
        assert sorted((place.rank, place.person, place.volume) for place in places)[:60] == first[:60]


def check_units(published: Published, totals: dict[int, int]) -> None:
    """Every unit's volume."""
    profiles = people.profiles(totals)
    own: dict[int, int] = {}
    for each, volume in totals.items():
        own[profiles[each].unit] = own.get(profiles[each].unit, 0) + volume
    progress = standings.unit_progress(published.number)
    assert {row.unit: row.volume.actual for row in progress} == own
    assert sum(row.volume.actual for row in progress) == sum(totals.values())


def check_round(
    published: Published, round_id: str, sums: dict[int, int], basic: int, scopes: tuple[tuple[str, int], ...]
) -> None:
    """Winners: in rank and past the basic task, counted here from the figures alone."""
    evaluation = awards.evaluate_round(published.sheet.campaign, round_id)
    ranks = expected_ranks(sums)
    for division, last in scopes:
        scope = next(each for each in evaluation.scopes if each.division == division)
        wanted = {(rank, each, volume) for rank, each, volume in ranks if rank <= last and volume >= basic}
        assert {(won.rank, won.communicator, won.volume) for won in scope.winners} == wanted
        assert wanted


def sound() -> bool:
    """What `kepu verify` looks at."""
    checks = [step for book in ledger.heads() for step in ledger.verify_book(book.book)]
    books = all(not each.first_bad and each.head_fits for each in checks if isinstance(each, BookCheck))
    return books and not (ledger.tallies_off() or ledger.lots_off())


def test_a_file_cut_off_in_the_middle_goes_on_and_enters_nothing_twice(county, monkeypatch):
    published, accounts, officers = county
    some = accounts[:30]
    monkeypatch.setattr(deciding, "LINES_AT_ONCE", 10)
    content = month_file(1, dict.fromkeys(some, 7), phones_of(some))
    file = entered_partly(content, published, officers, monkeypatch)
    assert FileLine.objects.filter(file=file, seq__gt=0).count() == 10
    assert Entry.objects.count() == 20
    writes.enter_lines(file, quiet)
    assert Entry.objects.count() == 30
    assert ledger.day_volumes(published.number, *days(1)) == {(each, 20210131): 7 for each in some}
    assert sound()


def entered_partly(content: bytes, published: Published, officers: tuple[int, int], monkeypatch) -> int:
    """A file whose worker died when its second batch was in the ledger and not yet noted: its number."""
    noted = FileLine.objects.bulk_update
    calls = []

    def dies(*words: object) -> int:
        calls.append(words)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return noted(*words)

    with monkeypatch.context() as patch:
        patch.setattr(type(FileLine.objects), "bulk_update", lambda _self, *words: dies(*words))
        with pytest.raises(KeyboardInterrupt):
            entered(content, days(1), published, officers, NOW)
    return FileLine.objects.values_list("file", flat=True).first()
