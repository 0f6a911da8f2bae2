"""`kepu import`: official figures from an export of the national app's back office."""
# ruff: noqa: N999 - the verb people type

import hashlib
import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from django.db import transaction

from kepu.campaigns.rules import Published
from kepu.console import deeds, labels
from kepu.documents.reading import Cell, SheetTrouble, read_sheet
from kepu.figures import reads, writes
from kepu.figures.reads import FileRow
from kepu.figures.rules import (
    CHANGING,
    PASSED_OVER,
    ROWS_MAX,
    UNNAMED,
    FileState,
    Headings,
    Layout,
    Match,
    Period,
    Refused,
    Role,
    Span,
    Trouble,
    Verdict,
    find_headings,
    guessed_columns,
    guessed_match,
    guessed_span,
    layout_digest,
    plain_heading,
)
from kepu.figures.rules.matching import cell_of
from kepu.figures.writes.enrolling import enrol_named
from kepu.kit import clock
from kepu.people import reads as people
from kepu.people.rules import Ability, divisions_for, name_of, phone_of

SHOWN_MAX = 20
FINE = CHANGING | PASSED_OVER | {Verdict.SAME}
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--campaign", "slug", required=True, help="The campaign's short name, as in its rule sheet.")
@click.option("--by", "sender", required=True, help="Mobile number of the officer who sends the file.")
@click.option("--layout", "layout_name", help="A layout kept under this name; without it, by the headings.")
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="The month the figures cover.")
@click.option("--first-day", type=DAY, help="First day of another period.")
@click.option("--last-day", type=DAY, help="Last day of another period, or of figures since the beginning.")
@click.option(
    "--match", type=click.Choice([each.value for each in Match]), help="How rows find their people."
)
@click.option("--span", type=click.Choice([each.value for each in Span]), help="What the figures cover.")
@click.option("--enrol", is_flag=True, help="Certify whom the file names by phone, name and unit, if new.")
@click.option("--approve-by", help="Mobile number of the second person, who approves what is shown.")
@click.option("--json", "as_json", is_flag=True, help="Print the preview as JSON.")
def command(
    file: Path,
    slug: str,
    sender: str,
    layout_name: str | None,
    month: datetime | None,
    first_day: datetime | None,
    last_day: datetime | None,
    match: str | None,
    span: str | None,
    enrol: bool,
    approve_by: str | None,
    as_json: bool,
) -> None:
    """Show what an export of the national app would change, and enter it when a second person approves.

    The same file again changes nothing; with --approve-by it is approved where it waits. E.g.:
    kepu import 三月.xlsx --campaign huarong-2026 --month 2026-03 --by 13800001234 --approve-by 13800005678
    """
    by, divisions = _officer(sender)
    published = next((p for p in reads.campaigns_for(divisions) if p.sheet.campaign == slug), None)
    if published is None:
        _stop(Refused(Trouble.NO_CAMPAIGN))
    division = reads.division_for(published, divisions)
    rows, found, sha256 = _read(file)
    layout = _layout(found, divisions, layout_name)
    layout = replace(
        layout, match=Match(match) if match else layout.match, span=Span(span) if span else layout.span
    )
    if enrol:
        _enrol(rows, found.first_row, layout, division, published)
    what = (file.name, sha256, _period(month, first_day, last_day))
    sent = _sent(published, division, layout, what, by)
    if isinstance(sent, int):
        number = sent
        _tell_known(number, approve_by)
    else:
        number = sent.number
        writes.read_rows(sent, rows, found.first_row, _quiet)
    if approve_by:
        _approve(number, approve_by)
    _show(number, as_json)


def _officer(phone: str) -> tuple[int, tuple[str, ...]]:
    account = people.account_with_phone(phone)
    divisions = divisions_for(people.scopes_of(account), Ability.FIGURES) if account is not None else ()
    if account is None or not divisions:
        raise click.ClickException(f"{phone} 不是能导入官方数据的工作人员。")
    return account, divisions


