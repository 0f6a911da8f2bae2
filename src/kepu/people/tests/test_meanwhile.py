"""What was asked for and what became of the register, the unit or the clerk's scope before it was done."""

import pytest

from kepu.people import reads, writes
from kepu.people.models import Account, Communicator, CounterEntry, Unit
from kepu.people.reads.rosters import memberships
from kepu.people.rules import CounterWay, Refusal, Refused, Role, UnitKind
from kepu.people.rules.registers import RegisterNo
from kepu.people.rules.rosters import RowTrouble
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, NOW, OTHER_TOWN, TOWN, phone, unit_in
from kepu.people.tests.test_at_once import at_once
from kepu.people.tests.test_rosters import BROUGHT, TODAY, enter_roster, table
from kepu.people.writes.appointing import appoint
from kepu.people.writes.counter import confirm_entry, enter_at_counter
from kepu.people.writes.merging import merge_accounts, undo_merge
from kepu.people.writes.moves import arrange_move
from kepu.people.writes.renaming import add_unit, close_unit, rename_unit
from kepu.people.writes.rosters import Plan, look_at_roster, plan_roster
from kepu.people.writes.rosters import enter_roster as enter_planned

ROWS = [("王秀英", phone(1), "同福村")]


@pytest.fixture
def keeper(db: None) -> int:
    """The town's clerk."""
    land.settle()
    return land.staff(90, Role.TOWN_CLERK, TOWN, "周审")


@pytest.fixture
def others(transactional_db: None) -> list[int]:
    """Two clerks of the town, for what is done at the same moment."""
    land.settle()
    return [land.staff(number, Role.TOWN_CLERK, TOWN) for number in (90, 91)]


def planned(keeper: int) -> tuple[int, str, Plan]:
    """A roster of one new person: its number, what its preview said, and its plan."""
    preview = look_at_roster(1, BROUGHT, table(*ROWS), keeper, NOW)
    plan = plan_roster(preview.number, table(*ROWS), preview.situation, keeper, NOW)
    assert isinstance(plan, Plan)
    return preview.number, preview.situation, plan


def test_a_clerk_who_went_to_another_town_enters_nobody_into_the_old_one(keeper):
    number, seen, plan = planned(keeper)
    writes.revoke_scope(keeper, Role.TOWN_CLERK, TOWN)
    writes.grant_scope(keeper, Role.TOWN_CLERK, OTHER_TOWN, NOW)
    assert enter_planned(plan, NOW) is None
    answer = enter_roster(number, table(*ROWS), seen, keeper, NOW)
    assert [fate.trouble[1] for fate in answer.fates] == [RowTrouble.UNIT_UNKNOWN]
    assert not Communicator.objects.exists()


@pytest.mark.parametrize("change", ["closed", "named anew"])
def test_a_unit_that_changed_between_plan_and_entering_gets_nobody(keeper, change):
    unit = unit_in(TOWN, "同福村")
    _number, _seen, plan = planned(keeper)
    if change == "closed":
        assert close_unit(unit, True, keeper, NOW) is None
    else:
        assert rename_unit(unit, "新同福村", "430623110299", TODAY, keeper, NOW) is None
    assert enter_planned(plan, NOW) is None
    assert not Communicator.objects.exists()


def entry_of(clerk: int) -> int:
    """What a clerk entered at the counter for somebody of 同福村."""
    entry = enter_at_counter(phone(1), land.application(TOWN, unit=unit_in(TOWN, "同福村")), clerk, NOW)
    assert isinstance(entry, int)
    return entry


def test_at_the_counter_nobody_applies_for_a_unit_that_was_closed_meanwhile(keeper):
    entry = entry_of(keeper)
    assert close_unit(unit_in(TOWN, "同福村"), True, keeper, NOW) is None
    assert confirm_entry(entry, CounterWay.FORM, keeper, NOW) == Refused(Refusal.UNIT_WRONG)
    assert CounterEntry.objects.get().confirmed_at is None


def test_a_clerk_whose_counter_was_taken_away_confirms_nobody_there(keeper):
    entry = entry_of(keeper)
    writes.revoke_scope(keeper, Role.TOWN_CLERK, TOWN)
    writes.grant_scope(keeper, Role.TOWN_CLERK, OTHER_TOWN, NOW)
    assert confirm_entry(entry, CounterWay.FORM, keeper, NOW) == Refused(Refusal.UNIT_WRONG)
    assert reads.account_with_phone(phone(1)) is None


