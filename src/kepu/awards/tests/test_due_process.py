"""A round on a real ledger: what closing, freezing, publicity, objections and signing hold to."""

from datetime import date, timedelta

import pytest

from kepu.awards import models, reads, writes
from kepu.awards.rules import Answer, FinalWinner, NoObjection, NoRound, NoStep, Said, Stage, Step, Taken
from kepu.campaigns import reads as campaigns
from kepu.kit import clock
from kepu.ledger import reads as ledger_reads
from kepu.people.models import Account, StaffScope
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db(transaction=True)
ROUND = ("chaqi-2021", "annual")
CLOSING = clock.start_of(date(2021, 12, 1))
SAYS, SHOWS = "他8月2日的数不对，请查。", "当天他在医院，附住院单编号 0802。"
BECAUSE = "住院单属实，当天的记录不是本人所为。"


def at(month, day, year=2021, hour=10):
    return clock.start_of(date(year, month, day)) + timedelta(hours=hour)


@pytest.fixture
def people():
    """31 on the county's list, thirtieth and thirty-first 10 apart, and three officers; the round is over."""
    town.build()
    here = town.enrol(31)
    for place, person in enumerate(here):
        town.credit(person, 4000 - 10 * place, date(2021, 8, 2), place)
    officers = town.enrol(3, town.ZHUBEI)
    for number, officer in enumerate(officers):
        Account.objects.filter(pk=officer).update(display_name=f"干部{'甲乙丙'[number]}", is_staff=True)
        StaffScope.objects.create(
            account_id=officer, role=Role.COUNTY_OFFICER, division="430623", granted_at=town.JANUARY
        )
    return here, officers


def step(which, by, now, reason=""):
    if which is Step.FREEZE:
        return writes.freeze_round(*ROUND, reads.fresh_list(*ROUND), by, now)
    return writes.take_step(*ROUND, which, by, now, reason)


def publish(by):
    """Closed, judged, frozen and public from 7 to 13 December."""
    closed, issued = at(12, 1), at(12, 6)
    done = [step(Step.CLOSE, by, closed), writes.judge_round(*ROUND, by, closed)]
    done += [step(Step.FREEZE, by, issued), step(Step.PUBLISH, by, issued)]
    assert all(isinstance(each, Taken) for each in done), done


def number():
    return campaigns.campaign(ROUND[0]).number


def standing(person):
    place = models.Placing.objects.get(
        evaluation=reads.life(*ROUND).evaluation, person=person, division="430623"
    )
    return place.rank


