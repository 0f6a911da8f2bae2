"""People move by date and the past stays; doubled accounts are merged and parted; units change by date."""

from datetime import date, timedelta

import pytest

from kepu.people import reads, writes
from kepu.people.models import Account, Certification, CertificationStep, Communicator, Merge, Unit
from kepu.people.reads.rosters import doubles_of, memberships, merges_of
from kepu.people.reads.unit_register import names_of, register, register_unit, towns_of
from kepu.people.rules import CertificationState, Refusal, Refused, Role, UnitKind
from kepu.people.rules.registers import RegisterNo
from kepu.people.tests import land
from kepu.people.tests.land import (
    COUNTY,
    DAY,
    NETWORK,
    NOW,
    OTHER_COUNTY,
    OTHER_TOWN,
    PASSWORD,
    TOWN,
    phone,
    unit_in,
)
from kepu.people.writes.merging import merge_accounts, undo_merge
from kepu.people.writes.moves import apply_moves, arrange_move, call_off_move, set_backbones
from kepu.people.writes.renaming import add_unit, apply_names, call_off_renaming, close_unit, rename_unit
from kepu.regions import reads as regions

TODAY = date(2021, 7, 1)
CERTIFIED = date(2021, 6, 1)


@pytest.fixture
def keeper(db: None) -> int:
    """The town's clerk."""
    land.settle()
    return land.staff(90, Role.TOWN_CLERK, TOWN, "周审")


@pytest.fixture
def member(keeper: int) -> int:
    """A communicator of 同福村 since the first of June."""
    home = unit_in(TOWN, "同福村")
    return writes.enroll_many([land.enrolled(1, home, certified_at=NOW - 30 * DAY)], now=NOW)[0]


def unit_of(account):
    """The name of the unit in the register."""
    return reads.profile(account).unit_name


def test_a_move_today_is_in_the_register_at_once_and_the_history_has_both(keeper, member):
    other = unit_in(TOWN, "插旗村")
    assert arrange_move(member, other, TODAY, keeper, NOW) is None
    assert unit_of(member) == "插旗村"
    assert reads.standing_many([member])[member].unit == other
    assert reads.certification_of(member).unit == other
    assert [(each.unit_name, each.since_day, each.until_day) for each in memberships(member)] == [
        ("同福村", CERTIFIED, TODAY),
        ("插旗村", TODAY, None),
    ]


def test_a_move_to_come_waits_for_its_day_and_is_done_once(keeper, member):
    other, day = unit_in(TOWN, "插旗村"), TODAY + timedelta(days=10)
    assert arrange_move(member, other, day, keeper, NOW) is None
    assert unit_of(member) == "同福村"
    assert apply_moves(NOW + 9 * DAY) == 0
    assert arrange_move(member, other, TODAY, keeper, NOW) is RegisterNo.CHANGE_WAITS
    assert apply_moves(NOW + 10 * DAY) == 1
    assert apply_moves(NOW + 10 * DAY) == 0
    assert unit_of(member) == "插旗村"


def test_a_move_called_off_leaves_the_person_where_they_are(keeper, member):
    arrange_move(member, unit_in(TOWN, "插旗村"), TODAY + timedelta(days=10), keeper, NOW)
    assert call_off_move(member, keeper) is None
    assert call_off_move(member, keeper) is RegisterNo.UNKNOWN
    assert apply_moves(NOW + 20 * DAY) == 0
    assert [each.until_day for each in memberships(member)] == [None]


@pytest.mark.parametrize(
    ("days", "answer"),
    [
        (-31, RegisterNo.DAY_WRONG),
        (-30, None),
        (-5, None),
        (366, None),
        (367, RegisterNo.DAY_WRONG),
    ],
)
def test_a_move_is_not_before_the_certification_nor_over_a_year_ahead(keeper, member, days, answer):
    day = TODAY + timedelta(days=days)
    assert arrange_move(member, unit_in(TOWN, "插旗村"), day, keeper, NOW) is answer


