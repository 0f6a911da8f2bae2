"""The words people see for documents, and for why something was not done."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepu.papers.rules import FactsNo, Kind, PaperNo, State

Words = str | Promise

KINDS: dict[Kind, Words] = {
    Kind.NOTICE: _("Notice of a campaign"),
    Kind.BULLETIN: _("Bulletin on progress"),
    Kind.PUBLICITY: _("List for publicity"),
    Kind.COMMENDATION: _("Commendation"),
    Kind.CRITICISM: _("Criticism notice"),
    Kind.REMINDER: _("Reminder to a unit"),
}
KIND_HINTS: dict[Kind, Words] = {
    Kind.NOTICE: _("Time, rules, awards; the tasks of the units and the points as annexes."),
    Kind.BULLETIN: _("How far the units are with their tasks. Nobody is ranked."),
    Kind.PUBLICITY: _("The list with masked names, while a round is in publicity."),
    Kind.COMMENDATION: _("The list with names and sums, after two officers signed it."),
    Kind.CRITICISM: _("Units that missed a task, after each was heard. Never persons."),
    Kind.REMINDER: _("A letter to one unit that missed a task."),
}
STATES: dict[State, Words] = {
    State.DRAFT: _("Draft of a document"),
    State.APPROVED: _("Approved, not issued"),
    State.ISSUED: _("Issued"),
    State.WITHDRAWN: _("Withdrawn document"),
}
PAPER_NOS: dict[PaperNo, Words] = {
    PaperNo.GONE: _("This document was thrown away meanwhile."),
    PaperNo.CHANGED: _("Somebody changed this document since you looked. Look at it again."),
    PaperNo.NOT_NOW: _("This cannot be done at its present state. Look at it again."),
    PaperNo.OWN_DRAFT: _("You wrote or changed this draft. Somebody else has to approve it."),
    PaperNo.NUMBER_MOVED: _("Another document was just given this number. Press Issue once more."),
    PaperNo.NO_REASON: _("Say why."),
    PaperNo.NO_TITLE: _("Enter a title."),
    PaperNo.NO_DEADLINE: _("Enter the day by which it should be done, like 2026-08-31."),
    PaperNo.DEADLINE_PAST: _("The day by which it should be done has to lie ahead."),
    PaperNo.PUBLICITY_OVER: _("The days of publicity are over: this list is not issued any more."),
    PaperNo.OUTDATED: _(
        "The list, or the rules, that these figures come from changed since. "
        "Throw the draft away and begin anew."
    ),
    PaperNo.PERSON_NAMED: _("A document about units names no person. Take these names out: %(names)s"),
}
FACTS_NOS: dict[FactsNo, Words] = {
    FactsNo.NO_CAMPAIGN: _("Choose a campaign of your divisions."),
    FactsNo.NO_ROUND: _("Choose a round of this campaign."),
    FactsNo.NO_TASKS: _("This campaign gives units no tasks, so there is no progress to tell of."),
    FactsNo.NO_CUT_OFF: _("Nothing was counted yet. Wait until the boards have a cut-off time."),
    FactsNo.NOT_NOTICE: _(
        "This campaign is voluntary: nobody is criticised or pressed (Guobanhan 2026, no. 12)."
    ),
    FactsNo.NO_UNITS: _("Choose at least one unit."),
    FactsNo.ONE_UNIT: _("A reminder goes to one unit. Choose one."),
    FactsNo.NOTHING_MISSED: _("A chosen unit did all its tasks. Take it out."),
    FactsNo.NOT_HEARD: _("Hear each chosen unit first and put on record what it said."),
    FactsNo.NOT_PUBLIC: _("The list of this round is not in publicity. Freeze it and make it public first."),
    FactsNo.PUBLICITY_OVER: _(
        "The days of publicity of this round are over: a list for publicity comes too late."
    ),
    FactsNo.NOT_GIVEN: _("This organ gives no award of this round: choose the organ that gives them."),
    FactsNo.NOT_FINAL: _("The list of this round is not final: two officers have to sign it first."),
    FactsNo.TOO_LONG: _("This is longer than a document may be. Export it as a file instead."),
}
