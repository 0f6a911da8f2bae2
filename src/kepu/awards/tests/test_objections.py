"""Objections on a real ledger: from paper as from a phone, what they correct, and what is forgotten."""

from datetime import date, timedelta

import pytest

from kepu.awards import models, reads, writes
from kepu.awards.rules import (
    Answer,
    Correction,
    Filed,
    NoObjection,
    NoStep,
    Said,
    Stage,
    Step,
    Taken,
    VolumeLine,
    by_day_and_reason,
)
from kepu.awards.rules.lateness import Counted, counted_in_time, end_of_day_ms
from kepu.awards.rules.payouts import Event
from kepu.awards.tests.test_due_process import BECAUSE, ROUND, SAYS, SHOWS, at, publish, standing, step
from kepu.awards.writes.payouts import act_on_line
from kepu.campaigns.rules import TieRule
from kepu.kit import clock
from kepu.ledger import reads as ledger_reads
from kepu.ledger import writes as ledger
from kepu.people import writes as people_writes
from kepu.people.models import Account, StaffScope
from kepu.people.reads import notices
from kepu.people.rules import NoticeKind, Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here():
    """Four on the county's list, ten apart, the best first; the round is over."""
    town.build()
    persons = town.enrol(4)
    for place, person in enumerate(persons):
        town.credit(person, 3000 - 10 * place, date(2021, 8, 2), place)
    return persons


@pytest.fixture
def officers(here):
    """Three of the county."""
    persons = town.enrol(3, town.ZHUBEI)
    for place, officer in enumerate(persons):
        Account.objects.filter(pk=officer).update(display_name=f"干部{'甲乙丙'[place]}", is_staff=True)
        StaffScope.objects.create(
            account_id=officer, role=Role.COUNTY_OFFICER, division="430623", granted_at=town.JANUARY
        )
    return persons


def said(about, objector=0, name="路人王", entered_by=0):
    return Said(objector, name, about, SAYS, SHOWS, entered_by)


def filed(about, **differs):
    """The objection as it was filed on 9 December."""
    found = writes.file_objection(*ROUND, said(about, **differs), at(12, 9))
    assert isinstance(found, Filed), found
    return found


def upheld(objection, by, now, *, takes_back=(), adds=()):
    """The objection is answered and its corrections are in the ledger."""
    answer = Answer(True, BECAUSE, tuple(takes_back), tuple(adds))
    answered = writes.answer_objection(objection.id, answer, by, now)
    assert isinstance(answered, Filed), answered
    writes.enter_corrections(*ROUND, now)
    return answered


def test_one_from_paper_is_held_to_the_rule_of_the_phone(here, officers):
    """Named, with evidence, while the list is public; neither who entered it nor whose it is answers."""
    maker, other, third = officers
    publish(maker)
    late = writes.file_objection(*ROUND, said(here[1], entered_by=other), at(12, 14))
    assert late is NoObjection.NOT_PUBLIC
    bare = Said(0, "路人王", here[1], SAYS, " ", other)
    assert writes.file_objection(*ROUND, bare, at(12, 9)) is NoObjection.NO_EVIDENCE
    wrong = said(here[1], objector=here[2], name="王一明", entered_by=other)
    assert writes.file_objection(*ROUND, wrong, at(12, 9)) is NoObjection.OTHER_NAME
    nobody = said(here[1], objector=10**6, entered_by=other)
    assert writes.file_objection(*ROUND, nobody, at(12, 9)) is NoObjection.OTHER_NAME
    named = filed(here[1], objector=here[2], name=" 王三明 ", entered_by=other)
    assert (named.objector, named.objector_name, named.entered_by) == (here[2], "王三明", other)
    assert [each.id for each in reads.objections_of(here[2], *ROUND)] == [named.id]  # read on her own phone
    for by, why in ((other, NoObjection.NOT_INDEPENDENT), (maker, NoObjection.NOT_INDEPENDENT)):
        assert writes.answer_objection(named.id, Answer(False, BECAUSE), by, at(12, 9)) is why
    own = filed(here[1], name="干部丙", entered_by=other)
    refused = writes.answer_objection(own.id, Answer(False, BECAUSE), third, at(12, 9))
    assert refused is NoObjection.NOT_INDEPENDENT, "the name on the paper is the name of who would answer"


