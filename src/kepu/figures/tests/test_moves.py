"""People who move between two units while their figures are corrected: each figure keeps its unit."""

from collections import defaultdict
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import assume, given
from hypothesis import strategies as st

from kepu.figures import writes
from kepu.figures.models import FileLine
from kepu.figures.rules import Held, Span, steps_of
from kepu.figures.tests.sending import entered, quiet, withdrawn
from kepu.figures.tests.test_writes import NOW, campaign, days, export, officers, three
from kepu.figures.tests.test_year import sound
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.models import Entry
from kepu.ledger.reads.holding import held_volumes
from kepu.people.models import Account, Communicator, Unit
from kepu.people.writes.moves import write_move
from kepu.standings import reads as standings
from kepu.standings import writes as following
from kepu.standings.tests import town

__all__ = ["campaign", "officers", "three"]
A, B, C = 101, 102, 103


def unit_of(village: str) -> int:
    return Unit.objects.get(division=village).pk


def move(person: int, village: str, now=NOW) -> None:
    """The person belongs to that village from now on."""
    with transaction.atomic():
        communicator = Communicator.objects.select_for_update().get(account=person)
        target = Unit.objects.get(division=village)
        write_move(communicator, target, clock.day_of(now), None, now)


def by_unit(person: int) -> dict[tuple[int, int], int]:
    """What the ledger holds of a person by (day, unit), nothing for what adds up to nothing."""
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for day, unit, volume in Entry.objects.filter(person=person).values_list("day", "unit", "volume"):
        sums[day, unit] += volume
    return {place: volume for place, volume in sums.items() if volume}


@pytest.mark.parametrize(("first", "corrected"), [(80, 50), (80, 95), (80, 0)])
def test_a_correction_after_a_move_counts_for_the_unit_of_the_figure(
    campaign, three, officers, first, corrected
):
    person, home, new = three[0], unit_of(town.TONGFU), unit_of(town.ZHUBEI)
    entered(export({person: first}), days(3), campaign, officers, NOW)
    move(person, town.ZHUBEI)
    entered(export({person: 30}), days(4), campaign, officers, NOW + timedelta(hours=1))
    entered(export({person: corrected}), days(3), campaign, officers, NOW + timedelta(hours=2))
    wanted = {(20210331, home): corrected, (20210430, new): 30}
    assert by_unit(person) == {place: volume for place, volume in wanted.items() if volume}
    while following.follow():
        pass
    progress = {row.unit: row.volume.actual for row in standings.unit_progress(campaign.number)}
    assert {unit: volume for unit, volume in progress.items() if volume} == {
        unit: volume for (_day, unit), volume in wanted.items() if volume
    }
    assert sound()


def test_a_move_to_another_county_leaves_the_correction_in_the_figures_book(
    campaign, three, officers, django_assert_num_queries
):
    person = three[0]
    entered(export({person: 80}), days(3), campaign, officers, NOW)
    move(person, town.ELSEWHERE)
    Account.objects.filter(pk=person).update(book=430602)
    entered(export({person: 95}), days(3), campaign, officers, NOW + timedelta(days=1))
    with django_assert_num_queries(1):
        assert [each.book for each in held_volumes(campaign.number, three, *days(3))[person]] == [430623]
    assert set(Entry.objects.filter(person=person).values_list("book", flat=True)) == {430623}
    assert by_unit(person) == {(20210331, unit_of(town.TONGFU)): 95}
    assert sound()


def test_cumulative_corrections_after_moves_leave_each_month_with_its_unit(campaign, three, officers):
    person, home, new = three[0], unit_of(town.TONGFU), unit_of(town.ZHUBEI)

    def said(total: int, month: int, hours: int) -> int:
        now = NOW + timedelta(hours=hours)
        return entered(
            export({person: total}), days(month), campaign, officers, now, span=Span.CUMULATIVE
        ).number

    said(100, 1, 0)
    move(person, town.ZHUBEI)
    said(180, 3, 1)
    said(120, 1, 2)
    assert by_unit(person) == {(20210131, home): 120, (20210331, new): 60}
    said(50, 1, 3)
    assert by_unit(person) == {(20210131, home): 50, (20210331, new): 130}
    fell = said(20, 4, 4)
    assert by_unit(person) == {(20210131, home): 50, (20210331, new): 130, (20210430, new): -130} | {
        (20210430, home): -30
    }
    withdrawn(fell, officers, "导错了", NOW + timedelta(hours=5))
    assert by_unit(person) == {(20210131, home): 50, (20210331, new): 130}
    assert sound()


