"""`kepu restore`: a site from its backup, on this machine or another."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import click

from kepu.config import environment
from kepu.config.keeping.restoring import other_settings, restore
from kepu.config.keeping.telling import Trouble, told_plainly
from kepu.kit import clock


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--passphrase-file", type=click.File("r"), help="Open with the first line of a file (-: input)."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was restored as JSON.")
@told_plainly()
def command(file: Path, passphrase_file: IO[str] | None, as_json: bool) -> None:
    """Restore a backup into an empty KEPU_HOME (and an empty PostgreSQL database); never over a site.

    Every part is checked before anything is put in place; then the tables are brought up to this version and
    the books held against the backup's list. All of it or nothing.
    E.g.: KEPU_HOME=/var/lib/kepu-new kepu restore kepu-430623-20260101-021500.tar.gz
    """
    home = environment.home()
    manifest, wrong = restore(file, home, environment.text("KEPU_DATABASE_URL"), _asked(passphrase_file))
    if as_json:
        books = [{"book": each.book, "seq": each.seq, "hash": each.hash} for each in manifest.books]
        said = {"good": not wrong, "made_at": manifest.made_at.isoformat(), "books": books, "wrong": wrong}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        made = manifest.made_at.astimezone(clock.SHANGHAI)
        click.echo(f"恢复好了：{home}，是 {made:%Y-%m-%d %H:%M:%S} 的样子，之后的记录不在里面。")
        for book in manifest.books:
            click.echo(f"账本 {book.book}：{book.seq:,} 条，与备份清单一致。")
        for line in other_settings(manifest):
            click.echo(f"备份时有这项设置，这里没有或不同：{line}")
        click.echo("\n".join(f"{each}。备份时就已经这样。" for each in wrong) or "账本的链核对完整。")
        click.echo("接着运行 kepu serve；短信、微信的密码不在备份里，要另外设。")
    if wrong:
        sys.exit(1)


def _asked(file: IO[str] | None) -> Callable[[], str]:
    """How the passphrase of a sealed backup is had: from the file, else from whoever sits there."""

    def ask() -> str:
        if file is not None:
            return file.readline().strip()
        if not sys.stdin.isatty():
            raise Trouble("这份备份加了密。请用 --passphrase-file 给出口令。")
        return str(click.prompt("这份备份的口令", hide_input=True))

    return ask