def test_a_second_move_comes_after_the_first(keeper, member):
    arrange_move(member, unit_in(TOWN, "插旗村"), TODAY - timedelta(days=5), keeper, NOW)
    back = unit_in(TOWN, "同福村")
    assert arrange_move(member, back, TODAY - timedelta(days=5), keeper, NOW) is RegisterNo.DAY_WRONG
    assert arrange_move(member, back, TODAY - timedelta(days=4), keeper, NOW) is None
    assert [each.unit_name for each in memberships(member)] == ["同福村", "插旗村", "同福村"]


def test_nobody_moves_whom_they_do_not_keep_nor_themselves(keeper, member):
    far = unit_in(OTHER_TOWN)
    assert arrange_move(member, far, TODAY, keeper, NOW) is RegisterNo.UNIT_WRONG
    assert arrange_move(member, unit_in(TOWN, "同福村"), TODAY, keeper, NOW) is RegisterNo.SAME_UNIT
    stranger = land.staff(91, Role.TOWN_CLERK, OTHER_TOWN)
    assert arrange_move(member, far, TODAY, stranger, NOW) is RegisterNo.UNKNOWN
    unit_clerk = land.staff(92, Role.UNIT_CLERK, "430623110215")
    assert arrange_move(member, unit_in(TOWN, "插旗村"), TODAY, unit_clerk, NOW) is RegisterNo.UNKNOWN
    officer = land.staff(93, Role.COUNTY_OFFICER, COUNTY)
    assert arrange_move(member, far, TODAY, officer, NOW) is None
    assert reads.certification_of(member).town == OTHER_TOWN
    assert arrange_move(member, unit_in(TOWN), TODAY, member, NOW) is RegisterNo.UNKNOWN


def test_who_is_certified_anew_elsewhere_has_it_in_the_history(keeper, member):
    writes.revoke_certification(member, keeper, "已搬离", NOW)
    writes.submit_certification(member, land.application(TOWN, unit=unit_in(TOWN, "插旗村")), NOW + DAY)
    writes.approve_certification(member, keeper, NOW + 2 * DAY)
    assert [(each.unit_name, each.since_day) for each in memberships(member)] == [
        ("同福村", CERTIFIED),
        ("插旗村", TODAY + timedelta(days=2)),
    ]


def test_backbones_are_marked_together_each_with_a_step(keeper, member, django_assert_max_num_queries):
    home, far = unit_in(TOWN, "同福村"), unit_in(OTHER_TOWN)
    second, outside = writes.enroll_many([land.enrolled(2, home), land.enrolled(3, far)], now=NOW)
    with django_assert_max_num_queries(9):
        changed = set_backbones([member, second, outside, 10**12], True, keeper, NOW)
    assert changed == [(account, "赵大勇", "430623110215") for account in (member, second)]
    assert set_backbones([member, second], True, keeper, NOW) == []
    assert Communicator.objects.filter(is_backbone=True).count() == 2
    assert CertificationStep.objects.filter(stated__is_backbone=True).count() == 2
    assert len(set_backbones([member], False, keeper, NOW)) == 1


