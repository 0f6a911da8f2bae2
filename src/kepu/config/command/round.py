"""`kepu round`: evaluate a round, and say why someone stands where they do."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import click
from django.db import transaction

from kepu.app import labels
from kepu.app import reads as app
from kepu.awards import reads, writes
from kepu.awards.reads import StoredEvaluation
from kepu.awards.rules import Missed, NoRound, ScopePlace, Why, why_bytes
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind, Reason, TieRule, last_day_of
from kepu.config.round_life import LIFE
from kepu.console import deeds
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.rules import Entry, Spot

NEWEST, OF_DAY_MAX = 10, 1000


@click.group()
def command() -> None:
    """Evaluate a campaign's rounds and explain anyone's place."""


@command.command()
@click.argument("campaign")
@click.argument("round_id", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help="Print the list as canonical JSON.")
def evaluate(campaign: str, round_id: str, as_json: bool) -> None:
    """Evaluate a round on the ledger as it stands, keep the list and print it.

    The same ledger and the same rule sheet give the same bytes, e.g.:
    kepu round evaluate chaqi-2021 annual --json
    """
    stored = _evaluated(campaign, round_id)
    if as_json:
        click.echo(stored.body)
    else:
        click.echo(_list(stored))


@command.command()
@click.argument("campaign")
@click.argument("round_id", metavar="ROUND")
@click.argument("person", type=click.IntRange(1, 2**53))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="List the entries of that day, all of them.")
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as canonical JSON.")
def why(campaign: str, round_id: str, person: int, day: datetime | None, as_json: bool) -> None:
    """Evaluate a round and explain the place of PERSON (the number the list calls communicator).

    At the end stand the person's newest entries of the round, or those of a day, each by its BOOK-SEQ: what
    `kepu reverse` asks for. E.g.: kepu round why chaqi-2021 annual 17 --day 2021-08-02
    """
    _evaluated(campaign, round_id)
    explained = reads.why(campaign, round_id, person)
    if isinstance(explained, NoRound):
        raise click.ClickException(_REFUSED[explained].format(campaign, round_id, person))
    if as_json:
        click.echo(why_bytes(explained))
    else:
        click.echo("\n".join([_explanation(explained), "", *_vouchers(campaign, round_id, person, day)]))


for each in LIFE:
    command.add_command(each)


def _of_round(campaign: str, round_id: str, person: int) -> list[Entry]:
    """The person's newest entries that fall into the round, NEWEST at most. A query for each 1,000."""
    published = campaigns.campaign(campaign)
    assert published is not None
    window = next(each for each in published.sheet.rounds if each.id == round_id)
    first, last = (
        int(f"{day:%Y%m%d}") for day in (clock.day_of(window.opens_at), last_day_of(window.closes_at))
    )
    found: list[Entry] = []
    before: Spot | None = None
    while len(found) < NEWEST:
        some = ledger.statement(person, before, OF_DAY_MAX)
        found += [each for each in some if each.campaign == published.number and first <= each.day <= last]
        if len(some) < OF_DAY_MAX:
            break
        before = Spot(some[-1].at_ms, some[-1].book, some[-1].seq)
    return found[:NEWEST]


def _vouchers(campaign: str, round_id: str, person: int, day: datetime | None) -> list[str]:
    """The person's newest entries of the round, or all of a day, each by its number in the ledger."""
    if day is None:
        head, entries = f"本轮最近 {NEWEST} 条记录", _of_round(campaign, round_id, person)
    else:
        first = clock.start_of(day.date())
        end = Spot(clock.milliseconds(clock.start_of(day.date() + timedelta(days=1))), 0, 0)
        found = ledger.statement(person, end, OF_DAY_MAX)
        entries = [each for each in found if each.at_ms >= clock.milliseconds(first)]
        head = f"{day:%Y-%m-%d} 的记录"
    rows = [_voucher(each.entry, each.title) for each in app.named(entries)]
    lines = [f"{head}（更正用：kepu reverse BOOK SEQ，凭证号 430623-1234 就是 430623 1234）"]
    return lines + (
        _table(("凭证号", "时间", "记录", "结果", "传播量", "积分", "文章"), rows) if rows else ["没有"]
    )


def _voucher(entry: Entry, title: str) -> tuple[object, ...]:
    at = clock.from_milliseconds(entry.at_ms).astimezone(clock.SHANGHAI)
    kind, reason = labels.KINDS[Kind(entry.kind)], labels.REASONS[Reason(entry.reason)]
    number = f"{entry.book}-{entry.seq}"
    return number, f"{at:%Y-%m-%d %H:%M:%S}", kind, reason, entry.volume, entry.points, title


def _evaluated(campaign: str, round_id: str) -> StoredEvaluation:
    """The round evaluated now; in the audit when that made another list."""
    before, now = reads.latest_evaluation(campaign, round_id), clock.now()
    stored = writes.evaluate_round(campaign, round_id, "kepu round", now)
    if isinstance(stored, NoRound):
        raise click.ClickException(_REFUSED[stored].format(campaign, round_id, ""))
    if before is None or before.id != stored.id:
        with transaction.atomic():
            change = ({"sha256": before.sha256} if before else {}, {"sha256": stored.sha256})
            published = campaigns.campaign(campaign)
            place = published.sheet.place if published is not None else ""
            deeds.keep_typed("evaluate_round", f"{campaign} · {round_id}", place, now, change)
    return stored