def _read(file: Path) -> tuple[list[tuple[Cell, ...]], Headings, str]:
    content = file.read_bytes()
    rows = read_sheet(content, ROWS_MAX)
    if isinstance(rows, SheetTrouble):
        raise click.ClickException(str(labels.SHEET_TROUBLES[rows]))
    found = find_headings(rows)
    if isinstance(found, Trouble):
        _stop(Refused(found))
    return rows, found, hashlib.sha256(content).hexdigest()


def _layout(found: Headings, divisions: Sequence[str], name: str | None) -> Layout:
    """The layout of that name or for these headings; else what the headings suggest, kept under the name."""
    digest = layout_digest(found.texts)
    kept = reads.layout_named(divisions, name) if name else reads.remembered(divisions, digest)
    if kept is not None:
        if layout_digest(kept.headings) != digest:
            raise click.ClickException(f"这个文件的表头和格式“{kept.name}”的不一样，请换个格式名。")
        return replace(kept, headings=found.texts)
    columns = guessed_columns(found.texts)
    volume = columns.get(Role.VOLUME)
    figure = plain_heading(found.texts[volume]).rpartition("/")[2] if volume is not None else ""
    match, span = guessed_match(columns), guessed_span(columns, found.texts)
    return Layout(name or "月报", found.texts, columns, match, span, figure.removeprefix("累计"))


def _period(month: datetime | None, first: datetime | None, last: datetime | None) -> Period:
    if month is not None:
        start = month.year * 10_000 + month.month * 100
        return Period(start + 1, start + monthrange(month.year, month.month)[1])
    if last is None:
        raise click.ClickException(
            "请用 --month 2026-03 写统计月份，或用 --first-day、--last-day 写起止日期。"
        )
    days = [day.year * 10_000 + day.month * 100 + day.day for day in (first or last, last)]
    return Period(*days)


def _enrol(
    rows: Sequence[Sequence[Cell]], first: int, layout: Layout, division: str, published: Published
) -> None:
    if layout.match is not Match.PHONE or not {Role.NAME, Role.UNIT} <= layout.columns.keys():
        raise click.ClickException("补登科普员要有姓名、手机号、单位三列。")
    now = clock.now()
    fresh, left = enrol_named(rows[first:], layout, division, published.sheet.opens_at, now)
    with transaction.atomic():
        after = {"enrolled": fresh, "left": left}
        deeds.keep_typed("enrol_named", published.sheet.campaign, division, now, ({}, after))
    said = f"补登科普员 {fresh} 人"
    if left:
        said += f"，{left} 行没有补登：" + "；".join(_left_out(rows, first, layout, left))
    click.echo(said + "。", err=True)


def _left_out(rows: Sequence[Sequence[Cell]], first: int, layout: Layout, left: int) -> list[str]:
    """Which rows named nobody to enrol, and how many more stand for no unit of the division."""
    out = []
    for number, row in enumerate(rows[first:], start=first + 1):
        lacking = [
            word
            for word, is_there in (
                ("手机号", phone_of(cell_of(row, layout, Role.PHONE))),
                ("姓名", name_of(cell_of(row, layout, Role.NAME))),
            )
            if is_there is None
        ]
        if lacking:
            begins = next((str(cell) for cell in row if cell not in (None, "")), "")[:10]
            out.append(f"第 {number} 行“{begins}”没有可用的{'和'.join(lacking)}")
    others = left - len(out)
    shown = out if len(out) <= SHOWN_MAX else [*out[:SHOWN_MAX], f"还有 {len(out) - SHOWN_MAX} 行也是"]
    return [*shown, f"{others} 行找不到单位"] if others else shown