def test_a_merged_account_is_closed_into_the_other_and_undone_stands_as_before(keeper, member):
    home = unit_in(TOWN, "同福村")
    (double,) = writes.enroll_many([land.enrolled(2, home, is_backbone=True)], now=NOW)
    writes.open_staff_account(phone(2), "赵大勇", PASSWORD, int(COUNTY), NOW)
    assert [each.account for each in doubles_of(member, (TOWN,))] == [double]
    before = list(Certification.objects.filter(account=double).values())
    merge = merge_accounts(member, double, keeper, NOW)
    assert isinstance(merge, int)
    assert (reads.profile(double), reads.account(double)) == (None, None)
    assert unit_of(member) == "同福村"
    assert writes.sign_in_with_password(phone(2), PASSWORD, NETWORK, NOW) == Refused(Refusal.SIGN_IN_WRONG)
    assert reads.certification_of(double).state is CertificationState.REVOKED
    assert merge_accounts(member, double, keeper, NOW) is RegisterNo.MERGED_ALREADY
    (row,) = merges_of(member)
    assert (row.other, row.is_kept, row.undone_at) == (double, True, None)
    assert undo_merge(merge, keeper, NOW + DAY) is None
    assert undo_merge(merge, keeper, NOW + DAY) is RegisterNo.UNKNOWN
    assert reads.profile(double).is_backbone
    assert list(Certification.objects.filter(account=double).values()) == before
    assert not isinstance(writes.sign_in_with_password(phone(2), PASSWORD, NETWORK, NOW + DAY), Refused)
    assert isinstance(merge_accounts(member, double, keeper, NOW + DAY), int)


def test_what_may_not_be_merged_stays(keeper, member):
    (outside,) = writes.enroll_many([land.enrolled(3, unit_in(OTHER_TOWN))], now=NOW)
    colleague = land.staff(91, Role.UNIT_CLERK, "430623110215")
    officer = land.staff(93, Role.COUNTY_OFFICER, COUNTY)
    far = land.staff(94, Role.COUNTY_OFFICER, OTHER_COUNTY)
    cases = [
        ((member, member), keeper, RegisterNo.SAME_ACCOUNT),
        ((member, outside), keeper, RegisterNo.UNKNOWN),
        ((member, outside), far, RegisterNo.UNKNOWN),
        ((member, keeper), keeper, RegisterNo.OWN),
        ((member, colleague), officer, RegisterNo.IS_STAFF),
        ((colleague, member), officer, RegisterNo.NOT_CERTIFIED),
    ]
    for pair, by, answer in cases:
        assert merge_accounts(*pair, by, NOW) is answer
    assert not Merge.objects.exists()


def test_who_closes_the_kept_account_closes_the_merged_one_too(keeper, member):
    (double,) = writes.enroll_many([land.enrolled(2, unit_in(TOWN), name="欧阳翠花")], now=NOW)
    merge = merge_accounts(member, double, keeper, NOW)
    writes.close_account(member, NOW + DAY)
    assert Account.objects.get(pk=double).closed_at == NOW + DAY
    assert not Communicator.objects.exclude(name="").exists()
    assert undo_merge(merge, keeper, NOW + DAY) is RegisterNo.UNKNOWN


def test_a_unit_named_anew_bears_the_name_from_its_day_and_bore_the_old_one_before(keeper, member):
    unit, day = unit_in(TOWN, "同福村"), TODAY + timedelta(days=3)
    assert rename_unit(unit, "新同福村", "430623110299", day, keeper, NOW) is None
    assert unit_of(member) == "同福村"
    assert rename_unit(unit, "再改", "430623110215", day, keeper, NOW) is RegisterNo.CHANGE_WAITS
    assert apply_names(NOW + 2 * DAY) == 0
    assert apply_names(NOW + 3 * DAY) == 1
    assert apply_names(NOW + 3 * DAY) == 0
    assert (unit_of(member), reads.profile(member).division) == ("新同福村", "430623110299")
    assert regions.division("430623110299").name == "新同福村"
    assert regions.division("430623110215") is not None
    assert [(each.name, each.division, each.since_day) for each in names_of(unit)] == [
        ("同福村", "430623110215", None),
        ("新同福村", "430623110299", day),
    ]
    known = {(row.division, row.name): row.id for row in reads.units_ever_within(TOWN)}
    assert known["430623110215", "同福村"] == known["430623110299", "新同福村"] == unit


def test_a_change_called_off_never_comes(keeper):
    unit = unit_in(TOWN, "同福村")
    rename_unit(unit, "新同福村", "430623110215", TODAY + timedelta(days=3), keeper, NOW)
    assert call_off_renaming(unit, keeper) is None
    assert call_off_renaming(unit, keeper) is RegisterNo.UNKNOWN
    assert apply_names(NOW + 9 * DAY) == 0
    assert [(each.name, each.is_applied) for each in names_of(unit)] == [("同福村", True)]


