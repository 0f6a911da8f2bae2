"""`kepu archive`: the entries of closed years as files, and out of the database."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import click

from kepu.config.closing import still_open
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.reads import archived
from kepu.ledger.rules import Stretch

try:
    from kepu.ledger.writes import archiving
except ModuleNotFoundError as missing:
    raise click.ClickException(f"缺少 {missing.name}：请先运行 make columns 装上。") from missing

Told = Callable[[int], None]


@dataclass
class Done:
    """What became of one book; `removed` of its `entries` were taken out in this run."""

    book: int
    file: str = ""
    first_seq: int = 0
    last_seq: int = 0
    entries: int = 0
    left: int = 0
    removed: int = 0
    open: list[str] = field(default_factory=list)


@click.command()
@click.argument("year", type=click.IntRange(2000, 2999))
@click.option("--book", "books", type=int, multiple=True, help="Only this book (a county's code); repeat it.")
@click.option("--remove", is_flag=True, help="Take the rows out of the database, once the year is closed.")
@click.option("--person", type=int, help="Print what the files of that year have of one account, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(year: int, books: tuple[int, ...], remove: bool, person: int | None, as_json: bool) -> None:
    """Write each book's entries up to the end of YEAR as Parquet, read them back, and with --remove take them
    out of the database.

    E.g.: kepu archive 2026 --book 430623 --remove

    Nothing is taken out before its file was read back and held against the database. Stopped half-way, the
    same command completes it. Files lie in $KEPU_HOME/archive and belong into every backup.
    """
    if person is not None:
        _print_entries(year, person, books)
        return
    if year >= clock.day_of(clock.now()).year:
        raise click.ClickException(f"{year} 年还没过完，不能归档。")
    done = [_archive(_next(book, year), remove) for book in _chosen(books)]
    if as_json:
        click.echo(json.dumps([asdict(each) for each in done], ensure_ascii=False))
    else:
        for each in done:
            click.echo(_said(each, year, remove))
    if any(each.open for each in done):
        sys.exit(1)


def _chosen(books: Sequence[int]) -> list[int]:
    there = [head.book for head in ledger.heads()]
    unknown = sorted(set(books) - set(there))
    if unknown:
        raise click.ClickException(f"没有账本 {'、'.join(map(str, unknown))}。")
    return [book for book in there if not books or book in books]


def _next(book: int, year: int) -> archiving.Due:
    """What was begun and not completed comes first."""
    begun = archiving.half_taken(book)
    if begun is not None and begun.year != year:
        raise click.ClickException(
            f"{book} 的 {begun.year} 年还没取完：先运行 kepu archive {begun.year} --remove。"
        )
    return begun or archiving.due(book, year)


def _archive(what: archiving.Due, remove: bool) -> Done:
    done = Done(what.book, "", what.first_seq, what.last_seq, what.entries, what.left)
    if not what.entries:
        return done
    done.file = archiving.file_name(what)
    is_begun = archiving.half_taken(what.book) is not None
    try:
        if not is_begun:
            with _bar(what, "写入") as told:
                archiving.write_part(what, told)
        with _bar(what, "核对") as told:
            stretch = archiving.verify_part(what, told)
        if remove:
            done.open = [] if is_begun else still_open(what.year, [what], clock.now())
            if not done.open:
                done.removed = _take_out(what, stretch)
    except (archiving.ArchiveTroubledError, OSError) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    return done


def _take_out(what: archiving.Due, stretch: Stretch) -> int:
    number, removed = archiving.register(what, stretch, clock.now()), 0
    if wait := archiving.seconds_until_known(clock.now()):
        click.echo(f"等 {wait:.0f} 秒，让运行中的程序都知道有了归档……", err=True)
        time.sleep(wait)
    with _bar(what, "取出") as told:
        while taken := archiving.take_out(number, clock.now()):
            removed += taken
            told(removed)
    return removed


@contextmanager
def _bar(what: archiving.Due, label: str) -> Iterator[Told]:
    with click.progressbar(length=what.entries, label=f"{what.book} {label}", file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def _said(done: Done, year: int, remove: bool) -> str:
    if not done.file:
        return f"{done.book}  {year} 年及以前没有还要归档的记录。"
    lines = [
        f"{done.book}  第 {done.first_seq} 到 {done.last_seq} 条，共 {done.entries} 条：{done.file}，已核对。"
    ]
    if done.left:
        lines.append(f"  另有 {done.left} 条 {year} 年的记录排在下一年的记录之后，随下一年归档。")
    if done.open:
        lines += ["  还不能取出：", *(f"  · {each}" for each in done.open)]
    elif remove:
        lines.append(f"  已从数据库取出 {done.removed} 条。")
    else:
        lines.append("  数据库未动；取出请加 --remove。")
    return "\n".join(lines)


def _print_entries(year: int, person: int, books: Sequence[int]) -> None:
    """A line of JSON for each entry, for whoever reviews what a person has in the files."""
    those = [part for part in archived.parts() if part.year == year and (not books or part.book in books)]
    try:
        for entry in archived.entries_of(person, those):
            named = entry._replace(event_id=entry.event_id.hex(), hash=entry.hash.hex())  # type: ignore[arg-type]
            click.echo(json.dumps(named._asdict(), ensure_ascii=False))
    except archived.ArchiveUnreadableError as trouble:
        raise click.ClickException(str(trouble)) from trouble
