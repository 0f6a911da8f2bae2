"""What a docx begins and ends with: 版头 with its red rule, 版记 with its three."""

from collections.abc import Iterable
from math import ceil

from docx.document import Document as DocxDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from kepu.documents.paper_lines import clean, element_of, set_property, write_line
from kepu.documents.paper_styles import CHARACTER_TWIPS, TEXT_TWIPS, twips
from kepu.documents.rules import geometry
from kepu.documents.rules.geometry import MILLIMETRE
from kepu.documents.rules.numerals import plain_date
from kepu.documents.rules.paper import Paper, copied


def write_head(document: DocxDocument, paper: Paper) -> None:
    """版头: the mark, the number (beside 签发人, where there is one), the red rule, two lines."""
    size = geometry.mark_size(paper.mark)
    mark = write_line(document, "发文机关标志", paper.mark)
    mark.runs[0].font.size = Pt(int(size * 2) / 2)
    mark.paragraph_format.line_spacing = Pt(size * 1.15)
    mark.paragraph_format.space_before = Pt(geometry.MARK_DROP_MM * MILLIMETRE - 0.12 * size)
    if not paper.signer:
        write_line(document, "发文字号", paper.number)
    else:
        number = write_line(document, "发文字号", justification="left")
        set_property(number, "w:ind", {"w:leftChars": "100", "w:left": str(CHARACTER_TWIPS)})
        number.paragraph_format.tab_stops.add_tab_stop(
            Pt((TEXT_TWIPS - CHARACTER_TWIPS) / 20), WD_TAB_ALIGNMENT.RIGHT
        )
        number.add_run(clean(f"{paper.number}\t签发人："))
        _kai(number.add_run(clean(paper.signer))._r)
    write_line(document, "Normal")
    write_line(document, "Normal")


def write_letter_head(document: DocxDocument, paper: Paper) -> None:
    """信函格式 (10.1): the mark over a double line, another near the foot of the page, the number, two lines.

    Mark and lines stand in frames placed from the edges of the page, as 版记 does.
    """
    size, high = geometry.mark_size(paper.mark), _DOUBLE_MM * MILLIMETRE
    top, rule = geometry.LETTER_MARK_MM * MILLIMETRE - 0.08 * size, geometry.letter_rule_mm(paper.mark)
    mark = write_line(document, "发文机关标志", paper.mark)
    mark.runs[0].font.size = Pt(int(size * 2) / 2)
    mark.paragraph_format.line_spacing = Pt(size * 1.15)
    # Word draws the line so far under the text, LibreOffice inside the lower edge of the frame.
    apart = rule * MILLIMETRE - top - size * 1.15
    _frame(mark, twips(top), twips(rule * MILLIMETRE + high - top), _WIDE)
    _draw(mark, (("bottom", "thickThinSmallGap", *_RED_DOUBLE),), round(apart))
    line = write_line(document, "版记")
    line.paragraph_format.line_spacing = Pt(2)
    foot = (geometry.PAGE_MM[1] - geometry.LETTER_FOOT_MM) * MILLIMETRE
    _frame(line, twips(foot - high - 2), twips(high + 2), _WIDE)
    _draw(line, (("bottom", "thinThickSmallGap", *_RED_DOUBLE),))
    number = write_line(document, "信函发文字号", paper.number)
    number.paragraph_format.space_before = Pt(
        (geometry.letter_number_mm(paper.mark) - geometry.TOP_MM) * MILLIMETRE
    )
    write_line(document, "Normal")
    write_line(document, "Normal")


def _kai(run: BaseOxmlElement) -> None:
    run.get_or_add_rPr().append(
        element_of('<w:rFonts {ns} w:hint="eastAsia" w:ascii="楷体" w:hAnsi="楷体" w:eastAsia="楷体"/>')
    )