def _sent(
    published: Published, division: str, layout: Layout, what: tuple[str, str, Period], by: int
) -> FileRow | int:
    """The file, or the number of the same one that is here already."""
    now = clock.now()
    with transaction.atomic():
        kept = writes.keep_layout(layout, division, by, now)
        sent = (
            kept if isinstance(kept, Refused) else writes.send_file(published, division, kept, what, by, now)
        )
        if isinstance(sent, Refused):
            transaction.set_rollback(True)
        else:
            subject = f"{sent.number} {sent.name} sha256:{sent.sha256[:16]}"
            deeds.keep_typed("send_figures", subject, division, now, ({}, {"by": by}))
    if not isinstance(sent, Refused):
        return sent
    if sent.trouble is not Trouble.SAME_FILE:
        _stop(sent)
    return sent.other


def _tell_known(number: int, approve_by: str | None) -> None:
    """The file was sent before; what this call still does with it, or that it does nothing."""
    file = reads.file(number, ("",))
    state = file.state if file is not None else FileState.WITHDRAWN
    said = "这次没有任何改动"
    if state is FileState.WAITING:
        said = f"这次由 {approve_by} 批准" if approve_by else f"还在等批准，{said}"
    elif approve_by and state in (FileState.CHECKING, FileState.RENEWING, FileState.ENTERING):
        said = "以前批准了还没有录完，这次接着录"
    click.echo(f"这个文件以前已经导入过，是第 {number} 号，{said}。", err=True)


def _approve(number: int, phone: str) -> None:
    by, divisions = _officer(phone)
    file = reads.file(number, divisions)
    if file is None:
        raise click.ClickException(f"{phone} 管不到这个文件。")
    if file.state is FileState.WAITING:
        now = clock.now()
        with transaction.atomic():
            refused = writes.approve_file(number, by, now, seen=file.edition)
            if refused is None:
                subject = f"{number} {file.name} sha256:{file.sha256[:16]}"
                deeds.keep_typed("approve_figures", subject, file.division, now, ({}, {"by": by}))
        if refused is not None:
            _stop(refused)
    if file.state in (FileState.WAITING, FileState.CHECKING, FileState.RENEWING):
        changed = writes.check_file(number)
        if changed is not None:
            _stop(changed)
    writes.enter_lines(number, _quiet)


def _show(number: int, as_json: bool) -> None:
    file = reads.file(number, ("",))
    assert file is not None
    counts = reads.verdict_counts(number)
    changes = sum(count.delta for verdict, count in counts.items() if verdict in CHANGING)
    refused = [verdict for verdict in counts if verdict not in FINE | UNNAMED]
    lines = reads.lines(number, refused, 0, SHOWN_MAX).rows if refused else ()
    if as_json:
        said: dict[str, Any] = {
            "file": number,
            "state": file.state.value,
            "sha256": file.sha256,
            "first_day": file.period.first_day,
            "last_day": file.period.last_day,
            "changes": changes,
            "rows": {verdict.value: count.rows for verdict, count in counts.items()},
            "refused": [{"row": line.row, "verdict": line.verdict.value} for line in lines],
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    first, last = file.period.first_day, file.period.last_day
    state = reads.state_text(file.state)
    click.echo(f"第 {number} 号文件 {file.name}（{first}–{last}，{file.layout.figure}）：{state}")
    click.echo(f"文件指纹 {file.sha256}")
    for verdict in Verdict:
        if verdict in counts:
            click.echo(f"  {reads.verdict_text(verdict)}：{counts[verdict].rows} 行")
    before = "批准后" if file.state is FileState.WAITING else ""
    click.echo(f"{before}传播量变动 {changes:+,}")
    for line in lines:
        says = f"“{line.says}”" if line.says else ""
        click.echo(f"  第 {line.row} 行 {line.who}：{reads.verdict_text(line.verdict)}{says}")
    if file.state is FileState.WAITING:
        click.echo("等另一位同事批准：后台“官方数据”，或同一条命令加 --approve-by 手机号。")


def _stop(refused: Refused) -> NoReturn:
    raise click.ClickException(reads.trouble_text(refused))


def _quiet(_done: int, _total: int) -> None:
    """The command line waits without a bar: five thousand rows take seconds."""