def test_what_waits_is_counted_alike_on_paper_and_on_the_phone(here, officers):
    maker, other, _ = officers
    publish(maker)
    for _ in range(3):
        filed(here[1], objector=here[2], name="王三明")
    for _ in range(2):
        filed(here[1], objector=here[2], name="王三明", entered_by=other)
    sixth = said(here[1], objector=here[2], name="王三明", entered_by=other)
    assert writes.file_objection(*ROUND, sixth, at(12, 9)) is NoObjection.TOO_MANY


def test_the_reason_names_nobody_and_takes_no_more_than_there_is(here, officers):
    maker, other, _ = officers
    publish(maker)
    objection = filed(here[1], objector=here[2], name="王三明")
    telling = Answer(False, "王三明说的不属实，经核对记录无误。")
    assert writes.answer_objection(objection.id, telling, other, at(12, 9)) is NoObjection.NAMES_OBJECTOR
    entry = ledger_reads.statement(here[1], None, 1)[0]
    too_much = [
        Answer(True, BECAUSE, adds=((20210802, -2991),)),
        Answer(True, BECAUSE, adds=((20210803, -1),)),
        Answer(True, BECAUSE, ((entry.book, entry.seq),), ((20210802, -1),)),
    ]
    for answer in too_much:
        assert writes.answer_objection(objection.id, answer, other, at(12, 9)) is NoObjection.BELOW_ZERO
    assert isinstance(
        writes.answer_objection(
            objection.id, Answer(True, BECAUSE, adds=((20210802, -2990),)), other, at(12, 9)
        ),
        Filed,
    )


def test_an_objection_upheld_while_the_next_list_is_frozen_takes_that_back(here, officers):
    """The list was withdrawn for another reason, made anew and frozen; the objection still waited."""
    maker, other, _ = officers
    publish(maker)
    objection = filed(here[1])
    step(Step.WITHDRAW, maker, at(12, 9), "标题写错")
    writes.judge_round(*ROUND, maker, at(12, 9))
    assert isinstance(step(Step.FREEZE, maker, at(12, 9)), Taken)
    upheld(objection, other, at(12, 9, hour=11), adds=((20210802, -15),))
    assert reads.life(*ROUND).stage is Stage.EVALUATED
    assert step(Step.FREEZE, maker, at(12, 10)) is NoStep.CORRECTIONS_MISSING
    writes.judge_round(*ROUND, maker, at(12, 10))
    assert isinstance(step(Step.FREEZE, maker, at(12, 10)), Taken)
    assert (standing(here[1]), standing(here[2])) == (3, 2)


def test_a_list_frozen_beside_an_answer_is_not_made_public(here, officers):
    """An answer and a freezing at the same moment: each saw the round before the other."""
    maker, other, _ = officers
    publish(maker)
    objection = filed(here[1])
    step(Step.WITHDRAW, maker, at(12, 9), "标题写错")
    writes.judge_round(*ROUND, maker, at(12, 9))
    upheld(objection, other, at(12, 9, hour=11), adds=((20210802, -15),))
    frozen = models.RoundStep.objects.order_by("number").last()
    frozen.pk, frozen.number, frozen.step, frozen.stage = None, frozen.number + 1, Step.FREEZE, Stage.FROZEN
    frozen.save()
    assert step(Step.PUBLISH, maker, at(12, 9)) is NoStep.CORRECTIONS_MISSING
    assert step(Step.THAW, maker, at(12, 9), "有异议成立").stage is Stage.EVALUATED


