"""规则审查备忘: what the policy guard said of one version of a rule sheet, on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kepu.documents.rules.paper import Align, Block, Heading, Paper, Paragraph, Source, Table, TableColumn
from kepu.papers.rules.phrases import fingerprint, moment, words


@dataclass(frozen=True, slots=True)
class MemoClause:
    """One clause; `against`: what of the sheet it speaks against, in words, "" for nothing."""

    document: str
    clause: str
    says: str
    against: str = ""


@dataclass(frozen=True, slots=True)
class GuardMemo:
    """The outcome for one version; `tested` has every clause, those in conflict with their words."""

    title: str
    version: int
    sha256: str
    is_voluntary: bool
    published_by: str
    published_at: datetime
    signed_off_by: str
    tested: tuple[MemoClause, ...]
    rule_book: str


def memo_paper(memo: GuardMemo) -> Paper:
    """The memo as a paper without head and number: it is no document of an organ."""
    conflicts = [each for each in memo.tested if each.against]
    kind = "自愿参加" if memo.is_voluntary else "按通知组织（有任务、有排名）"
    blocks: list[Block] = [
        Heading(1, "审查对象"),
        Paragraph(f"《{memo.title}》规则表第{memo.version}版，活动方式：{kind}。"),
        Heading(1, "审查结论"),
        Paragraph(_outcome(memo, conflicts)),
        Heading(1, "逐条审查"),
        _table(memo.tested),
    ]
    sources = [Source("sheet", f"规则表第{memo.version}版，{fingerprint(memo.sha256)}")]
    if memo.rule_book:
        sources.append(Source("book", f"审查所用规则库，{fingerprint(memo.rule_book)}"))
    return Paper(
        title=f"{memo.title}\n规则审查备忘",
        blocks=tuple(blocks),
        signature=memo.published_by,
        issued_on=None,
        sources=tuple(sources),
        draft=False,
    )


def _outcome(memo: GuardMemo, conflicts: Sequence[MemoClause]) -> str:
    published = f"本版由{memo.published_by}于{moment(memo.published_at)}公布。"
    if not memo.rule_book:
        published += "当时没有逐条保存审查过的条款，下面只列有冲突的条款。"
    if not conflicts:
        return f"对照规则库{len(memo.tested)}条，没有冲突。{published}"
    signed = f"{memo.signed_off_by}已阅看这些条款，署名同意。" if memo.signed_off_by else ""
    return f"对照规则库{len(memo.tested)}条，有{len(conflicts)}条冲突。{signed}{published}"


def _table(tested: Sequence[MemoClause]) -> Table:
    columns = (
        TableColumn("条款", 4, Align.LEFT),
        TableColumn("规定", 5, Align.LEFT),
        TableColumn("结果", 3, Align.LEFT),
    )
    rows = tuple(
        (
            words(f"{each.document}{each.clause}"),
            words(each.says),
            words(f"冲突：{each.against}" if each.against else "没有冲突"),
        )
        for each in tested
    )
    return Table(columns, rows)
