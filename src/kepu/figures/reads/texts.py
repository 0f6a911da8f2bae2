"""The words people see for this room's values."""

from kepu.figures import labels
from kepu.figures.rules import FileState, Match, Refused, Role, Span, Verdict


def registered_text(stated: int, here: int) -> str:
    """How many people a total says are registered, beside how many are certified here."""
    return str(labels.REGISTERED % {"stated": stated, "here": here})


def verdict_text(verdict: Verdict) -> str:
    """What became of a row, and what to do where it was refused."""
    return str(labels.VERDICTS[verdict])


def trouble_text(refused: Refused) -> str:
    """Why something was refused, and what to do; names the file in the way."""
    return str(labels.TROUBLES[refused.trouble]) % {"file": refused.other}


def state_text(state: FileState) -> str:
    """Where a file stands."""
    return str(labels.STATES[state])


def choices(of: type[Role] | type[Match] | type[Span]) -> list[tuple[str, str]]:
    """The values of a layout's field with their words, in the order people look for them."""
    return [(str(value), str(words)) for value, words in labels.CHOICES[of].items()]
