"""Two people at the same moment: one of them gets what they asked for, and nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from kepu.awards import models, reads, writes
from kepu.awards.reads import payouts
from kepu.awards.rules import Answer, Filed, NoObjection, NoStep, Said, Stage, Step, Taken
from kepu.awards.rules.payouts import Event, LineState, PayList, Standing
from kepu.awards.rules.top_ups import AnswerRow, mark_of
from kepu.awards.tests.final import AT, COUNTY, ROUND, SLUG, awarded, enrolled, make_final
from kepu.awards.writes import certificates as issuing
from kepu.awards.writes import payouts as paying
from kepu.people.models import Account, Communicator, StaffScope
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db(transaction=True)
OF = (SLUG, ROUND)
LIST = PayList(SLUG, ROUND, COUNTY)
PEOPLE_AT_ONCE = 4


def at_once(*acts):
    """What each act answered, all begun at the same moment, each on a connection of its own."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_step_is_taken_once_by_whoever_comes_first():
    town.build()
    (person,) = town.enrol(1)
    town.credit(person, 3000, date(2021, 8, 2))
    done = at_once(*[lambda: writes.take_step(*OF, Step.CLOSE, 0, AT)] * PEOPLE_AT_ONCE)
    assert sorted(isinstance(each, Taken) for each in done) == [False] * (PEOPLE_AT_ONCE - 1) + [True]
    assert {each for each in done if not isinstance(each, Taken)} == {NoStep.NOT_NOW}
    assert [each.step for each in reads.steps(*OF)] == [Step.CLOSE]


def test_two_different_steps_do_not_both_follow_the_same_one():
    """Unfrozen and made public at once: the round is one or the other, and its story says which."""
    town.build()
    (person,) = town.enrol(1)
    town.credit(person, 3000, date(2021, 8, 2))
    writes.take_step(*OF, Step.CLOSE, 0, AT)
    writes.judge_round(*OF, 0, AT)
    assert isinstance(writes.freeze_round(*OF, reads.fresh_list(*OF), 0, AT), Taken)
    done = at_once(
        lambda: writes.take_step(*OF, Step.THAW, 0, AT, "有误"),
        lambda: writes.take_step(*OF, Step.PUBLISH, 0, AT),
    )
    [taken] = [each for each in done if isinstance(each, Taken)]
    assert reads.life(*OF).stage is taken.stage
    assert [each.number for each in reads.steps(*OF)] == [1, 2, 3, 4]


def test_awards_are_given_once():
    enrolled(3)
    make_final()
    done = at_once(*[lambda: writes.issue_certificates(*OF, 0, AT)] * PEOPLE_AT_ONCE)
    assert sum(isinstance(each, writes.Awarded) for each in done) == 1
    assert models.Certificate.objects.count() == models.PayoutLine.objects.count() == 3
    assert models.CertificateSeries.objects.get().last == 3


def test_an_objection_is_answered_once_and_takes_the_list_back_once():
    town.build()
    (person,) = town.enrol(1)
    maker, one, other = town.enrol(3, town.ZHUBEI)
    town.credit(person, 3000, date(2021, 8, 2))
    from_paper = Said(0, "路人王", person, "他8月2日的数不对，请查。", "有记录为证。")
    give_office(maker, one, other)
    writes.take_step(*OF, Step.CLOSE, maker, AT)
    writes.judge_round(*OF, maker, AT)
    writes.freeze_round(*OF, reads.fresh_list(*OF), maker, AT)
    writes.take_step(*OF, Step.PUBLISH, maker, AT)
    filed = writes.file_objection(*OF, from_paper, AT)
    upheld = Answer(True, "经核实属实，按记录更正当天的数。", adds=((20210802, -10),))
    done = at_once(
        lambda: writes.answer_objection(filed.id, upheld, one, AT),
        lambda: writes.answer_objection(filed.id, upheld, other, AT),
    )
    assert sorted(isinstance(each, Filed) for each in done) == [False, True]
    assert next(each for each in done if not isinstance(each, Filed)) is NoObjection.ANSWERED
    entered = at_once(*[lambda: writes.enter_corrections(*OF, AT)] * 3)
    assert max(entered) == 1
    assert [each.step for each in reads.steps(*OF)].count(Step.WITHDRAW) == 1
    writes.judge_round(*OF, maker, AT)
    assert models.Placing.objects.latest("pk").volume == 2990, "corrected once"


def give_office(*accounts):
    """These accounts are officers of the county."""
    for account in accounts:
        Account.objects.filter(pk=account).update(is_staff=True)
        StaffScope.objects.create(
            account_id=account, role=Role.COUNTY_OFFICER, division=COUNTY, granted_at=town.JANUARY
        )


def test_a_line_is_sent_in_one_batch_and_handed_out_once():
    awarded(3)
    made = at_once(*[lambda: paying.make_batch(LIST, 7, AT)] * PEOPLE_AT_ONCE)
    assert sum(each.lines for each in made if isinstance(each, paying.Batch)) == 3
    line = payouts.roster(LIST)[0]
    batch = models.PayoutEvent.objects.get(line=line.number, event=Event.SEND).batch_id
    rows = [AnswerRow(2, mark_of(batch, line.number), "500", "失败", "停机")]
    file = paying.AnswerFile("回单.csv", "a" * 64, rows)
    applied = at_once(*[lambda: paying.apply_answer(LIST, file, 7, AT)] * 3)
    assert sum(isinstance(each, paying.Applied) and each.failed == 1 for each in applied) == 1
    done = at_once(
        *[lambda: paying.act_on_line(line.number, Event.HAND, "签字", 7, AT)] * 2,
        *[lambda: paying.act_on_line(line.number, Event.RETRY, "复机", 7, AT)] * 2,
    )
    states = [each.state for each in done if isinstance(each, Standing)]
    assert states.count(LineState.PAID) <= 1
    assert payouts.line(line.number, (COUNTY,)).standing.state in (LineState.PAID, LineState.TO_PAY)
    told = [each.event for each in payouts.happened(line.number)]
    assert told.count(Event.HAND) <= 1


def test_a_paper_given_anew_while_its_award_is_revoked_is_revoked_too():
    [person] = awarded(1)[0]
    old = models.Certificate.objects.get()
    Communicator.objects.filter(account=person).update(name="汪一明")
    at_once(
        lambda: issuing.give_anew(old.pk, "姓写错了", 7, AT),
        lambda: writes.revoke_award(*OF, (person, COUNTY), 0, AT, "核实有误"),
    )
    assert [each.person for each in reads.revocations(*OF)] == [person]
    valid = models.Certificate.objects.filter(revocation=None)
    assert not valid.exists(), "no paper outlives its award"
    assert models.PayoutLine.objects.get().state == LineState.WITHDRAWN
    assert reads.life(*OF).stage is Stage.AWARDED
