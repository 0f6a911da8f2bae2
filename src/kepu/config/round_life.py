"""The life of a round at the command line: where it stands, one step more, and the whole way rehearsed."""

import json
from datetime import datetime
from typing import Any

import click
from django.conf import settings
from django.db import transaction

from kepu.awards import reads, writes
from kepu.awards.reads import words
from kepu.awards.rules import NoRound, NoStep, Step, Taken
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import round_of
from kepu.config.rehearsal import rehearse_round
from kepu.console import deeds
from kepu.kit import clock

# A signature is its signer's own, and an award is revoked with its reason: both on the round's page.
BY_NAME = {each.value: each for each in Step if each not in (Step.REVOKE, Step.SIGN, Step.TAKE_BACK)}


@click.command()
@click.argument("campaign")
@click.argument("round_id", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help="Print stage and steps as JSON.")
def status(campaign: str, round_id: str, as_json: bool) -> None:
    """Say where a round stands and what comes next, e.g.: kepu round status chaqi-2021 annual"""
    published = campaigns.campaign(campaign)
    round_ = round_of(published.sheet, round_id) if published is not None else None
    if published is None or round_ is None:
        raise click.ClickException(f"没有活动“{campaign}”的轮次“{round_id}”。{_what_there_is(campaign)}")
    life = reads.life(campaign, round_id)
    waiting = reads.open_objections(campaign, round_id)
    following = words.next_text(life, round_.closes_at, waiting, clock.now())
    taken = reads.steps(campaign, round_id)
    if as_json:
        said = {"stage": life.stage, "next": following, "open_objections": waiting}
        click.echo(json.dumps(said | {"steps": [_plain(each) for each in taken]}, ensure_ascii=False))
        return
    click.echo(f"{published.sheet.title} · {round_.title}：{words.stage_text(life.stage)}。{following}。")
    for each in taken:
        at = each.at.astimezone(clock.SHANGHAI)
        reason = f"（{each.reason}）" if each.reason else ""
        click.echo(f"{at:%Y-%m-%d %H:%M}  {words.step_text(each.step)}  {each.name}{reason}")


@click.command("step")
@click.argument("campaign")
@click.argument("round_id", metavar="ROUND")
@click.argument("which", metavar="STEP", type=click.Choice(sorted(BY_NAME)))
@click.option("--by", default=0, type=click.IntRange(0), help="The account that answers for it.")
@click.option("--reason", default="", help="Why; taking something back needs one.")
@click.option("--json", "as_json", is_flag=True, help="Print the step as JSON.")
def take(campaign: str, round_id: str, which: str, by: int, reason: str, as_json: bool) -> None:
    """Take one step: close, evaluate, freeze, thaw, publish, withdraw, award or pay.

    Nothing can be skipped; the two signatures are given on the round's page.
    E.g.: kepu round step chaqi-2021 annual close
    """
    step, now = BY_NAME[which], clock.now()
    done = _step(campaign, round_id, step, by, now, reason)
    if isinstance(done, NoStep):
        raise click.ClickException(words.no_step_text(done))
    published = campaigns.campaign(campaign)
    assert published is not None
    with transaction.atomic():
        about = {"step": step.value, "account": by} | ({"reason": reason} if reason else {})
        deeds.keep_typed("round_step", f"{campaign} · {round_id}", published.sheet.place, now, ({}, about))
    taken = reads.steps(campaign, round_id)[-1]
    if as_json:
        click.echo(json.dumps(_plain(taken), ensure_ascii=False))
    else:
        click.echo(f"{words.step_text(taken.step)}：{words.stage_text(taken.stage)}")


@click.command()
@click.option(
    "--communicators",
    default=400,
    show_default=True,
    type=click.IntRange(400),
    help="How many take part; fewer fill no 31 ranks.",
)
@click.option("--seed", default=7, show_default=True, help="The same seed plays the same year.")
@click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON.")
def rehearse(communicators: int, seed: int, as_json: bool) -> None:
    """Play the reference campaign from its published sheet to the paid list, on an empty data folder.

    With one upheld objection that changes ranks 30 and 31; says at its end who can sign in to look at it.
    E.g.: kepu round rehearse --communicators 400
    """
    report = rehearse_round(communicators, seed)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    for day, said in report["story"]:
        click.echo(f"{day}  {said}")
    click.echo(
        f"获奖 {report['winners']} 人次，证书 {report['certificates']} 张，发放 {report['paid_yuan']:,} 元"
    )
    click.echo(_how_to_look(report))


def _what_there_is(campaign: str) -> str:
    """Which rounds the campaign has; of an unknown campaign which campaigns there are."""
    published = campaigns.campaign(campaign)
    if published is not None:
        found = "、".join(f"{each.id}（{each.title}）" for each in published.sheet.rounds)
        return f"这项活动的轮次：{found}。" if found else "这项活动没有评选轮次。"
    found = "、".join(each.sheet.campaign for each in campaigns.published())
    return f"已公布的活动：{found}。" if found else "还没有公布的活动。"


def _how_to_look(report: dict[str, Any]) -> str:
    """How the rehearsed round is looked at, in development."""
    officers = "、".join(f"{name} {phone}" for phone, name in report["officers"])
    phone, name = report["winner"]
    return (
        "\n想亲眼看一遍：\n"
        f"  1. 启动（数据目录与这次相同）：KEPU_HOME={settings.HOME} KEPU_DEVELOPMENT=1 kepu serve\n"
        f"  2. 县级管理员：{officers}。没有密码，用短信验证码登录：\n"
        "     在 http://127.0.0.1:8000/sign-in/ 输入手机号，验证码在 http://127.0.0.1:8000/outbox/\n"
        "  3. 管理后台 http://127.0.0.1:8000/admin/ ：“评选轮次”“证书”“补贴发放”\n"
        f"  4. 获奖人 {name} {phone}：同样登录，在“我的”里看名次、证书和补贴\n"
        "演练不起草公文，要在“公文”里自己写；公示期在 2021 年，公示名单已不能再印发。"
    )


def _step(campaign: str, round_id: str, step: Step, by: int, now: datetime, reason: str) -> object:
    if step is Step.EVALUATE:
        return writes.judge_round(campaign, round_id, by, now)
    if step is Step.AWARD:
        done: object = writes.issue_certificates(campaign, round_id, by, now)
        return NoStep.NOT_NOW if isinstance(done, NoRound) else done
    if step is Step.PAY:
        done = writes.close_payout(campaign, round_id, by, now)
        if not isinstance(done, Taken | NoStep):
            raise click.ClickException("还没有全部发放。请先在发放名单里办完，再执行这一步。")
        return done
    if step is Step.FREEZE:
        return writes.freeze_round(campaign, round_id, reads.fresh_list(campaign, round_id), by, now)
    return writes.take_step(campaign, round_id, step, by, now, reason)


def _plain(taken: Taken) -> dict[str, Any]:
    return {
        "number": taken.number,
        "step": taken.step,
        "stage": taken.stage,
        "at": taken.at.isoformat(),
        "account": taken.account,
        "name": taken.name,
        "reason": taken.reason,
        "details": taken.details,
    }


LIFE = (status, take, rehearse)
