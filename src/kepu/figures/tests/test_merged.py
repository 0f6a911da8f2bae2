"""Official figures and people who are no more whom they were: merged accounts, revoked certifications."""

from collections import defaultdict
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.figures import reads, writes
from kepu.figures.models import FileLine
from kepu.figures.reads.waiting import waiting_for_second
from kepu.figures.rules import FileState, Held, Refused, Span, Trouble, Verdict, steps_of
from kepu.figures.tests import exports
from kepu.figures.tests.sending import entered, quiet, sent, withdrawn
from kepu.figures.tests.test_moves import by_unit, move, unit_of
from kepu.figures.tests.test_writes import NOW, campaign, counted, days, export, officers, three
from kepu.figures.tests.test_year import sound
from kepu.figures.writes import lines as putting
from kepu.people.models import Communicator
from kepu.people.reads import merged_into
from kepu.people.writes import merging
from kepu.standings import reads as standings
from kepu.standings import writes as following
from kepu.standings.tests import town

__all__ = ["campaign", "officers", "three"]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def anybody_merges(monkeypatch):
    """Who may merge whom is another room's matter."""
    monkeypatch.setattr(merging, "_may_keep", lambda *_who: True)


def merge(kept: int, closed: int, by: int) -> int:
    number = merging.merge_accounts(kept, closed, by, NOW)
    assert isinstance(number, int), number
    return number


def units(campaign) -> dict[int, int]:
    """What the boards of units show."""
    while following.follow():
        pass
    progress = standings.unit_progress(campaign.number)
    return {row.unit: row.volume.actual for row in progress if row.volume.actual}


def verdicts(file) -> list[tuple[str, int, int]]:
    rows = FileLine.objects.filter(file=file.number, row__gt=0).order_by("row")
    return [(row.verdict, row.before, row.delta) for row in rows]


def test_a_cumulative_figure_after_a_merge_counts_once_and_for_the_kept_account(campaign, three, officers):
    closed, kept, _other = three
    home, new = unit_of(town.TONGFU), unit_of(town.ZHUBEI)
    move(kept, town.ZHUBEI)
    entered(export({closed: 100}), days(1), campaign, officers, NOW, span=Span.CUMULATIVE)
    merge(kept, closed, officers[0])
    file = entered(export({kept: 150}), days(2), campaign, officers, NOW + HOUR, span=Span.CUMULATIVE)
    assert verdicts(file) == [(Verdict.COUNTS, 100, 50)]
    assert units(campaign) == {home: 100, new: 50}
    assert by_unit(kept) == {(20210228, home): 100, (20210228, new): 50}
    assert sum(by_unit(closed).values()) == 0
    withdrawn(file.number, officers, "导错了", NOW + 2 * HOUR)
    assert (by_unit(closed), by_unit(kept)) == ({(20210131, home): 100}, {})
    assert sound()


def test_the_same_figure_under_the_other_number_only_changes_hands(campaign, three, officers):
    closed, kept, other = three
    entered(export({closed: 80, other: 1}), days(3), campaign, officers, NOW)
    number = export({closed: 80, other: 2})
    merge(kept, closed, officers[0])
    file = entered(number, days(3), campaign, officers, NOW + HOUR)
    assert verdicts(file) == [(Verdict.CARRIED, 80, 0), (Verdict.COUNTS, 1, 1)]
    assert counted(campaign) == {(kept, 20210331): 80, (other, 20210331): 2}
    again = sent(export({kept: 80, other: 2}), days(3), campaign, officers[0], NOW + 2 * HOUR)
    assert verdicts(again) == [(Verdict.SAME, 80, 0), (Verdict.SAME, 2, 0)]
    assert sound()


def test_a_merge_after_the_approval_is_looked_at_again_and_enters_for_the_kept_account(
    campaign, three, officers
):
    closed, kept, other = three
    file = sent(export({closed: 80, other: 5}), days(3), campaign, officers[0], NOW)
    assert writes.approve_file(file.number, officers[1], NOW) is None
    merge(kept, closed, officers[0])
    assert writes.check_file(file.number) == Refused(Trouble.CHANGED_SINCE)
    assert writes.approve_file(file.number, officers[1], NOW, seen=1) is None
    assert writes.check_file(file.number) is None
    writes.enter_lines(file.number, quiet)
    assert counted(campaign) == {(kept, 20210331): 80, (other, 20210331): 5}


