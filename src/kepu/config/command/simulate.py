"""`kepu simulate`: a whole campaign year in minutes."""

import json
import sys
from collections import Counter
from datetime import date
from random import Random
from typing import Any

import click
from django.core.management import call_command

from kepu.awards import reads as awards
from kepu.awards.rules import Evaluation
from kepu.content import writes as content
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
from kepu.standings import writes as standings

FIRST, LAST = date(2021, 1, 1), date(2021, 11, 30)
BEFORE = clock.start_of(date(2020, 12, 31))
CAMPAIGN, ROUNDS = "chaqi-2021", ("midyear", "annual")


@click.command()
@click.option("--communicators", default=1200, show_default=True, help="How many people take part.")
@click.option("--seed", default=7, show_default=True, help="The same seed plays the same year.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(communicators: int, seed: int, as_json: bool) -> None:
    """Play the reference campaign, January to November 2021, on an empty data folder.

    E.g.: kepu simulate --communicators 1200 --seed 7
    """
    played = play_year(communicators, seed)
    report = {
        "communicators": played.communicators,
        "entries": played.entries,
        "caps_hit": played.caps_hit,
        "rounds": {each: _winners(each) for each in ROUNDS},
    }
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else _text(report))


def play_year(communicators: int, seed: int) -> simulation.Played:
    """The reference campaign was played from its published sheet to its last day, in an empty folder."""
    call_command("migrate", verbosity=0)
    if any(head.seq for head in ledger.heads()):
        raise click.ClickException("账本里已有记录。请换一个空的数据目录再试：在命令前写 KEPU_HOME=/新目录")
    click.echo("准备行政区划、单位、文章和规则…", err=True)
    regions.load_divisions()
    plan = simulation.reference_plan(communicators, seed)
    simulation.prepare(plan, BEFORE)
    simulation.publish_reference(BEFORE)
    random = Random(seed)  # noqa: S311  a simulation must be repeatable, not secret
    players = simulation.enrol(plan, random, FIRST)
    with click.progressbar(
        list(simulation.days_between(FIRST, LAST)), label="2021 年 1–11 月", file=sys.stderr
    ) as bar:
        played = simulation.play(random, players, iter(bar))
    while standings.follow(10_000):
        pass
    content.renew_sample_articles(clock.now())
    return played


def _winners(round_id: str) -> list[dict[str, Any]]:
    """Winners per scope and amount, and the budget."""
    evaluation = awards.evaluate_round(CAMPAIGN, round_id)
    assert isinstance(evaluation, Evaluation), evaluation
    return [
        {
            "division": scope.division,
            "name": evaluation.names[scope.division],
            "winners": len(scope.winners),
            "tiers": {
                str(amount): count for amount, count in Counter(each.amount for each in scope.winners).items()
            },
            "budget": scope.budget,
        }
        for scope in evaluation.scopes
    ]


def _text(report: dict[str, Any]) -> str:
    lines = [
        f"科普员 {report['communicators']} 人，账本 {report['entries']} 条，"
        f"超过每日上限 {report['caps_hit']} 次"
    ]
    for round_id, scopes in report["rounds"].items():
        for scope in scopes:
            tiers = "、".join(
                f"{amount} 元 {count} 人" for amount, count in scope["tiers"].items() if amount != "None"
            )
            lines.append(
                f"{round_id}  {scope['name']}  获奖 {scope['winners']} 人"
                + (f"（{tiers}）合计 {scope['budget']} 元" if tiers else "（通知未写明金额）")
            )
    return "\n".join(lines)
