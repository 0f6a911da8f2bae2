"""What may happen to money that was won: the table, and a property over any sequence of what can be asked."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.awards.rules.payouts import (
    BY_OFFICER,
    OPEN,
    PAID_OUT,
    SETTLED,
    TRANSITIONS,
    WITHDRAWN,
    Event,
    Flag,
    LineState,
    Review,
    Standing,
    Unpaid,
    possible,
    review_flag,
    standing_of,
    state_after,
    sums,
)
from kepu.awards.rules.top_ups import (
    AnswerRow,
    RowVerdict,
    Sent,
    TopUp,
    answer_rows,
    batch_file,
    judge_rows,
    mark_of,
)
from kepu.documents.reading import read_sheet

S, E = LineState, Event


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        (S.TO_PAY, E.SEND, S.SENT),
        (S.SENT, E.SEND, None),  # never twice while the carrier has it
        (S.SENT, E.CONFIRM, S.PAID),
        (S.SENT, E.FAIL, S.FAILED),
        (S.SENT, E.HAND, None),
        (S.SENT, E.WITHDRAW, None),
        (S.FAILED, E.SEND, None),  # only after an officer wrote why it may be tried again
        (S.FAILED, E.RETRY, S.TO_PAY),
        (S.PAID, E.SEND, None),
        (S.PAID, E.HAND, None),
        (S.PAID, E.CONFIRM, None),
        (S.PAID, E.RETURN, S.RETURNED),
        (S.PAID, E.REVOKE, S.TO_RECOVER),
        (S.RETURNED, E.RETRY, S.TO_PAY),
        (S.SENT, E.REVOKE, S.SENT_REVOKED),
        (S.SENT_REVOKED, E.CONFIRM, S.TO_RECOVER),
        (S.SENT_REVOKED, E.FAIL, S.WITHDRAWN),
        (S.SENT_REVOKED, E.RETRY, None),
        (S.TO_PAY, E.REVOKE, S.WITHDRAWN),
        (S.WITHDRAWN, E.RETRY, None),
        (S.TO_RECOVER, E.RECOVER, S.RECOVERED),
    ],
)
def test_what_may_follow_what(state, event, after):
    found = state_after(Standing(state, Review.NONE), event)
    assert found == (Standing(after, Review.NONE) if after else Unpaid.NOT_NOW)


@pytest.mark.parametrize("event", [E.SEND, E.HAND])
def test_a_line_under_review_is_not_paid_before_it_is_cleared(event):
    waiting = Standing(S.TO_PAY, Review.WAITING)
    assert state_after(waiting, event) is Unpaid.REVIEW_FIRST
    cleared = state_after(waiting, E.CLEAR)
    assert cleared == Standing(S.TO_PAY, Review.CLEARED)
    assert isinstance(state_after(cleared, event), Standing)
    assert state_after(cleared, E.FLAG) == waiting


def test_every_state_is_in_one_bucket_and_can_be_reached():
    assert set(LineState) == PAID_OUT | OPEN | WITHDRAWN
    assert not PAID_OUT & OPEN
    assert not PAID_OUT & WITHDRAWN
    assert {S.TO_PAY} | set(TRANSITIONS.values()) == set(LineState)
    assert {S.SENT, S.SENT_REVOKED, S.TO_PAY, S.FAILED} == set(LineState) - SETTLED


@given(st.booleans(), st.lists(st.sampled_from([e for e in Event if e is not E.OPEN]), max_size=40))
def test_no_order_of_events_pays_an_award_twice(is_flagged, wished):
    events, states = [E.OPEN], [S.TO_PAY]
    for event in wished:
        after = state_after(standing_of(events, is_flagged=is_flagged), event)
        if isinstance(after, Standing):
            events.append(event)
            states.append(after.state)
            before = standing_of(events[:-1], is_flagged=is_flagged)
            assert event not in BY_OFFICER or event in possible(before)
    paid = sum(after in PAID_OUT and before not in PAID_OUT for before, after in pairwise(states))
    back = sum(before in PAID_OUT and after not in PAID_OUT for before, after in pairwise(states))
    assert paid - back in (0, 1)
    sent = events.count(E.SEND)
    answered = events.count(E.CONFIRM) + events.count(E.FAIL)
    assert sent - answered in (0, 1)
    found = sums([(states[-1], 300)])
    assert found.paid + found.open + found.withdrawn == found.budget == 300


def test_sums_are_told_apart():
    found = sums([(S.PAID, 500), (S.TO_RECOVER, 300), (S.SENT, 200), (S.RETURNED, 200), (S.WITHDRAWN, 100)])
    assert (found.budget, found.paid, found.open, found.withdrawn, found.to_recover) == (
        1300,
        800,
        400,
        100,
        300,
    )


@pytest.mark.parametrize(
    ("division", "flag"), [("430623110215", None), ("430623110", Flag.DEPARTMENTS), ("", Flag.DEPARTMENTS)]
)
def test_whose_unit_has_no_code_of_its_own_is_looked_at_first(division, flag):
    assert review_flag(division) is flag


def test_a_batch_is_the_declared_form_to_the_byte():
    made = batch_file(
        7, [TopUp(mark_of(7, 12), "13900001000", 500), TopUp(mark_of(7, 13), "13900001001", 300)]
    )
    assert (
        made
        == (
            "\ufeff批次号,行号,手机号,金额（元）\r\n"
            "000007,000007-00000012,13900001000,500.00\r\n"
            "000007,000007-00000013,13900001001,300.00\r\n"
        ).encode()
    )


def answers(text):
    """The rows of an answer file typed as CSV."""
    return answer_rows(read_sheet(text.encode(), 100))


def test_an_answer_is_found_below_a_title_and_in_another_order():
    found = answers(
        "某公司充值结果,,,\n充值结果,行号,金额(元),失败原因\n成功,000007-00000012,500.00,\n,,,\n失败,x,200,空号\n"
    )
    assert found == [
        AnswerRow(3, "000007-00000012", "500.00", "成功", ""),
        AnswerRow(5, "x", "200", "失败", "空号"),
    ]
    assert answers("行号,金额\n1,2\n") is Unpaid.NO_COLUMNS


@pytest.mark.parametrize(
    ("mark", "amount", "result", "verdict"),
    [
        ("a", "500.00", "成功", RowVerdict.PAID),
        ("a", "500", " OK ", RowVerdict.PAID),
        ("a", "500元", "充值成功", RowVerdict.PAID),
        ("a", "50", "成功", RowVerdict.AMOUNT_DIFFERS),
        ("a", "", "成功", RowVerdict.AMOUNT_DIFFERS),
        ("a", "NaN", "成功", RowVerdict.AMOUNT_DIFFERS),
        ("a", "0", "失败", RowVerdict.FAILED),
        ("a", "500", "处理中", RowVerdict.UNREADABLE),
        ("b", "300", "成功", RowVerdict.ANSWERED_BEFORE),
        ("b", "300", "失败", RowVerdict.CONTRADICTS),
        ("c", "300", "失败", RowVerdict.ANSWERED_BEFORE),
        ("c", "300", "成功", RowVerdict.CONTRADICTS),
        ("d", "300", "成功", RowVerdict.UNKNOWN_LINE),
        ("", "300", "成功", RowVerdict.UNKNOWN_LINE),
    ],
)
def test_the_verdict_on_a_row(mark, amount, result, verdict):
    sent = {
        "a": Sent(1, 500, None),
        "b": Sent(2, 300, Event.CONFIRM),
        "c": Sent(3, 300, Event.FAIL),
    }
    [judged] = judge_rows([AnswerRow(2, mark, amount, result, "")], sent)
    assert judged.verdict is verdict


def test_the_second_row_of_a_mark_changes_nothing():
    row = AnswerRow(2, "a", "500", "成功", "")
    judged = judge_rows([row, row], {"a": Sent(1, 500, None)})
    assert [each.verdict for each in judged] == [RowVerdict.PAID, RowVerdict.REPEATED]
