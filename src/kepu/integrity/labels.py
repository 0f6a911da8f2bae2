"""The words people see for the values in `rules`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepu.integrity.rules import Refusal, SignalState

STATES: dict[SignalState, str | Promise] = {
    SignalState.OPEN: _("To be looked at"),
    SignalState.HARMLESS: _("Harmless"),
    SignalState.NOT_COUNTED: _("These likes do not count"),
}
REFUSALS: dict[Refusal, str | Promise] = {
    Refusal.UNKNOWN: _("There is no such signal in your divisions."),
    Refusal.DECIDED: _("A colleague has decided this meanwhile. It stands as it is shown now."),
    Refusal.GREW: _("More likes have come since you opened the page. Look once more, then decide."),
    Refusal.OWN_CASE: _("This is about yourself. A colleague has to decide it."),
    Refusal.WHY_MISSING: _("Write down the reason."),
    Refusal.WHY_TOO_LONG: _("Keep the reason within 200 characters."),
}
