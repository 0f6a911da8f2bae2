"""What a roster's rows mean and what becomes of them; entering one is whole, once, and only what was seen."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from kepu.people import reads, writes
from kepu.people.accounts import index_of
from kepu.people.models import Certification, CertificationStep, Communicator, RosterFile
from kepu.people.reads.roster_files import facts_of, register_of
from kepu.people.reads.rosters import RosterSearch, how_many, memberships, person, roster
from kepu.people.rules import CertificationState, Role
from kepu.people.rules.headings import RosterColumn as C
from kepu.people.rules.headings import headings, lines
from kepu.people.rules.rosters import RowTrouble as T
from kepu.people.rules.rosters import RowVerdict as V
from kepu.people.rules.rosters import fates, phones_in
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, DAY, NOW, OTHER_TOWN, TOWN, phone, unit_in
from kepu.people.writes.moves import arrange_move, set_backbones
from kepu.people.writes.rosters import Brought, Entered, Plan, Preview, look_at_roster, plan_roster
from kepu.people.writes.rosters import enter_roster as enter_planned

HEADS = ("姓名", "手机号", "单位", "类型", "机构", "骨干", "认证日期")
BROUGHT = Brought("0" * 64, "名册.xlsx", "lies")
TODAY = date(2021, 7, 1)
WRITTEN = ("2021/3/5", "2021.3.5", "2021年3月5日", 20210305)


@pytest.fixture
def keeper(db: None) -> int:
    """The town's clerk."""
    land.settle()
    return land.staff(90, Role.TOWN_CLERK, TOWN, "周审")


def table(*rows):
    """The lines of a sheet with the usual headings."""
    full = [HEADS, *(tuple(row) + (None,) * (7 - len(row)) for row in rows)]
    top, columns = headings(full)
    return lines(full, top, columns)


def held_against(found, divisions, keeper: int):
    """What becomes of these lines with the register as it is."""
    phones = {index_of(number): number for number in phones_in(found)}
    register = register_of(list(phones), divisions)
    return fates(found, facts_of(register, phones, divisions, keeper, TODAY))


def judged(keeper: int, *rows, divisions=(TOWN,)):
    """What becomes of the rows, for a keeper of these divisions."""
    found = table(*rows)
    return held_against(found, divisions, keeper)


def enter_roster(number: int, rows, seen: str, keeper: int, now: datetime):
    """The roster planned and entered; a new preview or what was entered before where there is no plan."""
    plan = plan_roster(number, rows, seen, keeper, now)
    return enter_planned(plan, now) if isinstance(plan, Plan) else plan


def entered(keeper: int, *rows, job: int = 1, now: datetime = NOW):
    """The rows seen and entered."""
    preview = look_at_roster(job, BROUGHT, table(*rows), keeper, now)
    return enter_roster(preview.number, table(*rows), preview.situation, keeper, now)


@pytest.mark.parametrize(
    "row",
    [
        ("姓名", "手机号", "单位"),
        ("科普员姓名*", "联系电话（必填）", "所在村(社区)"),
        (" 姓 名 ", "手机号码：", "行政村"),
        ("人员姓名", "移动电话", "村/社区"),
    ],
)
def test_headings_are_known_by_their_synonyms(row):
    top, columns = headings([("2021年科普员名册", None, None), row, ("王秀英", phone(1), "同福村")])
    assert (top, columns) == (1, {C.NAME: 0, C.PHONE: 1, C.UNIT: 2})


def test_a_missing_heading_is_named():
    assert headings([("姓名", "地址")]) == (C.PHONE, C.UNIT)
    assert headings([]) == (C.NAME, C.PHONE, C.UNIT)


