"""`kepu verify`: the ledger against itself, and what rests on it against the ledger."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from typing import Any

import click

from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.reads import BookCheck, archived
from kepu.ledger.reads.everything import every_entry
from kepu.mall.reads import stock_off
from kepu.mall.reads.checking import orders_off, refunds_overdue, spends_off
from kepu.standings.reads.checking import scores_off
from kepu.standings.reads.ranks import boards_off

# So long the trees of large boards may follow what others do, before they are held against the database.
BOARDS_SECONDS = 1.0
# What each finding is called, with how it is shown; None stands for "not known now".
WORDS = {
    "archives_off": "归档文件缺失或被改动 {} 个",
    "tallies_off": "计数不符 {} 处",
    "article_tallies_off": "单篇计数不符 {} 处",
    "lots_off": "积分不符 {} 处",
    "person_books_off": "账本归属不符 {} 处",
    "stock_off": "库存与变动记录不符 {} 件",
    "spends_without_order": "有扣分而没有订单 {} 笔",
    "orders_without_spend": "订单与账本的扣分、退分不符 {} 单",
    "refunds_overdue": "超过一小时还没退的积分 {} 单",
    "scores_off": "榜单与账本不符 {} 处",
    "boards_off": "大榜名次与数据库不符 {} 个",
}
CHECKS: dict[str, Callable[[datetime], Any]] = {
    "archives_off": lambda _now: archived.files_off(),
    "tallies_off": lambda _now: ledger.tallies_off(),
    "article_tallies_off": lambda _now: ledger.article_tallies_off(),
    "lots_off": lambda _now: ledger.lots_off(),
    "person_books_off": lambda _now: ledger.person_books_off(),
    "stock_off": lambda _now: [gap.item for gap in stock_off()],
    "spends_without_order": lambda now: [f"{book}-{seq}" for book, seq in spends_off(now)],
    "orders_without_spend": lambda _now: orders_off(),
    "refunds_overdue": refunds_overdue,
    "scores_off": lambda _now: scores_off(),
    "boards_off": lambda _now: boards_off(partial(time.sleep, BOARDS_SECONDS)),
}
NOT_READ = "归档文件读不到，没有核对"
NOT_FOLLOWED = "榜单还没跟上账本，这次没有核对（后台程序 kepu work 在运行吗？）"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Recompute every chain, tally and lot of points from the entries, and hold orders, stock and boards
    against them, e.g.: kepu verify --json
    """
    checks = books()
    found = findings(clock.now())
    good = all(not each.first_bad and each.head_fits for each in checks)
    good = good and not any(found.values())
    if as_json:
        said = [each._asdict() for each in checks]
        click.echo(json.dumps({"good": good, "books": said, **found}, default=str))
    else:
        for each in checks:
            click.echo(book_line(each))
        for name, value in found.items():
            click.echo(line(name, value))
    if not good:
        sys.exit(1)


def books() -> list[BookCheck]:
    """What a walk through every book found, by its code, with a bar for each."""
    checks = []
    for head in ledger.heads():
        with click.progressbar(length=head.seq, label=str(head.book), file=sys.stderr) as bar:
            for step in ledger.verify_book(head.book):
                if isinstance(step, BookCheck):
                    checks.append(step)
                else:
                    bar.update(step - bar.pos)
    return checks


def findings(now: datetime) -> dict[str, Any]:
    """By name how many differ, or which: 0, none or None (boards that are behind) where nothing is wrong.

    NOT_READ for what rests on archived entries where their files cannot be read.
    """
    with ExitStack() as held:
        # Read once for all; where that fails each check says so for itself.
        with suppress(archived.ArchiveUnreadableError):
            held.enter_context(every_entry())
        return {name: _found(ask, now) for name, ask in CHECKS.items()}


def _found(ask: Callable[[datetime], Any], now: datetime) -> Any:
    try:
        return ask(now)
    except archived.ArchiveUnreadableError:
        return NOT_READ


def book_line(check: BookCheck) -> str:
    """A book's chain in words."""
    state = f"第 {check.first_bad} 条起不符" if check.first_bad else "链完整"
    if not check.head_fits:
        state += "，末条与账本首部不符"
    return f"{check.book}  {check.entries} 条  {state}"


def line(name: str, found: Any) -> str:
    """A finding in words."""
    if found is None:
        return NOT_FOLLOWED
    if isinstance(found, str):
        return f"{WORDS[name].partition(' ')[0]}：{found}"
    if isinstance(found, int):
        return WORDS[name].format(found)
    shown = "、".join(str(each) for each in found[:10])
    return WORDS[name].format(len(found)) + (f"：{shown}" if shown else "")
