"""A paper (docx, pdf, xlsx, xls, text in UTF-8, UTF-16 or GBK) as passages in order. Knows no campaign."""

import codecs
import io
import json
import re
import subprocess
import sys
import unicodedata
import zipfile

from kepu.documents.passages import MARKED, PaperTrouble, Passage, Pile
from kepu.documents.reading import FILE_BYTES_MAX, SheetTrouble, read_sheets, unpacks_small

SHEET_ROWS_MAX = 3_000
SHEETS_MAX = 20
SECONDS_MAX = 60
WORK_SECONDS_MAX = 30
# A page of 20,000 letters takes some 100 MB, code and stacks 300 MB of address space.
ADDRESS_SPACE_BYTES_MAX = 1536 * 1024**2
_OLE, _ZIP, _PDF = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"%PDF-"
_COLUMNS = re.compile(r"\s*\|\s*|\t+| {2,}|　{2,}")
_SPREAD_SUM = re.compile(r"(合|总|小|共)[ 　\t]+(计)(?=\s|$)")  # 合　　计, set wide as a heading is
_SUM = re.compile(r"^(?:合计|总计|共计)")
_SENTENCE = re.compile(r"[。；：;:]")
_ENDED = re.compile(r"[。：；！？:;!?]$")
_WRAPPED_WIDTH_MIN, _WRAPPED_WIDTH_MAX = 40, 160


def read_paper(content: bytes) -> tuple[Passage, ...] | PaperTrouble:
    """The passages of a paper, at least one, or why there is none. Its first bytes tell what it is.

    Memory grows with the file, bounded by FILE_BYTES_MAX, the unpacked size of a zip, and the limits of
    `passages`. What is no text (pictures, scans) is not looked at.
    """
    if len(content) > FILE_BYTES_MAX:
        return PaperTrouble.TOO_LARGE
    if not content.strip():
        return PaperTrouble.EMPTY
    pile = Pile()
    trouble = _piled(content, pile)
    if trouble is not None:
        return trouble
    if pile.is_full:
        return PaperTrouble.TOO_LONG
    return tuple(pile.passages) or PaperTrouble.EMPTY


def _piled(content: bytes, pile: Pile) -> PaperTrouble | None:
    if content.lstrip()[:5] == _PDF:
        return _by_child("pdf", content, pile)
    if content.startswith(_ZIP):
        if not unpacks_small(content):
            return PaperTrouble.TOO_LARGE
        if _is_docx(content):
            return _by_child("docx", content, pile)
    if content.startswith((_ZIP, _OLE)):
        return _pile_sheets(content, pile)
    if content.startswith(b"{\\rtf"):
        return PaperTrouble.OLD_WORD
    return _pile_text(content, pile)