@pytest.mark.parametrize(
    ("row", "column", "trouble"),
    [
        ((None, phone(1), "同福村"), C.NAME, T.EMPTY),
        (("王", phone(1), "同福村"), C.NAME, T.NAME_WRONG),
        (("王秀英", None, "同福村"), C.PHONE, T.EMPTY),
        (("王秀英", "1380000", "同福村"), C.PHONE, T.PHONE_WRONG),
        (("王秀英", phone(1), None), C.UNIT, T.EMPTY),
        (("王秀英", phone(1), "桃花源村"), C.UNIT, T.UNIT_UNKNOWN),
        (("王秀英", phone(1), "华一村"), C.UNIT, T.UNIT_UNKNOWN),
        (("王秀英", phone(1), "同福村", "超级"), C.TYPE, T.TYPE_WRONG),
        (("王秀英", phone(1), "同福村", None, "月球科协"), C.ASSOCIATION, T.ASSOCIATION_UNKNOWN),
        (("王秀英", phone(1), "同福村", None, None, "大概"), C.BACKBONE, T.BACKBONE_WRONG),
        (("王秀英", phone(1), "同福村", None, None, None, "前年"), C.CERTIFIED, T.DAY_WRONG),
        (("王秀英", phone(1), "同福村", None, None, None, "1999-01-01"), C.CERTIFIED, T.DAY_WRONG),
        (("王秀英", phone(1), "同福村", None, None, None, "2021-07-02"), C.CERTIFIED, T.DAY_AHEAD),
        (("周审", phone(90), "同福村"), C.PHONE, T.OWN),
    ],
)
def test_a_row_is_refused_for_the_first_cell_that_cannot_stand(keeper, row, column, trouble):
    (fate,) = judged(keeper, row)
    assert (fate.verdict, fate.row, fate.trouble) == (V.REFUSED, 2, (column, trouble, ""))


@pytest.mark.parametrize("unit", ["同福村", " 同福村 ", "同福村民委员会", "插旗镇同福村", 430623110215])
def test_a_unit_is_known_by_name_committee_town_or_code(keeper, unit):
    (fate,) = judged(keeper, ("王秀英", phone(1), unit))
    assert (fate.verdict, fate.wanted[C.UNIT]) == (V.NEW, unit_in(TOWN, "同福村"))


@pytest.mark.parametrize(
    "day",
    [
        date(2021, 3, 5),
        datetime(2021, 3, 5, 8, tzinfo=UTC),
        "2021-03-05",
        "2021/3/5",
        "2021.3.5",
        "2021年3月5日",
        20210305,
    ],
)
def test_a_day_is_read_as_people_write_it(keeper, day):
    (fate,) = judged(keeper, ("王秀英", phone(1), "同福村", None, None, None, day))
    assert fate.wanted[C.CERTIFIED] == date(2021, 3, 5)


def test_a_name_borne_in_two_towns_needs_the_town(keeper):
    rows = ("王秀英", phone(1), "机关、站所")
    (fate,) = judged(keeper, rows, divisions=(COUNTY,))
    assert fate.trouble[1] is T.UNIT_AMBIGUOUS
    full = [(*HEADS, "乡镇"), (*rows, None, None, None, None, "插旗镇")]
    top, columns = headings(full)
    found = lines(full, top, columns)
    (fate,) = held_against(found, (COUNTY,), keeper)
    assert fate.verdict is V.NEW


def test_a_number_twice_counts_once_and_says_where_it_stands_first(keeper):
    first, second = judged(keeper, ("王秀英", phone(1), "同福村"), ("王秀瑛", phone(1), "同福村"))
    assert first.verdict is V.NEW
    assert second.trouble == (C.PHONE, T.PHONE_TWICE, "2")


