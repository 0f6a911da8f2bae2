"""The words people see for the values of `rules`, in the reader's language."""

from kepu.people import labels
from kepu.people.rules import ApplicantType, CertificationState, Refusal, Role


def refusal_text(refusal: Refusal) -> str:
    """A refusal as a plain sentence with the next step."""
    return str(labels.REFUSALS[refusal])


def state_text(state: CertificationState) -> str:
    """Where an application stands, in a word or two."""
    return str(dict(labels.CERTIFICATION_STATES)[state])


def applicant_type_text(applicant_type: ApplicantType) -> str:
    """类型 as the form names it."""
    return str(dict(labels.APPLICANT_TYPES)[applicant_type])


def role_text(role: Role) -> str:
    """What a member of staff is called."""
    return str(dict(labels.ROLES)[role])
