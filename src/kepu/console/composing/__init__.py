"""Facts for official documents: only the back office sees every room they come from."""

from kepu.console.composing.gathering import Asked, campaign_facts, gathered, progress_facts, unit_names
from kepu.console.composing.memos import memo_of
from kepu.console.composing.previewing import previewed
from kepu.console.composing.standing import fallen

__all__ = [
    "Asked",
    "campaign_facts",
    "fallen",
    "gathered",
    "memo_of",
    "previewed",
    "progress_facts",
    "unit_names",
]
