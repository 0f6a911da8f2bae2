"""A paper as values for a page: quick to look at while one writes; the files show the pages themselves."""

from collections.abc import Iterable
from typing import Any

from kepu.documents.rules.numerals import plain_date
from kepu.documents.rules.paper import (
    Block,
    Heading,
    Paper,
    Table,
    Words,
    addressed,
    annex_mark,
    copied,
    in_brackets,
    marked,
    runs,
)
from kepu.documents.rules.titles import title_lines


def previewed(paper: Paper) -> dict[str, Any]:
    """The paper's parts in reading order; each run is (text, number of its source or 0)."""
    places = {source.key: place for place, source in enumerate(paper.sources, 1)}
    return {
        "paper": paper,
        "title": title_lines(paper.title),
        "blocks": _blocks(paper.blocks, places),
        "annexes": [
            {
                "mark": annex_mark(paper.annexes, place),
                "title": annex.title,
                "blocks": _blocks(annex.blocks, places),
            }
            for place, annex in enumerate(paper.annexes)
        ],
        "addressee": addressed(paper.addressee) if paper.addressee else "",
        "note": in_brackets(paper.note) if paper.note else "",
        "copies": copied(paper.copies) if paper.copies else "",
        "day": plain_date(paper.issued_on) if paper.issued_on else "",
    }


def _blocks(blocks: Iterable[Block], places: dict[str, int]) -> list[dict[str, Any]]:
    return [_block(mark, block, places) for mark, block in marked(blocks)]


def _block(mark: str, block: Block, places: dict[str, int]) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {
            "kind": "heading",
            "level": block.level,
            "mark": mark,
            "runs": _runs(block.words, places),
        }
    if isinstance(block, Table):
        return {
            "kind": "table",
            "columns": [(column.heading, column.align.value) for column in block.columns],
            "rows": [_row(row, block, places) for row in block.rows],
            "total": _row(block.total, block, places),
        }
    return {"kind": "paragraph", "runs": _runs(block.words, places)}


def _row(
    row: tuple[Words, ...], table: Table, places: dict[str, int]
) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (column.align.value, _runs(cell, places)) for column, cell in zip(table.columns, row, strict=False)
    ]


def _runs(words: Words, places: dict[str, int]) -> list[tuple[str, int]]:
    return [(run.text, places.get(run.source, 0)) for run in runs(words)]