def test_from_open_to_paid_with_an_objection_that_moves_rank_30(people):
    here, (maker, other, third) = people
    assert step(Step.CLOSE, maker, CLOSING - timedelta(seconds=1)) is NoStep.BEFORE_CLOSING
    assert step(Step.FREEZE, maker, CLOSING) is NoStep.NOT_NOW
    assert reads.final_winners(*ROUND) is NoRound.NOT_FINAL
    publish(maker)
    life = reads.life(*ROUND)
    assert (life.public_from, life.public_until) == (date(2021, 12, 7), date(2021, 12, 13))
    assert (standing(here[29]), standing(here[30])) == (30, 31)
    # The thirtieth brought 20 of that day by somebody else's hands, says the thirty-first.
    entry = ledger_reads.statement(here[29], None, 1)[0]
    filed = writes.file_objection(*ROUND, Said(here[30], "许三一", here[29], SAYS, SHOWS), at(12, 10))
    assert step(Step.SIGN, other, at(12, 14)) is NoStep.OPEN_OBJECTIONS
    upheld = Answer(True, BECAUSE, takes_back=((entry.book, entry.seq),), adds=((20210802, 3690),))
    assert writes.answer_objection(filed.id, upheld, maker, at(12, 14)) is NoObjection.NOT_INDEPENDENT
    answered = writes.answer_objection(filed.id, upheld, other, at(12, 14))
    assert answered.is_upheld
    assert reads.life(*ROUND).stage is Stage.EVALUATED
    assert step(Step.FREEZE, maker, at(12, 14)) is NoStep.CORRECTIONS_MISSING
    assert isinstance(writes.judge_round(*ROUND, maker, at(12, 14)), Taken)
    assert (standing(here[30]), standing(here[29])) == (30, 31)
    moved = reads.moved_between(*[row.pk for row in models.Evaluation.objects.order_by("pk")], "430623")
    assert [(each.person, each.rank_before, each.rank_after, each.change) for each in moved] == [
        (here[30], 31, 30, 0),
        (here[29], 30, 31, -20),
    ]
    # A new publicity period, from the day it is issued anew.
    assert isinstance(step(Step.FREEZE, maker, at(12, 15)), Taken)
    assert isinstance(step(Step.PUBLISH, maker, at(12, 15)), Taken)
    assert reads.life(*ROUND).public_until == date(2021, 12, 22)
    assert step(Step.SIGN, other, at(12, 22)) is NoStep.PUBLICITY_RUNS
    assert step(Step.SIGN, other, at(12, 23)).stage is Stage.PUBLIC
    assert step(Step.SIGN, other, at(12, 23)) is NoStep.SIGNED_ALREADY
    assert step(Step.TAKE_BACK, other, at(12, 23), "看错了").stage is Stage.PUBLIC
    assert step(Step.SIGN, other, at(12, 23)).stage is Stage.PUBLIC
    assert step(Step.SIGN, third, at(12, 24)).stage is Stage.FINAL
    winners = [each for each in reads.final_winners(*ROUND) if each.division == "430623"]
    assert all(isinstance(each, FinalWinner) for each in winners)
    assert [(each.person, each.amount) for each in winners[28:]] == [
        (here[28], 300),
        (here[30], 300),
        (here[29], 200),
    ]
    assert step(Step.AWARD, third, at(12, 27)).stage is Stage.AWARDED
    assert step(Step.PAY, third, at(12, 28)).stage is Stage.PAID
    gone = writes.revoke_award(*ROUND, (here[0], "430623"), third, at(12, 29), "冒用他人手机号")
    assert gone.stage is Stage.PAID
    again = writes.revoke_award(*ROUND, (here[0], "430623"), third, at(12, 29), "冒用他人手机号")
    assert again is NoStep.REVOKED_ALREADY
    left = reads.final_winners(*ROUND)
    assert (here[0], "430623") not in {(each.person, each.division) for each in left}
    assert [(each.person, each.reason) for each in reads.revocations(*ROUND)] == [(here[0], "冒用他人手机号")]


def test_late_figures_and_corrections_leave_the_list_alone(people):
    here, (maker, *_) = people
    publish(maker)
    before = reads.evaluation(reads.life(*ROUND).evaluation).body
    town.record(
        [
            town.act(here[30], at(12, 7))._replace(
                kind=9, article=0, volume=500, campaign=number(), version=1, day=20210802, note="迟到的数"
            )
        ]
    )
    assert sum(ledger_reads.volume_by_day(here[30], number(), 20210101, 20211231).values()) == 3700 + 500
    step(Step.WITHDRAW, maker, at(12, 8), "标题写错")
    writes.judge_round(*ROUND, maker, at(12, 8))
    assert reads.evaluation(reads.life(*ROUND).evaluation).body == before