@pytest.mark.parametrize(
    ("name", "code", "answer"),
    [
        ("同", "430623110215", RegisterNo.NAME_WRONG),
        ("<b>村", "430623110215", RegisterNo.NAME_WRONG),
        ("同福村", "430623110215", RegisterNo.NOTHING_CHANGED),
        ("同福村", "43062311021", RegisterNo.CODE_WRONG),
        ("同福村", "430624100215", RegisterNo.CODE_WRONG),
        ("同福村", "430623101215", RegisterNo.CODE_WRONG),
        ("同福村", "430623999215", RegisterNo.CODE_WRONG),
        ("同福村", "430623110217", RegisterNo.CODE_TAKEN),
        ("插旗村", "430623110217", RegisterNo.NAME_TAKEN),
        ("新同福村", "430623110215", None),
    ],
)
def test_what_a_unit_may_be_called(keeper, name, code, answer):
    assert rename_unit(unit_in(TOWN, "同福村"), name, code, TODAY, keeper, NOW) is answer


def test_a_unit_is_added_and_closed_when_it_is_empty(keeper, member):
    unit = add_unit("月塘社区", UnitKind.COMMUNITY, "430623110003", keeper, NOW)
    assert isinstance(unit, int)
    assert add_unit("月塘社区", UnitKind.COMMUNITY, "430623110003", keeper, NOW) is RegisterNo.NAME_TAKEN
    assert add_unit("月塘二社区", UnitKind.COMMUNITY, "430623110003", keeper, NOW) is RegisterNo.CODE_TAKEN
    assert add_unit("月塘村", UnitKind.VILLAGE, OTHER_TOWN + "200", keeper, NOW) is RegisterNo.UNKNOWN
    assert isinstance(add_unit("卫生院", UnitKind.DEPARTMENTS, TOWN, keeper, NOW), int)
    home = unit_in(TOWN, "同福村")
    assert close_unit(home, True, keeper, NOW) is RegisterNo.UNIT_NOT_EMPTY
    arrange_move(member, unit, TODAY + timedelta(days=3), keeper, NOW)
    assert close_unit(unit, True, keeper, NOW) is RegisterNo.UNIT_NOT_EMPTY
    apply_moves(NOW + 3 * DAY)
    assert close_unit(home, True, keeper, NOW + 3 * DAY) is None
    assert home not in {row.id for row in reads.units_within(TOWN)}
    assert home in {row.id for row in reads.units_ever_within(TOWN)}
    stated = land.application(TOWN, unit=home)
    person = land.newcomer(5)
    assert writes.submit_certification(person, stated, NOW + 4 * DAY) == Refused(Refusal.UNIT_WRONG)
    assert close_unit(home, False, keeper, NOW + 4 * DAY) is None
    assert isinstance(writes.submit_certification(person, stated, NOW + 4 * DAY), int)


