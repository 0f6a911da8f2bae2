"""The words for how tasks will end: which one, by how much, and what would be needed a day."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kepu.standings.rules import Forecast, Outlook
from kepu.standings.rules.outlook import Progress

# A mark of its own for each, so that nobody depends on a colour.
MARKS: dict[Outlook, str] = {
    Outlook.MISSED: "✕",
    Outlook.WILL_MISS: "✕",
    Outlook.AT_RISK: "▲",
    Outlook.TOO_EARLY: "○",
    Outlook.ON_COURSE: "●",
    Outlook.DONE: "✓",
}
NEEDS_HELP = (Outlook.MISSED, Outlook.WILL_MISS, Outlook.AT_RISK)
OUTLOOKS: dict[Outlook, str | Promise] = {
    Outlook.MISSED: gettext_lazy("Missed"),
    Outlook.WILL_MISS: gettext_lazy("Will miss"),
    Outlook.AT_RISK: gettext_lazy("At risk"),
    Outlook.TOO_EARLY: gettext_lazy("Too early to tell"),
    Outlook.ON_COURSE: gettext_lazy("On course"),
    Outlook.DONE: gettext_lazy("Done"),
}


def why(progress: Progress, volume: str) -> str:
    """What most needs help, in one sentence: of a unit the task, of a division the unit and its task.

    `volume` is the word for the campaign's measure.
    """
    if progress.worst_unit is not None and progress.worst_unit.outlook in NEEDS_HELP:
        words = {"task": progress.worst_unit.name, "words": why(progress.worst_unit, volume)}
        return _("%(task)s: %(words)s") % words
    worst = progress.worst
    if worst is progress.backbones:
        return backbones_words(worst)
    return task_words(worst, _("New registrations") if worst is progress.registrations else volume)


def backbones_words(task: Forecast) -> str:
    """What is missing of the backbones."""
    if task.outlook is Outlook.DONE:
        return str(OUTLOOKS[task.outlook])
    return ngettext(
        "%(short)s backbone still to be named", "%(short)s backbones still to be named", task.short
    ) % {"short": task.short}


def task_words(task: Forecast, name: str = "") -> str:
    """How one task will end and what would be needed a day; with its `name` in front where that is given."""
    words = _sentence(task)
    return _("%(task)s: %(words)s") % {"task": name, "words": words} if name else words


def _sentence(task: Forecast) -> str:
    numbers = {
        "short": f"{task.short:,}",
        "a_day": f"{task.a_day:,}",
        "now": _("less than 1")
        if not task.now_a_day and task.at_end > task.actual
        else f"{task.now_a_day:,}",
        "at_end": f"{task.at_end:,}",
    }
    if task.outlook is Outlook.MISSED:
        return _("it ended %(short)s short") % numbers
    if task.a_day == 1 and task.outlook not in (Outlook.ON_COURSE, Outlook.DONE):  # a gap of 27 as of 5
        lacking = {"lacking": f"{max(0, task.target - task.actual):,}"}
        if task.outlook is Outlook.TOO_EARLY:
            return _("too early to tell; %(lacking)s more are needed until the end") % lacking
        return _("%(lacking)s more are needed until the end") % lacking
    if task.outlook is Outlook.TOO_EARLY:
        return _("too early to tell; %(a_day)s a day are needed") % numbers
    if task.outlook is Outlook.ON_COURSE:
        return _("on course: about %(at_end)s at the end") % numbers
    if task.outlook is Outlook.DONE:
        return str(OUTLOOKS[task.outlook])
    return (
        _("at the present pace %(short)s short at the end; %(a_day)s a day are needed, now it is %(now)s")
        % numbers
    )
