"""The sentences of this room's refusals."""

from kepu.clubs import labels
from kepu.clubs.rules import Refused


def refusal_text(refused: Refused) -> str:
    """What a person is told, with the next step."""
    said = str(labels.REFUSALS[refused.refusal])
    return said.replace("{words}", refused.words)
