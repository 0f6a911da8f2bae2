"""The words people see for the values in `rules`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kepu.people.rules import (
    ApplicantType,
    Audience,
    CertificationState,
    CounterWay,
    NoticeKind,
    Refusal,
    ReturnReason,
    Role,
    SmsPurpose,
    TextState,
    UnitKind,
)

UNIT_KINDS = [
    (UnitKind.VILLAGE, _("Village")),
    (UnitKind.COMMUNITY, _("Community")),
    (UnitKind.DEPARTMENTS, _("Departments")),
]
APPLICANT_TYPES = [
    (ApplicantType.NATIONAL, pgettext_lazy("type", "China Association for Science and Technology")),
    (ApplicantType.PROVINCE, pgettext_lazy("type", "Province")),
    (ApplicantType.CITY, pgettext_lazy("type", "City")),
    (ApplicantType.COUNTY, pgettext_lazy("type", "County")),
    (ApplicantType.TOWN, pgettext_lazy("type", "Town")),
    (ApplicantType.PERSONAL, pgettext_lazy("type", "Individual")),
]
CERTIFICATION_STATES = [
    (CertificationState.SUBMITTED, _("Under review")),
    (CertificationState.RETURNED, _("Returned")),
    (CertificationState.APPROVED, _("Approved")),
    (CertificationState.REVOKED, _("Revoked")),
]
ROLES = [
    (Role.OPERATOR, _("Site operator")),
    (Role.CITY_OFFICER, _("City officer")),
    (Role.COUNTY_OFFICER, _("County officer")),
    (Role.TOWN_CLERK, _("Town clerk")),
    (Role.UNIT_CLERK, _("Unit clerk")),
    (Role.EDITOR, _("Editor")),
    (Role.REVIEWER_1, _("First reviewer")),
    (Role.REVIEWER_2, _("Second reviewer")),
    (Role.REVIEWER_3, _("Third reviewer")),
    (Role.AUDITOR, _("Auditor (reads only)")),
]
SMS_PURPOSES = [
    (SmsPurpose.SIGN_UP, _("Sign up")),
    (SmsPurpose.SIGN_IN, _("Sign in")),
    (SmsPurpose.NEW_PASSWORD, _("New password")),
    (SmsPurpose.CLOSING, _("Deleting the account")),
    (SmsPurpose.COUNTER, _("Signing up at the counter")),
]
COUNTER_WAYS = [
    (CounterWay.CODE, _("By a code on their phone")),
    (CounterWay.FORM, _("By signing the printed form")),
]
AUDIENCES = [
    (Audience.COMMUNICATORS, _("Communicators")),
    (Audience.UNCERTIFIED, _("Those not certified yet")),
    (Audience.BEHIND, _("Communicators below the basic task of the round")),
    (Audience.EVERYBODY, _("Everybody")),
]
TEXT_STATES = [
    (TextState.NONE, _("No text message asked for")),
    (TextState.WAITING, _("Waiting to be sent")),
    (TextState.SENDING, _("On its way")),
    (TextState.SENT, _("Sent")),
    (TextState.REFUSED, _("Refused by the operator's gateway")),
    (TextState.UNSURE, _("Handed over, arrival not known; it is not sent again")),
    (TextState.OVER_BUDGET, _("Not sent: today's texts for announcements are used up")),
    (TextState.NO_PHONE, _("Not sent: the account has no number")),
    (TextState.UNWILLING, _("Not sent: they want no announcements any more")),
    (TextState.CLOSED, _("Not sent: closed unfinished")),
]
# What the applicant is told; several may be ticked, words of one's own may follow.
RETURN_REASONS = {
    ReturnReason.NAME: _("The name is not the real name: write it as on the identity card"),
    ReturnReason.UNIT: _("The unit is not yours: choose the village, community or department you belong to"),
    ReturnReason.TYPE: _("The type or the association is wrong: choose your own level"),
    ReturnReason.TWICE: _("You are registered already under another number: sign in with that one"),
    ReturnReason.STRANGER: _("The unit does not know you: please call your town's association"),
}
NOTICE_KINDS = [
    (NoticeKind.APPROVED, _("Certification approved")),
    (NoticeKind.RETURNED, _("Certification returned")),
    (NoticeKind.REVOKED, _("Certification revoked")),
    (NoticeKind.ANNOUNCED, _("Announcement")),
    (NoticeKind.ORDER_SHIPPED, _("Order on its way")),
    (NoticeKind.COUNTER, _("Entered at a counter")),
]
# Of each kind: what happened, and what to do next; {words} are those the notice was written with.
NOTICES: dict[NoticeKind, tuple[str | Promise, str | Promise]] = {
    NoticeKind.APPROVED: (
        _("Your certification is approved. You are a communicator of {unit}."),
        _("Open an article and share it: from now on it counts."),
    ),
    NoticeKind.RETURNED: (
        _("Your certification came back: {reason}"),
        _("Mend this in the form and submit it again."),
    ),
    NoticeKind.REVOKED: (
        _("Your certification is revoked: {reason}"),
        _("What you share counts no more. If this is wrong, say so under complaints, or apply again."),
    ),
    NoticeKind.ANNOUNCED: ("{text}", _("Read more about it.")),
    NoticeKind.ORDER_SHIPPED: (_("{thing} is on its way to you."), _("See where it is.")),
    NoticeKind.COUNTER: (
        _("An application with your number was entered at a counter in {town}."),
        _("If that was not you, say so under complaints."),
    ),
    NoticeKind.ARTICLE_CORRECTED: (
        _("“{title}”, which you shared, was corrected: {words}"),
        _("Read it again, and tell those you sent it to."),
    ),
    NoticeKind.ARTICLE_WITHDRAWN: (
        _("“{title}”, which you shared, was withdrawn: {words}"),
        _("Share it no more, and tell those you sent it to. What it counted stays."),
    ),
    NoticeKind.OBJECTION_UPHELD: (
        _("Your objection to {round} was upheld: {reason}"),
        _("The list is taken back, made anew and made public anew."),
    ),
    NoticeKind.OBJECTION_REJECTED: (
        _("Your objection to {round} was not upheld: {reason}"),
        _("Read what you filed, and the answer."),
    ),
    NoticeKind.AWARDED: (_("You are awarded in {round}: {title}."), _("See my awards.")),
    NoticeKind.PAID_OUT: (_("The {amount} yuan for {title} are paid."), _("See my awards.")),
    NoticeKind.POINTS_EXPIRE: (
        _("{points} points of {year} expire at the end of {day}. What you spend before is not lost."),
        _("See my points."),
    ),
    NoticeKind.CLUB_OPENED: (_("Your club {club} is open."), _("Go there, and write the first post.")),
    NoticeKind.CLUB_REFUSED: (
        _("Your club {club} was not opened: {reason}"),
        _("You can change it and ask again."),
    ),
    NoticeKind.CLUB_CLOSED: (_("The club {club} was closed: {reason}"), _("Your own posts stay yours.")),
    NoticeKind.CLUB_JOINED: (_("You are in the club {club} now."), _("See what is new there.")),
    NoticeKind.CLUB_BANNED: (
        _("You are no longer in the club {club}: {reason}"),
        _("Is that wrong? Tell the association under complaints."),
    ),
    NoticeKind.POST_REMOVED: (
        _("Your post in {club} was removed: {reason}"),
        _("Look at it. You can ask once that staff look again."),
    ),
    NoticeKind.COMMENT_REMOVED: (
        _("Your comment in {club} was removed: {reason}"),
        _("Is that wrong? Tell the association under complaints."),
    ),
    NoticeKind.POST_RESTORED: (_("Your post in {club} is shown again."), _("Look at it.")),
    NoticeKind.ORDER_READY: (_("{thing} is ready for you at {place}."), _("Take the pick-up code with you.")),
    NoticeKind.ORDER_CANCELLED: (
        _("Your order of {thing} was cancelled: {reason}"),
        _("Its points are yours again."),
    ),
    NoticeKind.ORDER_RETURNED: (
        _("{thing} was taken back: {reason}"),
        _("Its points are yours again."),
    ),
    NoticeKind.LIKES_NOT_COUNTED: (
        _("Likes between you and {name} do not count, and what they brought is taken back: {reason}"),
        _("Is that wrong? Tell the association under complaints."),
    ),
}
REFUSALS = {
    Refusal.PHONE_WRONG: _("This is not a mobile number. Enter the 11 digits, starting with 1."),
    Refusal.TOO_SOON: _("A message was just sent. Wait a minute before asking for another."),
    Refusal.PHONE_DAY_CAP: _("This number got ten messages today. Try again tomorrow."),
    Refusal.NETWORK_HOUR_CAP: _("Too many messages were asked for from your network. Try again in an hour."),
    Refusal.SITE_DAY_CAP: _("No more messages can be sent today. Sign in by password or try again tomorrow."),
    Refusal.NOT_SENT: _("The message could not be sent. Try again in a minute."),
    Refusal.CODE_WRONG: _("The code is not right. Look at the newest message and enter it again."),
    Refusal.CODE_SPENT: _("This code no longer works. Ask for a new one."),
    Refusal.NOT_AGREED: _("Read the privacy notice and tick that you agree."),
    Refusal.PASSWORD_WEAK: _("Choose a password of 8 characters or more, not only digits, not a common one."),
    Refusal.SIGN_IN_WRONG: _("The number or the password is not right. You can also sign in by code."),
    Refusal.LOCKED: _("Wrong too many times. Wait 30 minutes, or sign in by code."),
    Refusal.BUSY: _("Many people are signing in just now. Wait a few seconds and try again."),
    Refusal.NAME_WRONG: _("Enter your real name: 2 to 20 Chinese characters."),
    Refusal.TOWN_WRONG: _("Choose the town your unit is in."),
    Refusal.UNIT_WRONG: _("Choose your unit from the list of the town."),
    Refusal.TYPE_WRONG: _("Choose a type from the list."),
    Refusal.ASSOCIATION_WRONG: _("Search for the association by name and choose it."),
    Refusal.ALREADY_SUBMITTED: _("Your application is being reviewed. Wait for the answer."),
    Refusal.ALREADY_CERTIFIED: _("You are certified already. To change something, ask your association."),
    Refusal.UNKNOWN: _("There is no such application."),
    Refusal.OWN_APPLICATION: _("Nobody decides on their own application. Ask a colleague."),
    Refusal.OWN_ENTRY: _("You entered this at the counter yourself: a colleague decides on it."),
    Refusal.NOT_WAITING: _("This has been decided already. Look at its present state."),
    Refusal.CHANGED_SINCE: _("The application changed since you opened it. Look at it again."),
    Refusal.REASON_MISSING: _(
        "Write the reason, at most 400 characters, so that the person knows what to do."
    ),
    Refusal.NOT_CERTIFIED: _("This person is not certified."),
    Refusal.UNIT_CLOSED: _(
        "The unit was closed meanwhile. Return the application, so that another is chosen."
    ),
    Refusal.DIVISION_WRONG: _("There is no such division."),
    Refusal.LEVEL_WRONG: _(
        "The role does not fit this division. Editors and reviewers are for the whole site: give no "
        "division. A county officer has a code of 6 digits, a town's clerk 9, a unit's clerk 12."
    ),
    Refusal.ROLE_WRONG: _("There is no such role."),
    Refusal.FACTOR_WRONG: _(
        "This code is not right. Wait for the next one in the authenticator; the phone's clock must be right."
    ),
    Refusal.FACTOR_LOCKED: _("Wrong too many times. Wait 30 minutes and try again."),
    Refusal.NOT_BELOW: _("You can hand roles down only: below your own, inside your own divisions."),
    Refusal.STILL_STAFF: _("This account still works for the site. Ask its operator to end that first."),
}
