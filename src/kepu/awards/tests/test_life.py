"""Claims about the life of a round: what may follow what, and what a step is held against."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kepu.awards.rules import (
    Facts,
    Life,
    NoStep,
    Stage,
    Step,
    UnknownYear,
    is_working_day,
    next_steps,
    publicity_from,
    stage_after,
    step_trouble,
)

NOW = datetime(2021, 12, 10, 4, tzinfo=UTC)
FACTS = Facts(now=NOW, today=date(2021, 12, 10), closes_at=NOW - timedelta(days=3), account=5)
S, T = Stage, Step
AT = {
    S.OPEN: {T.CLOSE: S.CLOSED},
    S.CLOSED: {T.EVALUATE: S.EVALUATED},
    S.EVALUATED: {T.EVALUATE: S.EVALUATED, T.FREEZE: S.FROZEN},
    S.FROZEN: {T.THAW: S.EVALUATED, T.PUBLISH: S.PUBLIC},
    S.PUBLIC: {T.WITHDRAW: S.EVALUATED, T.SIGN: S.PUBLIC},
    S.FINAL: {T.AWARD: S.AWARDED, T.REVOKE: S.FINAL},
    S.AWARDED: {T.PAY: S.PAID, T.REVOKE: S.AWARDED},
    S.PAID: {T.REVOKE: S.PAID},
}


def life_at(stage, signers=()):
    public = {"public_from": date(2021, 12, 2), "public_until": date(2021, 12, 8)}
    return Life(stage, 9, 1, frozenset({3}), signers, **(public if stage is S.PUBLIC else {}))


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("step", list(Step))
def test_a_step_leads_one_way_and_every_other_is_refused(stage, step):
    life, wanted = life_at(stage), AT[stage].get(step)
    trouble = step_trouble(life, step, FACTS, "因为")
    if wanted is None:
        assert trouble is NoStep.NOT_NOW
        assert step not in next_steps(stage)
    else:
        assert trouble is None
        assert stage_after(life, step) is wanted
        assert step in next_steps(stage)


def test_a_signed_list_is_not_withdrawn_and_the_signature_may_be_taken_back_until_the_second():
    once = life_at(S.PUBLIC, (4,))
    assert step_trouble(once, T.WITHDRAW, FACTS, "因为") is NoStep.NOT_NOW
    assert step_trouble(once, T.TAKE_BACK, replace(FACTS, account=4), "因为") is None
    assert step_trouble(once, T.TAKE_BACK, FACTS, "因为") is NoStep.NOT_SIGNED
    assert stage_after(once, T.SIGN) is S.FINAL
    assert step_trouble(life_at(S.FINAL, (4, 5)), T.TAKE_BACK, FACTS, "因为") is NoStep.NOT_NOW


FORBIDDEN = [
    # stage, step, what is so, why not
    (S.OPEN, T.CLOSE, {"closes_at": NOW + timedelta(seconds=1)}, NoStep.BEFORE_CLOSING),
    (S.OPEN, T.CLOSE, {"may": False}, NoStep.NOT_ALLOWED),
    (S.EVALUATED, T.FREEZE, {"is_current": False}, NoStep.OUTDATED),
    (S.EVALUATED, T.FREEZE, {"corrections_missing": True}, NoStep.CORRECTIONS_MISSING),
    (S.FROZEN, T.PUBLISH, {"corrections_missing": True}, NoStep.CORRECTIONS_MISSING),
    (S.PUBLIC, T.SIGN, {"corrections_missing": True}, NoStep.CORRECTIONS_MISSING),
    (S.FROZEN, T.THAW, {"reason": "  "}, NoStep.NO_REASON),
    (S.PUBLIC, T.WITHDRAW, {"reason": ""}, NoStep.NO_REASON),
    (S.PUBLIC, T.SIGN, {"today": date(2021, 12, 8)}, NoStep.PUBLICITY_RUNS),
    (S.PUBLIC, T.SIGN, {"open_objections": 1}, NoStep.OPEN_OBJECTIONS),
    (S.PUBLIC, T.SIGN, {"account": 0}, NoStep.NO_ACCOUNT),
    (S.PUBLIC, T.SIGN, {"signers": (5,)}, NoStep.SIGNED_ALREADY),
    (S.PUBLIC, T.SIGN, {"signers": (3,), "makers": {3, 5}}, NoStep.NOT_INDEPENDENT),
    (S.PUBLIC, T.SIGN, {"may": False}, NoStep.NOT_ALLOWED),
    (S.PAID, T.REVOKE, {"reason": ""}, NoStep.NO_REASON),
    (S.EVALUATED, T.FREEZE, {"counts_until": NOW + timedelta(days=1)}, NoStep.LATE_ENTRIES_COUNT),
]


@pytest.mark.parametrize(("stage", "step", "so", "why"), FORBIDDEN)
def test_what_a_step_is_held_against(stage, step, so, why):
    so = dict(so)
    life = life_at(stage, so.pop("signers", ()))
    life = replace(life, makers=frozenset(so.pop("makers", {3})), counts_until=so.pop("counts_until", None))
    reason = so.pop("reason", "因为")
    assert step_trouble(life, step, replace(FACTS, **so), reason) is why


@pytest.mark.parametrize(
    ("issued", "days", "first", "last"),
    [
        # The day of issue does not count: issued on a Wednesday, the fifth working day is the next Wednesday.
        (date(2021, 12, 1), 5, date(2021, 12, 2), date(2021, 12, 8)),
        # Issued on a Friday: the weekend is public and does not count.
        (date(2021, 12, 3), 5, date(2021, 12, 4), date(2021, 12, 10)),
        # National Day 2021: off from 1 to 7 October, worked on 26 September, 9 October.
        (date(2021, 9, 24), 5, date(2021, 9, 25), date(2021, 9, 30)),
        (date(2021, 9, 30), 5, date(2021, 10, 1), date(2021, 10, 13)),
        # Spring Festival 2026: off from 15 to 23 February, worked on 14 and 28 February.
        (date(2026, 2, 13), 5, date(2026, 2, 14), date(2026, 2, 27)),
    ],
)
def test_working_days_by_the_state_councils_table(issued, days, first, last):
    publicity = publicity_from(issued, days)
    assert (publicity.first_day, publicity.last_day) == (first, last)
    assert len(publicity.working_days) == days
    assert all(map(is_working_day, publicity.working_days))


def test_a_year_the_table_does_not_hold_is_named_and_not_guessed():
    assert publicity_from(date(2003, 6, 2), 5) == UnknownYear(2003)
    far = publicity_from(date(2199, 12, 30), 5)
    assert far == UnknownYear(2199)