def test_two_rows_that_became_one_person_are_judged_as_two_rows_of_one_person(campaign, three, officers):
    closed, kept, other = three
    file = sent(export({closed: 80, kept: 70, other: 5}), days(3), campaign, officers[0], NOW)
    assert writes.approve_file(file.number, officers[1], NOW) is None
    merge(kept, closed, officers[0])
    assert writes.check_file(file.number) == Refused(Trouble.CHANGED_SINCE)
    assert [verdict for verdict, _before, _delta in verdicts(file)] == [
        Verdict.CONFLICTING,
        Verdict.CONFLICTING,
        Verdict.COUNTS,
    ]


@pytest.mark.parametrize("seed", range(6))
def test_after_any_files_moves_and_merges_a_person_has_the_newest_figure_once(
    campaign, three, officers, seed
):
    """Whoever the newest file of a month names has that figure, under the account that was kept alone."""
    random = Random(seed)
    people = [*three, *town.enrol(3)]
    merges: list[int] = []
    for step in range(14):
        now = NOW + timedelta(days=step)
        what = random.choice(("file", "file", "file", "move", "merge", "undo"))
        kept = merged_into()
        alive = [each for each in people if each not in kept]
        if what == "move":
            move(random.choice(alive), random.choice((town.TONGFU, town.ZHUBEI)), now)
        elif what == "merge" and len(alive) > 2:
            one, other = random.sample(alive, 2)
            merges.append(merge(one, other, officers[0]))
        elif what == "undo" and merges:
            merging.undo_merge(merges.pop(), officers[0], now)
        else:
            month = random.randint(1, 3)
            figures = {each: random.randint(0, 99) for each in alive}
            figures[alive[0]] = 100 + step
            file = entered(export(figures), days(month), campaign, officers, now)
            sums: dict[int, int] = defaultdict(int)
            for (account, day), volume in counted(campaign).items():
                if day == days(month)[1]:
                    sums[account] += volume
            assert sums == {each: said for each, said in figures.items() if said}, file.number
    assert sound()
    for each in people:
        assert all(volume > 0 for volume in by_unit(each).values())


some_held = st.lists(
    st.tuples(st.sampled_from((101, 102, 103)), st.integers(0, 90), st.sampled_from((0, 7, 8))), max_size=8
)


@given(some_held, st.integers(0, 300))
def test_whatever_merged_accounts_hold_goes_to_the_kept_one(rows, stated):
    held = [Held(3, unit, volume, (1, n), account) for n, (unit, volume, account) in enumerate(rows, 1)]
    change = stated - sum(each.volume for each in held)
    after: dict[tuple[int, int], int] = defaultdict(int)
    for each in held:
        after[each.account, each.unit] += each.volume
    for step in steps_of(held, {3: change}):
        assert step.volume
        after[step.account, step.unit] += step.volume
    assert all(not volume for (account, _unit), volume in after.items() if account)
    assert min(after.values(), default=0) >= 0
    assert sum(after.values()) == stated


@pytest.mark.parametrize("by_name", [False, True])
def test_of_somebody_revoked_less_is_taken_back_and_what_counts_is_shown(campaign, three, officers, by_name):
    gone, other, _third = three
    name = Communicator.objects.get(account=gone).name

    def file(said: int, others: int):
        if not by_name:
            return export({gone: said, other: others})
        rows = [(name, "同福村", said), ("没有人", "同福村", others)]
        return exports.xlsx(rows, headings=("姓名", "单位", "传播量"))

    Communicator.objects.filter(account=other).update(name="王另")
    Communicator.objects.filter(account=three[2]).update(name="王又")
    entered(export({gone: 900, other: 5}), days(1), campaign, officers, NOW)
    Communicator.objects.filter(account=gone).update(revoked_at=NOW)
    more = sent(file(950, 6), days(1), campaign, officers[0], NOW + HOUR)
    assert verdicts(more)[0] == (Verdict.NOT_CERTIFIED, 900, 0)
    entered(file(9, 7), days(1), campaign, officers, NOW + 2 * HOUR)
    assert counted(campaign)[gone, 20210131] == 9
    assert sum(units(campaign).values()) == sum(counted(campaign).values())
    silent = sent(export({other: 8}), days(1), campaign, officers[0], NOW + 3 * HOUR)
    line = FileLine.objects.get(file=silent.number, person=gone)
    assert (line.verdict, line.before, line.row < 0) == (Verdict.STANDS, 9, True)
    assert sound()


