"""积分规则 of the whole site: when points expire, levels, topic badges; each change a new version, kept."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds
from kepu.console.points_labels import BADGE_TROUBLES, EXPIRY_TROUBLES, LEVEL_TROUBLES
from kepu.console.scope import me, within
from kepu.content import reads as content
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.people.rules import Ability
from kepu.points import writes
from kepu.points.reads import BADGES, EXPIRY, LEVELS, Version, expiry_in, versions_of
from kepu.points.reads.standing import badges_in, levels, levels_in, topic_badges
from kepu.points.rules import (
    LEVELS_MAX,
    TOPIC_BADGES_MAX,
    YEARS_MAX,
    Expiry,
    Level,
    TopicBadge,
    next_possible_day,
)

SHOWN = 10
# Empty lines offered below those there are.
SPARE_LINES = 3
NUMBER_MAX = 2**40


@require_safe
def points_site_page(request: HttpRequest) -> HttpResponse:
    """What holds now, the forms to change it, and who changed what when. Seven queries."""
    within(request, Ability.SITE)
    return _page(request, {}, 200)


@require_POST
def declare_expiry_page(request: HttpRequest) -> HttpResponse:
    """The rule by which points expire is a new version, or the page says why not."""
    now = clock.now()
    wanted, why = _expiry(request, now), request.POST.get("why", "")

    def declare() -> str | Promise | None:
        trouble = writes.declare_expiry(wanted, why, me(request), now)
        return EXPIRY_TROUBLES[trouble] if trouble else None

    return _declared(request, "declare_expiry", declare, now)


@require_POST
def declare_levels_page(request: HttpRequest) -> HttpResponse:
    """The levels are a new version; a line without a name is left out."""
    now = clock.now()

    def declare() -> str | Promise | None:
        trouble = writes.declare_levels(_levels(request), me(request), now)
        return LEVEL_TROUBLES[trouble] if trouble else None

    return _declared(request, "declare_levels", declare, now)


@require_POST
def declare_badges_page(request: HttpRequest) -> HttpResponse:
    """The topic badges are a new version; a line without a name is left out. Who has one keeps it."""
    now = clock.now()

    def declare() -> str | Promise | None:
        trouble = writes.declare_badges(_badges(request), me(request), now)
        return BADGE_TROUBLES[trouble] if trouble else None

    return _declared(request, "declare_badges", declare, now)


def _declared(
    request: HttpRequest, act: str, declare: Callable[[], str | Promise | None], now: datetime
) -> HttpResponse:
    """Declared and in the audit, both or neither; else the page with what was typed and the trouble."""
    within(request, Ability.SITE)
    subject = SUBJECTS[act]
    with transaction.atomic():
        before = _newest_words(subject)
        trouble = declare()
        if trouble is None:
            deeds.keep(request, act, "", "", now, (before, _newest_words(subject)))
    if trouble is not None:
        messages.error(request, str(trouble))
        return _page(request, _typed(request, act), 422)
    messages.success(request, _("Declared. It is kept with your name and today's date."))
    return redirect("console_points_site")


def _page(request: HttpRequest, typed: dict[str, Any], status: int) -> HttpResponse:
    now = clock.now()
    versions = {subject: versions_of(subject, SHOWN) for subject in (EXPIRY, LEVELS, BADGES)}
    names = people.account_names({each.made_by for rows in versions.values() for each in rows})
    newest = [expiry_in(each.stated) for each in versions[EXPIRY][:1]]
    current = newest[0] if newest else Expiry(0, 12, 31, clock.day_of(now))
    shown_levels, shown_badges = levels(), topic_badges()
    topics = content.topics()
    context = {
        "header_title": _("Rules of points"),
        "header_icon": "cog",
        "current": current,
        "expiry": {
            "years": current.years,
            "month": current.month,
            "day": current.day,
            "from_day": next_possible_day(clock.day_of(now)).isoformat(),
        },
        "earliest": next_possible_day(clock.day_of(now)),
        "years_most": range(YEARS_MAX + 1),
        "months": range(1, 13),
        "days": range(1, 32),
        "levels": _spare([(each.name, each.points) for each in shown_levels], ("", ""), LEVELS_MAX),
        "badges": _spare(
            [(each.key, each.topic, each.name, each.passes) for each in shown_badges],
            (0, "", "", ""),
            TOPIC_BADGES_MAX,
        ),
        "topics": topics,
        "history": {
            subject: [_shown(each, names, WORDS[subject](each)) for each in rows]
            for subject, rows in versions.items()
        },
        "current_words": _expiry_words(current),
    }
    return render(request, "console/points_site.html", context | typed, status=status)


def _typed(request: HttpRequest, act: str) -> dict[str, Any]:
    """What was typed into the form that was not accepted, to stand there again."""
    stated = request.POST
    if act == "declare_expiry":
        fields = {name: whole_number(stated.get(name), 0, 31, 0) for name in ("years", "month", "day")}
        return {"expiry": fields | {"from_day": stated.get("from_day", ""), "why": stated.get("why", "")}}
    if act == "declare_levels":
        lines = list(zip(stated.getlist("name"), stated.getlist("points"), strict=False))
        return {"levels": _spare(lines[:LEVELS_MAX], ("", ""), LEVELS_MAX)}
    columns = [stated.getlist(name) for name in ("key", "topic", "name", "passes")]
    lines_typed = list(zip(*columns, strict=False))[:TOPIC_BADGES_MAX]
    return {"badges": _spare(lines_typed, (0, "", "", ""), TOPIC_BADGES_MAX)}


def _spare(lines: list[Any], empty: tuple[Any, ...], most: int) -> list[Any]:
    return [*lines, *[empty] * max(0, min(SPARE_LINES, most - len(lines)))]


def _expiry(request: HttpRequest, now: datetime) -> Expiry:
    stated, today = request.POST, clock.day_of(now)
    try:
        from_day = date.fromisoformat(stated.get("from_day", ""))
    except ValueError:
        from_day = today
    years = whole_number(stated.get("years"), 0, YEARS_MAX + 1, YEARS_MAX + 1)
    month, day = (whole_number(stated.get(name), 0, 99, 0) for name in ("month", "day"))
    return Expiry(0, 12, 31, today) if not years else Expiry(years, month, day, max(from_day, today))


def _levels(request: HttpRequest) -> list[Level]:
    stated = zip(request.POST.getlist("name"), request.POST.getlist("points"), strict=False)
    # No number is no level: -1 is refused by the rules.
    named = [(name.strip(), points) for name, points in stated if name.strip()][: LEVELS_MAX + 1]
    return [Level(name, whole_number(points.strip(), 0, NUMBER_MAX, -1)) for name, points in named]


def _badges(request: HttpRequest) -> list[TopicBadge]:
    columns = [request.POST.getlist(name) for name in ("key", "topic", "name", "passes")]
    named = [line for line in zip(*columns, strict=False) if line[2].strip()][: TOPIC_BADGES_MAX + 1]
    return [
        TopicBadge(whole_number(key, 0, 2**31 - 1, 0), topic, name.strip(), whole_number(passes, 0, 10**6, 0))
        for key, topic, name, passes in named
    ]


def _shown(version: Version, names: dict[int, str], words: str) -> dict[str, Any]:
    return {"at": version.made_at, "by": names.get(version.made_by, ""), "why": version.why, "words": words}


def _expiry_words(rule: Expiry) -> str:
    if not rule.years:
        return _("Points do not expire.")
    words = _("Points of a year expire %(years)s years later, at the end of %(month)s-%(day)s.")
    return words % {"years": rule.years, "month": rule.month, "day": rule.day}


def _levels_words(version: Version) -> str:
    return "、".join(f"{each.name} {each.points}" for each in levels_in(version.stated))


def _badges_words(version: Version) -> str:
    return "、".join(f"{each.name} {each.passes}" for each in badges_in(version.stated)) or _("None so far")


def _newest_words(subject: str) -> dict[str, str]:
    newest = versions_of(subject, 1)
    return {"words": WORDS[subject](newest[0])} if newest else {}


SUBJECTS = {"declare_expiry": EXPIRY, "declare_levels": LEVELS, "declare_badges": BADGES}
WORDS: dict[str, Callable[[Version], str]] = {
    EXPIRY: lambda version: _expiry_words(expiry_in(version.stated)),
    LEVELS: _levels_words,
    BADGES: _badges_words,
}