def _list(stored: StoredEvaluation) -> str:
    lines = [f"{stored.campaign} · {stored.round}　规则第 {stored.version} 版", *_basis(stored)]
    for scope in stored.content()["scopes"]:
        lines += ["", f"【{scope['name']}】{len(scope['winners'])} 人，合计 {scope['budget']:,} 元"]
        if scope["winners"]:
            lines += _winners(scope["winners"])
        else:
            lines.append("到现在还没有人得奖：要在名次内，并且完成基本任务。")
        if scope["near_misses"]:
            below = sum(Missed(n["missed"]) is Missed.BELOW_LAST_RANK for n in scope["near_misses"])
            inside = len(scope["near_misses"]) - below
            parts = [f"在名次内而条件不够的 {inside} 人"] if inside else []
            parts += [f"名次线下最近的 {below} 人"] if below else []
            lines += ["", f"未入选：{'，'.join(parts)}"]
            lines += _table(
                ("名次", "编号", "姓名", "单位", "传播量", "原因"),
                [
                    (n["rank"], n["communicator"], n["name"], n["unit"], n["volume"], _missed(n))
                    for n in scope["near_misses"]
                ],
            )
    return "\n".join(lines)


def _winners(winners: list[dict[str, Any]]) -> list[str]:
    fields = ("rank", "communicator", "name", "unit", "volume", "title")
    return _table(
        ("名次", "编号", "姓名", "单位", "传播量", "奖励", "金额"),
        [(*(each[field] for field in fields), _yuan(each["amount"])) for each in winners],
    )


def _missed(near: dict[str, Any]) -> str:
    missed = Missed(near["missed"])
    if missed is Missed.BELOW_LAST_RANK:
        short = f"，且差基本任务 {near['basic_task_gap']}" if near["basic_task_gap"] else ""
        return f"差最后一名 {near['rank_gap']}{short}"
    if missed is Missed.BASIC_TASK:
        return f"差基本任务 {near['basic_task_gap']}"
    return _MISSED[missed]


def _explanation(why: Why) -> str:
    task = "已完成" if not why.basic_task_gap else f"还差 {why.basic_task_gap:,}"
    lines = [f"{why.name}（{why.communicator}）{why.unit}　{why.campaign} · {why.round}", *_basis(why)]
    lines += ["", f"传播量 {why.volume:,}；基本任务 {why.basic_task:,}，{task}"]
    if not why.is_certified:
        lines.append("不是已认证的科普员，不参加评选。")
    if why.counted_since:
        lines.append(f"名单之后账本又变动 {why.counted_since:+,}，未计入上面的数。")
    if why.adjusted:
        lines.append(f"更正 {why.adjusted:+,}")
    for place in why.scopes:
        lines += ["", *_scope(place)]
    if why.months:
        lines += ["", "按月"]
        lines += _table(("月份", "传播量"), [(f"{m // 100}-{m % 100:02d}", v) for m, v in why.months])
        lines += ["", "按日"]
        lines += _table(
            ("日期", "传播量"), [(f"{d // 10000}-{d // 100 % 100:02d}-{d % 100:02d}", v) for d, v in why.days]
        )
    if why.refused:
        lines += ["", "没有计数的"]
        lines += _table(("原因", "次数"), [(_REASONS.get(name, name), count) for name, count in why.refused])
    return "\n".join(lines)


def _scope(place: ScopePlace) -> list[str]:
    rank = "没有名次" if place.rank is None else f"第 {place.rank} 名"
    if place.missed is None:
        outcome = f"{place.won_title}，{_yuan(place.won_amount)}"
    else:
        outcome = f"未入选：{_MISSED[place.missed]}"
    lines = [f"【{place.name}】{rank}　{outcome}"]
    if place.tied and place.tie_rule is TieRule.SHARED:
        lines.append(f"另有 {place.tied} 人传播量相同，名次相同。")
    elif place.tied:
        lines.append(f"另有 {place.tied} 人传播量相同，其中 {place.tied_ahead} 人先达到，排在前面。")
    lines += _table(
        ("名次段", "奖励", "金额", "还差传播量"),
        [(f"{t.rank_from}–{t.rank_to}", t.title, _yuan(t.amount), t.volume_missing) for t in place.tiers],
    )
    return lines


def _basis(of: StoredEvaluation | Why) -> list[str]:
    return [f"截至 {of.as_of or '（账本还没有记录）'}　账本 {of.ledger_head[:16]}"]


def _yuan(amount: int | None) -> str:
    return "—" if amount is None else f"{amount:,} 元"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows under their heads, columns aligned on a terminal, where a Chinese character is two wide."""
    cells = [list(head), *[[_cell(value) for value in row] for row in rows]]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    right = [bool(rows) and isinstance(value, int) for value in (rows[0] if rows else head)]
    return [
        "  ".join(_padded(*each) for each in zip(line, widths, right, strict=True)).rstrip() for line in cells
    ]


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


_REFUSED = {
    NoRound.NO_CAMPAIGN: "没有活动“{0}”。活动的代号写在规则文件的 campaign 一行。",
    NoRound.NO_ROUND: "活动“{0}”没有轮次“{1}”。轮次的代号写在规则文件的 [[rounds]] 的 id 一行。",
    NoRound.NOT_EVALUATED: "活动“{0}”的轮次“{1}”还没有评过。",
    NoRound.NOT_FINAL: "活动“{0}”的轮次“{1}”还没有定案。",
    NoRound.NO_PERSON: "没有编号为 {2} 的人。编号是名单里的 communicator。",
}
_MISSED = {
    Missed.BASIC_TASK: "没有完成基本任务",
    Missed.BELOW_LAST_RANK: "不在名次内",
    Missed.HOLDS_WIDER_AWARD: "已得上一级奖励，本级不重复",
}
_REASONS = {
    "day_cap": "超过每天上限",
    "closed": "不在活动时间或地域内",
    "not_rewarded": "这一项不计数",
    "not_certified": "还没有实名认证",
    "article_cap": "同一篇文章超过每天上限",
}
