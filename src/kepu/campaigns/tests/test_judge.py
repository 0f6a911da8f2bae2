"""What one act earns, as a table, and what must hold for any act."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.rules import (
    MEASURED_KIND,
    Counted,
    Earning,
    Kind,
    Measure,
    Reason,
    Verdict,
    judge,
)
from kepu.campaigns.tests.samples import reference
from kepu.kit import clock

SHEET = replace(
    reference(),
    earnings={
        Kind.SIGN_IN: Earning(1, 1),
        Kind.SHARE: Earning(2, 300),
        Kind.BROWSE: Earning(1, 10, per_article_day_max=2),
    },
)
OPENS = datetime(2020, 12, 31, 16, tzinfo=UTC)  # midnight of 1 January in Shanghai
CLOSES = datetime(2021, 11, 30, 16, tzinfo=UTC)  # midnight after 30 November
JULY = datetime(2021, 7, 1, 8, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
BY_READS = replace(SHEET, measure=Measure.READS)


@pytest.mark.parametrize(
    ("case", "sheet", "kind", "at", "certified", "today", "article", "verdict"),
    [
        ("first share", SHEET, Kind.SHARE, JULY, True, 0, 0, (2, 1, Reason.CREDITED, 299)),
        ("300th share", SHEET, Kind.SHARE, JULY, True, 299, 0, (2, 1, Reason.CREDITED, 0)),
        ("301st share", SHEET, Kind.SHARE, JULY, True, 300, 0, (0, 0, Reason.DAY_CAP, 0)),
        ("repeats count", SHEET, Kind.SHARE, JULY, True, 250, 250, (2, 1, Reason.CREDITED, 49)),
        ("browse", SHEET, Kind.BROWSE, JULY, True, 3, 1, (1, 0, Reason.CREDITED, 6)),
        ("same article again", SHEET, Kind.BROWSE, JULY, True, 3, 2, (0, 0, Reason.ARTICLE_CAP, 7)),
        ("both caps full", SHEET, Kind.BROWSE, JULY, True, 10, 2, (0, 0, Reason.DAY_CAP, 0)),
        ("not in the sheet", SHEET, Kind.LIKE, JULY, True, 0, 0, (0, 0, Reason.NOT_REWARDED, None)),
        ("not certified", SHEET, Kind.SHARE, JULY, False, 0, 0, (0, 0, Reason.NOT_CERTIFIED, None)),
        ("anyone may sign in", SHEET, Kind.SIGN_IN, JULY, False, 0, 0, (1, 0, Reason.CREDITED, 0)),
        ("first moment", SHEET, Kind.SHARE, OPENS, True, 0, 0, (2, 1, Reason.CREDITED, 299)),
        ("a moment before", SHEET, Kind.SHARE, OPENS - TICK, True, 0, 0, (0, 0, Reason.CLOSED, None)),
        ("last moment", SHEET, Kind.SHARE, CLOSES - TICK, True, 0, 0, (2, 1, Reason.CREDITED, 299)),
        ("a moment after", SHEET, Kind.SHARE, CLOSES, True, 0, 0, (0, 0, Reason.CLOSED, None)),
        ("no campaign", None, Kind.SHARE, JULY, True, 0, 0, (0, 0, Reason.CLOSED, None)),
        ("closed before cap", SHEET, Kind.SHARE, CLOSES, False, 300, 0, (0, 0, Reason.CLOSED, None)),
        ("reads are volume", BY_READS, Kind.READ, JULY, True, 7, 7, (0, 1, Reason.CREDITED, None)),
        ("a share is then no volume", BY_READS, Kind.SHARE, JULY, True, 0, 0, (2, 0, Reason.CREDITED, 299)),
        ("an open is neither", BY_READS, Kind.OPEN, JULY, True, 0, 0, (0, 0, Reason.NOT_REWARDED, None)),
        ("uncertified reads", BY_READS, Kind.READ, JULY, False, 0, 0, (0, 0, Reason.NOT_CERTIFIED, None)),
    ],
)
def test_what_an_act_earns(case, sheet, kind, at, certified, today, article, verdict):
    got = judge(sheet, kind, at, certified=certified, counted=Counted(today, article))
    assert got == Verdict(*verdict), case


def test_a_sheet_may_count_everyone():
    open_to_all = replace(SHEET, certified_only=False)
    verdict = judge(open_to_all, Kind.SHARE, JULY, certified=False)
    assert verdict.reason is Reason.CREDITED


sheets = st.builds(
    lambda earnings, measure, certified_only: replace(
        SHEET, earnings=earnings, measure=measure, certified_only=certified_only
    ),
    st.dictionaries(
        st.sampled_from(list(Kind)),
        st.builds(Earning, st.integers(0, 9), st.integers(1, 5), st.none() | st.integers(1, 5)),
    ),
    st.sampled_from(list(Measure)),
    st.booleans(),
)
moments = st.integers(-3 * 86_400, 340 * 86_400).map(lambda seconds: OPENS + timedelta(seconds=seconds))
counts = st.integers(0, 6)


@given(sheets, st.sampled_from(list(Kind)), moments, st.booleans(), counts, counts)
def test_only_what_is_credited_earns(sheet, kind, at, certified, today, article):
    verdict = judge(sheet, kind, at, certified=certified, counted=Counted(today, article))
    if verdict.reason is not Reason.CREDITED:
        assert (verdict.points, verdict.volume) == (0, 0)
    else:
        assert sheet.opens_at <= at < sheet.closes_at
        assert verdict.volume == (1 if MEASURED_KIND[sheet.measure] is kind else 0)
        assert certified or kind is Kind.SIGN_IN or not sheet.certified_only
    assert verdict.left_today is None or verdict.left_today >= 0


@given(sheets, st.sampled_from(list(Kind)), st.lists(st.integers(1, 3), max_size=40))
def test_a_day_credits_up_to_the_caps_and_says_what_is_left(sheet, kind, articles):
    """One person's acts of a kind in a day, in any order of articles."""
    credited, by_article, left = 0, dict.fromkeys(range(1, 4), 0), None
    earning = sheet.earnings.get(kind)
    for article in articles:
        verdict = judge(
            sheet,
            kind,
            JULY,
            certified=True,
            counted=Counted(credited, by_article[article]),
        )
        if verdict.reason is Reason.CREDITED:
            credited += 1
            by_article[article] += 1
        if verdict.left_today is not None:
            left = verdict.left_today
    if earning is None:
        expected = len(articles) if MEASURED_KIND[sheet.measure] is kind else 0
        assert (credited, left) == (expected, None)
        return
    each = earning.per_article_day_max or len(articles)
    assert max(by_article.values()) <= each
    assert credited == min(earning.per_day_max, sum(min(articles.count(a), each) for a in by_article))
    assert left in (None, earning.per_day_max - credited)


@given(moments)
def test_a_campaign_is_open_on_its_calendar_days(at):
    verdict = judge(SHEET, Kind.SHARE, at, certified=True)
    day = clock.day_of(at).isoformat()
    assert (verdict.reason is Reason.CREDITED) == ("2021-01-01" <= day <= "2021-11-30")
