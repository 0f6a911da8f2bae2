"""A person's points as they read them: each line with its rule in plain words, and what is left by year."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from kepu.app import labels, reads
from kepu.app.rules import date_of
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import COUNTED, Earning, Kind, Reason, RuleSheet
from kepu.clubs.reads.own import posts_of_entries
from kepu.clubs.rules import Viewer
from kepu.kit import clock
from kepu.ledger.reads.earning import points_by_month
from kepu.ledger.rules import Entry
from kepu.mall.reads.own import orders_of_spends

MONTHS = 6
# What takes points away again, or gives them back, is no earning.
_NOT_EARNED = frozenset({Kind.SPEND, Kind.EXPIRY, Kind.REFUND})
_OF_ORDERS = frozenset({Kind.SPEND, Kind.REFUND})
_OF_POSTS = frozenset({Kind.CLUB_POST, Kind.LIKE, Kind.LIKED})
# By the place of the entry that began it in the ledger.
Ways = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement.

    `rule`: the sheet's line for the act in plain words, "" for what no sheet judges; `link`: what it was
    about; `counted`: whether it changed anything, or was counted.
    """

    entry: Entry
    kind: str | Promise
    icon: str
    title: str
    link: str
    reason: str | Promise
    counted: bool
    at: datetime
    campaign: str
    slug: str
    rule: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was earned in the last months: by month, the oldest first, and by act, the most first."""

    months: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str | Promise, int], ...]


def lines(entries: list[Entry]) -> list[Line]:
    """The lines of one person's statement in their order.

    Two queries; one more for each older version of rules in it, for orders, and for posts.
    """
    sheets = {each.number: each.sheet for each in campaigns.published()}
    found: dict[tuple[int, int], RuleSheet] = {
        (number, sheet.version): sheet for number, sheet in sheets.items()
    }
    for each in entries:
        place = (each.campaign, each.version)
        if each.campaign and each.version and place not in found:
            found[place] = campaigns.sheet(*place)
    ways = _ways(entries)
    return [
        _line(each, found.get((each.entry.campaign, each.entry.version)), ways)
        for each in reads.named(entries)
    ]


def drawn(person: int, today: date) -> Drawn:
    """What a person earned in the last MONTHS months. One query."""
    months = [_month_before(today, ago) for ago in reversed(range(MONTHS))]
    by_month: Counter[int] = Counter()
    by_kind: Counter[Kind] = Counter()
    for (month, kind), points in points_by_month(person, months[0] * 100 + 1).items():
        if Kind(kind) not in _NOT_EARNED:
            by_month[month] += points
            by_kind[Kind(kind)] += points
    return Drawn(
        tuple((_month_name(month), max(0, by_month[month])) for month in months),
        tuple((labels.KINDS[kind], points) for kind, points in by_kind.most_common() if points > 0),
    )


def rule_words(sheet: RuleSheet, kind: Kind) -> str:
    """What a sheet gives for an act, in plain words; "" where it gives nothing for it."""
    earning = sheet.earnings.get(kind)
    if earning is None:
        return ""
    if kind is Kind.CERTIFICATION:
        return gettext("%(points)s points, once only") % {"points": earning.points}
    words = [
        gettext("%(points)s points each, at most %(most)s a day")
        % {"points": earning.points, "most": earning.per_day_max}
    ]
    words += _article_words(earning)
    words += [
        gettext("from %(days)s days in a row on %(points)s more")
        % {"days": streak.days, "points": streak.points}
        for streak in earning.streaks
    ]
    if sheet.designated_times > 1:
        words.append(gettext("articles of the day %(times)s times") % {"times": sheet.designated_times})
    words += [
        gettext("%(title)s: %(times)s times") % {"title": weight.title, "times": weight.times}
        for weight in sheet.weights
        if kind in weight.kinds
    ]
    if sheet.points_per_day_max is not None:
        words.append(
            gettext("all together at most %(most)s points a day") % {"most": sheet.points_per_day_max}
        )
    return "；".join(words)


def _article_words(earning: Earning) -> list[str]:
    words = []
    if earning.per_article_day_max is not None:
        most = earning.per_article_day_max
        words.append(
            ngettext("one article once a day", "one article %(most)s times a day", most) % {"most": most}
        )
    if earning.per_article_max is not None:
        most = earning.per_article_max
        words.append(
            ngettext("one article once in all", "one article %(most)s times in all", most) % {"most": most}
        )
    return words


def _ways(entries: list[Entry]) -> Ways:
    """Where the orders and the posts that lines are about are seen."""
    spends = {_about(each) for each in entries if each.kind in _OF_ORDERS}
    posted = {_about(each) for each in entries if each.kind in _OF_POSTS}
    viewer = Viewer(entries[0].person if entries else 0)
    return {place: f"{ORDERS}{order}/" for place, order in orders_of_spends(spends).items()} | {
        place: f"/clubs/posts/{post}/" for place, post in posts_of_entries(posted, viewer).items()
    }


def _about(entry: Entry) -> tuple[int, int]:
    """The entry that began it: the spend of a refund, the post of a like; itself otherwise."""
    return (entry.ref_book, entry.ref_seq) if entry.ref_seq else (entry.book, entry.seq)


def _line(named: reads.NamedEntry, sheet: RuleSheet | None, ways: Ways) -> Line:
    entry, kind = named.entry, Kind(named.entry.kind)
    return Line(
        entry=entry,
        kind=labels.KINDS[kind],
        icon=labels.KIND_ICONS[kind],
        title=named.title,
        link=_link(entry, named.title, ways),
        reason=_reason(entry, sheet),
        counted=entry.reason in COUNTED | {Reason.ADJUSTED},
        at=clock.from_milliseconds(entry.at_ms),
        campaign=sheet.title if sheet else "",
        slug=sheet.campaign if sheet else "",
        rule=rule_words(sheet, kind) if sheet else "",
    )


def _reason(entry: Entry, sheet: RuleSheet | None) -> str | Promise:
    """Why it earned what it earned; of a full day how much a day can give."""
    if entry.reason == Reason.CEILING and sheet is not None and sheet.points_per_day_max is not None:
        return gettext("counted: the day's %(most)s points are full") % {"most": sheet.points_per_day_max}
    if entry.kind == Kind.EXPIRY:
        return gettext("what was left of %(year)s") % {"year": date_of(entry.day).year}
    if entry.reason == Reason.ADJUSTED and Kind(entry.kind) in labels.STATED:
        return labels.STATED[Kind(entry.kind)]
    return labels.REASONS[Reason(entry.reason)]


def _link(entry: Entry, title: str, ways: Ways) -> str:
    if entry.kind in _OF_ORDERS | _OF_POSTS and _about(entry) in ways:
        return ways[_about(entry)]
    if entry.kind in _OF_ORDERS:
        return ORDERS
    return f"/a/{entry.article}/" if title else ""


def _month_name(month: int) -> str:
    return gettext("Month %(month)s") % {"month": month % 100}


def _month_before(day: date, months: int) -> int:
    """The month (yyyymm) so many before that of a day."""
    count = day.year * 12 + day.month - 1 - months
    return count // 12 * 100 + count % 12 + 1


ORDERS = "/mall/orders/"
