"""Signing people up at the counter: how they confirm it themselves, and why applications come back."""

from enum import StrEnum


class CounterWay(StrEnum):
    """How the person confirmed what the clerk entered: a code sent to their phone, or a signed form."""

    CODE = "code"
    FORM = "form"


class ReturnReason(StrEnum):
    """What is most often wrong with an application; `labels.RETURN_REASONS` says each to the applicant."""

    NAME = "name"
    UNIT = "unit"
    TYPE = "type"
    TWICE = "twice"
    STRANGER = "stranger"


def form_number(town: str, entry: int) -> str:
    """The number printed on a form: 430623110-000012."""
    return f"{town}-{entry:06}"
