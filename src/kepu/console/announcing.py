"""What may be announced where: reminders with their reasons, a sealed preview, the goal of a round."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Policy, last_day_of, sheet_covering
from kepu.jobs.rules import ENDED, JobState
from kepu.people.reads.announcements import AnnouncementRow, Reach, reach, twin
from kepu.people.rules import Announced, Audience
from kepu.standings.reads.reached import reached

SALT = "kepu.announcement"
PREVIEW_LIFE = 30 * 60


@dataclass(frozen=True, slots=True)
class Goal:
    """The basic task of the round that runs in a place; `why_not` says why nobody is reminded of one."""

    campaign: int
    window: str
    volume: int
    title: str
    last_day: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A text to start from. One that is not offered says why."""

    name: str
    title: str
    audience: Audience
    text: str
    link: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a seal holds: the announcement as shown, with the counts that were shown beside it."""

    announced: Announced
    reach: Reach
    seal: str


def goal_in(division: str, now: datetime) -> Goal:
    """The round one may be behind in, in this place now, or why nobody is reminded. One query.

    Under `voluntary` nobody is pressed for numbers (国办函〔2026〕12号), whatever the sheet counts.
    """
    found = sheet_covering(campaigns.published(), division, now)
    if found is None:
        return _no_goal(_("No campaign runs in this place now."))
    sheet = found.sheet
    if sheet.policy is Policy.VOLUNTARY:
        return _no_goal(
            _(
                "%(campaign)s is voluntary: nobody is reminded of numbers (国办函〔2026〕12号). "
                "Invite people to something instead."
            )
            % {"campaign": sheet.title}
        )
    running = next((each for each in sheet.rounds if each.opens_at <= now < each.closes_at), None)
    if running is None or not running.basic_task:
        return _no_goal(_("No round with a basic task runs now."))
    last = f"{last_day_of(running.closes_at):%Y-%m-%d}"
    return Goal(found.number, running.id, running.basic_task, running.title, last)


def reminders(division: str, now: datetime) -> list[Reminder]:
    """完成实名认证 and 本月任务 for a place, each offered or with the reason why not. One query."""
    goal = goal_in(division, now)
    task = ""
    if not goal.why_not:
        task = _(
            "The basic task of %(round)s is %(volume)s, until %(day)s. Your page shows where you stand."
        ) % {
            "round": goal.title,
            "volume": goal.volume,
            "day": goal.last_day,
        }
    return [
        Reminder(
            "certify",
            _("Finish the certification"),
            Audience.UNCERTIFIED,
            _("Finish your certification by real name and what you share counts. It takes two minutes."),
            "/me/certification/",
        ),
        Reminder("task", _("This month's task"), Audience.BEHIND, task, "/me/", goal.why_not),
    ]


def done_with(announced: Announced) -> frozenset[int]:
    """Who reached the goal already and is left out; nobody without a goal. One query at most."""
    return reached(*announced.goal) if announced.goal is not None else frozenset()


def trouble_of(announced: Announced, now: datetime) -> str:
    """Why this may not go out now: the round it reminds of is over, or another. One query at most."""
    if announced.audience is not Audience.BEHIND:
        return ""
    goal = goal_in(announced.division, now)
    same = announced.goal == (goal.campaign, goal.window, goal.volume)
    return goal.why_not or ("" if same else _("The round changed meanwhile."))


def is_stopped(row: AnnouncementRow, states: Mapping[int, JobState]) -> bool:
    """Whether it is unfinished and no work goes on with it: that failed, was stopped, or is forgotten."""
    return row.ended_at is None and states.get(row.job, JobState.FAILED) in ENDED


def reach_of(announced: Announced) -> Reach:
    """How many people this is for now. Two queries at most."""
    return reach(announced, done_with(announced))


def sent_before(announced: Announced) -> tuple[int, datetime] | None:
    """The last announcement of the same text to the same people, and when it was confirmed. One query."""
    return twin(announced)


def sealed(announced: Announced, shown: Reach, before: int) -> str:
    """The preview as the page carries it back, signed, for half an hour.

    `before`: the announcement of the same text to the same people that it showed, 0 for none. Previews of the
    same text, people and `before` have one seal, so that of two that lie open only one goes out.
    """
    values: dict[str, Any] = {
        "text": announced.text,
        "link": announced.link,
        "audience": announced.audience.value,
        "division": announced.division,
        "unit": announced.unit,
        "by_text": announced.by_text,
        "goal": announced.goal,
        "reach": [shown.meant, shown.hearing],
        "before": before,
    }
    return signing.dumps(values, salt=SALT, compress=True)


def opened(token: str) -> Preview | None:
    """The preview that was sealed; None when it is not ours or too old."""
    try:
        values = signing.loads(token, salt=SALT, max_age=PREVIEW_LIFE)
    except signing.BadSignature:
        return None
    goal = values["goal"]
    announced = Announced(
        text=values["text"],
        link=values["link"],
        audience=Audience(values["audience"]),
        division=values["division"],
        unit=values["unit"],
        by_text=values["by_text"],
        goal=(goal[0], goal[1], goal[2]) if goal else None,
    )
    same = [announced.text, announced.audience.value, announced.division, announced.unit, values["before"]]
    seal = hashlib.sha256(json.dumps(same).encode()).hexdigest()
    return Preview(announced, Reach(*values["reach"]), seal)


def _no_goal(why_not: str) -> Goal:
    return Goal(0, "", 0, "", "", why_not)
