"""Judges side by side come to what one would come to alone."""

from dataclasses import replace
from importlib.resources import files
from random import Random

import pytest

from kepu.campaigns.rules import (
    Earning,
    Kind,
    Reason,
    Replaying,
    Streak,
    begin_book,
    replay,
    replayed,
)
from kepu.campaigns.sheet import parse_sheet
from kepu.console.judges import JudgeLostError, Judges

ROUNDS = [(20270101, 20270630), (20270101, 20271231)]
KINDS = (Kind.SHARE, Kind.READ, Kind.CHECK_IN, Kind.BROWSE, Kind.IMPORT)


def sheet():
    text = files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8")
    whole = parse_sheet(text)
    own = {
        Kind.SHARE: Earning(2, 3, per_article_max=4),
        Kind.CHECK_IN: Earning(1, 1, streaks=(Streak(2, 5),)),
    }
    return replace(whole, earnings={**whole.earnings, **own}, points_per_day_max=9)


def acts(random: Random, count: int) -> list[tuple[int, ...]]:
    """Rows as the ledger gives them, of forty people on ten days, in the order of the days."""
    days = sorted(random.randrange(20270601, 20270611) for _ in range(count))
    return [
        (
            seq,
            random.randrange(1, 41),
            int(random.choice(KINDS)),
            random.randrange(5),
            1_800_000_000_000 + seq,
            day,
            random.randrange(3),
            random.randrange(2),
            int(random.choice((Reason.CREDITED, Reason.DAY_CAP, Reason.NOT_CERTIFIED))),
        )
        for seq, day in enumerate(days, 1)
    ]


@pytest.mark.parametrize("children", [1, 3])
def test_several_judges_come_to_what_one_comes_to(children):
    random = Random(children)
    begin = (sheet(), ROUNDS, frozenset(range(1, 30)), True, 20270603, {20270604: frozenset({2})})
    alone = Replaying(*begin)
    with Judges(begin, children) as judges:
        for _book in range(2):
            back = frozenset(random.sample(range(1, 600), 50))
            begin_book(alone)
            judges.begin_book(back)
            for _piece in range(3):
                rows = acts(random, 200)
                replay(rows, alone, back)
                judges.replay(rows)
        found = judges.replayed()
    assert found == replayed(alone)
    assert found.acts > 500
    assert any(each.points_after != each.points_before for each in found.people.values())


def test_nothing_comes_of_a_trial_whose_judge_was_killed():
    with Judges((sheet(), ROUNDS, frozenset()), 2) as judges:
        judges._children[1].kill()
        with pytest.raises(JudgeLostError):
            _told_and_asked(judges)
    assert all(child.poll() is not None for child in judges._children)


def _told_and_asked(judges: Judges) -> None:
    """The loss shows while acts are told, or at the latest where the answer is due."""
    for _piece in range(200):
        judges.replay(acts(Random(1), 1_000))
    judges.replayed()
