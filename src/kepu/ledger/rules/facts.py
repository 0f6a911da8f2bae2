"""What a batch must know before it is settled, and what it became."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kepu.campaigns.rules import Published
from kepu.ledger.rules.lots import YearPoints
from kepu.ledger.rules.values import Entry, Head, Known, Lot, Receipt, Refusal, Tally, TallyKey
from kepu.people.rules import Standing


@dataclass(frozen=True, slots=True)
class Needs:
    """What the newest sheets want counted beyond a day's acts of a kind, so that others pay nothing for it.

    `article_days`, `articles`: the (campaign, kind) pairs of which one article counts only so often a day,
    or in the whole campaign. `streaks`: by kind how many days in a row matter at most. `ceiling`: some sheet
    caps the points of a day; `designated`: some sheet has designated articles earn more. `refined`: whether
    there is anything but `article_days`.
    """

    article_days: frozenset[tuple[int, int]] = frozenset()
    articles: frozenset[tuple[int, int]] = frozenset()
    streaks: Mapping[int, int] = field(default_factory=dict)
    ceiling: bool = False
    designated: bool = False
    refined: bool = False


NO_NEEDS = Needs()


def needs_of(published: tuple[Published, ...]) -> Needs:
    """What these sheets want counted."""
    lines = [
        (each.number, int(kind), earning)
        for each in published
        for kind, earning in each.sheet.earnings.items()
    ]
    streaks: dict[int, int] = {}
    for _number, kind, earning in lines:
        if earning.streaks:
            streaks[kind] = max(streaks.get(kind, 0), earning.streaks[-1].days)
    articles = frozenset((number, kind) for number, kind, e in lines if e.per_article_max is not None)
    ceiling = any(each.sheet.points_per_day_max is not None for each in published)
    designated = any(each.sheet.designated_times > 1 for each in published)
    return Needs(
        frozenset((number, kind) for number, kind, e in lines if e.per_article_day_max is not None),
        articles,
        streaks,
        ceiling,
        designated,
        refined=bool(articles or streaks or ceiling or designated),
    )


@dataclass(slots=True)
class Facts:
    """What a batch must know before it is settled; `settle` keeps it up to date as it goes.

    `credited` and `credited_articles` hold counts read from the tallies (of day 0: those of the whole
    campaign). `lots` (person, year, points), `expired` (person, year, how much) and `taken` (the years of
    a spend) hold only whom and what the batch may take points from or return them to; `expired_to` is the
    last year that has expired. `points_today` (person, day), `credited_days` (person, kind, day) and
    `designated` (day, article) hold only what `needs` asks for. `covering` remembers which sheet covers a
    division on a day. `books` are those in which there may be anything of a person: nothing was
    read elsewhere; `entered` are the (person, book) pairs that have entries already.
    """

    published: tuple[Published, ...]
    standings: dict[int, Standing]
    heads: dict[int, Head]
    known: dict[tuple[int, bytes], Known] = field(default_factory=dict)
    credited: dict[TallyKey, int] = field(default_factory=dict)
    credited_articles: dict[tuple[TallyKey, int], int] = field(default_factory=dict)
    needs: Needs = NO_NEEDS
    points_today: dict[tuple[int, int], int] = field(default_factory=dict)
    credited_days: set[tuple[int, int, int]] = field(default_factory=set)
    designated: frozenset[tuple[int, int]] = frozenset()
    lots: dict[int, dict[int, int]] = field(default_factory=dict)
    expired: dict[int, dict[int, int]] = field(default_factory=dict)
    taken: dict[tuple[int, int], tuple[YearPoints, ...]] = field(default_factory=dict)
    expired_to: int = 0
    covering: dict[tuple[str, int], Published | None] = field(default_factory=dict)
    books: dict[int, set[int]] = field(default_factory=dict)
    entered: set[tuple[int, int]] = field(default_factory=set)


@dataclass(slots=True)
class Settled:
    """What a batch became: an answer an act (same order), new entries, and what they add to the tallies.

    Tallies and lots (book, person, year) are those of the book an entry stands in.
    `lines`: (book, seq, year, points) of the years that spends took (below zero) and refunds gave back.
    """

    answers: list[Receipt | Refusal] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    tallies: dict[tuple[int, TallyKey], Tally] = field(default_factory=dict)
    article_tallies: dict[tuple[int, TallyKey, int], int] = field(default_factory=dict)
    lots: dict[tuple[int, int, int], Lot] = field(default_factory=dict)
    lines: list[tuple[int, int, int, int]] = field(default_factory=list)
