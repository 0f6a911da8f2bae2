"""The words people see for the values of `rules`, in the reader's language."""

from kepu.kit.photos import PhotoTrouble
from kepu.mall import labels
from kepu.mall.rules import By, Cause, ItemKind, LimitSpan, OrderState, Refusal, Trouble, Way


def refusal_text(refusal: Refusal) -> str:
    """A refusal as a plain sentence with the next step."""
    return str(labels.REFUSALS[refusal])


def trouble_text(trouble: Trouble) -> str:
    """What is wrong with a draft, and what would be right."""
    return str(labels.TROUBLES[trouble])


def photo_trouble_text(trouble: PhotoTrouble) -> str:
    """Why a picture was not taken."""
    return str(labels.PHOTO_TROUBLES[trouble])


def kind_text(kind: ItemKind) -> str:
    """What an item is."""
    return str(labels.KINDS[kind])


def span_text(span: LimitSpan) -> str:
    """Over which time a limit counts."""
    return str(labels.SPANS[span])


def state_text(state: OrderState) -> str:
    """Where an order stands, in a word or two."""
    return str(labels.STATES[state])


def way_text(way: Way) -> str:
    """How the buyer gets it."""
    return str(labels.WAYS[way])


def cause_text(cause: Cause) -> str:
    """Why stock changed."""
    return str(labels.CAUSES[cause])


def hand_text(by: By) -> str:
    """Who took a step."""
    return str(labels.HANDS[by])
