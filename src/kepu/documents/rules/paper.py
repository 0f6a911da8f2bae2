"""An official paper in the form of GB/T 9704-2012, as a value: what it says, not how it looks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kepu.documents.rules.numerals import chinese_number

LEVELS = 4
# A paper is read by people; whoever wants more rows writes a sheet (write_xlsx, table_pdf).
BLOCKS_MAX, ROWS_MAX, ANNEXES_MAX = 2_000, 2_000, 30


class Align(StrEnum):
    """Where the text of a column stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text; `source` is the key of the Source its figures were taken from, or empty."""

    text: str
    source: str = ""


# What people write where most runs need no source: a plain text, or pieces of it.
Words = str | tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4, without its mark: 一、（一）1.（1） are counted (`marked`)."""

    level: int
    words: Words

    def __post_init__(self) -> None:
        assert 1 <= self.level <= LEVELS


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, its first line two characters in."""

    words: Words


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its heading, its share of the width (any unit, the whole is filled) and where texts stand."""

    heading: str
    width: float = 1.0
    align: Align = Align.CENTRE


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row of headings, repeated on each page, and perhaps a last row of totals.

    Each row has a cell for each column.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Words, ...], ...]
    total: tuple[Words, ...] = ()
    caption: str = ""

    def __post_init__(self) -> None:
        assert self.columns
        assert len(self.rows) <= ROWS_MAX
        for row in (*self.rows, *((self.total,) if self.total else ())):
            assert len(row) == len(self.columns), row


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: what follows the text on a page of its own. Its title is what 附件说明 lists."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from: `text` names the snapshot, its time and digest; runs refer to it by `key`."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything on an official paper; empty parts are left out.

    `mark` is 发文机关标志 (插旗镇人民政府办公室文件): without one there is no red head, and the number
    stands under the title. `signer` is for papers to a higher organ (签发人). `title` may hold line
    ends where lines shall break. `note` is 附注 (此件公开发布), `copies` 抄送. A draft says so on every page.
    A `letter` has 信函格式 (10.1): a mark without 文件 between two red double lines, no number on its first
    page, nobody who printed it.
    """

    title: str
    blocks: tuple[Block, ...]
    mark: str = ""
    number: str = ""
    signer: str = ""
    addressee: str = ""
    annexes: tuple[Annex, ...] = ()
    signature: str = ""
    issued_on: date | None = None
    note: str = ""
    copies: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    sources: tuple[Source, ...] = ()
    draft: bool = True
    letter: bool = False

    def __post_init__(self) -> None:
        assert len(self.annexes) <= ANNEXES_MAX
        assert len(self.blocks) + sum(len(annex.blocks) for annex in self.annexes) <= BLOCKS_MAX
        assert not self.letter or (self.mark and not self.signer and not self.printed_by)
        keys = [source.key for source in self.sources]
        assert len(keys) == len(set(keys)), keys
        unknown = {run.source for run in runs_of(self) if run.source} - set(keys)
        assert not unknown, unknown


def runs(words: Words) -> tuple[Run, ...]:
    """Words as runs: a plain text is one run without a source."""
    return (Run(words),) if isinstance(words, str) else words


def runs_of(paper: Paper) -> Iterator[Run]:
    """Every run of text and annexes, in the order they are read."""
    for block in (*paper.blocks, *(block for annex in paper.annexes for block in annex.blocks)):
        if isinstance(block, Table):
            for row in (*block.rows, block.total):
                for cell in row:
                    yield from runs(cell)
        else:
            yield from runs(block.words)


def marked(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    """Each block with its mark: 一、（一）1.（1） for headings, empty for others.

    A level starts again at one under each heading above it (GB/T 9704-2012, 7.3.3).
    """
    counts = [0] * LEVELS
    for block in blocks:
        if not isinstance(block, Heading):
            yield "", block
            continue
        counts[block.level - 1] += 1
        counts[block.level :] = [0] * (LEVELS - block.level)
        yield _mark(block.level, counts[block.level - 1]), block


def _mark(level: int, count: int) -> str:
    return (f"{chinese_number(count)}、", f"（{chinese_number(count)}）", f"{count}.", f"（{count}）")[
        level - 1
    ]


def annex_mark(annexes: tuple[Annex, ...], place: int) -> str:
    """What stands at the top of an annex: 附件, or 附件2 where there are several. `place` counts from 0."""
    return f"附件{place + 1}" if len(annexes) > 1 else "附件"


def bare_title(title: str) -> str:
    """A title in one line as 附件说明 lists it: nothing but the name, no stop behind it (7.3.4)."""
    return "".join(bare_ends(title).split("\n"))


def bare_ends(title: str) -> str:
    """A title without blanks around it or a stop behind it; line ends inside stay."""
    return title.strip().rstrip("。；;，,、.").rstrip()


def addressed(addressee: str) -> str:
    """主送机关 with one full-width colon behind it (7.3.2)."""
    return f"{addressee.rstrip().rstrip('：:')}："


def in_brackets(note: str) -> str:
    """附注 in full-width brackets, however it was typed (7.3.6)."""
    return f"（{note.strip().strip('()（）').strip()}）"


def copied(copies: str) -> str:
    """抄送机关 with the words before and one full stop behind (7.4.2)."""
    return f"抄送：{copies.strip().removeprefix('抄送：').rstrip('。.')}。"
