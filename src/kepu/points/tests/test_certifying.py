"""Being certified earns once a person, and never for what was before the campaign."""

from datetime import timedelta

import pytest

from kepu.campaigns import writes as campaigns
from kepu.campaigns.rules import Kind
from kepu.ledger import reads as ledger
from kepu.people import writes as people
from kepu.people.reads.approvals import first_approvals
from kepu.people.reads.certifications import certification_of
from kepu.points import tasks, writes
from kepu.points.models import QuizResult, Reached
from kepu.points.rules import Marked
from kepu.points.tests.conftest import NOON, enrol, sheet_text
from kepu.points.writes import certifying

LATER = NOON + timedelta(minutes=2)


def certifications(person):
    return [each for each in ledger.statement(person, None, 100) if each.kind == Kind.CERTIFICATION]


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


def test_certified_anew_earns_nothing_anew(wang):
    follow(LATER)
    people.revoke_certification  # noqa: B018 - exists; the steps are what counts
    step = certification_of(wang).step
    assert first_approvals(step, LATER, 100) == ([], step)
    approvals, reached = first_approvals(0, LATER, 100)
    assert [each.account for each in approvals] == [wang]
    assert reached >= step


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
    writes.answer_quiz(wang, (7, "farming"), Marked((True,)), counts=False, now=NOON)
    tasks.each_minute(LATER)
    assert {each.kind for each in ledger.statement(wang, None, 10)} == {Kind.CERTIFICATION, Kind.QUIZ}
    assert QuizResult.objects.get().is_booked


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
