"""The words for a round's life, for pages of other rooms."""

from datetime import datetime

from django.utils.translation import gettext as _

from kepu.awards import labels
from kepu.awards.reads.holidays import BadYear, added_holidays, holidays_file, known_years
from kepu.awards.rules import HolidayTrouble, Life, Missed, NoObjection, NoStep, Stage, Step
from kepu.kit import clock


def stage_text(stage: Stage) -> str:
    """A stage as people call it."""
    return str(labels.STAGES[stage])


def step_text(step: Step) -> str:
    """A step that was taken."""
    return str(labels.STEPS[step])


def button_text(step: Step) -> str:
    """A step to take, as its button says it."""
    return str(labels.BUTTONS[step])


def asks_text(step: Step) -> str:
    """What a step means that is asked about before it is taken; "" for the others."""
    return str(labels.ASKS.get(step, ""))


def no_step_text(why: NoStep) -> str:
    """Why a step was not taken and what to do."""
    if why is NoStep.NO_HOLIDAYS:
        first, last = known_years()
        words = _(
            "The holiday table holds the years %(first)s to %(last)s and the publicity reaches beyond them. "
            "Days are not guessed: once the next year's holidays are announced, the site's operator updates "
            "the site, or writes them into %(file)s."
        )
        return words % {"first": first, "last": last, "file": holidays_file().name}
    if why is NoStep.BAD_HOLIDAYS:
        bad = added_holidays()
        trouble = bad.trouble if isinstance(bad, BadYear) else HolidayTrouble.UNREADABLE
        words = _(
            "The holidays in %(file)s cannot be used: %(why)s The site's operator has to mend the file."
        )
        return words % {"file": holidays_file().name, "why": labels.HOLIDAY_TROUBLES[trouble]}
    return str(labels.NO_STEP[why])


def no_objection_text(why: NoObjection) -> str:
    """Why an objection or an answer was not taken and what to do."""
    return str(labels.NO_OBJECTION[why])


def next_text(life: Life, closes_at: datetime, waiting: int, now: datetime) -> str:
    """What comes next for a round, in a sentence with its day. `waiting`: open objections."""
    if life.stage is Stage.OPEN:
        last = clock.day_of(closes_at)
        if now < closes_at:
            return _("Next: close it, from %(day)s on") % {"day": _day(last.month, last.day)}
        return _("Next: close it")
    if life.stage is Stage.PUBLIC and life.public_until is not None:
        until = life.public_until
        if clock.day_of(now) <= until:
            return _("Public until %(day)s, then two signatures") % {"day": _day(until.month, until.day)}
        if waiting:
            return _("Next: answer %(count)s objections") % {"count": waiting}
        return _("Next: the second signature") if life.signers else _("Next: two signatures")
    if life.is_taken_back:
        return _("Next: evaluate again")
    return str(labels.NEXT[life.stage])


def _day(month: int, day: int) -> str:
    return f"{month}月{day}日"


def refused_text(name: str) -> str:
    """Why acts did not count, from the name `Why.refused` has."""
    return str(labels.REFUSED.get(name, name))


def missed_text(missed: Missed | None) -> str:
    """Why somebody in a scope won nothing; "" for winners."""
    return str(labels.MISSED[missed]) if missed is not None else ""
