"""The words people see about rounds."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepu.awards.rules import Missed
from kepu.campaigns.rules import DoubleAward, Measure, TieRule

Words = str | Promise

MISSED: dict[Missed, Words] = {
    Missed.BASIC_TASK: _("The basic task is not done"),
    Missed.BELOW_LAST_RANK: _("Not among the ranks that are awarded"),
    Missed.HOLDS_WIDER_AWARD: _("Holds the award of the level above, which excludes this one"),
}
REFUSED: dict[str, Words] = {
    "day_cap": _("Above the day's limit"),
    "closed": _("Outside the days or the area of the campaign"),
    "not_rewarded": _("Of a kind that does not count"),
    "not_certified": _("Before certification"),
    "article_cap": _("The same article above its limit of the day"),
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
DOUBLE_AWARD: dict[DoubleAward, Words] = {
    DoubleAward.BOTH: _("One person may be awarded at several levels"),
    DoubleAward.HIGHEST_ONLY: _("One person is awarded at the highest level only"),
}