def write_imprint(document: DocxDocument, paper: Paper) -> None:
    """版记 in frames at the foot of the text of its page, with a rule above, between and below.

    A letter's has no rules (10.1). A frame for each line, placed from the edge of the page: LibreOffice 7.4
    neither lets a table of full width float nor takes two kinds of rules in one frame.
    """
    inside = twips(geometry.SMALL_SIZE)
    foot = twips((geometry.TOP_MM + geometry.TEXT_MM[1]) * MILLIMETRE)
    copies = copied(paper.copies) if paper.copies else ""
    printed_height = IMPRINT_LINE_TWIPS if paper.printed_by else 0
    if copies:
        room = (
            TEXT_TWIPS / 20 - 5 * geometry.SMALL_SIZE
        ) / geometry.SMALL_SIZE  # in characters, hanging by three
        height = IMPRINT_LINE_TWIPS * max(1, ceil((geometry.width_in_characters(copies) - 3) / room))
        lower = geometry.RULE_THIN_MM if paper.printed_by else geometry.RULE_STRONG_MM
        line = _framed(document, copies, foot - printed_height - height, height)
        if not paper.letter:
            _rules(line, (("top", geometry.RULE_STRONG_MM), ("bottom", lower)))
        hanging = twips(3 * geometry.SMALL_SIZE)
        set_property(
            line,
            "w:ind",
            {"w:left": str(inside + hanging), "w:right": str(inside), "w:hanging": str(hanging)},
        )
    if paper.printed_by:
        day = f"\t{plain_date(paper.printed_on)}印发" if paper.printed_on else ""
        line = _framed(document, paper.printed_by + day, foot - printed_height, printed_height)
        sides = ("bottom",) if copies else ("top", "bottom")
        _rules(line, [(side, geometry.RULE_STRONG_MM) for side in sides])
        line.paragraph_format.tab_stops.add_tab_stop(Pt((TEXT_TWIPS - inside) / 20), WD_TAB_ALIGNMENT.RIGHT)
        set_property(line, "w:ind", {"w:left": str(inside), "w:right": str(inside)})
    write_line(document, "Normal")  # a frame stands before the paragraph it belongs to


IMPRINT_LINE_TWIPS = 440
# What follows a frame and then rules among the properties of a paragraph, in the schema's order.
_AFTER_FRAME = ("w:pBdr", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _framed(document: DocxDocument, said: str, top: int, height: int) -> DocxParagraph:
    """A line of 版记 in a frame as wide as the text."""
    line = write_line(document, "版记", said)
    _frame(line, top, height, f'w:w="{TEXT_TWIPS}" w:wrap="around" w:hAnchor="margin" w:x="1"')
    return line


def _frame(line: DocxParagraph, top: int, height: int, across: str) -> None:
    """The line stands in a frame, `top` and `height` in twips from the edge of the page."""
    frame = (
        f'<w:framePr {{ns}} w:h="{height}" w:hRule="exact" w:hSpace="0" {across}'
        f' w:vAnchor="page" w:y="{top}"/>'
    )
    line._p.get_or_add_pPr().insert_element_before(element_of(frame), *_AFTER_FRAME)


_DOUBLE_MM = geometry.LETTER_STRONG_MM + geometry.LETTER_GAP_MM + geometry.LETTER_THIN_MM
_RED_DOUBLE = (geometry.LETTER_STRONG_MM, geometry.RED[1:])
# A letter's lines are wider than the text, and the text is not pushed away by them.
_WIDE = (
    f'w:w="{twips(geometry.LETTER_RULE_MM * MILLIMETRE)}" w:wrap="through" w:hAnchor="page"'
    f' w:x="{twips((geometry.PAGE_MM[0] - geometry.LETTER_RULE_MM) / 2 * MILLIMETRE)}"'
)


def _rules(line: DocxParagraph, rules: Iterable[tuple[str, float]]) -> None:
    """Ruled lines beside a paragraph: side and thickness in millimetres."""
    _draw(line, [(side, "single", thick, "000000") for side, thick in rules])


def _draw(line: DocxParagraph, rules: Iterable[tuple[str, str, float, str]], apart: int = 0) -> None:
    """Ruled lines beside a paragraph: side, kind, thickness in millimetres, colour; points between."""
    drawn = "".join(
        f'<w:{side} w:val="{kind}" w:sz="{round(thick * MILLIMETRE * 8)}" w:space="{apart}"'
        f' w:color="{colour}"/>'
        for side, kind, thick, colour in rules
    )
    borders = element_of(f"<w:pBdr {{ns}}>{drawn}</w:pBdr>")
    line._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_FRAME[1:])