def _is_docx(content: bytes) -> bool:
    """Whether a zip holds a Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "word/document.xml" in parts.namelist()
    except zipfile.BadZipFile:
        return False


def _by_child(kind: str, content: bytes, pile: Pile) -> PaperTrouble | None:
    """The passages a child process reads; whatever a file claims, only the child runs out of anything."""
    limits = (str(WORK_SECONDS_MAX), str(ADDRESS_SPACE_BYTES_MAX))
    try:
        ended = subprocess.run(  # noqa: S603 our own module
            [sys.executable, "-m", "kepu.documents.paper_unpacker", kind, *limits],
            input=content,
            capture_output=True,
            timeout=SECONDS_MAX,
            check=True,
        )
        said = json.loads(ended.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        return PaperTrouble.TOO_COSTLY
    if isinstance(said, str):
        return PaperTrouble(said)
    pile.is_full, rows = said
    for number, text, place, table, cells in rows:
        pile.passages.append(Passage(number, text, place, table, tuple(cells)))
    return None


def _pile_sheets(content: bytes, pile: Pile) -> PaperTrouble | None:
    sheets = read_sheets(content, SHEET_ROWS_MAX, SHEETS_MAX)
    if isinstance(sheets, SheetTrouble):
        if content.startswith(_OLE):
            return PaperTrouble.LOCKED if b"E\0n\0c\0r\0y\0p\0t\0e\0d" in content else PaperTrouble.OLD_WORD
        large = (SheetTrouble.TOO_LARGE, SheetTrouble.TOO_MANY_ROWS, SheetTrouble.TOO_MANY_COLUMNS)
        if sheets in large:
            return PaperTrouble.TOO_LARGE
        return PaperTrouble.EMPTY if sheets is SheetTrouble.EMPTY else PaperTrouble.UNKNOWN
    for name, rows in sheets:
        is_open = False
        for number, row in enumerate(rows, 1):
            cells = tuple("" if cell is None else str(cell) for cell in row)
            filled = [
                cell for place, cell in enumerate(cells) if cell and cells[place - 1 : place] != (cell,)
            ]
            place = f"工作表“{name}”第 {number} 行"
            if len(filled) > 1:
                if not is_open:
                    pile.begin_table()
                is_open = True
                pile.add_row(cells, place)
                continue
            # A row of one value is a line of text; below the headings it may still be a row of the table.
            is_open = is_open and bool(filled)
            for line in (filled[0] if filled else "").splitlines():
                pile.add(line, place)
    return None


def _pile_text(content: bytes, pile: Pile) -> PaperTrouble | None:
    text = decoded(content)
    if text is None:
        return PaperTrouble.UNKNOWN
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    columns = _columns(lines)
    width = _wrapped_at(lines)
    held, first, last = "", 0, 0
    open_table = False
    for number, line in enumerate([*lines, ""], 1):
        cells = columns.get(number - 1)
        goes_on = bool(held) and cells is None and _goes_on(held_line := lines[last - 1], line, width)
        if goes_on and held_line:
            held, last = held + line.strip(), number
            continue
        pile.add(held, _lines_place(first, last))
        held = ""
        if cells is None:
            held, first, last = line, number, number
            open_table = False
            continue
        if not open_table:
            pile.begin_table()
        open_table = True
        if any(re.sub(r"[-:=\s]", "", cell) for cell in cells):
            pile.add_row(cells, f"第 {number} 行")
    return None


def decoded(content: bytes) -> str | None:
    """The text of a file in UTF-8, UTF-16 or GBK; None when it is no text in any of them."""
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(bom):
            return _tried(content, encoding)
    if b"\0" in content:  # UTF-16 without its mark; which one, the letters tell
        both = [_tried(content, "utf-16-le"), _tried(content, "utf-16-be")]
        return max((text for text in both if text and _usual(text) > 0.9), key=_usual, default=None)
    return _tried(content, "utf-8-sig") or _tried(content, "gb18030")


def _usual(text: str) -> float:
    """The share of Chinese characters and plain ASCII."""
    usual = sum(
        letter.isascii() or "\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef"
        for letter in text
    )
    return usual / len(text)


def _tried(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    strange = sum(1 for letter in text if unicodedata.category(letter) in ("Cc", "Co", "Cn", "Cs"))
    ordinary = sum(text.count(letter) for letter in "\n\r\t\f")
    return text.replace("\f", "\n") if strange - ordinary <= len(text) // 50 else None


def _columns(lines: list[str]) -> dict[int, tuple[str, ...]]:
    """Cells of the lines that stand in columns: two or more neighbours, equally many cells, some number."""
    lines = [_SPREAD_SUM.sub(r"\1\2", line) for line in lines]
    split = [
        tuple(cell.strip() for cell in _COLUMNS.split(line.strip().strip("|").strip())) for line in lines
    ]
    for number, line in enumerate(lines):
        if len(split[number]) == 1 and len(line) < 80 and not _SENTENCE.search(line):
            split[number] = tuple(cell.strip() for cell in re.split(r"[,，]", line))
    found: dict[int, tuple[str, ...]] = {}
    start = 0
    while start < len(lines):
        stop = start + 1
        while stop < len(lines) and len(split[stop]) == len(split[start]):
            stop += 1
        width = len(split[start])
        if stop < len(lines) and len(split[stop]) == width - 1 and _SUM.match(split[stop][0]):
            split[stop] = (split[stop][0], "", *split[stop][1:])  # the sum of 序号 and name is one cell
            stop += 1
        rows = split[start:stop]
        figures = sum(any(re.search(r"\d", cell) for cell in row[1:]) for row in rows)
        is_spaced = len(_COLUMNS.split(lines[start].strip().strip("|").strip())) > 1
        least = 2 if is_spaced else 3  # commas stand in sentences too
        if len(split[start]) >= least and len(rows) >= least and figures:
            found |= {start + number: row for number, row in enumerate(rows)}
        start = stop
    return found


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def _wrapped_at(lines: list[str]) -> int:
    """The width at which a text was cut into lines; 0 when its lines are paragraphs."""
    widths = sorted((_width(line) for line in lines if line.strip()), reverse=True)
    if len(widths) < 4 or not _WRAPPED_WIDTH_MIN <= widths[0] <= _WRAPPED_WIDTH_MAX:
        return 0
    return widths[0] if sum(each >= widths[0] - 6 for each in widths) >= max(3, len(widths) // 6) else 0


def _goes_on(before: str, line: str, width: int) -> bool:
    if not width or not line.strip() or _width(before) < width - 6 or _ENDED.search(before):
        return False
    return line[:1] not in " 　\t" and not MARKED.match(line)


def _lines_place(first: int, last: int) -> str:
    return f"第 {first} 行" if first == last else f"第 {first}—{last} 行"