def test_days_for_late_entries_are_waited_for():
    town.build(town.SAMPLE.replace("publicity_days_min = 5", "late_days = 10\npublicity_days_min = 5"))
    (officer,) = town.enrol(1)
    town.credit(officer, 3000, date(2021, 8, 2))
    closed = step(Step.CLOSE, 0, CLOSING)
    assert closed.details["counts_until"] == clock.start_of(date(2021, 12, 11)).isoformat()
    writes.judge_round(*ROUND, 0, CLOSING)
    town.record(
        [
            town.act(officer, at(12, 10))._replace(
                kind=9, article=0, volume=500, campaign=number(), version=1, day=20210802, note="补报"
            )
        ]
    )
    assert step(Step.FREEZE, 0, at(12, 10)) is NoStep.LATE_ENTRIES_COUNT
    assert step(Step.FREEZE, 0, at(12, 11)) is NoStep.OUTDATED
    writes.judge_round(*ROUND, 0, at(12, 11))
    assert step(Step.FREEZE, 0, at(12, 11)).stage is Stage.FROZEN
    assert models.Placing.objects.latest("pk").volume == 3500


FILED = [
    # what differs, on which day, why not
    ({}, at(12, 14), NoObjection.NOT_PUBLIC),
    ({"objector_name": " "}, at(12, 9), NoObjection.NO_NAME),
    ({"says": "不对"}, at(12, 9), NoObjection.TOO_SHORT),
    ({"evidence": ""}, at(12, 9), NoObjection.NO_EVIDENCE),
    ({"evidence": "长" * 2001}, at(12, 9), NoObjection.TOO_LONG),
    ({"about": 9_999}, at(12, 9), NoObjection.NOT_ON_LIST),
    ({"entered_by": 1}, at(12, 9), NoObjection.NOT_ALLOWED),
]


@pytest.mark.parametrize(("differs", "now", "why"), FILED)
def test_what_is_no_objection(people, differs, now, why):
    here, (maker, *_) = people
    publish(maker)
    said = {"objector": here[5], "objector_name": "许六", "about": here[1], "says": SAYS, "evidence": SHOWS}
    assert writes.file_objection(*ROUND, Said(**{**said, **differs}), now) is why
    assert not models.Objection.objects.exists()


def test_an_answer_is_given_once_by_somebody_independent_about_the_persons_own_entries(people):
    here, (maker, other, third) = people
    publish(maker)
    filed = writes.file_objection(*ROUND, Said(0, "路人王", here[1], SAYS, SHOWS, other), at(12, 9))
    theirs = ledger_reads.statement(here[2], None, 1)[0]
    refused = [
        (Answer(False, BECAUSE), maker, NoObjection.NOT_INDEPENDENT),
        (Answer(False, BECAUSE), other, NoObjection.NOT_INDEPENDENT),
        (Answer(False, BECAUSE), here[0], NoObjection.NOT_ALLOWED),
        (Answer(False, "不对"), third, NoObjection.NO_REASON),
        (Answer(True, BECAUSE), third, NoObjection.NO_CORRECTION),
        (Answer(True, BECAUSE, ((theirs.book, theirs.seq),)), third, NoObjection.NOT_THEIRS),
        (Answer(True, BECAUSE, (), ((20220101, -5),)), third, NoObjection.NOT_THEIRS),
        (Answer(True, BECAUSE, (), ((20210802, 0),)), third, NoObjection.BAD_VOLUME),
    ]
    for answer, by, why in refused:
        assert writes.answer_objection(filed.id, answer, by, at(12, 9)) is why
    assert reads.open_objections(*ROUND) == 1
    assert writes.answer_objection(filed.id, Answer(False, BECAUSE), third, at(12, 9)).is_upheld is False
    assert writes.answer_objection(filed.id, Answer(False, BECAUSE), third, at(12, 9)) is NoObjection.ANSWERED
    assert reads.life(*ROUND).stage is Stage.PUBLIC


def test_a_year_without_a_holiday_table_is_no_year_to_publish_in(people):
    _here, (maker, *_) = people
    step(Step.CLOSE, maker, at(12, 1))
    writes.judge_round(*ROUND, maker, at(12, 1))
    step(Step.FREEZE, maker, at(12, 1))
    assert step(Step.PUBLISH, maker, at(12, 30, 2199)) is NoStep.NO_HOLIDAYS
    assert reads.life(*ROUND).stage is Stage.FROZEN
