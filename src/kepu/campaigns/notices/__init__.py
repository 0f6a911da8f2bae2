"""Reading a notice: passages in, a draft whose every value names its passage out. Pure, no guesses."""

from kepu.campaigns.notices.labels import FIELDS, TROUBLES, entries_of
from kepu.campaigns.notices.places import gazetteer
from kepu.campaigns.notices.plain import as_plain
from kepu.campaigns.notices.reading import read_notice
from kepu.campaigns.notices.suggesting import Suggestion, suggestions
from kepu.campaigns.notices.values import Found, NoticeDraft, Question

__all__ = [
    "FIELDS",
    "TROUBLES",
    "Found",
    "NoticeDraft",
    "Question",
    "Suggestion",
    "as_plain",
    "entries_of",
    "gazetteer",
    "read_notice",
    "suggestions",
]
