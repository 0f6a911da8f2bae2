"""The words people see for the values in `rules`."""

from django.utils.translation import gettext_lazy as _

from kepu.people.rules import ApplicantType, CertificationState, Role, SmsPurpose, UnitKind

UNIT_KINDS = [
    (UnitKind.VILLAGE, _("Village")),
    (UnitKind.COMMUNITY, _("Community")),
    (UnitKind.DEPARTMENTS, _("Departments")),
]
APPLICANT_TYPES = [
    (ApplicantType.NATIONAL, _("China Association for Science and Technology")),
    (ApplicantType.PROVINCE, _("Province")),
    (ApplicantType.CITY, _("City")),
    (ApplicantType.COUNTY, _("County")),
    (ApplicantType.TOWN, _("Town")),
    (ApplicantType.PERSONAL, _("Individual")),
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
SMS_PURPOSES = [(SmsPurpose.SIGN_UP, _("Sign up")), (SmsPurpose.SIGN_IN, _("Sign in"))]