def test_an_entry_that_was_taken_back_before_is_corrected_without_trouble(here, officers):
    """Two objections about one entry, or one that a correction came before: what is done stays done once."""
    maker, other, _ = officers
    publish(maker)
    entry = ledger_reads.statement(here[1], None, 1)[0]
    late = ledger.reverse_entry(entry.book, entry.seq, other, "重复", at(12, 8))
    assert late is not None
    objection = filed(here[1])
    answer = Answer(True, BECAUSE, ((entry.book, entry.seq),))
    assert writes.answer_objection(objection.id, answer, other, at(12, 9)) is NoObjection.BELOW_ZERO
    town.credit(here[1], 2990, date(2021, 8, 2), 50)
    upheld(objection, other, at(12, 9), takes_back=[(entry.book, entry.seq)])
    assert isinstance(writes.judge_round(*ROUND, maker, at(12, 10)), Taken)
    assert not models.ObjectionAnswer.objects.filter(entered_at=None).exists()


@pytest.mark.parametrize(("day", "first"), [(20210801, True), (20210803, False)])
def test_what_is_added_counts_from_the_day_it_is_about(day, first):
    """With `earlier`, whoever was robbed of a day's volume stands before those who came to it afterwards."""
    assert town.build().sheet.tie_rule is TieRule.EARLIER
    robbed, other = town.enrol(2)
    maker, answerer = town.enrol(2, town.ZHUBEI)
    for officer in (maker, answerer):
        Account.objects.filter(pk=officer).update(is_staff=True)
        StaffScope.objects.create(
            account_id=officer, role=Role.COUNTY_OFFICER, division="430623", granted_at=town.JANUARY
        )
    town.credit(robbed, 2980, date(2021, 7, 1))
    town.credit(other, 3000, date(2021, 8, 2))
    publish(maker)
    assert (standing(other), standing(robbed)) == (1, 2)
    objection = filed(robbed, objector=robbed, name="王一明")
    upheld(objection, answerer, at(12, 9), adds=((day, 20),))
    writes.judge_round(*ROUND, maker, at(12, 10))
    assert (standing(robbed), standing(other)) == ((1, 2) if first else (2, 1))


def test_a_kept_correction_grew_the_volume_at_its_days_end():
    noon = clock.milliseconds(at(8, 2, hour=12))
    lines = [
        VolumeLine(1, (9, 1), noon, 20210802, 100),
        VolumeLine(1, (9, 7), noon + 10**10, 20210731, 5),  # upheld, about a day before
        VolumeLine(2, (9, 2), noon, 20210802, 100),
        VolumeLine(2, (9, 8), noon + 10**10, 20210803, 5),  # upheld, about a day after
        VolumeLine(3, (9, 3), noon, 20210802, 100),
        VolumeLine(3, (9, 9), noon + 10**10, 20210802, -100, (9, 3)),  # upheld: taken back
        VolumeLine(4, (9, 10), noon + 10**10, 20210802, 7),  # too late
    ]
    counted = counted_in_time(lines, noon + 1, frozenset({(9, 7), (9, 8), (9, 9)}))
    end = clock.milliseconds(clock.start_of(date(2021, 8, 4))) - 1
    assert end_of_day_ms(20210803) == end
    assert counted == {1: Counted(105, noon), 2: Counted(105, end), 3: Counted(0, 0), 4: Counted(0, 0)}


def test_whoever_objected_and_left_is_forgotten_once_it_is_answered(here, officers):
    maker, other, _ = officers
    publish(maker)
    objection = filed(here[1], objector=here[2], name="王三明")
    paper = filed(here[1])
    assert people_writes.close_account(here[2], at(12, 9)) is None
    assert writes.forget_objectors() == 0
    assert reads.objection(objection.id).objector_name == "王三明"  # it waits: who says so is known
    writes.answer_objection(objection.id, Answer(False, BECAUSE), other, at(12, 9))
    forgotten = reads.objection(objection.id)
    assert (forgotten.objector, forgotten.objector_name) == (here[2], "")
    assert (forgotten.says, forgotten.evidence, forgotten.reason) == (SAYS, SHOWS, BECAUSE)
    writes.answer_objection(paper.id, Answer(False, BECAUSE), other, at(12, 9))
    assert reads.objection(paper.id).objector_name == "路人王"  # no account, nothing to close


