"""What was read of an export and lies in the jobs' folder until its columns were explained."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kepu.documents.reading import Cell
from kepu.figures.rules import Headings
from kepu.jobs.reads import folder

# Marks everything of ours in the jobs' folder: it names people and their numbers.
SUFFIX = ".figures"


@dataclass(frozen=True, slots=True)
class Draft:
    """An export that was read and whose columns are to be explained. `rows`: how many below the headings.

    `samples`: the first of them as text, numbers masked and names too where the headings say which they are.
    """

    sha256: str
    found: Headings
    rows: int
    samples: list[list[str]]


def draft(name: str) -> Draft | None:
    """What was kept under a name; None once it was used or forgotten. No query; its first line is read."""
    path = folder() / name
    if not name.endswith(SUFFIX) or not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        head: dict[str, Any] = json.loads(lines.readline())
    found = Headings(tuple(head["headings"]), head["first_row"])
    return Draft(head["sha256"], found, head["rows"], head["samples"])


def draft_rows(name: str) -> Iterator[tuple[Cell, ...]]:
    """All rows of the sheet as `read_sheet` gave them, those above the headings too. No query."""
    with gzip.open(folder() / name, "rt", encoding="utf-8") as lines:
        lines.readline()
        for line in lines:
            yield tuple(_cell(value) for value in json.loads(line))


def _cell(value: Any) -> Cell:
    """A cell as it was: days and moments lie in lists."""
    if isinstance(value, list):
        kind, text = value
        return date.fromisoformat(text) if kind == "day" else datetime.fromisoformat(text)
    kept: Cell = value
    return kept
