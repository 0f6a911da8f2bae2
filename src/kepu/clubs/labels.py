"""The words people see for the values in `rules`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepu.clubs.rules import (
    ClubState,
    Effect,
    Held,
    Joining,
    MemberState,
    Posting,
    PostState,
    Refusal,
    ReportReason,
    Role,
    Showing,
    TaskKind,
)

Words = str | Promise
CLUB_STATES: dict[ClubState, Words] = {
    ClubState.ASKED: _("Waits to be opened"),
    ClubState.OPEN: _("Is open"),
    ClubState.REFUSED: _("Not opened"),
    ClubState.CLOSED: _("Is closed"),
}
POSTING: dict[Posting, Words] = {
    Posting.MEMBERS: _("All members write"),
    Posting.MANAGERS: _("Only managers write"),
}
SHOWING: dict[Showing, Words] = {
    Showing.AT_ONCE: _("Everybody sees posts at once"),
    Showing.APPROVED: _("Everybody sees posts once a manager has looked"),
    Showing.MEMBERS: _("Only members see posts; they earn no points"),
}
JOINING: dict[Joining, Words] = {
    Joining.OPEN: _("Anybody certified may join"),
    Joining.ASKED: _("A manager lets people in"),
}
ROLES: dict[Role, Words] = {
    Role.FOUNDER: _("Founder"),
    Role.MANAGER: _("Manager"),
    Role.MEMBER: _("Member"),
}
MEMBER_STATES: dict[MemberState, Words] = {
    MemberState.ASKED: _("Asks to join"),
    MemberState.IN: _("In"),
    MemberState.LEFT: _("Has left"),
    MemberState.BANNED: _("Barred"),
}
POST_STATES: dict[PostState, Words] = {
    PostState.WAITING: _("Waits for a manager"),
    PostState.SHOWN: _("Shown"),
    PostState.HELD: _("Held back until staff have looked"),
    PostState.REMOVED: _("Was removed"),
    PostState.DELETED: _("Deleted"),
}
HELD: dict[Held, Words] = {
    Held.WORDS: _("A word in it is looked at first"),
    Held.REPORTS: _("Several people reported it"),
}
EFFECTS: dict[Effect, Words] = {
    Effect.REFUSE: _("Refuse the text"),
    Effect.HOLD: _("Hold back until staff have looked"),
    Effect.MARK: _("Let pass, but mark for staff"),
}
REPORT_REASONS: dict[ReportReason, Words] = {
    ReportReason.SPAM: _("Advertising, fraud"),
    ReportReason.FALSE: _("Rumour, false science"),
    ReportReason.RUDE: _("Insults people"),
    ReportReason.PRIVACY: _("Shows somebody's private matters"),
    ReportReason.UNSAFE: _("Violence, indecency, superstition"),
    ReportReason.OTHER: _("Something else"),
}
TASK_KINDS: dict[TaskKind, Words] = {
    TaskKind.SHARE: _("Shares of articles"),
    TaskKind.READ: _("Readers of shared articles"),
    TaskKind.POST: _("Posts in the club"),
}
REFUSALS: dict[Refusal, Words] = {
    Refusal.UNKNOWN: _("This is not there, or no longer. Go back and look again."),
    Refusal.NOT_CERTIFIED: _(
        "This is for certified communicators. Get certified first: it takes two minutes."
    ),
    Refusal.NOT_MEMBER: _("Only members of the club can do this. Join first."),
    Refusal.NOT_MANAGER: _("Only the founder and the managers of the club can do this."),
    Refusal.NOT_FOUNDER: _("Only the founder of the club can do this."),
    Refusal.CLOSED: _("This club is not open."),
    Refusal.BANNED: _("The managers of this club have barred you from it."),
    Refusal.MUTED: _("You can read here but not write until {words}."),
    Refusal.FULL: _("The club is full: it has {words} members."),
    Refusal.TOO_MANY_CLUBS: _("You are in many clubs already. Leave one first."),
    Refusal.ALREADY_ASKED: _("A club of yours waits to be opened. Wait for the answer first."),
    Refusal.NAME_WRONG: _("Give the club a name of 2 to 16 characters."),
    Refusal.NAME_TAKEN: _("A club here has this name already. Choose another."),
    Refusal.TEXT_MISSING: _("Write something first."),
    Refusal.TEXT_LONG: _("That is too long. Write at most {words} characters."),
    Refusal.CHOICE_WRONG: _("Choose one of the answers offered."),
    Refusal.DIVISION_WRONG: _("Choose your own village, town or county."),
    Refusal.ARTICLE_WRONG: _("This article is not there any more. Choose another, or none."),
    Refusal.PICTURES_MANY: _("At most nine pictures. Leave some out."),
    Refusal.PICTURE_WRONG: _("One of the files is no picture. Choose photos (JPG, PNG, WebP)."),
    Refusal.PICTURE_LARGE: _("One of the pictures is too large. Send a smaller one, of at most 10 MB."),
    Refusal.WORD_BARRED: _("“{words}” cannot stand here. Write it in another way."),
    Refusal.REPEATED: _("You have written the same already. Write something new."),
    Refusal.TOO_FAST: _("That was quick. Wait a minute, then go on."),
    Refusal.DAY_FULL: _("That is enough for one day. Go on tomorrow."),
    Refusal.PINNED_MANY: _("At most {words} posts are pinned. Let go of one first."),
    Refusal.OWN_POST: _("This is your own: somebody else must do it."),
    Refusal.OWN_CLUB: _("This club is your own: a colleague decides on it."),
    Refusal.REPORTED_ALREADY: _("You have reported this already. Staff will look."),
    Refusal.REASON_MISSING: _("Write the reason, 2 to 200 characters, so that the person understands."),
    Refusal.REVIEW_USED: _("You have asked for a review already. It is asked once."),
    Refusal.JUDGED: _("Staff have decided on this. Their decision stands."),
    Refusal.NOT_WAITING: _("This is decided already. Look how it stands now."),
    Refusal.SETTLING: _("The points are just being taken back. Try again in a minute."),
    Refusal.FOUNDER_STAYS: _("The founder stays: hand the club over first, or close it."),
    Refusal.DAYS_WRONG: _("Choose at most {words} days from today."),
    Refusal.TARGET_WRONG: _("Enter a whole number from 1 to {words}."),
    Refusal.TASKS_MANY: _("At most {words} tasks run at a time. Withdraw one first."),
    Refusal.WORD_WRONG: _("Enter 2 to {words} letters or characters."),
    Refusal.WORD_KNOWN: _("This word is in the list already, perhaps spaced differently."),
    Refusal.WORDS_MANY: _("The list is full: {words} words."),
}
