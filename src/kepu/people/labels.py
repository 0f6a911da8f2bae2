"""The words people see for the values in `rules`."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kepu.people.rules import ApplicantType, CertificationState, Refusal, Role, SmsPurpose, UnitKind

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
]
SMS_PURPOSES = [
    (SmsPurpose.SIGN_UP, _("Sign up")),
    (SmsPurpose.SIGN_IN, _("Sign in")),
    (SmsPurpose.NEW_PASSWORD, _("New password")),
]
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
    Refusal.NAME_WRONG: _("Enter your real name: 2 to 20 Chinese characters."),
    Refusal.TOWN_WRONG: _("Choose the town your unit is in."),
    Refusal.UNIT_WRONG: _("Choose your unit from the list of the town."),
    Refusal.TYPE_WRONG: _("Choose a type from the list."),
    Refusal.ASSOCIATION_WRONG: _("Search for the association by name and choose it."),
    Refusal.ALREADY_SUBMITTED: _("Your application is being reviewed. Wait for the answer."),
    Refusal.ALREADY_CERTIFIED: _("You are certified already. To change something, ask your association."),
    Refusal.UNKNOWN: _("There is no such application."),
    Refusal.OWN_APPLICATION: _("Nobody decides on their own application. Ask a colleague."),
    Refusal.NOT_WAITING: _("This has been decided already. Look at its present state."),
    Refusal.CHANGED_SINCE: _("The application changed since you opened it. Look at it again."),
    Refusal.REASON_MISSING: _(
        "Write the reason, at most 400 characters, so that the person knows what to do."
    ),
    Refusal.NOT_CERTIFIED: _("This person is not certified."),
    Refusal.DIVISION_WRONG: _("There is no such division, or the role does not fit its level."),
    Refusal.ROLE_WRONG: _("There is no such role."),
}
