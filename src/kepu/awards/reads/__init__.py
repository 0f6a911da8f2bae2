"""Questions about rounds; each answer is frozen, each docstring says how many queries it costs."""

from kepu.awards.reads.comparing import (
    Moved,
    evaluation_before,
    moved_between,
)
from kepu.awards.reads.evaluating import (
    StoredEvaluation,
    evaluate_round,
    evaluated_rounds,
    evaluation,
    latest_evaluation,
    standing_evaluation,
)
from kepu.awards.reads.explaining import why, why_in
from kepu.awards.reads.holidays import BadYear, added_holidays, holidays_file, known_years
from kepu.awards.reads.life import (
    Fresh,
    facts_for,
    final_winners,
    fresh_list,
    is_current,
    life,
    lives,
    revocations,
    snapshot_of,
    steps,
)
from kepu.awards.reads.objections import (
    corrections_due,
    corrections_missing,
    has_objected,
    objection,
    objection_seen_by,
    objections,
    objections_of,
    open_objections,
    open_objections_of,
    upheld_at,
)
from kepu.awards.reads.winning import won

__all__ = [
    "BadYear",
    "Fresh",
    "Moved",
    "StoredEvaluation",
    "added_holidays",
    "corrections_due",
    "corrections_missing",
    "evaluate_round",
    "evaluated_rounds",
    "evaluation",
    "evaluation_before",
    "facts_for",
    "final_winners",
    "fresh_list",
    "has_objected",
    "holidays_file",
    "is_current",
    "known_years",
    "latest_evaluation",
    "life",
    "lives",
    "moved_between",
    "objection",
    "objection_seen_by",
    "objections",
    "objections_of",
    "open_objections",
    "open_objections_of",
    "revocations",
    "snapshot_of",
    "standing_evaluation",
    "steps",
    "upheld_at",
    "why",
    "why_in",
    "won",
]
