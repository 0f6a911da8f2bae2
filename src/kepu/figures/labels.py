"""The words people see for the values in `rules`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kepu.figures.rules import FileState, Match, Role, Span, Trouble, Verdict

STATES: dict[FileState, str | Promise] = {
    FileState.READING: _("Being read"),
    FileState.WAITING: _("Waits for a second person"),
    FileState.CHECKING: _("Approved, being checked"),
    FileState.RENEWING: _("Differences are being worked out anew"),
    FileState.ENTERING: _("Being entered"),
    FileState.ENTERED: _("Entered"),
    FileState.COMPARED: _("Compared only"),
    FileState.TURNED_DOWN: _("Not used"),
    FileState.WITHDRAWING: _("Being withdrawn"),
    FileState.WITHDRAWN: _("Withdrawn"),
}
VERDICTS: dict[Verdict, str | Promise] = {
    Verdict.COUNTS: _("Counts"),
    Verdict.LESS: _("Less than before: the difference is taken back"),
    Verdict.SAME: _("As before: nothing changes"),
    Verdict.CARRIED: _("As before: from now on it counts for the account that was kept when two were merged"),
    Verdict.COMPARED: _("Compared, not entered"),
    Verdict.SUM_ROW: _("A row of sums: passed over"),
    Verdict.DUPLICATE: _("The same as another row: passed over"),
    Verdict.CONFLICTING: _("Another row gives the same person another figure: neither counts"),
    Verdict.NO_PERSON: _("Nobody here fits"),
    Verdict.TWO_FIT: _("Two people or units fit: give the phone number or the town"),
    Verdict.NAME_DIFFERS: _("The number belongs to somebody of another name"),
    Verdict.NOT_CERTIFIED: _(
        "Not certified here: nothing more is entered, what was entered before still counts"
    ),
    Verdict.OUTSIDE: _("Outside your area"),
    Verdict.PHONE_WRONG: _("No whole phone number"),
    Verdict.NAME_WRONG: _("No name"),
    Verdict.UNIT_MISSING: _("No unit"),
    Verdict.NO_UNIT: _("No unit or town of this name here"),
    Verdict.FIGURE_MISSING: _("The figure is empty"),
    Verdict.FIGURE_ROUNDED: _(
        "The figure is rounded, and what was rounded is not guessed: export whole numbers"
    ),
    Verdict.FIGURE_NOT_WHOLE: _("The figure is not whole"),
    Verdict.FIGURE_NEGATIVE: _("The figure is below zero"),
    Verdict.FIGURE_TOO_LARGE: _("The figure is too large for one person: is the column right?"),
    Verdict.FIGURE_NOT_A_NUMBER: _("The figure is no number"),
    Verdict.DAY_WRONG: _("No day"),
    Verdict.DAY_OUTSIDE: _("The day is outside the file’s period"),
    Verdict.NOT_ENTERED: _("The ledger could not take it: the person’s county has no book here"),
    Verdict.ABSENT: _("Certified here, not in the file"),
    Verdict.STANDS: _("No longer certified and not in the file: what was entered before still counts"),
}
TROUBLES: dict[Trouble, str | Promise] = {
    Trouble.NO_HEADINGS: _("No row of headings was found above the figures. Keep the export’s headings."),
    Trouble.NO_ROWS: _("There are no rows below the headings."),
    Trouble.NO_VOLUME: _("Say which column holds the figure."),
    Trouble.NO_PHONE: _("To match by phone, say which column holds the number."),
    Trouble.NO_NAME_UNIT: _("To match by name and unit, say which columns hold them."),
    Trouble.NO_UNIT: _("For totals, say which column holds the unit or the area."),
    Trouble.NO_DAY: _("For figures by day, say which column holds the day."),
    Trouble.COLUMN_TWICE: _("One column cannot be two things."),
    Trouble.FIGURE_UNNAMED: _("Say what the national app calls the figure."),
    Trouble.NO_CAMPAIGN: _("There is no such campaign where you may bring figures in."),
    Trouble.SAME_FILE: _("This very file is here already, as file %(file)s. Nothing was changed."),
    Trouble.PERIOD_WRONG: _("The period ends before it begins."),
    Trouble.PERIOD_OUTSIDE: _("The period must lie within the campaign."),
    Trouble.PERIOD_FUTURE: _("The period has not ended yet."),
    Trouble.PERIOD_OVERLAPS: _(
        "File %(file)s speaks of some of the same days. Periods are the same or apart: send the same period"
        " as a correction, or withdraw that file."
    ),
    Trouble.OTHER_FIGURE: _(
        "This campaign counts another figure (file %(file)s). Two are never added together."
    ),
    Trouble.OTHER_SPAN: _(
        "File %(file)s is of the other kind. A campaign takes figures since its beginning or by period,"
        " not both."
    ),
    Trouble.NOT_WAITING: _("This was decided already."),
    Trouble.NOT_ASKED: _("Nobody asks for this file to be withdrawn."),
    Trouble.OWN_WITHDRAWAL: _("A second person confirms: not the one who asked for the withdrawal."),
    Trouble.OWN_FILE: _("A second person approves: not the one who sent the file."),
    Trouble.CHANGED_SINCE: _(
        "Something was counted since this was worked out. The differences are new: look at them again."
    ),
    Trouble.ANOTHER_AT_WORK: _("File %(file)s is being entered or withdrawn. Wait until it has ended."),
    Trouble.NOTHING_TO_ENTER: _("There is no row that can be entered."),
    Trouble.NEWER_STANDS: _("File %(file)s is newer and rests on this one. Withdraw that first."),
    Trouble.REASON_MISSING: _("Say why."),
    Trouble.REASON_NAMES: _("The reason stays in the ledger: write no phone number into it."),
    Trouble.UNKNOWN_LAYOUT: _("No layout of this name is kept."),
}
REGISTERED = _("registered %(stated)s, certified here %(here)s")
CHOICES: Mapping[Any, Mapping[StrEnum, str | Promise]] = {
    Role: {
        Role.PHONE: pgettext_lazy("column", "Phone number"),
        Role.NAME: pgettext_lazy("column", "Name"),
        Role.UNIT: pgettext_lazy("column", "Unit"),
        Role.REGION: pgettext_lazy("column", "Area"),
        Role.VOLUME: pgettext_lazy("column", "Figure"),
        Role.REGISTERED: pgettext_lazy("column", "Registered people"),
        Role.DAY: pgettext_lazy("column", "Day"),
    },
    Match: {
        Match.PHONE: _("by phone number"),
        Match.NAME_UNIT: _("by name and unit"),
        Match.TOTALS: _("totals of units or areas: compared only"),
    },
    Span: {
        Span.PERIOD: _("of the file’s period"),
        Span.CUMULATIVE: _("since the campaign began"),
        Span.DAILY: _("of the day in each row"),
    },
}
