"""Files beside one another: corrections by difference, second persons, withdrawals, what is only compared."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from kepu.campaigns.rules import Published
from kepu.documents.reading import read_sheet
from kepu.figures import reads, writes
from kepu.figures.models import FileLine, SentFile
from kepu.figures.reads import FileRow
from kepu.figures.rules import FileState, Match, Refused, Span, Trouble, Verdict
from kepu.figures.tests import exports
from kepu.figures.tests.sending import entered, phones_of, quiet, sent, withdrawn
from kepu.figures.tests.test_year import SHEET, days, sound
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.people import reads as people
from kepu.people.models import Unit, UnitName
from kepu.standings.tests import town

NOW = clock.start_of(date(2022, 1, 10))
SAMPLES = Path(__file__).resolve().parents[4] / "docs" / "samples"


@pytest.fixture
def campaign(db: None) -> Published:
    return town.build(SHEET)


@pytest.fixture
def three(campaign: Published) -> list[int]:
    return town.enrol(3)


@pytest.fixture
def officers(campaign: Published) -> tuple[int, int]:
    first, second = town.enrol(2, town.ELSEWHERE)
    return first, second


def export(figures: dict[int, object]) -> bytes:
    phones = phones_of(list(figures))
    return exports.xlsx(
        [(n, "", phones[each], "同福村", said) for n, (each, said) in enumerate(figures.items(), 1)]
    )


def counted(campaign: Published) -> dict[tuple[int, int], int]:
    return ledger.day_volumes(campaign.number, 20210101, 20211231)


def test_a_newer_file_corrects_by_difference_and_withdrawing_it_gives_the_older_back(
    campaign, three, officers
):
    first, second, third = three
    old = entered(export({first: 80, second: 5, third: 7}), days(3), campaign, officers, NOW)
    new = entered(
        export({first: 50, second: 5, third: 9}), days(3), campaign, officers, NOW + timedelta(hours=1)
    )
    deltas = (
        FileLine.objects.filter(file=new.number, row__gt=0).order_by("row").values_list("verdict", "delta")
    )
    assert list(deltas) == [(Verdict.LESS, -30), (Verdict.SAME, 0), (Verdict.COUNTS, 2)]
    assert counted(campaign) == {(first, 20210331): 50, (second, 20210331): 5, (third, 20210331): 9}
    refused = writes.ask_withdrawal(old.number, officers[1], "导错了", NOW + timedelta(hours=2))
    assert refused == Refused(Trouble.NEWER_STANDS, new.number)
    assert withdrawn(new.number, officers, "导错了", NOW + timedelta(hours=2)) == 2
    assert counted(campaign) == {(first, 20210331): 80, (second, 20210331): 5, (third, 20210331): 7}
    assert reads.file(new.number, ("",)).state is FileState.WITHDRAWN
    assert sound()


def test_a_withdrawn_file_can_be_sent_and_entered_again(campaign, three, officers):
    content = export({three[0]: 80})
    file = entered(content, days(3), campaign, officers, NOW)
    assert sent(content, days(3), campaign, officers[0], NOW) == Refused(Trouble.SAME_FILE, file.number)
    withdrawn(file.number, officers, "月份错了", NOW)
    assert counted(campaign) == {}
    entered(content, days(4), campaign, officers, NOW + timedelta(hours=1))
    assert counted(campaign) == {(three[0], 20210430): 80}
    assert sound()


def test_nobody_approves_their_own_and_what_changed_is_looked_at_again(campaign, three, officers):
    first = three[0]
    one = sent(export({first: 80}), days(3), campaign, officers[0], NOW)
    two = sent(export({first: 90}), days(3), campaign, officers[0], NOW)
    assert isinstance(one, FileRow)
    assert isinstance(two, FileRow)
    assert writes.approve_file(one.number, officers[0], NOW) == Refused(Trouble.OWN_FILE)
    assert writes.approve_file(one.number, officers[1], NOW) is None
    assert writes.approve_file(two.number, officers[1], NOW) == Refused(Trouble.ANOTHER_AT_WORK, one.number)
    assert writes.enter_lines(one.number, quiet) == 0
    assert writes.check_file(one.number) is None
    assert writes.check_file(one.number) is None
    writes.enter_lines(one.number, quiet)
    assert writes.approve_file(two.number, officers[1], NOW) is None
    assert writes.check_file(two.number) == Refused(Trouble.CHANGED_SINCE)
    again = reads.file(two.number, ("",))
    assert (again.state, again.decided_by, again.edition) == (FileState.WAITING, 0, 1)
    assert FileLine.objects.get(file=two.number, person=first).delta == 10
    assert writes.enter_lines(two.number, quiet) == 0
    assert writes.approve_file(two.number, officers[1], NOW, seen=0) == Refused(Trouble.CHANGED_SINCE)
    assert writes.approve_file(two.number, officers[1], NOW, seen=1) is None
    assert writes.check_file(two.number) is None
    writes.enter_lines(two.number, quiet)
    assert counted(campaign) == {(first, 20210331): 90}


def test_approving_costs_the_same_for_a_few_rows_and_for_many(
    campaign, officers, django_assert_max_num_queries
):
    many = town.enrol(300)
    file = sent(export(dict.fromkeys(many, 7)), days(3), campaign, officers[0], NOW)
    with django_assert_max_num_queries(15):
        assert writes.approve_file(file.number, officers[1], NOW) is None
    with django_assert_max_num_queries(9):
        assert writes.check_file(file.number) is None


def test_an_entry_reversed_by_hand_is_not_counted_as_there(campaign, three, officers):
    first = three[0]
    file = entered(export({first: 80}), days(3), campaign, officers, NOW)
    line = FileLine.objects.get(file=file.number, person=first)
    ledger_writes.reverse_entry(line.book, line.seq, officers[1], "重复", NOW)
    entered(export({first: 50}), days(3), campaign, officers, NOW + timedelta(hours=1))
    assert counted(campaign) == {(first, 20210331): 50}


def test_cumulative_files_are_right_month_by_month_after_a_late_correction(campaign, three, officers):
    first, second, _third = three
    for month, said in ((1, (100, 10)), (2, (150, 10)), (3, (180, 40))):
        figures = dict(zip((first, second), said, strict=True))
        entered(export(figures), days(month), campaign, officers, NOW, span=Span.CUMULATIVE)
    late = entered(
        export({first: 120, second: 15}),
        days(2),
        campaign,
        officers,
        NOW + timedelta(hours=1),
        span=Span.CUMULATIVE,
    )
    assert counted(campaign) == {
        (first, 20210131): 100,
        (first, 20210228): 20,
        (first, 20210331): 60,
        (second, 20210131): 10,
        (second, 20210228): 5,
        (second, 20210331): 25,
    }
    withdrawn(late.number, officers, "导错了", NOW + timedelta(hours=2))
    assert counted(campaign)[first, 20210228] == 50
    assert sound()


@pytest.mark.parametrize(
    ("period", "changes", "trouble"),
    [
        ((20210315, 20210415), {}, Trouble.PERIOD_OVERLAPS),
        ((20210401, 20210430), {"figure": "阅读量"}, Trouble.OTHER_FIGURE),
        ((20210401, 20210430), {"span": Span.CUMULATIVE}, Trouble.OTHER_SPAN),
        ((20220101, 20220131), {}, Trouble.PERIOD_OUTSIDE),
        ((20210430, 20210401), {}, Trouble.PERIOD_WRONG),
    ],
)
def test_what_cannot_stand_beside_the_campaigns_files_is_refused(
    campaign, three, officers, period, changes, trouble
):
    entered(export({three[0]: 80}), days(3), campaign, officers, NOW)
    answer = sent(export({three[0]: 81}), period, campaign, officers[0], NOW, **changes)
    assert isinstance(answer, Refused)
    assert answer.trouble is trouble
    assert SentFile.objects.count() == 1


def test_a_period_that_has_not_ended_is_refused(campaign, three, officers):
    early = clock.start_of(date(2021, 3, 30))
    assert sent(export({three[0]: 1}), days(3), campaign, officers[0], early) == Refused(
        Trouble.PERIOD_FUTURE
    )


def test_a_campaign_by_shares_is_compared_and_never_entered(db):
    campaign = town.build()
    first, second = town.enrol(2)
    town.share(first, 3)
    file = sent(export({first: 5}), (20210301, 20210331), campaign, second, NOW)
    assert file.state is FileState.COMPARED
    line = FileLine.objects.get(file=file.number, person=first)
    assert (line.verdict, line.stated, line.before, line.delta) == (Verdict.COMPARED, 5, 3, 2)
    absent = FileLine.objects.get(file=file.number, person=second)
    assert (absent.verdict, absent.row) == (Verdict.ABSENT, -1)
    assert writes.approve_file(file.number, first, NOW) == Refused(Trouble.NOT_WAITING)


def test_totals_of_units_are_held_against_what_their_people_have(campaign, three, officers):
    entered(export(dict(zip(three, (1, 2, 4), strict=True))), days(3), campaign, officers, NOW)
    content = exports.xlsx([("同福村", 9, 5), ("插旗镇", 7, 3)], headings=("单位", "传播量", "注册人数"))
    file = sent(content, days(3), campaign, officers[0], NOW)
    assert file.layout.match is Match.TOTALS
    found = FileLine.objects.filter(file=file.number).order_by("row").values_list("stated", "before", "delta")
    assert list(found) == [(9, 7, 2), (7, 7, 0)]
    assert FileLine.objects.get(file=file.number, stated=9).says == "注册 5，本系统认证 3"


def test_a_file_with_a_units_former_name_finds_its_people(campaign, three, officers):
    unit = Unit.objects.get(division=town.TONGFU)
    for name, since in (("同福村", date(2000, 1, 1)), ("同乐村", date(2021, 6, 1))):
        UnitName.objects.create(
            unit=unit, name=name, division=unit.division, since_day=since, is_applied=True, set_at=NOW
        )
    Unit.objects.filter(pk=unit.pk).update(name="同乐村")
    rows = [(people.profile(three[0]).name, "同福村", 7)]
    content = exports.xlsx([*rows, ("合计", "", 7)], headings=("姓名", "单位", "传播量"))
    file = sent(content, days(3), campaign, officers[0], NOW)
    assert file.layout.match is Match.NAME_UNIT
    line = FileLine.objects.get(file=file.number, row=2)
    assert (line.verdict, line.person) == (Verdict.COUNTS, three[0])
    totals = exports.xlsx([("同福村", 7, 3), ("无名村", 1, 1)], headings=("单位", "传播量", "注册人数"))
    compared = sent(totals, days(3), campaign, officers[0], NOW)
    found = FileLine.objects.filter(file=compared.number).order_by("row").values_list("verdict", "unit")
    assert list(found) == [(Verdict.COMPARED, unit.pk), (Verdict.NO_UNIT, 0)]


def test_accounts_are_found_by_many_numbers(campaign, three):
    phones = phones_of(three)
    numbers = [*phones.values(), "13700000000"]
    assert people.accounts_with_phones(numbers) == {phone: account for account, phone in phones.items()}


@pytest.mark.parametrize("month", [1, 2])
def test_the_sample_exports_are_those_of_the_generator(month):
    kept = (SAMPLES / f"official-2026-{month:02d}.xlsx").read_bytes()
    assert read_sheet(kept, 100) == read_sheet(exports.sample(month), 100)
