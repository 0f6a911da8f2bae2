"""The words people see on boards."""

from datetime import date

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kepu.campaigns.rules import Measure, RuleSheet, TieRule, round_of
from kepu.standings.rules import ALL, is_day

Words = str | Promise

RANKED_BY: dict[Measure, Words] = {
    Measure.SHARES: _("Ranked by number of shares"),
    Measure.OPENS: _("Ranked by how often links were opened"),
    Measure.READS: _("Ranked by number of real readers"),
    Measure.IMPORTED: _("Ranked by imported figures"),
}
TIED: dict[TieRule, Words] = {
    TieRule.SHARED: pgettext_lazy("on a board", "tied"),
    TieRule.EARLIER: pgettext_lazy("on a board", "same number"),
}
HIDDEN: Words = _("A communicator")
SCOPES: dict[str, Words] = {
    "unit": pgettext_lazy("scope", "Unit"),
    "town": pgettext_lazy("scope", "Town"),
    "county": pgettext_lazy("scope", "County"),
    "city": pgettext_lazy("scope", "City"),
}


def window_text(window: str, sheet: RuleSheet, today: date) -> str:
    """A window as a chip says it: 全程, a round's title, 本月, 3月, 今天, 3月5日; another year is named."""
    if window == ALL:
        return gettext("Whole campaign")
    round_ = round_of(sheet, window)
    if round_ is not None:
        return round_.title
    if is_day(window):
        day = date.fromisoformat(window)
        if day == today:
            return gettext("Today")
        return str(date_format(day, gettext("M j") if day.year == today.year else gettext("M j, Y")))
    month = date.fromisoformat(f"{window}-01")
    if (month.year, month.month) == (today.year, today.month):
        return gettext("This month")
    return str(date_format(month, gettext("F") if month.year == today.year else gettext("F Y")))