def test_who_is_there_stays_is_changed_or_is_refused_with_the_reason(keeper):
    home, other = unit_in(TOWN, "同福村"), unit_in(TOWN, "插旗村")
    far = unit_in(OTHER_TOWN)
    writes.enroll_many([land.enrolled(1, home), land.enrolled(2, home), land.enrolled(3, far)], now=NOW)
    waiting = land.applicant(4)
    assert waiting
    same, changed, elsewhere, named, waits = judged(
        keeper,
        ("赵大勇", phone(1), "同福村", "区县级", "华容县科协", "否", "2020-01-01"),
        ("赵大勇", phone(2), "插旗村", None, None, "是"),
        ("赵大勇", phone(3), "同福村"),
        ("钱小红", phone(1), "同福村"),
        ("李新", phone(4), "同福村"),
    )
    assert same.verdict is V.SAME
    assert changed.changes == ((C.UNIT, "同福村", "插旗村"), (C.BACKBONE, "否", "是"))
    assert changed.wanted[C.UNIT] == other
    assert elsewhere.trouble[1] is T.ELSEWHERE
    assert named.trouble[1] is T.PHONE_TWICE
    assert waits.trouble[1] is T.WAITING
    (fate,) = judged(keeper, ("钱小红", phone(1), "同福村"))
    assert fate.trouble == (C.NAME, T.OTHER_NAME, "赵*勇")


def test_entering_makes_communicators_with_a_history_by_whoever_entered_them(keeper):
    answer = entered(
        keeper,
        ("王秀英", phone(1), "同福村", None, None, "是", "2021-03-05"),
        ("王", phone(2), "同福村"),
        ("刘芳", phone(3), "插旗村"),
    )
    assert answer == Entered(
        answer.number, {"new": 2, "same": 0, "changed": 0, "refused": 1}, is_repeated=False
    )
    first = reads.profile(reads.account_with_phone(phone(1)))
    assert (first.name, first.unit_name, first.is_backbone) == ("王秀英", "同福村", True)
    assert first.certified_at == datetime.fromisoformat("2021-03-05T00:00+08:00")
    step = CertificationStep.objects.get(certification__account=first.account)
    assert (step.state, step.acted_by_id) == (CertificationState.APPROVED, keeper)
    assert reads.account_with_phone(phone(2)) is None


def test_entering_twice_changes_nothing(keeper):
    rows = [("王秀英", phone(1), "同福村")]
    first = entered(keeper, *rows)
    again = enter_roster(first.number, table(*rows), RosterFile.objects.get().situation, keeper, NOW + DAY)
    assert again == Entered(first.number, first.counts, is_repeated=True)
    assert Communicator.objects.count() == 1


def test_what_changed_since_the_preview_is_previewed_again_and_nothing_is_entered(keeper):
    rows = [("王秀英", phone(1), "同福村"), ("刘芳", phone(2), "同福村")]
    preview = look_at_roster(1, BROUGHT, table(*rows), keeper, NOW)
    writes.enroll_many([land.enrolled(1, unit_in(TOWN), name="张三丰")], now=NOW)
    answer = enter_roster(preview.number, table(*rows), preview.situation, keeper, NOW)
    assert isinstance(answer, Preview)
    assert [fate.verdict for fate in answer.fates] == [V.REFUSED, V.NEW]
    assert Communicator.objects.count() == 1
    assert isinstance(enter_roster(preview.number, table(*rows), preview.situation, keeper, NOW), Preview)
    done = enter_roster(preview.number, table(*rows), answer.situation, keeper, NOW)
    assert isinstance(done, Entered)
    assert Communicator.objects.count() == 2


def test_a_clerk_whose_scope_was_taken_away_enters_nobody(keeper):
    rows = [("王秀英", phone(1), "同福村")]
    preview = look_at_roster(1, BROUGHT, table(*rows), keeper, NOW)
    writes.revoke_scope(keeper, Role.TOWN_CLERK, TOWN)
    answer = enter_roster(preview.number, table(*rows), preview.situation, keeper, NOW)
    assert isinstance(answer, Preview)
    assert answer.fates[0].trouble[1] is T.UNIT_UNKNOWN


