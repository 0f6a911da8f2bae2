"""What a batch asks for the sake of sheets that count more than a day's acts; others cost no statement."""

from collections.abc import Sequence
from datetime import date, timedelta

from kepu.content import reads as content
from kepu.kit import clock
from kepu.ledger import store
from kepu.ledger.rules import (
    STATED_KINDS,
    WHOLE_CAMPAIGN,
    Act,
    Facts,
    TallyKey,
    day_number,
    sheet_on,
)


def ask_for_needs(acts: Sequence[Act], facts: Facts) -> None:
    """The facts hold what `facts.needs` names about these acts. At most four statements."""
    judged = [act for act in acts if act.kind not in STATED_KINDS and act.person in facts.standings]
    days = [(act, day_number(act.at_ms)) for act in judged]
    articles = {
        (book, *place)
        for act, day in days
        if (place := _place(act, day, facts)) is not None
        for book in facts.books[act.person]
    }
    if articles:
        facts.credited_articles |= store.ask([store.whole_article_counts(articles)])[0]
    if facts.needs.ceiling and days:
        asked = {(book, act.person, day) for act, day in days for book in facts.books[act.person]}
        facts.points_today = store.ask([store.points_of_days(asked)])[0]
    streaks = [(act, day) for act, day in days if act.kind in facts.needs.streaks]
    if streaks:
        facts.credited_days = store.ask([_days_before(streaks, facts)])[0]
    with_article = {day for act, day in days if act.article}
    if facts.needs.designated and with_article:
        facts.designated = _designated(min(with_article), max(with_article))


def _place(act: Act, day: int, facts: Facts) -> tuple[TallyKey, int] | None:
    """The tally over the whole campaign that an act asks about."""
    if not act.article or not facts.needs.articles:
        return None
    division = facts.standings[act.person].division
    current = sheet_on(facts, division, day, clock.from_milliseconds(act.at_ms))
    if current is None or (current.number, act.kind) not in facts.needs.articles:
        return None
    return TallyKey(act.person, WHOLE_CAMPAIGN, current.number, act.kind), act.article


def _days_before(streaks: Sequence[tuple[Act, int]], facts: Facts) -> store.Statement:
    wanted = {(book, act.person, int(act.kind)) for act, _day in streaks for book in facts.books[act.person]}
    longest = max(facts.needs.streaks.values())
    first = _date(min(day for _act, day in streaks)) - timedelta(days=longest)
    return store.credited_days(wanted, _number(first), max(day for _act, day in streaks))


def _designated(first: int, last: int) -> frozenset[tuple[int, int]]:
    found = content.designated_between(_date(first), _date(last))
    return frozenset(
        (_number(day), article) for day, articles in found.items() for article, _title in articles
    )


def _date(day: int) -> date:
    return date(day // 10_000, day // 100 % 100, day % 100)


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
