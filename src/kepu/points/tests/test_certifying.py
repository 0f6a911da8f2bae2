"""Being certified earns once a person, and never for what was before the campaign."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from kepu.campaigns import writes as campaigns
from kepu.campaigns.rules import Kind
from kepu.ledger import reads as ledger
from kepu.people import writes as people
from kepu.people.reads.approvals import approvals
from kepu.people.reads.certifications import certification_of
from kepu.people.rules import ApplicantType, Application, Role
from kepu.points import tasks, writes
from kepu.points.models import QuizResult, Reached
from kepu.points.rules import Marked
from kepu.points.tests.conftest import NOON, enrol, sheet_text
from kepu.points.writes import certifying

LATER = NOON + timedelta(minutes=2)
RICE, RIGHT = (7, "farming"), Marked((True,))


def certifications(person):
    return [each for each in ledger.statement(person, None, 100) if each.kind == Kind.CERTIFICATION]


def quizzes(person):
    return [each for each in ledger.statement(person, None, 100) if each.kind == Kind.QUIZ]


@pytest.fixture
def reviewer(sheet):
    """Somebody who decides on certifications in the county."""
    made = people.open_staff_account("13800009999", "周审", "correct horse 42", 430623, NOON)
    assert isinstance(made, int)
    assert people.grant_scope(made, Role.COUNTY_OFFICER, "430623", NOON) is None
    return made


def revoke(person, by, now):
    assert isinstance(people.revoke_certification(person, by, "资料有误", now), int)


def certify_anew(person, by, now):
    known = certification_of(person)
    unit, association = known.unit, known.association
    stated = Application(known.name, known.town, unit, ApplicantType.TOWN.value, association)
    assert isinstance(people.submit_certification(person, stated, now), int)
    assert isinstance(people.approve_certification(person, by, now), int)


def follow(now):
    while writes.credit_certifications(now):
        pass


def test_whoever_is_certified_is_credited_once(wang, li):
    follow(LATER)
    follow(LATER + timedelta(days=1))
    assert [[each.points for each in certifications(person)] for person in (wang, li)] == [[20], [20]]


def test_cut_off_before_the_place_was_kept_nobody_is_credited_twice(wang, li):
    follow(LATER)
    Reached.objects.all().delete()
    follow(LATER + timedelta(days=1))
    assert len(certifications(wang)) == 1


def test_certified_anew_earns_nothing_anew(wang, reviewer):
    follow(LATER)
    before = certification_of(wang).step
    revoke(wang, reviewer, LATER)
    certify_anew(wang, reviewer, LATER)
    anew, reached = approvals(before, LATER, 100)
    assert [(each.account, each.is_first) for each in anew] == [(wang, False)]
    assert reached > before
    follow(LATER + timedelta(minutes=2))
    assert len(certifications(wang)) == 1


def test_whoever_was_certified_before_the_sheet_opened_earns_nothing(county):
    early = enrol("13800001234", "王秀英", NOON.replace(year=2020))
    campaigns.publish_sheet(sheet_text(), by="张三", signed_off_by="李四", now=NOON)
    late = enrol("13800005678", "李建国", NOON)
    follow(LATER)
    assert certifications(early) == []
    assert len(certifications(late)) == 1


def test_without_a_rule_for_it_nothing_is_written_and_nothing_made_up_for(county):
    plain = sheet_text().replace("[earnings.certification]\npoints = 20\nper_day_max = 1\n", "")
    campaigns.publish_sheet(plain, by="张三", signed_off_by="李四", now=NOON)
    person = enrol("13800001234", "王秀英", NOON)
    follow(LATER)
    campaigns.publish_sheet(sheet_text(), by="张三", signed_off_by="李四", now=NOON + timedelta(hours=1))
    follow(NOON + timedelta(hours=2))
    assert certifications(person) == []


def test_a_step_is_followed_only_when_it_has_settled(wang):
    follow(NOON + timedelta(seconds=30))
    assert certifications(wang) == []
    follow(LATER)
    assert len(certifications(wang)) == 1


def test_quizzes_that_waited_are_counted(wang):
    writes.answer_quiz(wang, RICE, RIGHT, counts=False, now=NOON)
    tasks.each_minute(LATER)
    assert {each.kind for each in ledger.statement(wang, None, 10)} == {Kind.CERTIFICATION, Kind.QUIZ}
    assert QuizResult.objects.get().is_booked


def test_a_quiz_passed_between_two_certifications_is_counted_after_the_second(wang, reviewer):
    tasks.each_minute(LATER)
    revoke(wang, reviewer, LATER)
    writes.answer_quiz(wang, RICE, RIGHT, counts=False, now=LATER)
    tasks.each_minute(LATER + timedelta(minutes=2))
    assert quizzes(wang) == []
    certify_anew(wang, reviewer, LATER + timedelta(minutes=3))
    tasks.each_minute(LATER + timedelta(minutes=5))
    assert [each.points for each in quizzes(wang)] == [5]


def test_certified_and_revoked_before_anybody_looked_a_quiz_waits_on(wang, reviewer):
    writes.answer_quiz(wang, RICE, RIGHT, counts=False, now=NOON)
    revoke(wang, reviewer, NOON)
    tasks.each_minute(LATER)
    assert quizzes(wang) == []
    assert QuizResult.objects.get().is_held
    certify_anew(wang, reviewer, LATER)
    tasks.each_minute(LATER + timedelta(minutes=2))
    assert [each.points for each in quizzes(wang)] == [5]


def test_page_by_page_changes_nothing(wang, li, monkeypatch):
    monkeypatch.setattr(certifying, "FOLLOWED_AT_ONCE", 1)
    follow(LATER)
    assert len(certifications(wang)) == len(certifications(li)) == 1


@pytest.mark.parametrize("new", [False, True])
def test_it_costs_little(wang, new, django_assert_max_num_queries):
    if not new:
        follow(LATER)
    with django_assert_max_num_queries(16 if new else 2):
        writes.credit_certifications(LATER)


def test_one_who_cannot_be_credited_stops_nobody_else(wang, li, monkeypatch):
    commit = certifying.ledger.commit_batch

    def unless_wang(acts):
        assert wang not in [act.person for act in acts]
        return commit(acts)

    monkeypatch.setattr(certifying.ledger, "commit_batch", unless_wang)
    monkeypatch.setattr(certifying.ledger, "record", lambda act: unless_wang([act])[0])
    with capture_logs() as logs:
        follow(LATER)
    assert (len(certifications(wang)), len(certifications(li))) == (0, 1)
    assert [each.get("person") for each in logs] == [None, wang]