def test_somebody_who_had_signed_up_or_was_sent_back_is_certified_on_paper(keeper):
    signed_up, sent_back = land.newcomer(1, "李新"), land.applicant(2)
    writes.return_certification(sent_back, keeper, "请修改", NOW)
    answer = entered(keeper, ("王秀英", phone(1), "同福村"), ("李新", phone(2), "插旗村"))
    assert answer.counts["new"] == 2
    assert reads.profile(signed_up).name == "王秀英"
    assert reads.profile(sent_back).unit_name == "插旗村"
    assert {row.state for row in Certification.objects.all()} == {CertificationState.APPROVED}


def test_a_roster_names_nobody_anew_who_works_for_the_site(keeper):
    officer = land.staff(91, Role.COUNTY_OFFICER, COUNTY, "贺主任")
    assert entered(keeper, ("王八旦", phone(91), "同福村")).counts["new"] == 1
    assert (reads.profile(officer).name, reads.account(officer).name) == ("王八旦", "贺主任")


def test_a_change_moves_marks_and_keeps_the_history(keeper):
    home, other = unit_in(TOWN, "同福村"), unit_in(TOWN, "插旗村")
    (account,) = writes.enroll_many([land.enrolled(1, home)], now=NOW - 30 * DAY)
    entered(keeper, ("赵大勇", phone(1), "插旗村", "市级", None, "是"), now=NOW + DAY)
    found = person(account, (TOWN,))
    assert (found.unit, found.applicant_type, found.is_backbone) == (other, "city", True)
    held = memberships(account)
    assert [(each.unit, each.until_day) for each in held] == [(home, date(2021, 7, 2)), (other, None)]


def test_a_register_that_changes_between_plan_and_entering_enters_nobody(keeper):
    rows = [("王秀英", phone(1), "同福村"), ("赵大勇", phone(2), "插旗村"), ("刘芳", phone(3), "同福村")]
    (moved,) = writes.enroll_many([land.enrolled(2, unit_in(TOWN, "同福村"))], now=NOW)
    preview = look_at_roster(1, BROUGHT, table(*rows), keeper, NOW)

    def planned():
        plan = plan_roster(preview.number, table(*rows), preview.situation, keeper, NOW)
        assert isinstance(plan, Plan)
        return plan

    changes = [
        lambda: writes.enroll_many([land.enrolled(1, unit_in(TOWN), name="王秀英")], now=NOW),
        lambda: set_backbones([moved], True, keeper, NOW),
        lambda: writes.revoke_scope(keeper, Role.TOWN_CLERK, TOWN),
    ]
    for change in changes:
        before = Communicator.objects.count()
        with transaction.atomic():
            plan = planned()
            change()
            after = Communicator.objects.count()
            assert enter_planned(plan, NOW) is None
            assert Communicator.objects.count() == after
            transaction.set_rollback(True)
        assert Communicator.objects.count() == before
    assert isinstance(enter_planned(planned(), NOW), Entered)
    assert Communicator.objects.count() == 3


def test_what_was_planned_is_entered_as_if_one_by_one(keeper):
    """Moves, marks and steps in bulk are those that the single acts would have left."""
    home, other = unit_in(TOWN, "同福村"), unit_in(TOWN, "插旗村")
    people = [land.enrolled(n, home, certified_at=NOW - 30 * DAY) for n in (1, 2, 3)]
    first, second, third = writes.enroll_many(people, now=NOW - 30 * DAY)
    admin = land.staff(91, Role.COUNTY_OFFICER, COUNTY)
    arrange_move(second, other, TODAY - DAY, admin, NOW)
    arrange_move(third, other, TODAY, admin, NOW)
    entered(
        keeper,
        ("赵大勇", phone(1), "插旗村", "市级", None, "是"),
        ("赵大勇", phone(2), "同福村"),
        ("赵大勇", phone(3), "同福村"),
    )
    yesterday = TODAY - DAY

    def history(account):
        return [(each.unit, each.since_day, each.until_day) for each in memberships(account)]

    began = date(2021, 6, 1)
    assert history(first) == [(home, began, TODAY), (other, TODAY, None)]
    assert history(second) == [(home, began, yesterday), (other, yesterday, TODAY), (home, TODAY, None)]
    assert history(third) == [(home, began, TODAY), (home, TODAY, None)]
    step = CertificationStep.objects.filter(certification__account=first).latest("pk")
    assert (step.acted_by_id, step.state) == (keeper, CertificationState.APPROVED)
    assert step.stated == {
        "name": "赵大勇",
        "town": TOWN,
        "unit": other,
        "applicant_type": "city",
        "association": Certification.objects.get(account=first).association_id,
        "is_backbone": True,
    }
    held = Certification.objects.get(account=second)
    assert (held.unit_id, held.town, Communicator.objects.get(account=second).unit_id) == (home, TOWN, home)


