"""The words people see for the values of `rules`, in the reader's language."""

from kepu.people import labels
from kepu.people.rules import (
    ApplicantType,
    Audience,
    CertificationState,
    CounterWay,
    Refusal,
    ReturnReason,
    Role,
    TextState,
)


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


def return_reasons() -> list[tuple[ReturnReason, str]]:
    """What is most often wrong with an application, with the sentence the applicant reads."""
    return [(reason, str(words)) for reason, words in labels.RETURN_REASONS.items()]


def counter_way_text(way: CounterWay) -> str:
    """How somebody confirmed what was entered for them at the counter."""
    return str(dict(labels.COUNTER_WAYS)[way])


def audience_text(audience: Audience) -> str:
    """To whom an announcement goes."""
    return str(dict(labels.AUDIENCES)[audience])


def text_state_text(state: TextState) -> str:
    """What became of a text message."""
    return str(dict(labels.TEXT_STATES)[state])