@pytest.mark.parametrize("seed", range(6))
def test_after_any_files_moves_and_corrections_units_hold_the_newest_figures(campaign, three, officers, seed):
    """A model of our own: a month's figure belongs to the unit it was first entered for."""
    random, villages = Random(seed), [town.TONGFU, town.ZHUBEI, "430623110"]
    homes = {village: unit_of(village) for village in villages}
    at = dict.fromkeys(three, homes[town.TONGFU])
    owner: dict[tuple[int, int], int] = {}
    newest: dict[tuple[int, int], int] = {}
    before: list[tuple[int, dict[tuple[int, int], int], dict[tuple[int, int], int]]] = []
    for step in range(14):
        now = NOW + timedelta(days=step)
        what = random.choice(("file", "file", "move", "withdraw"))
        if what == "move":
            person, village = random.choice(three), random.choice(villages)
            move(person, village, now)
            at[person] = homes[village]
        elif what == "withdraw" and before:
            file, owner, newest = before.pop()
            withdrawn(file, officers, "导错了", now)
        else:
            month = random.randint(1, 3)
            figures = {person: random.choice((0, random.randint(1, 99))) for person in three}
            figures[three[0]] = 100 + step  # no two files are the same
            kept = dict(owner), dict(newest)
            file = entered(export(figures), days(month), campaign, officers, now).number
            before.append((file, *kept))
            for person, said in figures.items():
                slot = person, days(month)[1]
                if said != newest.get(slot, 0):
                    owner.setdefault(slot, at[person])
                newest[slot] = said
        wanted: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
        for (person, day), said in newest.items():
            if said:
                wanted[person][day, owner[person, day]] = said
        assert {person: by_unit(person) for person in three} == {each: wanted[each] for each in three}
    assert sound()


@pytest.mark.parametrize("seed", range(4))
def test_cumulative_files_moves_and_corrections_lose_nothing_and_leave_no_unit_below_zero(
    campaign, three, officers, seed
):
    random, person = Random(seed), three[0]
    said: dict[int, int] = {}
    for step in range(12):
        now = NOW + timedelta(days=step)
        if random.random() < 0.4:
            move(person, random.choice((town.TONGFU, town.ZHUBEI)), now)
            continue
        month = random.randint(1, 4)
        said[month] = random.randint(0, 200)
        entered(
            export({person: said[month], three[1]: 500 + step}),
            days(month),
            campaign,
            officers,
            now,
            span=Span.CUMULATIVE,
        )
        held = by_unit(person)
        for each, total in said.items():
            upto = [(unit, volume) for (day, unit), volume in held.items() if day <= days(each)[1]]
            assert sum(volume for _unit, volume in upto) == total
            for one in {unit for unit, _ in upto}:
                assert sum(volume for unit, volume in upto if unit == one) >= 0
    assert sound()


def test_a_worker_cut_off_between_ledger_and_note_enters_no_step_twice(
    campaign, three, officers, monkeypatch
):
    person, home = three[0], unit_of(town.TONGFU)
    entered(export({person: 80}), days(3), campaign, officers, NOW)
    move(person, town.ZHUBEI)

    def dies(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kepu.figures.writes.deciding._keep_receipts", dies)
        with pytest.raises(KeyboardInterrupt):
            entered(export({person: 50}), days(3), campaign, officers, NOW + timedelta(hours=1))
    file = FileLine.objects.get(person=person, delta=-30).file_id
    assert writes.enter_lines(file, quiet) == 1
    assert by_unit(person) == {(20210331, home): 50}
    assert ledger.day_volumes(campaign.number, *days(3)) == {(person, 20210331): 50}


some_held = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from((A, B, C)), st.integers(-40, 90)), max_size=8
)


@given(some_held, st.integers(1, 4), st.integers(0, 300))
def test_whatever_units_held_they_hold_the_figure_and_none_less_than_nothing(rows, day, stated):
    """Also where units stand below zero already, and up to every later day with a figure."""
    held = [Held(at, unit, volume, (1, n)) for n, (at, unit, volume) in enumerate(sorted(rows), 1)]
    sums = [sum(each.volume for each in held if each.day <= at) for at in range(5)]
    assume(min(sums) >= 0)
    later = min((each.day for each in held if each.day > day), default=5)
    changes = {day: stated - sums[day]} | ({later: sums[day] - stated} if later < 5 else {})
    after = [(each.day, each.unit, each.volume) for each in held]
    after += [(step.day, step.unit, step.volume) for step in steps_of(held, changes)]
    for at in range(day, 5):
        upto = {
            unit: sum(volume for when, one, volume in after if one == unit and when <= at)
            for unit in (0, A, B, C)
        }
        assert sum(upto.values()) == (stated if at < later else sums[at])
        assert min(upto.values()) >= 0


def test_the_same_steps_whatever_was_there_before_in_that_order():
    held = [Held(3, A, 70, (1, 1)), Held(3, B, 30, (1, 9))]
    assert [(step.unit, step.volume) for step in steps_of(held, {3: -50})] == [(B, -30), (A, -20)]
    assert [(step.unit, step.volume) for step in steps_of(held, {3: 5})] == [(A, 5)]
    assert [(step.unit, step.entry) for step in steps_of([], {3: 5})] == [(0, (0, 0))]
