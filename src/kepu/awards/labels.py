"""The words people see about rounds."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepu.awards.rules import HolidayTrouble, Missed, NoObjection, NoStep, Stage, Step
from kepu.awards.rules.certificates import RevokedFor
from kepu.awards.rules.payouts import LineState
from kepu.campaigns.rules import DoubleAward

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
DOUBLE_AWARD: dict[DoubleAward, Words] = {
    DoubleAward.BOTH: _("One person may be awarded at several levels"),
    DoubleAward.HIGHEST_ONLY: _("One person is awarded at the highest level only"),
}
REVOKED_FOR: dict[RevokedFor, Words] = {
    RevokedFor.AWARD: _("The award was taken back."),
    RevokedFor.MISTAKE: _("Something on it was wrong; a new one was issued."),
}
# What the winner reads about their money.
MONEY: dict[LineState, Words] = {
    LineState.TO_PAY: _("To be paid"),
    LineState.SENT: _("Being paid"),
    LineState.FAILED: _("Did not arrive; the association looks into it"),
    LineState.PAID: _("Paid"),
    LineState.RETURNED: _("Came back"),
    LineState.WITHDRAWN: _("Not paid out"),
    LineState.SENT_REVOKED: _("Not paid out"),
    LineState.TO_RECOVER: _("To be given back"),
    LineState.RECOVERED: _("Given back"),
}
STAGES: dict[Stage, Words] = {
    Stage.OPEN: _("Counting"),
    Stage.CLOSED: _("Round closed"),
    Stage.EVALUATED: _("Evaluated"),
    Stage.FROZEN: _("Frozen"),
    Stage.PUBLIC: _("Public"),
    Stage.FINAL: _("Final"),
    Stage.AWARDED: _("Awarded"),
    Stage.PAID: _("Paid"),
}
STEPS: dict[Step, Words] = {
    Step.CLOSE: _("Round closed"),
    Step.EVALUATE: _("Evaluated"),
    Step.FREEZE: _("Frozen"),
    Step.THAW: _("Unfrozen"),
    Step.PUBLISH: _("Made public"),
    Step.WITHDRAW: _("Withdrawn from the public"),
    Step.SIGN: _("Signed"),
    Step.TAKE_BACK: _("Signature taken back"),
    Step.AWARD: _("Awarded"),
    Step.PAY: _("Paid"),
    Step.REVOKE: _("An award revoked"),
}
BUTTONS: dict[Step, Words] = {
    Step.CLOSE: _("Close the round"),
    Step.EVALUATE: _("Evaluate"),
    Step.FREEZE: _("Freeze the list"),
    Step.THAW: _("Unfreeze"),
    Step.PUBLISH: _("Make the list public"),
    Step.WITHDRAW: _("Withdraw the list"),
    Step.SIGN: _("Sign the list as final"),
    Step.TAKE_BACK: _("Take my signature back"),
    Step.AWARD: _("Give the awards"),
    Step.PAY: _("Close as paid"),
    Step.REVOKE: _("Revoke the award"),
}
ASKS: dict[Step, Words] = {
    Step.CLOSE: _(
        "Closing cannot be undone. Where the rules give no days for late figures, what is entered from now"
        " on about the days of this round counts no more, only what an upheld objection corrects; "
        "otherwise those days end it."
    ),
    Step.SIGN: _(
        "You sign with your name that this list is right. Two signatures make it final: nobody may object "
        "any more, and only single awards can be revoked."
    ),
}
NEXT: dict[Stage, Words] = {
    Stage.CLOSED: _("Next: evaluate"),
    Stage.EVALUATED: _("Next: freeze the list, or evaluate again"),
    Stage.FROZEN: _("Next: make the list public"),
    Stage.FINAL: _("Next: give the awards"),
    Stage.AWARDED: _("Next: pay"),
    Stage.PAID: _("All is done"),
}
NO_STEP: dict[NoStep, Words] = {
    NoStep.NO_ROUND: _("There is no such round."),
    NoStep.NOT_NOW: _("The round stands elsewhere by now. Look at it again."),
    NoStep.NOT_ALLOWED: _("You may not do this in the campaign's place."),
    NoStep.NO_REASON: _("Write down the reason."),
    NoStep.BEFORE_CLOSING: _("The round is still counting. Close it when its last day is over."),
    NoStep.LATE_ENTRIES_COUNT: _(
        "Late figures still count by the rules. Freeze the list when their days are over."
    ),
    NoStep.OUTDATED: _("The ledger, the register or the rules changed since. Evaluate again first."),
    NoStep.PUBLICITY_RUNS: _("The list is still public. Sign when its last day is over."),
    NoStep.OPEN_OBJECTIONS: _("Objections wait for an answer. Answer them first."),
    NoStep.CORRECTIONS_MISSING: _(
        "An upheld objection's corrections are not in this list yet. Take it back and evaluate again first."
    ),
    NoStep.SIGNED_ALREADY: _("You signed already. The second signature is somebody else's."),
    NoStep.NOT_INDEPENDENT: _("Both signers made this list. One of them has to be somebody who did not."),
    NoStep.NOT_SIGNED: _("You did not sign this list."),
    NoStep.NO_ACCOUNT: _("A signature is a person's: name the account that signs."),
    NoStep.NO_WINNER: _("This person has no such award on the list."),
    NoStep.REVOKED_ALREADY: _("This award was revoked before."),
}
HOLIDAY_TROUBLES: dict[HolidayTrouble, Words] = {
    HolidayTrouble.UNREADABLE: _("it is not in the form that docs/holidays.md shows."),
    HolidayTrouble.YEAR: _("a year is given twice, or is not one of the next two."),
    HolidayTrouble.SOURCE: _("a year does not name its notice, with the number of the document."),
    HolidayTrouble.OTHER_YEAR: _("a day is of another year, or given twice."),
    HolidayTrouble.BOTH: _("a day is both off and worked."),
    HolidayTrouble.NOT_WEEKEND: _("a day worked is no Saturday or Sunday."),
    HolidayTrouble.LAW: _("days off are missing that the law gives."),
}
NO_OBJECTION: dict[NoObjection, Words] = {
    NoObjection.NO_ROUND: _("There is no such round."),
    NoObjection.NOT_PUBLIC: _("Objections are taken while the list is public. It is not public now."),
    NoObjection.NO_NAME: _("Write down your name. It is not published."),
    NoObjection.TOO_SHORT: _("Say in at least 10 characters what is wrong."),
    NoObjection.TOO_LONG: _("This is too long. Keep to what matters."),
    NoObjection.NO_EVIDENCE: _("Say what shows it: when, where, who saw it, which paper."),
    NoObjection.NOT_ON_LIST: _("This person is not on the list."),
    NoObjection.TOO_MANY: _("Several objections of yours wait for an answer. Wait for it first."),
    NoObjection.UNKNOWN: _("There is no such objection."),
    NoObjection.ANSWERED: _("This objection was answered before."),
    NoObjection.NOT_ALLOWED: _("You may not do this in the campaign's place."),
    NoObjection.NOT_INDEPENDENT: _(
        "Whoever made the list or filed the objection does not answer it. Ask a colleague."
    ),
    NoObjection.OTHER_NAME: _("Nobody of this name has that number. Look it up, or leave the number out."),
    NoObjection.NO_REASON: _("Give the reason in at least 10 characters."),
    NoObjection.NAMES_OBJECTOR: _(
        "The reason names who objected. Whom it is about reads it: leave that out."
    ),
    NoObjection.NO_CORRECTION: _(
        "Upholding an objection corrects something: choose entries or state a volume."
    ),
    NoObjection.NOT_THEIRS: _(
        "These entries are not this person's in this round, or are corrections themselves."
    ),
    NoObjection.BAD_VOLUME: _("The volume to add or take is a whole number other than 0."),
    NoObjection.BELOW_ZERO: _("That day has less volume than what is taken from it."),
}
