"""Sending an export as an officer does, from its bytes to its entries, for tests."""

import hashlib
from datetime import datetime

from kepu.campaigns.rules import Published
from kepu.documents.reading import read_sheet
from kepu.figures import reads, writes
from kepu.figures.reads import FileRow
from kepu.figures.rules import (
    Headings,
    Layout,
    Period,
    Refused,
    Span,
    find_headings,
    guessed_columns,
    guessed_match,
)
from kepu.people.accounts import opened_phone
from kepu.people.models import Account


def phones_of(accounts: list[int]) -> dict[int, str]:
    """The people's numbers, by account."""
    rows = Account.objects.in_bulk(accounts)
    return {each: opened_phone(rows[each].phone_sealed, rows[each].phone_index) or "" for each in accounts}


def quiet(_done: int, _total: int) -> None:
    """Nobody looks."""


def layout_for(content: bytes, **changes: object) -> tuple[Layout, Headings]:
    """The layout one would choose for an export."""
    rows = read_sheet(content, 200_000)
    assert isinstance(rows, list)
    found = find_headings(rows)
    assert isinstance(found, Headings), found
    columns = guessed_columns(found.texts)
    stated = {"match": guessed_match(columns), "span": Span.PERIOD, "figure": "传播量"} | changes
    return Layout("月报", found.texts, columns, **stated), found  # type: ignore[arg-type]


def sent(
    content: bytes, period: tuple[int, int], published: Published, by: int, now: datetime, **changes: object
) -> FileRow | Refused:
    """The export was sent and read."""
    layout, found = layout_for(content, **changes)
    division = published.sheet.counts_within
    kept = writes.keep_layout(layout, division, by, now)
    assert isinstance(kept, Layout), kept
    what = ("导出.xlsx", hashlib.sha256(content).hexdigest(), Period(*period))
    file = writes.send_file(published, division, kept, what, by, now)
    if isinstance(file, Refused):
        return file
    rows = read_sheet(content, 200_000)
    assert isinstance(rows, list)
    writes.read_rows(file, rows, found.first_row, quiet)
    return reads.file(file.number, ("",)) or file


def withdrawn(file: int, people: tuple[int, int], why: str, now: datetime) -> int:
    """The first of `people` asked for the file to be withdrawn, the second confirmed: how many entries."""
    assert writes.ask_withdrawal(file, people[0], why, now) is None
    assert writes.withdraw_file(file, people[1], now) is None
    return writes.withdraw_lines(file, quiet)


def entered(
    content: bytes,
    period: tuple[int, int],
    published: Published,
    people: tuple[int, int],
    now: datetime,
    **changes: object,
) -> FileRow:
    """The export was sent by the first of `people`, approved by the second, and entered."""
    file = sent(content, period, published, people[0], now, **changes)
    assert isinstance(file, FileRow), file
    refused = writes.approve_file(file.number, people[1], now)
    assert refused is None, refused
    refused = writes.check_file(file.number)
    assert refused is None, refused
    writes.enter_lines(file.number, quiet)
    return reads.file(file.number, ("",)) or file
