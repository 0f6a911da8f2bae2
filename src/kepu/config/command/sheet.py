"""`kepu sheet`: check a rule sheet, and publish it."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from django.db import transaction
from django.db.utils import OperationalError, ProgrammingError

from kepu.campaigns import labels, policy, reads, writes
from kepu.campaigns.rules import Policy, Published, RuleSheet, budget_of, last_day_of, tasks_total
from kepu.campaigns.sheet import SheetTrouble, parse_sheet
from kepu.console import deeds
from kepu.kit import clock
from kepu.people.reads.members import staff_able
from kepu.people.rules import Ability

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def command() -> None:
    """Check and publish rule sheets, e.g.: kepu sheet check my-campaign.toml"""


@command.command()
@FILE
@AS_JSON
def check(file: Path, as_json: bool) -> None:
    """Print every trouble of a rule sheet with its line, or what the sheet contains.

    Exits 1 when there are troubles. E.g.: kepu sheet check my-campaign.toml
    """
    text = _text(file)
    found = _checked(text)
    if isinstance(found, list):
        _refuse(found, as_json)
    click.echo(_json(found) if as_json else _contents(found))


@command.command()
@FILE
@click.option("--by", required=True, help="Who publishes it.")
@click.option("--sign-off", "sign_off", help="Which other member of staff answers for its conflicts.")
@AS_JSON
def publish(file: Path, by: str, sign_off: str | None, as_json: bool) -> None:
    """Publish a rule sheet as the newest version of its campaign; the same text again changes nothing.

    E.g.: kepu sheet publish my-campaign.toml --by 王秀英 --sign-off 李建国
    """
    if not by.strip() or max(len(by), len(sign_off or "")) > writes.NAME_MAX:
        raise click.ClickException(f"署名要填，最多 {writes.NAME_MAX} 个字。")
    text, now = _text(file), clock.now()
    if (sign_off or "").strip():
        _check_signer(text, by.strip(), (sign_off or "").strip())
    newest = {(each.number, each.sheet.version) for each in _published()}
    with transaction.atomic():
        done = writes.publish_sheet(text, by.strip(), (sign_off or "").strip() or None, now)
        is_same = not isinstance(done, list) and (done.number, done.sheet.version) in newest
        if not isinstance(done, list) and not is_same:
            after = {"version": done.sheet.version, "sha256": done.sha256, "by": by, "sign_off": sign_off}
            deeds.keep_typed("publish_sheet", done.sheet.campaign, done.sheet.place, now, ({}, after))
    if isinstance(done, list):
        _refuse(done, as_json)
    if as_json:
        said = {"number": done.number, "version": done.sheet.version, "sha256": done.sha256}
        click.echo(json.dumps({"campaign": done.sheet.campaign, **said, "unchanged": is_same}))
    elif is_same:
        click.echo(f"没有变化：和已公布的第 {done.sheet.version} 版一字不差，没有再公布。")
    else:
        click.echo(f"已公布：{done.sheet.title}，第 {done.sheet.version} 版。文件指纹 {done.sha256}")


def _check_signer(text: str, by: str, name: str) -> None:
    """Whoever signs a sheet off is on the staff, may keep campaigns in its place, and does not publish it."""
    sheet = reads.readable(text)
    if sheet is None:
        return  # its own troubles are told
    able = [each for _account, each in staff_able(Ability.CAMPAIGNS, sheet.place)]
    if name == by:
        raise click.ClickException("署名同意的要是另一个人，不能是公布的人自己（--by）。")
    if name not in able:
        there = "、".join(each for each in able if each != by)
        raise click.ClickException(
            f"“{name}”不是这里管活动的工作人员，不能署名同意。"
            + (
                f"可以署名的有：{there}。"
                if there
                else "现在没有别人可以署名，请先用 kepu staff grant 任命一位。"
            )
        )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} 不是 UTF-8 编码的文件。请用 UTF-8 另存一次再试。") from error


def _published() -> tuple[Published, ...]:
    """The newest sheets; none before `kepu init`, where publishing itself says what is missing."""
    try:
        return reads.published()
    except (OperationalError, ProgrammingError):
        return ()


def _checked(text: str) -> RuleSheet | list[SheetTrouble]:
    try:
        return reads.checked(text)
    except (OperationalError, ProgrammingError):  # before `kepu init` there is no tree to look codes up in
        return parse_sheet(text)


def _refuse(troubles: list[SheetTrouble], as_json: bool) -> NoReturn:
    if as_json:
        rows = [
            {
                "line": each.line,
                "field": each.field,
                "found": each.found,
                "allowed": each.allowed.value,
                "values": each.values,
                "text": labels.explained(each),
            }
            for each in troubles
        ]
        click.echo(json.dumps({"troubles": rows}, ensure_ascii=False))
    else:
        for each in troubles:
            click.echo(labels.explained(each))
        click.echo(f"共 {len(troubles)} 处问题。", err=True)
    sys.exit(1)


def _json(sheet: RuleSheet) -> str:
    return json.dumps(
        {
            "campaign": sheet.campaign,
            "title": sheet.title,
            "policy": sheet.policy,
            "measure": sheet.measure,
            "units": len(sheet.tasks),
            "rounds": [each.id for each in sheet.rounds],
            "points_per_day_max": sheet.points_per_day_max,
            "weights": [each.title for each in sheet.weights],
            "designated_times": sheet.designated_times,
            "switched_off": sorted(sheet.switched_off),
            "declared": [each.field for each in sheet.declared],
            "conflicts": [each.clause.id for each in policy.conflicts_of(sheet)],
        },
        ensure_ascii=False,
    )


def _earned(sheet: RuleSheet) -> list[str]:
    """What goes beyond points each and caps a day."""
    lines = []
    for kind, earning in sheet.earnings.items():
        whole = [f"同一篇一共 {earning.per_article_max} 次"] if earning.per_article_max else []
        steps = [f"连续 {each.days} 天起每天多 {each.points} 分" for each in earning.streaks]
        lines += [f"积分：{labels.KINDS[kind]}，{'，'.join(whole + steps)}"] if whole or steps else []
    for weight in sheet.weights:
        kinds = "、".join(str(labels.KINDS[kind]) for kind in sorted(weight.kinds))
        days = f"{clock.day_of(weight.opens_at)} 至 {last_day_of(weight.closes_at)}"
        lines.append(f"加倍：{weight.title}，{days}，{kinds}，{weight.times} 倍")
    if sheet.designated_times > 1:
        lines.append(f"今日必读：{sheet.designated_times} 倍")
    if sheet.points_per_day_max is not None:
        lines.append(f"每人每天一共最多 {sheet.points_per_day_max} 分")
    if sheet.switched_off:
        lines.append("不用：" + "、".join(str(labels.SWITCHES[each]) for each in sorted(sheet.switched_off)))
    return lines


def _contents(sheet: RuleSheet) -> str:
    backbones, registrations, volume = tasks_total(sheet)
    first, last = clock.day_of(sheet.opens_at), last_day_of(sheet.closes_at)
    lines = [
        f"没有问题：{sheet.title}（{sheet.campaign}）",
        f"时间 {first} 至 {last}；{labels.MEASURES[sheet.measure]}",
        f"方式：{labels.POLICIES[sheet.policy]}",
    ]
    lines += _earned(sheet)
    if sheet.tasks:
        asked = f"骨干 {backbones} 人，新注册 {registrations} 人，传播量 {volume}"
        lines.append(f"任务：{len(sheet.tasks)} 个单位，{asked}")
    for each in sheet.rounds:
        budget = budget_of(each.tiers)
        money = f"，奖金合计 {budget} 元" if budget else ""
        lines.append(f"评选：{each.title}（{each.id}），基本任务 {each.basic_task}{money}")
    lines += [f"由我们补定：{labels.field_text(point.field)}" for point in sheet.declared]
    conflicts = policy.conflicts_of(sheet)
    if sheet.policy is Policy.NOTICE and conflicts:
        lines.append("与现行规定有冲突，公布时要有人署名同意（--sign-off）：")
        clauses = [conflict.clause for conflict in conflicts]
        lines += [f"  {clause.document} {clause.clause}：{clause.says}" for clause in clauses]
    return "\n".join(lines)