def test_entering_costs_a_fixed_number_of_queries_for_each_five_hundred(
    keeper, django_assert_max_num_queries
):
    rows = [(f"王{'甲乙丙丁戊己庚辛壬癸'[n % 10]}英", phone(n), "同福村") for n in range(1000, 1500)]
    with django_assert_max_num_queries(15):
        preview = look_at_roster(1, BROUGHT, table(*rows), keeper, NOW)
    with django_assert_max_num_queries(16):
        plan = plan_roster(preview.number, table(*rows), preview.situation, keeper, NOW)
    with django_assert_max_num_queries(24):
        enter_planned(plan, NOW)
    assert Communicator.objects.count() == 500
    changed = [(name, number, "插旗村", "市级", None, "是") for name, number, _unit in rows]
    preview = look_at_roster(2, BROUGHT, table(*changed), keeper, NOW + DAY)
    plan = plan_roster(preview.number, table(*changed), preview.situation, keeper, NOW + DAY)
    with django_assert_max_num_queries(24):
        enter_planned(plan, NOW + DAY)
    assert Communicator.objects.filter(is_backbone=True, unit=unit_in(TOWN, "插旗村")).count() == 500


def test_the_roster_is_searched_by_name_unit_and_whole_number_inside_ones_divisions(
    keeper, django_assert_max_num_queries
):
    home, other, far = unit_in(TOWN, "同福村"), unit_in(TOWN, "插旗村"), unit_in(OTHER_TOWN)
    writes.enroll_many(
        [
            land.enrolled(1, home, name="王秀英", is_backbone=True),
            land.enrolled(2, other, name="刘芳"),
            land.enrolled(3, far, name="王秀英"),
        ],
        now=NOW,
    )
    land.newcomer(4, "新来的")
    land.applicant(5)

    def found(divisions=(TOWN,), **search):
        with django_assert_max_num_queries(2):
            return [each.name for each in roster(divisions, RosterSearch(**search), 0, 25).rows]

    assert found() == ["王秀英", "刘芳"]
    assert found(text="秀英") == ["王秀英"]
    assert found(text="插旗") == ["刘芳"]
    assert found(text=phone(2)) == ["刘芳"]
    assert found(text=phone(3)) == []
    assert found(text=phone(2)[:8]) == []
    assert found(is_backbone=True) == ["王秀英"]
    assert found(unit=other) == ["刘芳"]
    assert found(state="registered") == ["王秀英"]  # the applicant, as stated
    assert found((COUNTY,), state="registered") == ["王秀英", "新来的"]
    assert found((COUNTY,), town=OTHER_TOWN) == ["王秀英"]
    assert how_many(("",), RosterSearch()) == 3
    assert found(()) == []
    assert roster((TOWN,), RosterSearch(), 0, 25).rows[0].phone == "138****0001"


def test_somebody_outside_ones_divisions_is_not_there(keeper):
    (account,) = writes.enroll_many([land.enrolled(3, unit_in(OTHER_TOWN))], now=NOW)
    assert person(account, (TOWN,)) is None
    assert person(account, (COUNTY,)).account == account
    assert person(land.newcomer(4), (TOWN,)) is None
