"""Certification: every transition, who may make it, and the history it leaves."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kepu.kit import clock
from kepu.kit.tests.depth import cases
from kepu.people import reads, writes
from kepu.people.models import Account, Certification, CertificationStep, Communicator, Unit
from kepu.people.reads.certifications import Sought, waiting_and_overdue
from kepu.people.rules import CertificationState, Refusal, Refused, Role
from kepu.people.tests import land
from kepu.people.tests.land import (
    COUNTY,
    DAY,
    FAR_TOWN,
    NOW,
    OTHER_COUNTY,
    OTHER_TOWN,
    TOWN,
    applicant,
    application,
    newcomer,
    staff,
    unit_in,
)

pytestmark = pytest.mark.django_db
S = CertificationState


@pytest.fixture
def clerk(country):
    return staff(90, Role.TOWN_CLERK, TOWN, "周审")


@pytest.fixture
def person(country):
    return applicant(1)


def state(account):
    return reads.certification_of(account).state


def certified(account):
    return reads.standing_many([account])[account].is_certified


def test_a_submitted_application_waits_with_a_deadline(person):
    row = reads.certification_of(person)
    assert row.state is S.SUBMITTED
    assert (row.name, row.unit_name, row.town_name) == ("王秀英", "向阳街社区", "湖南省岳阳市华容县插旗镇")
    assert row.review_due_at == clock.start_of(clock.day_of(NOW) + timedelta(days=4))
    assert not certified(person)
    assert reads.profile(person) is None


def test_approval_makes_a_communicator_of_the_unit(person, clerk):
    assert isinstance(writes.approve_certification(person, clerk, NOW + DAY), int)
    profile = reads.profile(person)
    assert (profile.name, profile.unit_name, profile.division) == ("王秀英", "向阳街社区", "430623110001")
    assert profile.certified_at == NOW + DAY
    assert not profile.is_backbone
    assert certified(person)
    assert Account.objects.get(pk=person).display_name == "王秀英"


def test_a_return_says_what_to_mend_and_the_next_submission_states_it_anew(person, clerk):
    writes.return_certification(person, clerk, " 姓名和身份证不一致 ", NOW)
    row = reads.certification_of(person)
    assert (row.state, row.reason) == (S.RETURNED, "姓名和身份证不一致")
    again = writes.submit_certification(person, application(OTHER_TOWN, name="王秀瑛"), NOW + DAY)
    assert isinstance(again, int)
    row = reads.certification_of(person)
    assert (row.state, row.reason, row.name, row.town) == (S.SUBMITTED, "", "王秀瑛", OTHER_TOWN)


def test_a_revoked_person_is_no_communicator_and_may_apply_again(person, clerk):
    writes.approve_certification(person, clerk, NOW)
    writes.set_backbone(person, True, clerk, NOW)
    assert isinstance(writes.revoke_certification(person, clerk, "已搬离本镇", NOW + DAY), int)
    assert not certified(person)
    assert reads.profile(person) is None
    writes.submit_certification(person, application(), NOW + 2 * DAY)
    assert not certified(person)
    writes.approve_certification(person, clerk, NOW + 3 * DAY)
    profile = reads.profile(person)
    assert certified(person)
    assert profile.certified_at == NOW  # no new registration
    assert not profile.is_backbone


def test_the_history_keeps_every_step_and_what_was_stated_then(person, clerk):
    writes.return_certification(person, clerk, "单位不对", NOW)
    writes.submit_certification(person, application(name="王秀瑛"), NOW + DAY)
    writes.approve_certification(person, clerk, NOW + DAY)
    writes.set_backbone(person, True, clerk, NOW + DAY)
    writes.revoke_certification(person, clerk, "重复注册", NOW + 2 * DAY)
    steps = CertificationStep.objects.order_by("pk")
    assert [(step.state, step.acted_by_id, step.reason, step.stated["name"]) for step in steps] == [
        (S.SUBMITTED, person, "", "王秀英"),
        (S.RETURNED, clerk, "单位不对", "王秀英"),
        (S.SUBMITTED, person, "", "王秀瑛"),
        (S.APPROVED, clerk, "", "王秀瑛"),
        (S.APPROVED, clerk, "", "王秀瑛"),
        (S.REVOKED, clerk, "重复注册", "王秀瑛"),
    ]
    assert [step.is_backbone for step in reads.steps_of(person, names=True)] == [
        None,
        None,
        None,
        None,
        True,
        None,
    ]


def test_a_step_is_neither_edited_nor_deleted(person):
    step = CertificationStep.objects.get()
    with pytest.raises(AssertionError):
        step.save()
    with pytest.raises(AssertionError):
        step.delete()


def test_the_applicant_does_not_read_who_decided(person, clerk):
    writes.return_certification(person, clerk, "单位不对", NOW)
    assert [step.actor for step in reads.steps_of(person, names=False)] == ["", ""]
    assert [step.by_applicant for step in reads.steps_of(person, names=False)] == [True, False]
    assert [step.actor for step in reads.steps_of(person, names=True)] == ["王秀英", "周审"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "王"}, Refusal.NAME_WRONG),
        ({"name": "<b>王秀英</b>"}, Refusal.NAME_WRONG),
        ({"town": ""}, Refusal.TOWN_WRONG),
        ({"town": COUNTY}, Refusal.TOWN_WRONG),
        ({"town": "43062311%"}, Refusal.UNIT_WRONG),
        ({"unit": 0}, Refusal.UNIT_WRONG),
        ({"unit": 2**70}, Refusal.UNIT_WRONG),
        ({"unit": -1}, Refusal.UNIT_WRONG),
        ({"applicant_type": "king"}, Refusal.TYPE_WRONG),
        ({"association": 0}, Refusal.ASSOCIATION_WRONG),
        ({"association": 2**70}, Refusal.ASSOCIATION_WRONG),
    ],
)
def test_a_field_that_cannot_stand_changes_nothing(country, changes, refusal):
    account = newcomer(1)
    assert writes.submit_certification(account, application(**changes), NOW) == Refused(refusal)
    assert not Certification.objects.exists()


def test_a_unit_must_lie_in_the_town(country):
    stated = application(TOWN, unit=unit_in(FAR_TOWN))
    assert writes.submit_certification(newcomer(1), stated, NOW) == Refused(Refusal.UNIT_WRONG)


def test_what_is_being_looked_at_stays_as_it_is(person, clerk):
    assert writes.submit_certification(person, application(), NOW) == Refused(Refusal.ALREADY_SUBMITTED)
    writes.approve_certification(person, clerk, NOW)
    assert writes.submit_certification(person, application(), NOW) == Refused(Refusal.ALREADY_CERTIFIED)
    assert CertificationStep.objects.count() == 2


ACTS = {
    "approve": lambda account, by, **seen: writes.approve_certification(account, by, NOW, **seen),
    "return": lambda account, by, **seen: writes.return_certification(account, by, "请修改", NOW, **seen),
    "revoke": lambda account, by, **seen: writes.revoke_certification(account, by, "撤销", NOW, **seen),
    "backbone": lambda account, by: writes.set_backbone(account, True, by, NOW),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.TOWN_CLERK, OTHER_TOWN),
        (Role.TOWN_CLERK, FAR_TOWN),
        (Role.COUNTY_OFFICER, OTHER_COUNTY),
        (Role.EDITOR, ""),
        (Role.UNIT_CLERK, "430623110001"),
    ],
)
def test_nobody_decides_outside_their_scope(person, clerk, act, role, division):
    other = staff(91, role, division)
    if act in ("revoke", "backbone"):
        writes.approve_certification(person, clerk, NOW)
    before = (state(person), CertificationStep.objects.count())
    assert ACTS[act](person, other) == Refused(Refusal.UNKNOWN)
    assert (state(person), CertificationStep.objects.count()) == before
    assert reads.application(person, reads.scopes_of(other)) is None


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.TOWN_CLERK, TOWN),
        (Role.COUNTY_OFFICER, COUNTY),
        (Role.CITY_OFFICER, "4306"),
        (Role.OPERATOR, ""),
    ],
)
def test_whoever_reviews_above_the_town_decides(person, role, division):
    reviewer = staff(91, role, division)
    assert isinstance(ACTS["approve"](person, reviewer), int)


def test_people_without_a_scope_decide_nothing(person):
    for act in ACTS.values():
        assert act(person, newcomer(50)) == Refused(Refusal.UNKNOWN)
        assert act(person, person) == Refused(Refusal.UNKNOWN)
        assert act(person, 10**12) == Refused(Refusal.UNKNOWN)


def test_a_scope_taken_away_counts_at_once(person, clerk):
    writes.revoke_scope(clerk, Role.TOWN_CLERK, TOWN)
    assert ACTS["approve"](person, clerk) == Refused(Refusal.UNKNOWN)


def test_nobody_decides_on_themself(clerk):
    writes.submit_certification(clerk, application(), NOW)
    assert ACTS["approve"](clerk, clerk) == Refused(Refusal.OWN_APPLICATION)
    assert ACTS["return"](clerk, clerk) == Refused(Refusal.OWN_APPLICATION)
    assert state(clerk) is S.SUBMITTED


@pytest.mark.parametrize("reason", ["", "   ", "理" * 401, "a\x00b"])
def test_a_reason_is_given(person, clerk, reason):
    assert writes.return_certification(person, clerk, reason, NOW) == Refused(Refusal.REASON_MISSING)
    assert state(person) is S.SUBMITTED


def test_a_decision_on_what_was_not_seen_is_refused(person, clerk):
    seen = reads.certification_of(person).step
    writes.return_certification(person, clerk, "请修改", NOW, seen=seen)
    writes.submit_certification(person, application(name="王秀瑛"), NOW)
    assert ACTS["approve"](person, clerk, seen=seen) == Refused(Refusal.CHANGED_SINCE)
    assert (
        ACTS["approve"](person, clerk, seen=reads.certification_of(person).step)
        == CertificationStep.objects.latest("pk").pk
    )


ALLOWED = {
    (None, "submit"): S.SUBMITTED,
    (S.SUBMITTED, "approve"): S.APPROVED,
    (S.SUBMITTED, "return"): S.RETURNED,
    (S.RETURNED, "submit"): S.SUBMITTED,
    (S.APPROVED, "revoke"): S.REVOKED,
    (S.APPROVED, "backbone"): S.APPROVED,
    (S.REVOKED, "submit"): S.SUBMITTED,
}


@given(st.lists(st.sampled_from(["submit", *ACTS]), max_size=12))
@hypothesis_settings(max_examples=cases(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_follows_the_table_and_leaves_a_step_for_each_change(clerk, acts):
    CertificationStep.objects.all().delete()
    Communicator.objects.all().delete()
    Certification.objects.all().delete()
    account, now_state, kept = newcomer(1), None, 0
    for act in acts:
        outcome = (
            writes.submit_certification(account, application(), NOW)
            if act == "submit"
            else ACTS[act](account, clerk)
        )
        allowed = ALLOWED.get((now_state, act))
        assert isinstance(outcome, int) is (allowed is not None)
        if allowed is not None:
            now_state, kept = allowed, kept + 1
        row = reads.certification_of(account)
        assert (row.state if row else None) is now_state
        assert certified(account) is (now_state is S.APPROVED)
        assert CertificationStep.objects.count() == kept


def test_the_queue_shows_the_most_urgent_first_and_only_the_scope(clerk):
    late, other, early = applicant(1), applicant(2, OTHER_TOWN), applicant(3)
    Certification.objects.filter(account=early).update(review_due_at=NOW)
    officer = staff(92, Role.COUNTY_OFFICER, COUNTY)

    def seen(by, **options):
        return [row.account for row in reads.queue(reads.scopes_of(by), 0, 25, Sought(**options)).rows]

    assert seen(clerk) == [early, late]
    assert seen(officer) == [early, late, other]
    assert seen(clerk, due_before=NOW + DAY) == [early]
    writes.approve_certification(early, clerk, NOW)
    assert seen(clerk) == [late]
    assert seen(clerk, state=S.APPROVED) == [early]
    assert seen(clerk, state=None) == [early, late]
    assert waiting_and_overdue(reads.scopes_of(clerk), NOW) == (1, 0)
    assert reads.queue(frozenset(), 0, 25).rows == ()
    assert waiting_and_overdue(frozenset({(Role.EDITOR, "")}), NOW) == (0, 0)


def test_the_queue_is_bounded_and_goes_on(clerk):
    for number in range(1, 8):
        applicant(number)
    scopes = reads.scopes_of(clerk)
    first = reads.queue(scopes, 0, 5)
    second = reads.queue(scopes, first.next_start, 5)
    assert (len(first.rows), first.next_start, len(second.rows), second.next_start) == (5, 5, 2, None)
    assert not {row.account for row in first.rows} & {row.account for row in second.rows}
    with pytest.raises(AssertionError):
        reads.queue(scopes, 0, 1_000)


def test_what_the_reads_and_writes_cost(clerk, django_assert_num_queries):
    for number in range(1, 6):
        applicant(number)
    person, scopes = applicant(9), reads.scopes_of(clerk)
    with django_assert_num_queries(2):
        reads.queue(scopes, 0, 25)
    with django_assert_num_queries(1):
        waiting_and_overdue(scopes, NOW)
    with django_assert_num_queries(2):
        reads.certification_of(person)
    with django_assert_num_queries(2):
        reads.application(person, scopes)
    with django_assert_num_queries(1):
        reads.steps_of(person, names=True)
    with django_assert_num_queries(1):
        reads.scopes_of(clerk)
    for act in ("approve", "backbone", "revoke"):
        with CaptureQueriesContext(connection) as queries:
            ACTS[act](person, clerk)
        assert len(queries) <= 11  # two of them are the test's savepoint
    with CaptureQueriesContext(connection) as queries:
        writes.submit_certification(person, application(), datetime(2021, 7, 2, tzinfo=NOW.tzinfo))
    assert len(queries) <= 11


def test_nobody_is_certified_into_a_unit_that_was_closed_meanwhile(country):
    account, clerk = land.applicant(1), land.staff(90, Role.TOWN_CLERK, land.TOWN)
    Unit.objects.filter(pk=land.unit_in(land.TOWN)).update(closed_day=clock.day_of(NOW))
    assert writes.approve_certification(account, clerk, NOW) == Refused(Refusal.UNIT_CLOSED)
    assert reads.profile(account) is None
    assert isinstance(writes.return_certification(account, clerk, "请另选单位", NOW), int)


@pytest.mark.parametrize("gone", ["closed", "merged"])
def test_nothing_is_submitted_for_an_account_that_is_gone(country, gone):
    """Its owner pressed the button on a page that was open still."""
    account = newcomer(1)
    Account.objects.filter(pk=account).update(is_active=False)
    if gone == "closed":
        assert writes.close_account(account, NOW) is None
    assert writes.submit_certification(account, application(), NOW) == Refused(Refusal.UNKNOWN)
    assert not Certification.objects.exists()
