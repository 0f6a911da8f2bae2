"""An export is parsed once, by the worker; what it said is kept until it was used, at most a day."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from kepu.documents.reading import Cell, SheetTrouble, read_sheet
from kepu.figures.reads.kept import SUFFIX
from kepu.figures.rules import (
    ROWS_MAX,
    Headings,
    Role,
    Trouble,
    find_headings,
    guessed_columns,
    text_of,
)
from kepu.jobs.reads import folder
from kepu.jobs.writes import keep_upload
from kepu.people.rules import masked_name, masked_phone, phone_of

KEPT_FOR = timedelta(days=1)
SAMPLES = 3
SAMPLE_LENGTH = 20


def keep_export(content: bytes) -> str:
    """The bytes lie in the jobs' folder under the name that is returned, until they were parsed."""
    return keep_upload(content, SUFFIX)


def parse_export(upload: str) -> str | SheetTrouble | Trouble:
    """The bytes are gone and what they said is kept under the name that is returned, or why it is no export.

    Again, when a worker died on the way: the same. What is wrong is deleted at once.
    """
    path, name = folder() / upload, upload.removesuffix(SUFFIX) + "-read" + SUFFIX
    if not path.is_file() and (folder() / name).is_file():
        return name
    content = path.read_bytes()
    rows = read_sheet(content, ROWS_MAX)
    found = rows if isinstance(rows, SheetTrouble) else find_headings(rows)
    if isinstance(found, Headings) and not isinstance(rows, SheetTrouble):
        _keep(name, hashlib.sha256(content).hexdigest(), rows, found)
    path.unlink()
    return name if isinstance(found, Headings) else found


def forget_draft(name: str) -> None:
    """What was kept under a name is gone."""
    if name.endswith(SUFFIX):
        (folder() / name).unlink(missing_ok=True)


def forget_drafts(now: datetime) -> int:
    """Exports that nobody went on with for a day are gone, and what was read of them; how many files."""
    before, gone = (now - KEPT_FOR).timestamp(), 0
    for path in folder().glob(f"*{SUFFIX}*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _keep(name: str, sha256: str, rows: Sequence[Sequence[Cell]], found: Headings) -> None:
    head = {
        "sha256": sha256,
        "headings": found.texts,
        "first_row": found.first_row,
        "rows": len(rows) - found.first_row,
        "samples": _samples(rows, found),
    }
    fresh = folder() / f"{name}.new"
    with gzip.open(fresh, "wt", compresslevel=1, encoding="utf-8") as out:
        for line in (head, *([_plain(cell) for cell in row] for row in rows)):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    fresh.replace(folder() / name)


def _plain(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return ["moment", cell.isoformat()]
    return ["day", cell.isoformat()] if isinstance(cell, date) else cell


def _samples(rows: Sequence[Sequence[Cell]], found: Headings) -> list[list[str]]:
    """The first rows below the headings, people masked."""
    named = guessed_columns(found.texts).get(Role.NAME)
    return [
        [_masked(text_of(cell), is_name=place == named) for place, cell in enumerate(row)]
        for row in rows[found.first_row :][:SAMPLES]
    ]


def _masked(text: str, *, is_name: bool) -> str:
    phone = phone_of(text)
    if phone:
        return masked_phone(phone)
    return masked_name(text[:SAMPLE_LENGTH]) if is_name else text[:SAMPLE_LENGTH]
