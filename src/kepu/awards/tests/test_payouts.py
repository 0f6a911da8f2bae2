"""Money that was won: each award is paid once at most, whatever is pressed, sent and answered."""

import hashlib
from random import Random

import pytest

from kepu.awards import models, writes
from kepu.awards.reads import payouts as reads
from kepu.awards.rules import NoStep, Stage, Taken
from kepu.awards.rules.payouts import (
    BY_OFFICER,
    PAID_OUT,
    Event,
    Flag,
    LineState,
    PayList,
    Review,
    Standing,
    Sums,
    Unpaid,
    standing_of,
)
from kepu.awards.rules.top_ups import AnswerRow, RowVerdict, answer_rows, mark_of
from kepu.awards.tests.final import AT, COUNTY, ROUND, SLUG, awarded
from kepu.awards.writes import payouts as paying
from kepu.documents.reading import read_sheet
from kepu.people.models import Account

pytestmark = pytest.mark.django_db
OF = PayList(SLUG, ROUND, COUNTY)
S = LineState


def lines():
    """The lines of the list, by rank."""
    return reads.lines(OF, None, 0, 100).rows


def states():
    return [each.standing.state for each in lines()]


def answered(rows, name="回单.csv"):
    """The answer file with these (mark, amount, result, reason)."""
    made = [AnswerRow(number, *row) for number, row in enumerate(rows, 2)]
    return paying.AnswerFile(name, hashlib.sha256(repr(rows).encode()).hexdigest(), made)


def apply(rows):
    return paying.apply_answer(OF, answered(rows), 7, AT)


def test_a_line_for_each_award_in_money_and_departments_wait_for_a_review():
    persons, _ = awarded(12, departments=2)
    found = lines()
    assert [each.person for each in found] == persons
    assert [each.amount for each in found] == [500] * 10 + [300] * 2
    assert [each.flag for each in found] == [None] * 10 + [Flag.DEPARTMENTS] * 2
    assert {each.standing.review for each in found[10:]} == {Review.WAITING}
    total = reads.pay_list(OF)
    assert (total.sums.budget, total.sums.open, total.under_review, total.lines) == (5600, 5600, 2, 12)
    assert not total.is_settled


def test_a_batch_takes_what_may_be_sent_and_the_same_line_never_twice():
    awarded(12, departments=2)
    made = paying.make_batch(OF, 7, AT)
    assert (made.lines, made.amount, made.left_out) == (10, 5000, ())
    assert states() == [S.SENT] * 10 + [S.TO_PAY] * 2
    assert paying.make_batch(OF, 7, AT) is Unpaid.NOTHING_TO_SEND
    content = reads.batch_content(made.number)
    rows = read_sheet(content, 100)
    assert len(rows) == 11
    assert hashlib.sha256(content).hexdigest() == reads.batches(OF)[0].sha256
    last = lines()[11]
    assert paying.act_on_line(last.number, Event.HAND, "签字", 7, AT) is Unpaid.REVIEW_FIRST
    assert paying.act_on_line(last.number, Event.CLEAR, " ", 7, AT) is Unpaid.REASON_MISSING
    assert isinstance(paying.act_on_line(last.number, Event.CLEAR, "非公职人员", 7, AT), Standing)
    second = paying.make_batch(OF, 7, AT)
    assert (second.lines, second.amount) == (1, 300)
    marks = [row[1] for row in rows[1:]] + [
        row[1] for row in read_sheet(reads.batch_content(second.number), 9)[1:]
    ]
    assert len(set(marks)) == 11


def test_whole_numbers_are_in_no_table_and_gone_once_all_is_answered():
    awarded(2)
    made = paying.make_batch(OF, 7, AT)
    content = reads.batch_content(made.number)
    phone = read_sheet(content, 9)[1][2]
    row = models.PayoutBatch.objects.get()
    assert str(phone).encode() in content
    assert str(phone).encode() not in bytes(row.sealed)
    first, second = (mark_of(made.number, each.number) for each in lines())
    apply([(first, "500", "成功", "")])
    assert reads.batch_content(made.number) == content
    apply([(second, "500", "失败", "空号")])
    assert reads.batch_content(made.number) is None
    assert reads.batches(OF)[0].has_file is False


def test_whoever_has_no_number_stays_and_is_named():
    persons, _ = awarded(2)
    Account.objects.filter(pk=persons[0]).update(closed_at=AT)
    made = paying.make_batch(OF, 7, AT)
    assert (made.lines, made.left_out) == (1, ("王一明",))
    assert states() == [S.TO_PAY, S.SENT]