def test_whoever_is_revoked_between_sending_and_entering_gets_nothing(campaign, three, officers):
    gone, other, _third = three
    file = sent(export({gone: 900, other: 5}), days(1), campaign, officers[0], NOW)
    assert writes.approve_file(file.number, officers[1], NOW) is None
    Communicator.objects.filter(account=gone).update(revoked_at=NOW)
    assert writes.check_file(file.number) == Refused(Trouble.CHANGED_SINCE)
    assert verdicts(file) == [(Verdict.NOT_CERTIFIED, 0, 0), (Verdict.COUNTS, 0, 5)]


def test_no_account_of_the_senders_approves_and_none_of_the_askers_withdraws(campaign, three, officers):
    sender, colleague = officers
    (other,) = town.enrol(1, town.ELSEWHERE)
    file = sent(export({three[0]: 80}), days(3), campaign, sender, NOW)
    assert waiting_for_second(("43",), other) == 1
    merge(other, sender, colleague)
    assert waiting_for_second(("43",), other) == 0
    assert writes.approve_file(file.number, other, NOW) == Refused(Trouble.OWN_FILE)
    assert writes.approve_file(file.number, colleague, NOW) is None
    assert writes.check_file(file.number) is None
    writes.enter_lines(file.number, quiet)
    assert writes.withdraw_file(file.number, colleague, NOW) == Refused(Trouble.NOT_ASKED)
    assert writes.drop_withdrawal(file.number) == Refused(Trouble.NOT_ASKED)
    assert writes.ask_withdrawal(file.number, sender, " ", NOW) == Refused(Trouble.REASON_MISSING)
    assert writes.ask_withdrawal(file.number, sender, "见13900000001", NOW) == Refused(Trouble.REASON_NAMES)
    assert writes.ask_withdrawal(file.number, sender, "月份错了", NOW) is None
    assert writes.ask_withdrawal(file.number, colleague, "再来", NOW) == Refused(Trouble.NOT_WAITING)
    assert [waiting_for_second(("43",), each) for each in (colleague, other)] == [1, 0]
    assert writes.withdraw_file(file.number, other, NOW) == Refused(Trouble.OWN_WITHDRAWAL)
    assert writes.withdraw_lines(file.number, quiet) == 0
    assert counted(campaign) == {(three[0], 20210331): 80}
    assert writes.withdraw_file(file.number, colleague, NOW) is None
    assert writes.withdraw_lines(file.number, quiet) == 1
    assert counted(campaign) == {}


def test_a_worker_that_dies_while_it_renews_leaves_a_file_that_nobody_approves(
    campaign, three, officers, monkeypatch
):
    file = sent(export(dict.fromkeys(three, 80)), days(3), campaign, officers[0], NOW)
    entered(export(dict.fromkeys(three, 30)), days(3), campaign, officers, NOW)
    assert writes.approve_file(file.number, officers[1], NOW, seen=0) is None
    written = type(FileLine.objects).bulk_create
    calls = []

    def dies(*words, **more):
        calls.append(words)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return written(*words, **more)

    with monkeypatch.context() as patch:
        patch.setattr(putting, "LINES_AT_ONCE", 1)
        patch.setattr(type(FileLine.objects), "bulk_create", dies)
        with pytest.raises(KeyboardInterrupt):
            writes.check_file(file.number)
    assert sorted(delta for _verdict, _before, delta in verdicts(file)) == [50, 80, 80]
    assert reads.file(file.number, ("",)).state is FileState.RENEWING
    assert writes.approve_file(file.number, officers[1], NOW) == Refused(Trouble.NOT_WAITING)
    assert writes.check_file(file.number) == Refused(Trouble.CHANGED_SINCE)
    again = reads.file(file.number, ("",))
    assert (again.state, again.edition, again.decided_by) == (FileState.WAITING, 1, 0)
    assert [delta for _verdict, _before, delta in verdicts(file)] == [50, 50, 50]


def test_lines_are_written_a_part_at_a_time_and_not_over_what_was_decided(campaign, three, officers):
    file = sent(export(dict.fromkeys(three, 80)), days(3), campaign, officers[0], NOW)
    lines = [reads.line_of(each) for each in FileLine.objects.filter(file=file.number).order_by("row")]
    assert not putting.put_lines(file.number, lines, FileState.RENEWING)
    assert writes.turn_down_file(file.number, officers[1], "不用", NOW) is None
    assert not putting.put_lines(file.number, lines, FileState.READING)
    assert FileLine.objects.filter(file=file.number).count() == len(lines)
