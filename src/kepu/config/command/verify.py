"""`kepu verify`: the ledger against itself, and what rests on it against the ledger."""

import json
import sys
import time
from datetime import datetime
from functools import partial
from typing import Any

import click

from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.reads import BookCheck
from kepu.mall.reads import stock_off
from kepu.mall.reads.checking import orders_off, refunds_overdue, spends_off
from kepu.standings.reads.checking import scores_off
from kepu.standings.reads.ranks import boards_off

# So long the trees of large boards may follow what others do, before they are held against the database.
BOARDS_SECONDS = 1.0
# What each finding is called, with how it is shown; None stands for "not known now".
WORDS = {
    "tallies_off": "计数不符 {} 处",
    "article_tallies_off": "单篇计数不符 {} 处",
    "lots_off": "积分不符 {} 处",
    "stock_off": "库存与变动记录不符 {} 件",
    "spends_without_order": "有扣分而没有订单 {} 笔",
    "orders_without_spend": "订单与账本的扣分、退分不符 {} 单",
    "refunds_overdue": "超过一小时还没退的积分 {} 单",
    "scores_off": "榜单与账本不符 {} 处",
    "boards_off": "大榜名次与数据库不符 {} 个",
}
NOT_FOLLOWED = "榜单还没跟上账本，这次没有核对（后台程序 kepu work 在运行吗？）"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Recompute every chain, tally and lot of points from the entries, and hold orders, stock and boards
    against them, e.g.: kepu verify --json
    """
    checks = _books()
    findings = _findings(clock.now())
    good = all(not each.first_bad and each.head_fits for each in checks)
    good = good and not any(findings.values())
    if as_json:
        books = [each._asdict() for each in checks]
        click.echo(json.dumps({"good": good, "books": books, **findings}, default=str))
    else:
        for each in checks:
            state = f"第 {each.first_bad} 条起不符" if each.first_bad else "链完整"
            if not each.head_fits:
                state += "，末条与账本首部不符"
            click.echo(f"{each.book}  {each.entries} 条  {state}")
        for name, found in findings.items():
            click.echo(_line(name, found))
    if not good:
        sys.exit(1)


def _books() -> list[BookCheck]:
    checks = []
    for head in ledger.heads():
        with click.progressbar(length=head.seq, label=str(head.book), file=sys.stderr) as bar:
            for step in ledger.verify_book(head.book):
                if isinstance(step, BookCheck):
                    checks.append(step)
                else:
                    bar.update(step - bar.pos)
    return checks


def _findings(now: datetime) -> dict[str, Any]:
    """By name how many differ, or which: 0, none or None (boards that are behind) where nothing is wrong."""
    return {
        "tallies_off": ledger.tallies_off(),
        "article_tallies_off": ledger.article_tallies_off(),
        "lots_off": ledger.lots_off(),
        "stock_off": [gap.item for gap in stock_off()],
        "spends_without_order": [f"{book}-{seq}" for book, seq in spends_off(now)],
        "orders_without_spend": orders_off(),
        "refunds_overdue": refunds_overdue(now),
        "scores_off": scores_off(),
        "boards_off": boards_off(partial(time.sleep, BOARDS_SECONDS)),
    }


def _line(name: str, found: Any) -> str:
    if found is None:
        return NOT_FOLLOWED
    if isinstance(found, int):
        return WORDS[name].format(found)
    shown = "、".join(str(each) for each in found[:10])
    return WORDS[name].format(len(found)) + (f"：{shown}" if shown else "")