def test_a_unit_that_is_closed_while_somebody_is_certified_into_it_has_nobody(others):
    """Whoever comes second sees what the first did: a closed unit stays empty."""
    one, two = others
    names = ("同福村", "插旗村")
    for number, name in enumerate(names, 1):
        person, unit = land.newcomer(number), unit_in(TOWN, name)
        mover = writes.enroll_many([land.enrolled(50 + number, unit_in(TOWN, "向阳街社区"))], now=NOW)[0]
        stated = land.application(TOWN, unit=unit)
        at_once(
            lambda person=person, stated=stated: writes.submit_certification(person, stated, NOW),
            lambda unit=unit: close_unit(unit, True, one, NOW),
            lambda person=person: writes.approve_certification(person, two, NOW),
            lambda mover=mover, unit=unit: arrange_move(mover, unit, TODAY, two, NOW),
            lambda unit=unit: close_unit(unit, True, two, NOW),
        )
        closed = Unit.objects.get(pk=unit).closed_day is not None
        assert not (closed and Communicator.objects.filter(unit=unit, revoked_at=None).exists())


def test_whoever_is_certified_while_the_unit_takes_another_code_has_the_new_one(others):
    one, two = others
    person, unit = land.newcomer(1), unit_in(TOWN, "同福村")
    writes.submit_certification(person, land.application(TOWN, unit=unit), NOW)
    at_once(
        lambda: writes.approve_certification(person, two, NOW),
        lambda: rename_unit(unit, "新同福村", "430623110299", TODAY, one, NOW),
    )
    assert Communicator.objects.get(account=person).division == "430623110299"


def test_of_a_role_given_and_one_taken_at_once_the_given_one_lets_in(others):
    account = others[0]
    at_once(
        lambda: writes.revoke_scope(account, Role.TOWN_CLERK, TOWN),
        lambda: writes.grant_scope(account, Role.UNIT_CLERK, "430623110215", NOW),
    )
    assert reads.scopes_of(account) == {(Role.UNIT_CLERK, "430623110215")}
    assert Account.objects.get(pk=account).is_staff


def test_a_role_given_while_the_account_is_closed_is_somebodys_who_can_sign_in(others):
    officer, person = land.staff(92, Role.COUNTY_OFFICER, COUNTY), land.newcomer(1)
    closing, given = at_once(
        lambda: writes.close_account(person, NOW),
        lambda: appoint(phone(1), "李新", (Role.TOWN_CLERK, TOWN), officer, NOW),
    )
    assert closing in (None, Refused(Refusal.STILL_STAFF))
    assert (given == person) is (closing is not None)
    assert reads.scopes_of(given) == {(Role.TOWN_CLERK, TOWN)}
    assert reads.account_with_phone(phone(1)) == given


def test_a_merge_undone_while_the_kept_account_is_closed_leaves_both_whole(others):
    """Neither waits for the other for ever; either the two stand apart and one is closed, or both are."""
    keeper, home = others[0], unit_in(TOWN)
    double, kept = writes.enroll_many([land.enrolled(1, home), land.enrolled(2, home)], now=NOW)
    merge = merge_accounts(kept, double, keeper, NOW)
    closing, parting = at_once(
        lambda: writes.close_account(kept, NOW), lambda: undo_merge(merge, keeper, NOW)
    )
    assert closing is None
    closed = Account.objects.get(pk=double).closed_at is not None
    assert parting is (RegisterNo.UNKNOWN if closed else None)
    assert Communicator.objects.filter(account=double, revoked_at=None).exists() is not closed


def test_a_merge_made_while_the_other_is_decided_on_restores_what_stood(others):
    keeper, second = others
    (kept,) = writes.enroll_many([land.enrolled(1, unit_in(TOWN))], now=NOW)
    double = land.applicant(2)
    _approved, merge = at_once(
        lambda: writes.approve_certification(double, second, NOW),
        lambda: merge_accounts(kept, double, keeper, NOW),
    )
    assert isinstance(merge, int)
    certified = Communicator.objects.filter(account=double).exists()
    assert undo_merge(merge, keeper, NOW) is None
    assert (reads.profile(double) is not None) is certified
    assert reads.certification_of(double).state == ("approved" if certified else "submitted")
    assert len(memberships(double)) == certified


def test_a_unit_added_twice_at_once_is_one(others):
    answers = at_once(
        *[lambda by=by: add_unit("月塘村", UnitKind.VILLAGE, "430623110230", by, NOW) for by in others],
        lambda: add_unit("月塘新村", UnitKind.VILLAGE, "430623110230", others[0], NOW),
    )
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert Unit.objects.filter(division="430623110230").count() == 1


def test_nobody_is_entered_in_bulk_into_a_closed_unit(keeper):
    unit = unit_in(TOWN, "同福村")
    assert close_unit(unit, True, keeper, NOW) is None
    with pytest.raises(AssertionError):
        writes.enroll_many([land.enrolled(1, unit)], now=NOW)
    assert reads.account_with_phone(phone(1)) is None