def test_what_an_award_rests_on_stays_when_its_winner_leaves(here, officers, client):
    """Public money: certificate, payment and the signed list keep the name; the public page shows none."""
    maker, other, third = officers
    publish(maker)
    for officer in (other, third):
        assert isinstance(step(Step.SIGN, officer, at(12, 14)), Taken)
    writes.issue_certificates(*ROUND, third, at(12, 15))
    page = client.get("/rounds/chaqi-2021/annual/?scope=430623").content.decode()
    assert (page.count("王*明"), page.count("一位科普员")) == (4, 0)
    assert people_writes.close_account(here[0], at(12, 16)) is None
    page = client.get("/rounds/chaqi-2021/annual/?scope=430623").content.decode()
    assert (page.count("王*明"), page.count("一位科普员")) == (3, 1)
    certificate = models.Certificate.objects.get(person=here[0])
    assert certificate.name == models.PayoutLine.objects.get(person=here[0]).name == "王一明"
    assert "这张证书有效" in client.get(f"/certificates/{certificate.code}/").content.decode()
    left = [each for each in reads.final_winners(*ROUND) if each.person == here[0]]
    assert {each.name for each in left} == {"王一明"}


def test_two_who_made_the_same_list_are_both_its_makers(here, officers):
    """Who evaluated it first does not become independent because a colleague pressed the button again."""
    maker, other, third = officers
    step(Step.CLOSE, maker, at(12, 1))
    for officer in (maker, other):
        writes.judge_round(*ROUND, officer, at(12, 1))
    for which in (Step.FREEZE, Step.PUBLISH):
        step(which, other, at(12, 1) + timedelta(hours=1))
    assert reads.life(*ROUND).makers == {maker, other}
    assert step(Step.SIGN, maker, at(12, 14)).stage is Stage.PUBLIC
    assert step(Step.SIGN, other, at(12, 14)) is NoStep.NOT_INDEPENDENT
    assert step(Step.SIGN, third, at(12, 14)).stage is Stage.FINAL


def test_who_objected_is_told_and_the_public_page_says_why_the_list_is_gone(here, officers, client):
    """A message with the reason; on the page the day and the reason, without a name; the link stays."""
    maker, other, _ = officers
    publish(maker)
    objection = filed(here[1], objector=here[2], name="王三明")
    answer = Answer(True, f"{BECAUSE}王二明已知晓。", adds=((20210802, -15),))
    assert isinstance(writes.answer_objection(objection.id, answer, other, at(12, 9)), Filed)
    [told] = notices(here[2], 0, 5).rows
    assert told.kind is NoticeKind.OBJECTION_UPHELD
    town.sign_in(client, here[2])
    page = client.get("/rounds/chaqi-2021/annual/").content.decode()
    assert "因有异议成立，名单已于2021年12月9日撤回" in page
    assert BECAUSE in page
    assert "王二明" not in page
    assert "还没有评选" not in page
    assert "我提出的异议" in page
    assert "异议成立" in client.get("/me/messages/").content.decode()


def test_winners_are_told_of_the_award_and_of_the_money(here, officers):
    maker, other, third = officers
    publish(maker)
    for officer in (other, third):
        step(Step.SIGN, officer, at(12, 14))
    writes.issue_certificates(*ROUND, third, at(12, 15))
    line = models.PayoutLine.objects.get(person=here[0])
    act_on_line(line.pk, Event.HAND, "本人签字领取", other, at(12, 16))
    kinds = [each.kind for each in notices(here[0], 0, 5).rows]
    assert kinds[0] is NoticeKind.PAID_OUT
    assert set(kinds[1:]) == {NoticeKind.AWARDED}


def test_corrections_of_a_day_for_one_reason_are_one_line():
    one, other = Correction(20210802, -5, "异议", True), Correction(20210803, -5, "异议", True)
    assert by_day_and_reason([one, other, one]) == [
        (Correction(20210802, -10, "异议", True), 2),
        (other, 1),
    ]
