"""`kepu verify`: the ledger against itself."""

import json
import sys

import click

from kepu.ledger import reads as ledger
from kepu.ledger.reads import BookCheck


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Recompute every chain, tally and lot of points from the entries, e.g.: kepu verify --json"""
    checks = []
    for head in ledger.heads():
        with click.progressbar(length=head.seq, label=str(head.book), file=sys.stderr) as bar:
            for step in ledger.verify_book(head.book):
                if isinstance(step, BookCheck):
                    checks.append(step)
                else:
                    bar.update(step - bar.pos)
    tallies = ledger.tallies_off() + ledger.article_tallies_off()
    lots = ledger.lots_off()
    good = not tallies and not lots and all(not each.first_bad and each.head_fits for each in checks)
    if as_json:
        books = [each._asdict() for each in checks]
        click.echo(json.dumps({"good": good, "books": books, "tallies_off": tallies, "lots_off": lots}))
    else:
        for each in checks:
            state = f"第 {each.first_bad} 条起不符" if each.first_bad else "链完整"
            if not each.head_fits:
                state += "，末条与账本首部不符"
            click.echo(f"{each.book}  {each.entries} 条  {state}")
        click.echo(f"计数不符 {tallies} 处，积分不符 {lots} 处")
    if not good:
        sys.exit(1)
