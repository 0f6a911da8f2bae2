"""A paper as PDF, in the form of GB/T 9704-2012."""

from collections.abc import Iterable
from typing import Any

from kepu.documents.rules import geometry
from kepu.documents.rules.numerals import plain_date
from kepu.documents.rules.paper import (
    Block,
    Heading,
    Paper,
    Table,
    Words,
    addressed,
    annex_mark,
    bare_ends,
    bare_title,
    copied,
    in_brackets,
    marked,
    runs,
)
from kepu.documents.rules.titles import title_lines
from kepu.documents.typesetting import layout, pdf_from_typst, typst_png


def pdf_of(paper: Paper) -> bytes:
    """The paper as PDF with embedded fonts; the same bytes for the same paper.

    版记 stands on an even page, after an empty one where it must. Raises TypesettingError (see
    `pdf_from_typst`, which also says what pages cost).
    """
    return pdf_from_typst(layout("documents", "paper.typ"), values_of(paper))


def pictures_of(paper: Paper, ppi: float = 96.0) -> list[bytes]:
    """The pages of `pdf_of` as PNG pictures."""
    return typst_png(layout("documents", "paper.typ"), values_of(paper), ppi=ppi)


def values_of(paper: Paper) -> dict[str, Any]:
    """What the layout is handed: texts ready to be set, blocks with their marks, the measures of the page."""
    places = {source.key: place for place, source in enumerate(paper.sources, 1)}
    return {
        "measures": _MEASURES,
        "paper": {
            "mark": paper.mark,
            "mark-size": geometry.mark_size(paper.mark),
            "number": paper.number,
            "signer": paper.signer,
            "title-lines": title_lines(paper.title),
            "addressee": addressed(paper.addressee) if paper.addressee else "",
            "blocks": _blocks(paper.blocks, places),
            "annexes": [
                {
                    "name": bare_title(annex.title),
                    "mark": annex_mark(paper.annexes, place),
                    "title-lines": title_lines(bare_ends(annex.title)),
                    "blocks": _blocks(annex.blocks, places),
                }
                for place, annex in enumerate(paper.annexes)
            ],
            "signature": paper.signature,
            "day": plain_date(paper.issued_on) if paper.issued_on else "",
            "note": in_brackets(paper.note) if paper.note else "",
            "sources": [source.text for source in paper.sources],
            "copies": copied(paper.copies) if paper.copies else "",
            "printed-by": paper.printed_by,
            "printed-day": f"{plain_date(paper.printed_on)}印发" if paper.printed_on else "",
            "draft": paper.draft,
            "letter": paper.letter,
            "letter-rule": geometry.letter_rule_mm(paper.mark),
            "letter-number": geometry.letter_number_mm(paper.mark),
        },
    }


_MEASURES = {
    "top": geometry.TOP_MM,
    "left": geometry.LEFT_MM,
    "right": geometry.RIGHT_MM,
    "bottom": geometry.BOTTOM_MM,
    "width": geometry.TEXT_MM[0],
    "height": geometry.TEXT_MM[1],
    "line": geometry.LINE,
    "character": geometry.CHARACTER,
    "text-size": geometry.TEXT_SIZE,
    "title-size": geometry.TITLE_SIZE,
    "small-size": geometry.SMALL_SIZE,
    "note-size": geometry.NOTE_SIZE,
    "note-line": geometry.NOTE_LINE,
    "mark-drop": geometry.MARK_DROP_MM,
    "rule-drop": geometry.RULE_DROP_MM,
    "rule-strong": geometry.RULE_STRONG_MM,
    "rule-thin": geometry.RULE_THIN_MM,
    "red-rule": geometry.RED_RULE_MM,
    "red": geometry.RED,
    "number-drop": geometry.PAGE_NUMBER_DROP_MM,
    "letter-mark": geometry.LETTER_MARK_MM,
    "letter-foot": geometry.LETTER_FOOT_MM,
    "letter-width": geometry.LETTER_RULE_MM,
    "letter-strong": geometry.LETTER_STRONG_MM,
    "letter-gap": geometry.LETTER_GAP_MM,
    "letter-thin": geometry.LETTER_THIN_MM,
    "date-right": geometry.DATE_RIGHT_CHARACTERS,
}


def _blocks(blocks: Iterable[Block], places: dict[str, int]) -> list[dict[str, Any]]:
    return [_block(mark, block, places) for mark, block in marked(blocks)]


def _block(mark: str, block: Block, places: dict[str, int]) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "mark": mark, "words": _words(block.words, places)}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "caption": block.caption,
            "columns": [
                {"heading": column.heading, "width": column.width, "align": column.align}
                for column in block.columns
            ],
            "rows": [[_words(cell, places) for cell in row] for row in block.rows],
            "total": [_words(cell, places) for cell in block.total],
        }
    return {"kind": "paragraph", "words": _words(block.words, places)}


def _words(words: Words, places: dict[str, int]) -> list[dict[str, Any]]:
    return [{"text": run.text, "ref": places[run.source] if run.source else 0} for run in runs(words)]
