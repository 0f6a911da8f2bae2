"""The passages of a docx file: paragraphs and tables in order, with list labels, text boxes and footnotes."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kepu.documents.passages import PaperTrouble, Pile

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = {
    f"{_W}{name}" for name in ("del", "delText", "instrText", "moveFrom", "rPr", "pPr", "footnoteReference")
}
_HAN = "零一二三四五六七八九十"
_DEPTH_MAX = 60
_COLUMNS_MAX = 100


def pile_docx(content: bytes, pile: Pile) -> PaperTrouble | None:
    """The document's passages are on the pile. The zip was found small enough before."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            body = _part(parts, "word/document.xml")
            labels = _Labels(_part(parts, "word/numbering.xml"), _part(parts, "word/styles.xml"))
            notes = _part(parts, "word/footnotes.xml")
    except (zipfile.BadZipFile, ElementTree.ParseError, RuntimeError, OSError, ValueError, EOFError):
        return PaperTrouble.DAMAGED
    if body is None:
        return PaperTrouble.DAMAGED
    walk = _Walk(pile, labels)
    for each in body:
        walk.blocks(each, 0)
    for note in notes if notes is not None else ():
        if note.get(f"{_W}type") is None:
            pile.add("".join(text for part in note.iter(f"{_W}p") for text in _lines(part)), "脚注")
    return None


def _part(parts: zipfile.ZipFile, name: str) -> Element | None:
    if name not in parts.namelist():
        return None
    raw = parts.read(name)
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError("an office file declares no entities and is UTF-8")
    return ElementTree.fromstring(raw)  # noqa: S314 (no entities: looked for above)


class _Walk:
    """Blocks onto a pile, counting paragraphs."""

    def __init__(self, pile: Pile, labels: "_Labels") -> None:
        self.pile, self.labels, self.paragraphs = pile, labels, 0

    def blocks(self, block: Element, depth: int) -> None:
        if depth > _DEPTH_MAX or block.tag in _SKIPPED:
            return
        if block.tag == f"{_W}p":
            self._paragraph(block, depth)
        elif block.tag == f"{_W}tbl":
            self._table(block, depth)
        else:
            for each in _chosen(block):
                self.blocks(each, depth + 1)

    def _paragraph(self, block: Element, depth: int) -> None:
        for box in _boxes(block):
            for each in box:
                self.blocks(each, depth + 1)
        self.paragraphs += 1
        label = self.labels.next_of(block)
        for number, line in enumerate(_lines(block)):
            self.pile.add(line if number else label + line, f"第 {self.paragraphs} 段")

    def _table(self, block: Element, depth: int) -> None:
        rows = list(_inside(block, f"{_W}tr"))
        grids = _grid(rows, self.labels)
        if max((len(grid) for grid in grids), default=0) < 2:  # a frame around text is no table
            for row in rows:
                for cell in _inside(row, f"{_W}tc"):
                    for each in cell:
                        self.blocks(each, depth + 1)
            return
        table = self.pile.begin_table()
        for number, grid in enumerate(grids, 1):
            self.pile.add_row(tuple(grid), f"表 {table} 第 {number} 行")


def _grid(rows: list[Element], labels: "_Labels") -> list[list[str]]:
    """The text of each cell; merged ones repeat theirs."""
    grids: list[list[str]] = []
    for row in rows:
        grid: list[str] = []
        before = _value(row, f"{_W}trPr/{_W}gridBefore")
        grid += [""] * min(int(before or 0) if (before or "0").isdigit() else 0, _COLUMNS_MAX)
        for cell in _inside(row, f"{_W}tc"):
            text = " ".join(
                labels.next_of(each) + "".join(_lines(each)) for each in cell.iter(f"{_W}p")
            ).strip()
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            column = len(grid)
            if (
                merged is not None
                and merged.get(f"{_W}val") != "restart"
                and grids
                and column < len(grids[-1])
            ):
                text = text or grids[-1][column]
            span = _value(cell, f"{_W}tcPr/{_W}gridSpan") or "1"
            grid += [text] * min(int(span) if span.isdigit() else 1, _COLUMNS_MAX)
        grids.append(grid[:_COLUMNS_MAX])
    return grids


