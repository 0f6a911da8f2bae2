"""Lists found by DuckDB, in the process, from a round's columns."""

from collections.abc import Callable
from pathlib import Path

import ibis

from kepu.analysis.rules import asked, listed_people, lists, outcomes
from kepu.analysis.writes import REGISTER_FILE, TALLIES_FILE, write_columns
from kepu.awards.reads.evaluating import closed_at, evaluation_of
from kepu.awards.rules import Candidate, Evaluation, NoRound, register_digest
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import round_of
from kepu.ledger.reads.state import one_state

MEMORY_MAX = "1500MB"


def evaluate_round(
    campaign: str, round_id: str, folder: Path, told: Callable[[int], None]
) -> Evaluation | NoRound:
    """The round's lists, ranked by DuckDB from columns that are left in the folder.

    The same bytes as `awards.reads.evaluate_round` gives, but for everyone's place, which is not told.
    Twelve queries and one a book.
    """
    with one_state():
        published = campaigns.campaign(campaign)
        if published is None:
            return NoRound.NO_CAMPAIGN
        round_ = round_of(published.sheet, round_id)
        if round_ is None:
            return NoRound.NO_ROUND
        closed = closed_at(campaign, round_id)
        write_columns(published, round_, closed, folder, told)
        engine = ibis.duckdb.connect(memory_limit=MEMORY_MAX)
        tallies = engine.read_parquet(folder / TALLIES_FILE)
        register = engine.read_parquet(folder / REGISTER_FILE)
        what = asked(published.number, published.sheet, round_)
        found = outcomes(engine.to_pyarrow(lists(tallies, register, what)).to_pylist(), what)
        brought = engine.to_pyarrow(listed_people(tallies, register, what)).to_pylist()
        people = (Candidate(**row, volume=0, reached_ms=0) for row in brought)
        return evaluation_of(published, round_, closed, found, register_digest(people))
