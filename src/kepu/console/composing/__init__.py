"""Facts for official documents: only the back office sees every room they come from."""

from kepu.console.composing.gathering import Asked, campaign_facts, gathered, progress_facts, unit_names
from kepu.console.composing.memos import memo_of
from kepu.console.composing.previewing import previewed
from kepu.console.composing.standing import still_stands

__all__ = [
    "Asked",
    "campaign_facts",
    "gathered",
    "memo_of",
    "previewed",
    "progress_facts",
    "still_stands",
    "unit_names",
]