def test_an_answer_is_judged_row_by_row_and_applied_once(django_assert_num_queries):
    awarded(4)
    made = paying.make_batch(OF, 7, AT)
    marks = [mark_of(made.number, each.number) for each in lines()]
    rows = [
        (marks[0], "500.00", "成功", ""),
        (marks[1], "500", "失败", "停机"),
        (marks[2], "50", "成功", ""),
        ("000999-00000001", "500", "成功", ""),
        (marks[0], "500", "失败", "又失败"),
    ]
    with django_assert_num_queries(1):
        judged = reads.judged(OF, answered(rows).rows)
    wanted = ["paid", "failed", "amount_differs", "unknown_line", "repeated"]
    assert [each.verdict for each in judged] == wanted
    assert states() == [S.SENT] * 4  # looking changes nothing
    done = apply(rows)
    assert (done.paid, done.failed) == (1, 1)
    assert states() == [S.PAID, S.FAILED, S.SENT, S.SENT]
    assert apply(rows) is Unpaid.APPLIED_BEFORE
    [kept] = reads.answers(OF)
    assert (kept.rows, kept.paid, kept.failed) == (5, 1, 1)
    again = reads.judged(OF, answered(rows).rows)
    assert [each.verdict for each in again[:2]] == [RowVerdict.ANSWERED_BEFORE] * 2
    failed = lines()[1]
    assert [(each.event, each.reason) for each in reads.happened(failed.number)][-1] == (Event.FAIL, "停机")


def test_a_late_answer_to_the_first_sending_says_nothing_of_the_second():
    awarded(1)
    [line] = lines()
    first = paying.make_batch(OF, 7, AT)
    apply([(mark_of(first.number, line.number), "500", "失败", "停机")])
    paying.act_on_line(line.number, Event.RETRY, "已复机", 7, AT)
    second = paying.make_batch(OF, 7, AT)
    late = apply([(mark_of(first.number, line.number), "500.0", "成功", "")])
    assert (late.paid, states()) == (0, [S.SENT])
    assert late.judged[0].verdict is RowVerdict.CONTRADICTS  # perhaps it arrived twice: somebody has to look
    assert apply([(mark_of(second.number, line.number), "500", "成功", "")]).paid == 1


def test_an_answer_for_another_list_changes_nothing_here():
    awarded(1)
    made = paying.make_batch(OF, 7, AT)
    [line] = lines()
    other = PayList(SLUG, ROUND, "4306")
    rows = answered([(mark_of(made.number, line.number), "500", "成功", "")]).rows
    assert [each.verdict for each in reads.judged(other, rows)] == [RowVerdict.UNKNOWN_LINE]


def test_a_revoked_award_is_withdrawn_or_to_be_recovered():
    persons, _ = awarded(4)
    first, second, third, _ = lines()
    paying.act_on_line(first.number, Event.HAND, "签字领取", 7, AT)
    made = paying.make_batch(OF, 7, AT)
    apply([(mark_of(made.number, third.number), "500", "失败", "空号")])
    for person in persons[:3]:
        assert isinstance(writes.revoke_award(SLUG, ROUND, (person, COUNTY), 0, AT, "核实有误"), Taken)
    assert states() == [S.TO_RECOVER, S.SENT_REVOKED, S.WITHDRAWN, S.SENT]
    apply([(mark_of(made.number, second.number), "500", "成功", "")])
    assert states()[1] is S.TO_RECOVER
    total = reads.pay_list(OF).sums
    assert total == Sums(budget=2000, paid=1000, open=500, withdrawn=500, to_recover=1000)
    paying.act_on_line(first.number, Event.RECOVER, "已退回现金", 7, AT)
    assert reads.pay_list(OF).sums.withdrawn == 1000


def test_the_round_is_paid_when_nothing_is_left_to_do():
    awarded(3)
    assert writes.close_payout(SLUG, ROUND, 0, AT) is Unpaid.STILL_OPEN
    one, two, three = lines()
    paying.act_on_line(one.number, Event.HAND, "签字领取", 7, AT)
    paying.act_on_line(two.number, Event.WITHDRAW, "本人放弃", 7, AT)
    assert writes.close_payout(SLUG, ROUND, 0, AT) is Unpaid.STILL_OPEN
    paying.act_on_line(three.number, Event.HAND, "签字领取", 7, AT)
    paying.act_on_line(three.number, Event.RETURN, "销号退回", 7, AT)
    closed = writes.close_payout(SLUG, ROUND, 0, AT)
    assert (closed.stage, reads.pay_list(OF).is_settled) == (Stage.PAID, True)
    assert writes.close_payout(SLUG, ROUND, 0, AT) is NoStep.NOT_NOW


