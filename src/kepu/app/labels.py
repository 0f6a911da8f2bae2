"""The sentences people see for what the ledger answered."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kepu.app.rules import PartOfDay
from kepu.campaigns.rules import Kind, Reason
from kepu.ledger.rules import Receipt, Refusal

# {left}: how many more count today. Every reason has its sentence; a script takes them from the page.
SHARED: dict[Reason, str | Promise] = {
    Reason.CREDITED: _("Counted. {left} more count today."),
    Reason.DAY_CAP: _("Today's number is full, so this one is not counted. It starts anew at midnight."),
    Reason.CLOSED: _(
        "No campaign is open for you now, so this one is not counted. The link works all the same."
    ),
    Reason.NOT_REWARDED: _("This campaign does not count this."),
    Reason.NOT_CERTIFIED: _("Not counted: you are not certified yet. The link works all the same."),
    Reason.ARTICLE_CAP: _("This article has been counted often enough today. Another one still counts."),
    Reason.BALANCE_SHORT: _("You do not have enough points."),
    Reason.ADJUSTED: _("Corrected by the organiser."),
    Reason.CEILING: _("Counted. You have earned all the points a day can give."),
}
COUNTED = _("Counted.")
KINDS: dict[Kind, str | Promise] = {
    Kind.SIGN_IN: _("Daily sign-in"),
    Kind.CHECK_IN: _("Check-in"),
    Kind.BROWSE: _("Reading an article"),
    Kind.SHARE: _("Sharing an article"),
    Kind.OPEN: _("Someone opened your link"),
    Kind.READ: _("Someone read your article"),
    Kind.CLUB_POST: _("Club post"),
    Kind.LIKE: _("Like"),
    Kind.ADJUSTMENT: _("Correction"),
    Kind.SPEND: _("Exchange"),
    Kind.IMPORT: _("Import"),
    Kind.QUIZ: _("Quiz answered right"),
    Kind.CERTIFICATION: _("Certified"),
    Kind.LIKED: _("Someone liked your post"),
    Kind.EXPIRY: _("Expired"),
    Kind.REFUND: _("Exchange given back"),
}
KIND_ICONS: dict[Kind, str] = {
    Kind.SIGN_IN: "sun",
    Kind.CHECK_IN: "check-in",
    Kind.BROWSE: "article",
    Kind.SHARE: "share",
    Kind.OPEN: "link",
    Kind.READ: "read",
    Kind.CLUB_POST: "chat",
    Kind.LIKE: "heart",
    Kind.ADJUSTMENT: "edit",
    Kind.SPEND: "gift",
    Kind.IMPORT: "download",
    Kind.QUIZ: "question",
    Kind.CERTIFICATION: "check",
    Kind.LIKED: "heart",
    Kind.EXPIRY: "clock",
    Kind.REFUND: "gift",
}
# What somebody is told when all questions of an article are answered right.
QUIZ: dict[Reason, str | Promise] = {
    Reason.CREDITED: _("All right! You get {points} points."),
    Reason.CEILING: _("All right! You get {points} points: more a day cannot give."),
    Reason.DAY_CAP: _("All right! Today's number of quizzes is full, so this one earns no points."),
    Reason.CLOSED: _("All right! No campaign is open for you now, so it earns no points."),
    Reason.NOT_REWARDED: _("All right! Well remembered."),
    Reason.NOT_CERTIFIED: _("All right! You are not certified, so it earns no points."),
    Reason.ARTICLE_CAP: _("All right! This article has been counted already, so it earns no points."),
}
# In a statement, where the line itself names the act.
REASONS: dict[Reason, str | Promise] = {
    Reason.CREDITED: _("counted"),
    Reason.DAY_CAP: _("not counted: day's number full"),
    Reason.CLOSED: _("not counted: no campaign"),
    Reason.NOT_REWARDED: _("not counted: not in this campaign"),
    Reason.NOT_CERTIFIED: _("not counted: not certified"),
    Reason.ARTICLE_CAP: _("not counted: article's number full"),
    Reason.BALANCE_SHORT: _("refused: points short"),
    Reason.ADJUSTED: _("corrected"),
    Reason.CEILING: _("counted: day's points full"),
}
# What became of a line that states its points itself, where nothing was corrected.
STATED: dict[Kind, str | Promise] = {
    Kind.SPEND: _("taken"),
    Kind.REFUND: _("given back"),
    Kind.EXPIRY: _("expired"),
    Kind.IMPORT: _("entered"),
}
GREETINGS: dict[PartOfDay, str | Promise] = {
    PartOfDay.MORNING: _("Good morning"),
    PartOfDay.NOON: _("Good noon"),
    PartOfDay.AFTERNOON: _("Good afternoon"),
    PartOfDay.EVENING: _("Good evening"),
}


def greeting(part: PartOfDay, name: str) -> str:
    """A greeting for the time of day, by name where one is known."""
    words = str(GREETINGS[part])
    return gettext("%(greeting)s, %(name)s") % {"greeting": words, "name": name} if name else words


def said(answer: Receipt | Refusal) -> str:
    """What became of a share, in one sentence."""
    if isinstance(answer, Receipt):
        if answer.reason is Reason.CREDITED and answer.left_today is None:
            return str(COUNTED)
        return str(SHARED[answer.reason]).format(left=answer.left_today)
    if answer is Refusal.CONFLICT:
        return gettext(
            "This was already sent with other content. Open the article again and share once more."
        )
    if answer is Refusal.NO_BOOK:
        return gettext("Nothing is recorded for your county here yet. Ask your county's association.")
    return gettext("Please sign in again.")


def quiz_said(answer: Receipt | Refusal) -> str:
    """What somebody is told who answered all questions right, by what the ledger made of it."""
    reason = answer.reason if isinstance(answer, Receipt) else Reason.NOT_REWARDED
    points = answer.points if isinstance(answer, Receipt) else 0
    return str(QUIZ.get(reason, QUIZ[Reason.NOT_REWARDED])).format(points=points)


def sentences() -> dict[str, str]:
    """Every sentence a script may have to say about a share, by the API's name of the reason."""
    spoken = {reason.name.lower(): str(text) for reason, text in SHARED.items()}
    return spoken | {
        "counted": str(COUNTED),
        "signed_out": gettext("Please sign in again."),
        "busy": gettext("Too many people at once. Please try again in a moment."),
        "offline": gettext("The network is gone. Please try again when it is back."),
        "kept": gettext(
            "No network: kept on the phone. Once there is a network it is recorded by itself, once, at that"
            " moment. Your own link comes then, in My links; below is the article's plain address."
        ),
        "kept_unanswered": gettext(
            "Not recorded yet, but kept on the phone: it is recorded by itself, once, at that moment. No need"
            " to tap again. Your own link comes then, in My links; below is the article's plain address."
        ),
        "kept_signed_out": gettext(
            "You have been signed out. The share is kept on the phone: sign in again, and it is recorded by"
            " itself, once, at that moment."
        ),
        "recorded": gettext("The network is back and the share is recorded. This is your own link."),
        "poster_offline": gettext("A poster needs the network. Tap again once it is back."),
        "copied": gettext("The link is copied. Paste it into a chat."),
        "press": gettext("Press the link for long to copy it."),
        "wechat": gettext("Now tap ··· at the top right and send it to a friend."),
    }