def test_the_register_is_read_inside_ones_divisions(keeper, member, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        page = register((TOWN,), "", "", 0, 25)
    assert [(row.name, row.people) for row in page.rows][:1] == [("机关、站所", 0)]
    assert {row.name: row.people for row in page.rows}["同福村"] == 1
    assert [row.name for row in register((TOWN,), "插旗", "", 0, 25).rows] == ["插旗村"]
    assert register_unit(unit_in(OTHER_TOWN), (TOWN,)) is None
    assert towns_of((COUNTY,)) == [(OTHER_TOWN, "三封寺镇"), (TOWN, "插旗镇")]
    rename_unit(unit_in(TOWN, "同福村"), "新同福村", "430623110215", TODAY, keeper, NOW)
    assert [row.name for row in register((TOWN,), "同福", "", 0, 25).rows] == ["新同福村"]
    assert not register((TOWN,), "", "", 0, 25, closed=True).rows
    assert Unit.objects.count() > 4


def test_a_move_that_waits_ends_with_the_certification_and_never_changes_a_new_application(keeper, member):
    officer = land.staff(91, Role.COUNTY_OFFICER, COUNTY)
    other, day = unit_in(TOWN, "插旗村"), TODAY + timedelta(days=10)
    assert arrange_move(member, other, day, keeper, NOW) is None
    assert isinstance(writes.revoke_certification(member, officer, "资料不实", NOW), int)
    anew = land.application(OTHER_TOWN)
    assert isinstance(writes.submit_certification(member, anew, NOW + DAY), int)
    assert apply_moves(NOW + 11 * DAY) == 0
    assert reads.certification_of(member).unit == anew.unit
    assert [each.until_day for each in memberships(member)][-1:] in ([], [None])


def test_a_merge_leaves_no_gap_in_the_history_of_the_closed_account(keeper, member):
    (kept,) = writes.enroll_many([land.enrolled(2, unit_in(TOWN, "同福村"))], now=NOW)
    assert arrange_move(member, unit_in(TOWN, "插旗村"), TODAY + timedelta(days=10), keeper, NOW) is None
    merge = merge_accounts(kept, member, keeper, NOW)
    assert undo_merge(merge, keeper, NOW) is None
    assert [(each.unit_name, each.since_day, each.until_day) for each in memberships(member)] == [
        ("同福村", CERTIFIED, None)
    ]


def test_a_merge_is_not_undone_into_a_unit_that_was_closed_meanwhile(keeper, member):
    (kept,) = writes.enroll_many([land.enrolled(2, unit_in(TOWN, "插旗村"))], now=NOW)
    home = unit_in(TOWN, "同福村")
    merge = merge_accounts(kept, member, keeper, NOW)
    assert close_unit(home, True, keeper, NOW) is None
    assert undo_merge(merge, keeper, NOW) is RegisterNo.UNIT_CLOSED
    assert (reads.profile(member), reads.account(member)) == (None, None)
    assert close_unit(home, False, keeper, NOW) is None
    assert undo_merge(merge, keeper, NOW) is None
    assert unit_of(member) == "同福村"


def test_a_move_left_behind_by_somebody_who_is_no_communicator_is_dropped_on_its_day(keeper, member):
    arrange_move(member, unit_in(TOWN, "插旗村"), TODAY + timedelta(days=10), keeper, NOW)
    Communicator.objects.filter(account=member).update(revoked_at=NOW)
    assert apply_moves(NOW + 10 * DAY) == 0
    assert [(each.unit_name, each.until_day) for each in memberships(member)] == [("同福村", None)]


def test_who_works_for_a_unit_goes_with_it_to_its_new_code(keeper, member):
    """The old code is free: another unit may bear it, whose people are none of theirs."""
    old, code, unit = "430623110215", "430623110299", unit_in(TOWN, "同福村")
    clerk, other = land.staff(91, Role.UNIT_CLERK, old), land.staff(92, Role.UNIT_CLERK, old)
    writes.grant_scope(other, Role.UNIT_CLERK, code, NOW)
    assert rename_unit(unit, "新同福村", code, TODAY, keeper, NOW) is None
    assert isinstance(add_unit("老河村", UnitKind.VILLAGE, old, keeper, NOW), int)
    assert reads.scopes_of(clerk) == reads.scopes_of(other) == {(Role.UNIT_CLERK, code)}


def test_departments_that_take_another_code_leave_the_clerks_of_their_town(keeper):
    officer = land.staff(91, Role.COUNTY_OFFICER, COUNTY)
    unit = next(row.id for row in reads.units_within(TOWN) if row.division == TOWN)
    assert rename_unit(unit, "迁走的站所", OTHER_TOWN, TODAY, officer, NOW) is None
    assert reads.scopes_of(keeper) == {(Role.TOWN_CLERK, TOWN)}
