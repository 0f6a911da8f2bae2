"""The sample notices: each a small mark-up made into the file it names, and what is to be read of it.

Mark-up, a block a line: `@t` title, `@red` red head, `@c` centred, `@r` to the right, `#` heading of a Word
list, `|a|b|` row of a table (`^` merged with the cell above, `<` with the one before), else a paragraph.
The a… samples were at hand while the reader was written; the others were written before it ran on them. What
it read of them at the first try, and which expectations were corrected since, is told in decision 30.
"""

import io
import tomllib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import docx
import typst
import xlsxwriter
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pylopdf_fonts_zh_cn import serif_path

HERE = Path(__file__).parent
FONTS = Path(str(serif_path())).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """A notice as a file, and the expected values."""

    name: str
    content: bytes
    expected: dict[str, Any]


def samples() -> list[Sample]:
    """Every sample, by name."""
    found = []
    for path in sorted(HERE.glob("*.toml")):
        raw = tomllib.loads(path.read_text("utf-8"))
        found.append(Sample(path.stem, made(raw["file"], raw["text"].strip("\n")), raw["expected"]))
    return found


def made(kind: str, text: str) -> bytes:
    """The file of a kind that says the text."""
    makers = {"docx": _docx, "pdf": _pdf, "bare pdf": partial(_pdf, stroke="none"), "xlsx": _xlsx}
    if kind in makers:
        return makers[kind](_blocks(text))
    return text.encode(kind)


def _blocks(text: str) -> list[tuple[str, Any]]:
    blocks: list[tuple[str, Any]] = []
    for line in text.split("\n"):
        if line.startswith("|"):
            row = [cell.strip() for cell in line.strip("|").split("|")]
            if blocks and blocks[-1][0] == "table":
                blocks[-1][1].append(row)
            else:
                blocks.append(("table", [row]))
            continue
        mark, _space, rest = line.partition(" ")
        if mark in ("@t", "@red", "@c", "@r", "#"):
            blocks.append((mark, rest))
        elif line:
            blocks.append(("p", line))
    return blocks


def _docx(blocks: list[tuple[str, Any]]) -> bytes:
    paper = docx.Document()
    for kind, said in blocks:
        if kind == "table":
            _docx_table(paper, said)
            continue
        paragraph = paper.add_paragraph(said)
        if kind in ("@t", "@red", "@c"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif kind == "@r":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        elif kind == "#":
            _number(paper, paragraph)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _docx_table(paper: Any, rows: list[list[str]]) -> None:
    table = paper.add_table(rows=len(rows), cols=max(map(len, rows)))
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell == "<":
                table.cell(at, place - 1).merge(table.cell(at, place))
            elif cell == "^":
                table.cell(at - 1, place).merge(table.cell(at, place))
            elif cell:
                table.cell(at, place).text = cell


def _number(paper: Any, paragraph: Any) -> None:
    """The paragraph is numbered 一、二、… by Word, with a list made for it."""
    numbering = paper.part.numbering_part.element
    if not numbering.xpath("./w:abstractNum[@w:abstractNumId='77']"):
        numbering.insert(0, _element("w:abstractNum", {"w:abstractNumId": "77"}))
        level = _element("w:lvl", {"w:ilvl": "0"})
        for tag, value in (("w:start", "1"), ("w:numFmt", "chineseCounting"), ("w:lvlText", "%1、")):
            level.append(_element(tag, {"w:val": value}))
        numbering[0].append(level)
        number = _element("w:num", {"w:numId": "77"})
        number.append(_element("w:abstractNumId", {"w:val": "77"}))
        numbering.append(number)
    properties = _element("w:numPr", {})
    properties.append(_element("w:ilvl", {"w:val": "0"}))
    properties.append(_element("w:numId", {"w:val": "77"}))
    paragraph._p.get_or_add_pPr().append(properties)


def _element(tag: str, attributes: dict[str, str]) -> Any:
    made_element = OxmlElement(tag)
    for name, value in attributes.items():
        made_element.set(qn(name), value)
    return made_element


def _pdf(blocks: list[tuple[str, Any]], stroke: str = "1pt") -> bytes:
    source = ['#set page(paper: "a4", margin: 28mm, numbering: "— 1 —")', '#set text(lang: "zh", size: 16pt)']
    source.append("#set par(justify: true)")
    for kind, said in blocks:
        if kind == "table":
            source.append(_pdf_table(said, stroke))
            continue
        indent = "#h(2em)" if kind == "p" and said.startswith("　　") else ""
        words = indent + "#" + _quoted(said.strip("　"))
        shown = {
            "@t": f"#align(center)[{words}]",
            "@red": f"#align(center)[#text(size: 26pt, fill: red)[{words}]]",
        }
        shown |= {"@c": f"#align(center)[{words}]", "@r": f"#align(right)[{words}]"}
        source.append(shown.get(kind, words) + "\n")
    return bytes(typst.compile("\n".join(source).encode(), font_paths=[str(FONTS)], ignore_system_fonts=True))


def _pdf_table(rows: list[list[str]], stroke: str) -> str:
    cells = []
    for row in rows:
        for place, cell in enumerate(row):
            if cell == "<":
                continue
            span = 1
            while place + span < len(row) and row[place + span] == "<":
                span += 1
            cells.append(f"table.cell(colspan: {span})[#{_quoted(cell)}]")
    return f"#table(columns: {len(rows[0])}, stroke: {stroke}, {', '.join(cells)})\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _xlsx(blocks: list[tuple[str, Any]]) -> bytes:
    out = io.BytesIO()
    widest = max((len(said[0]) for kind, said in blocks if kind == "table"), default=1)
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("通知")
        at = 0
        for kind, said in blocks:
            if kind != "table":
                sheet.merge_range(at, 0, at, widest - 1, said)
                at += 1
                continue
            _sheet_table(sheet, at, said)
            at += len(said)
    return out.getvalue()


def _sheet_table(sheet: Any, top: int, rows: list[list[str]]) -> None:
    """The rows in the sheet; a cell and those marked as merged with it are one range."""
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell in ("^", "<"):
                continue
            right, below = place, at
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            while below + 1 < len(rows) and rows[below + 1][place : place + 1] == ["^"]:
                below += 1
            value: str | float = float(cell) if cell.replace(".", "", 1).isdigit() else cell
            if (right, below) == (place, at):
                sheet.write(top + at, place, value)
            else:
                sheet.merge_range(top + at, place, top + below, right, value)
