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
VOLUME: dict[Measure, Words] = {
    Measure.SHARES: _("Number of shares"),
    Measure.OPENS: _("Links opened"),
    Measure.READS: _("Real readers"),
    Measure.IMPORTED: _("Imported volume"),
}
TIES: dict[TieRule, Words] = {
    TieRule.SHARED: _("Equal numbers share a place"),
    TieRule.EARLIER: _("Of equal numbers the earlier one stands ahead"),
}
SCOPES: dict[str, Words] = {
    "unit": pgettext_lazy("scope", "Unit"),
    "town": pgettext_lazy("scope", "Town"),
    "county": pgettext_lazy("scope", "County"),
    "city": pgettext_lazy("scope", "City"),
}


def window_text(window: str, sheet: RuleSheet, today: date) -> str:
    """A window as a chip says it: 全程, a round's title, 本月, 3月, 今天, 3月5日; a past year is named."""
    if window == ALL:
        return gettext("Whole campaign")
    round_ = round_of(sheet, window)
    if round_ is not None:
        return round_.title
    if is_day(window):
        day = date.fromisoformat(window)
        return gettext("Today") if day == today else str(date_format(day, gettext("M j")))
    month = date.fromisoformat(f"{window}-01")
    if (month.year, month.month) == (today.year, today.month):
        return gettext("This month")
    return str(date_format(month, gettext("F") if month.year == today.year else gettext("F Y")))