def _inside(block: Element, tag: str) -> Iterator[Element]:
    """Rows of a table, or cells of a row, also those within content controls and tracked insertions."""
    for each in block:
        if each.tag == tag:
            yield each
        elif each.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _inside(each, tag)


def _chosen(block: Element) -> list[Element]:
    """The children; of alternatives the first alone."""
    if block.tag == f"{_M}AlternateContent":
        return list(block)[:1]
    return list(block)


def _boxes(block: Element) -> Iterator[Element]:
    for each in _chosen(block):
        if each.tag == f"{_W}txbxContent":
            yield each
        elif each.tag not in _SKIPPED:
            yield from _boxes(each)


def _lines(block: Element) -> list[str]:
    """The text of a paragraph cut at its line breaks, without what was deleted, codes of fields and boxes."""
    pieces: list[str] = []
    _gather(block, pieces)
    return "".join(pieces).split("\n")


def _gather(block: Element, pieces: list[str]) -> None:
    for each in _chosen(block):
        if each.tag in _SKIPPED or each.tag == f"{_W}txbxContent":
            continue
        if each.tag == f"{_W}t":
            pieces.append(each.text or "")
        elif each.tag == f"{_W}tab":
            pieces.append("\t")
        elif each.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif each.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif each.tag != f"{_W}p":
            _gather(each, pieces)


def _value(block: Element, path: str) -> str | None:
    found = block.find(path)
    return None if found is None else found.get(f"{_W}val")


class _Labels:
    """What Word prints before the paragraphs of its lists (一、 1.) and keeps nowhere in their text."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self.levels: dict[tuple[str, str], tuple[str, str, int]] = {}
        self.counts: dict[tuple[str, str], int] = {}
        self.abstract: dict[str, str] = {}
        self.styles: dict[str, tuple[str, str]] = {}
        for each in numbering.iter(f"{_W}abstractNum") if numbering is not None else ():
            for level in each.iter(f"{_W}lvl"):
                start = _value(level, f"{_W}start") or "1"
                self.levels[each.get(f"{_W}abstractNumId", ""), level.get(f"{_W}ilvl", "0")] = (
                    _value(level, f"{_W}numFmt") or "",
                    _value(level, f"{_W}lvlText") or "",
                    int(start) if start.isdigit() else 1,
                )
        for each in numbering.iter(f"{_W}num") if numbering is not None else ():
            self.abstract[each.get(f"{_W}numId", "")] = _value(each, f"{_W}abstractNumId") or ""
        for each in styles.iter(f"{_W}style") if styles is not None else ():
            found = _value(each, f"{_W}pPr/{_W}numPr/{_W}numId")
            if found:
                level_text = _value(each, f"{_W}pPr/{_W}numPr/{_W}ilvl") or "0"
                self.styles[each.get(f"{_W}styleId", "")] = (found, level_text)

    def next_of(self, block: Element) -> str:
        """The label of the next paragraph; "" when it is in no list."""
        style = self.styles.get(_value(block, f"{_W}pPr/{_W}pStyle") or "", ("", "0"))
        number = _value(block, f"{_W}pPr/{_W}numPr/{_W}numId") or style[0]
        depth = _value(block, f"{_W}pPr/{_W}numPr/{_W}ilvl") or style[1]
        abstract = self.abstract.get(number, "")
        if (abstract, depth) not in self.levels or not "".join(_lines(block)).strip():
            return ""
        kind, pattern, start = self.levels[abstract, depth]
        self.counts[number, depth] = self.counts.get((number, depth), start - 1) + 1
        for key in [key for key in self.counts if key[0] == number and key[1] > depth]:
            del self.counts[key]
        if kind in ("bullet", "none"):
            return ""

        def counted(found: re.Match[str]) -> str:
            level = str(int(found.group(1)) - 1)
            own_kind, _pattern, own_start = self.levels.get((abstract, level), (kind, "", 1))
            return _figure(self.counts.get((number, level), own_start), own_kind)

        return re.sub(r"%(\d)", counted, pattern)


def _figure(number: int, kind: str) -> str:
    if kind == "decimalEnclosedCircle" and number <= 20:
        return chr(0x2460 + number - 1)
    if not ("hinese" in kind or "ideograph" in kind or kind == "japaneseCounting") or number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _HAN[ones]
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")
