"""A round's acts and register as columns, for the engines the tests ask."""

from collections import defaultdict

import pyarrow as pa

from kepu.analysis.writes import REGISTER, TALLIES
from kepu.awards.rules import Candidate
from kepu.ledger.rules import Entry


def tallies_of(entries: list[Entry]) -> pa.Table:
    """The day tallies with a volume, as the ledger would keep them of these entries."""
    volumes: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        tally = volumes[entry.person, entry.day, entry.campaign]
        tally[0] += entry.volume
        if entry.volume > 0:
            tally[1] = max(tally[1], entry.at_ms)
    rows = [
        dict(zip(TALLIES.names, (*key, *tally), strict=True)) for key, tally in volumes.items() if tally[0]
    ]
    return pa.Table.from_pylist(rows, TALLIES)


def register_of(candidates: list[Candidate]) -> pa.Table:
    """The register as these candidates are in it."""
    rows = [{name: getattr(each, name) for name in REGISTER.names} for each in candidates]
    return pa.Table.from_pylist(rows, REGISTER)