def test_events_are_the_whole_story():
    """The columns of a line say what its events come to; the database refuses two events of one number."""
    awarded(3, departments=1)
    line = lines()[2]
    for event, reason in ((Event.CLEAR, "a"), (Event.HAND, "b"), (Event.RETURN, "c"), (Event.RETRY, "d")):
        assert isinstance(paying.act_on_line(line.number, event, reason, 7, AT), Standing)
    told = reads.happened(line.number)
    assert [each.number for each in told] == [1, 2, 3, 4, 5]
    assert standing_of((each.event for each in told), is_flagged=True) == lines()[2].standing


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_pressed_each_award_is_paid_once_at_most_and_no_yuan_is_lost(seed):
    """A seeded officer and carrier do anything in any order; an auditor keeps the books apart."""
    chance = Random(seed)
    persons, _ = awarded(5, departments=1)
    budget = 2500
    handed_out = {
        line.number: 0 for line in lines()
    }  # net yuan that left, as the carrier and the till saw it
    files = []
    for step in range(60):
        act = chance.choice(["batch", "answer", "old answer", "by hand", "by hand", "revoke"])
        before = {line.number: line for line in lines()}
        if act == "batch":
            made = paying.make_batch(OF, 7, AT)
            if isinstance(made, paying.Batch):
                marks = [str(row[1]) for row in read_sheet(reads.batch_content(made.number), 99)[1:]]
                assert len(set(marks)) == len(marks) == made.lines
                files.append(marks)
        elif act in ("answer", "old answer") and files:
            marks = files[-1] if act == "answer" else chance.choice(files)
            rows = [(mark, "500", chance.choice(["成功", "失败", "处理中"]), str(step)) for mark in marks]
            apply(chance.choices(rows, k=len(rows)))
        elif act == "revoke" and chance.random() < 0.2:
            writes.revoke_award(SLUG, ROUND, (chance.choice(persons), COUNTY), 0, AT, "核实")
        else:
            line = chance.choice(list(before.values()))
            paying.act_on_line(line.number, chance.choice(BY_OFFICER), "理由", 7, AT)
        for line in lines():
            was, now = before[line.number].standing.state, line.standing.state
            left = (now in PAID_OUT) - (was in PAID_OUT)
            handed_out[line.number] += left * line.amount
            assert handed_out[line.number] in (0, line.amount)
            told = [each.event for each in reads.happened(line.number)]
            flagged = before[line.number].person == persons[-1]
            assert standing_of(told, is_flagged=flagged) == line.standing
        total = reads.pay_list(OF).sums
        assert total.paid + total.open + total.withdrawn == total.budget == budget
        assert total.paid == sum(handed_out.values())


def test_reads_cost_what_they_say(django_assert_num_queries):
    awarded(3)
    made = paying.make_batch(OF, 7, AT)
    line = lines()[0]
    asked = (
        lambda: reads.pay_lists(("",)),
        lambda: reads.pay_list(OF),
        lambda: reads.lines(OF, S.SENT, 0, 25),
        lambda: reads.line(line.number, (COUNTY,)),
        lambda: reads.lines_of(line.person),
        lambda: reads.happened(line.number),
        lambda: reads.roster(OF),
        lambda: reads.batches(OF),
        lambda: reads.batch(made.number, (COUNTY,)),
        lambda: reads.answers(OF),
        lambda: reads.unsettled(SLUG, ROUND),
    )
    for question in asked:
        with django_assert_num_queries(1):
            assert question() is not None
    for divisions in ((), ("4307",), ("430623110",)):
        assert reads.pay_lists(divisions) == []
        assert reads.line(line.number, divisions) is None
        assert reads.batch(made.number, divisions) is None


def test_an_answer_file_in_the_carriers_own_order_is_read():
    found = answer_rows(read_sheet("流水号,充值金额,状态,备注\n1-1,500,成功,\n".encode("gbk"), 10))
    assert found == [AnswerRow(2, "1-1", "500", "成功", "")]
