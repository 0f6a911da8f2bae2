"""`kepu reverse`: a mistake is undone by a new entry."""

import re

import click
from django.db import transaction

from kepu.console import deeds
from kepu.kit import clock
from kepu.ledger import reads, writes
from kepu.ledger.rules import Receipt
from kepu.people import reads as people

REASON_MAX = 200


@click.command()
@click.argument("book", type=click.IntRange(100_000, 999_999))
@click.argument("seq", type=click.IntRange(1, 2**53))
@click.option("--by", "phone", required=True, help="Mobile number of the member of staff who answers for it.")
@click.option(
    "--reason",
    required=True,
    help="Why, naming nobody; it stays in the ledger.",
)
def command(book: int, seq: int, phone: str, reason: str) -> None:
    """Take back entry SEQ of BOOK by a new entry that names it; boards and rounds follow.

    E.g.: kepu reverse 430623 1024 --by 13800001234 --reason 重复计数
    """
    author = people.account_with_phone(phone)
    if author is None or not people.scopes_of(author):
        raise click.ClickException("这个手机号不是工作人员，不能更正账本。")
    if not 0 < len(reason.strip()) <= REASON_MAX:
        raise click.ClickException(f"请写明原因，{REASON_MAX} 字以内。")
    if re.search(r"1\d{10}", reason):
        raise click.ClickException("原因会永久留在账本里，请不要写手机号和姓名。")
    now = clock.now()
    answer = writes.reverse_entry(book, seq, author, reason.strip(), now)
    if not isinstance(answer, Receipt):
        raise click.ClickException("账本里没有这一条，或者它是更正、兑换、退回、过期，不能再撤回。")
    original = reads.entry(book, seq)
    assert original is not None
    if not answer.repeated:
        # The ledger's own entry, durable by now, names author and reason too.
        with transaction.atomic():
            after = {"by": author, "reason": reason.strip(), "entry": f"{book}-{answer.seq}"}
            deeds.keep_typed("reverse_entry", f"{book}-{seq}", str(book), now, ({}, after))
    said = "早已更正过" if answer.repeated else "已更正"
    click.echo(f"{said}：{book} 第 {seq} 条（科普员 {original.person}），见第 {answer.seq} 条。")
    click.echo(f"积分 {answer.points}，传播量 {answer.volume}")
