"""The words of certificates and payouts in the back office."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kepu.awards.rules import NoRound, NoStep
from kepu.awards.rules.certificates import Design, NoCertificate
from kepu.awards.rules.payouts import Event, Flag, LineState, Unpaid
from kepu.awards.rules.top_ups import RowVerdict

Words = str | Promise

STATES: dict[LineState, Words] = {
    LineState.TO_PAY: pgettext_lazy("money", "To pay"),
    LineState.SENT: pgettext_lazy("money", "In a batch"),
    LineState.FAILED: pgettext_lazy("money", "Failed"),
    LineState.PAID: pgettext_lazy("money", "Paid"),
    LineState.RETURNED: pgettext_lazy("money", "Came back"),
    LineState.WITHDRAWN: pgettext_lazy("money", "Withdrawn"),
    LineState.SENT_REVOKED: pgettext_lazy("money", "In a batch, award revoked"),
    LineState.TO_RECOVER: pgettext_lazy("money", "To be recovered"),
    LineState.RECOVERED: pgettext_lazy("money", "Recovered"),
}
EVENTS: dict[Event, Words] = {
    Event.OPEN: pgettext_lazy("money", "Opened with the award"),
    Event.SEND: pgettext_lazy("money", "Put into a batch"),
    Event.CONFIRM: pgettext_lazy("money", "The carrier says it arrived"),
    Event.FAIL: pgettext_lazy("money", "The carrier says it failed"),
    Event.RETRY: pgettext_lazy("money", "Pay again"),
    Event.HAND: pgettext_lazy("money", "Paid by hand"),
    Event.RETURN: pgettext_lazy("money", "The money came back"),
    Event.WITHDRAW: pgettext_lazy("money", "Do not pay"),
    Event.REVOKE: pgettext_lazy("money", "The award was revoked"),
    Event.RECOVER: pgettext_lazy("money", "Recovered"),
    Event.FLAG: pgettext_lazy("money", "Look at it first"),
    Event.CLEAR: pgettext_lazy("money", "Looked at, may be paid"),
}
FLAGS: dict[Flag, Words] = {
    Flag.DEPARTMENTS: _("Member of 机关、站所: perhaps a public employee"),
    Flag.MANUAL: _("Marked by an officer"),
}
VERDICTS: dict[RowVerdict, Words] = {
    RowVerdict.PAID: _("Arrived"),
    RowVerdict.FAILED: _("Did not arrive"),
    RowVerdict.UNKNOWN_LINE: _("No line of this list"),
    RowVerdict.AMOUNT_DIFFERS: _("The sum differs"),
    RowVerdict.ANSWERED_BEFORE: _("Answered before"),
    RowVerdict.REPEATED: _("The line stands twice in the file"),
    RowVerdict.UNREADABLE: _("The result cannot be read"),
    RowVerdict.CONTRADICTS: _("Answered otherwise before: ask the carrier whether it was paid twice"),
}
DESIGNS: dict[Design, Words] = {Design.RED: _("Red and gold"), Design.BLUE: _("Plain blue")}
TROUBLES: dict[Unpaid | NoCertificate, Words] = {
    Unpaid.UNKNOWN: _("This is no longer here."),
    Unpaid.NOT_NOW: _("That cannot be done with this line now: somebody changed it meanwhile."),
    Unpaid.REVIEW_FIRST: _("This line waits for a review. Clear it with a reason first."),
    Unpaid.REASON_MISSING: _("Write down the reason."),
    Unpaid.NOTHING_TO_SEND: _(
        "No line can be sent: sent before, settled, under review, or without a number."
    ),
    Unpaid.APPLIED_BEFORE: _("This file was applied before. Nothing changed."),
    Unpaid.NO_COLUMNS: _("The columns 行号, 金额 and 结果 were not found in the first ten rows."),
    Unpaid.STILL_OPEN: _("Some lines are still to be paid, on their way, or failed."),
    Unpaid.FILE_GONE: _("Every line of this batch has its answer, so the file with the numbers is gone."),
    Unpaid.CHANGED: _("The file is no longer here. Send it again."),
    NoCertificate.UNKNOWN: _("This is no longer here."),
    NoCertificate.REVOKED_ALREADY: _("This certificate was revoked before."),
    NoCertificate.REASON_MISSING: _("Write down the reason."),
    NoCertificate.MARK_MISSING: _(
        "Write a mark of at most 30 signs, without 〔 〕, that no other organ has: 华科协证."
    ),
    NoCertificate.NOTHING_CHANGED: _(
        "Name, unit and look are as on the paper. Mend the person in the roster first."
    ),
}
NOT_TAKEN: dict[NoStep, Words] = {
    NoStep.NOT_NOW: _("The round is at another stage: look where it stands."),
    NoStep.NOT_ALLOWED: _("Your role does not do this in the place of the campaign."),
}


def trouble_text(why: Unpaid | NoCertificate | NoStep | NoRound) -> str:
    """What is wrong, in a sentence."""
    if isinstance(why, NoStep):
        return str(NOT_TAKEN.get(why, NOT_TAKEN[NoStep.NOT_NOW]))
    if isinstance(why, NoRound):
        return str(NOT_TAKEN[NoStep.NOT_NOW])
    return str(TROUBLES[why])
