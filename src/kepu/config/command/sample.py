"""`kepu sample`: a town that is already at work."""

import secrets
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import click
from django.conf import settings
from django.core.management import call_command

from kepu.awards import writes as awards
from kepu.campaigns.rules import Published
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people import writes as people
from kepu.people.rules import Role
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
from kepu.simulation.rules import Player
from kepu.standings import writes as standings

FIRST, LAST = date(2021, 1, 1), date(2021, 11, 30)
LIVE_DAYS = 21
OFFICER_PHONE = "13800000001"


@click.command()
@click.option("--communicators", default=200, show_default=True, help="How many people take part.")
@click.option("--seed", default=7, show_default=True, help="The same seed plays the same history.")
def command(communicators: int, seed: int) -> None:
    """Load the reference campaign with history and this year's edition of it, open today.

    Prepares the site first where that was not done; leaves a site with entries as it is.
    E.g.: kepu sample --communicators 200
    """
    call_command("migrate", verbosity=0)
    if any(head.seq for head in ledger.heads()):
        return
    with click.progressbar(length=1, label="行政区划", file=sys.stderr) as bar:
        regions.load_divisions(lambda done, of: _show(bar, done, of))
    now = clock.now()
    today = clock.day_of(now)
    plan = simulation.live_plan(communicators, seed)
    before = clock.start_of(FIRST - timedelta(days=1))
    simulation.prepare(plan, before)
    reference = simulation.publish_reference(before)
    edition = simulation.publish_edition(today.year, now)
    random = Random(seed)  # noqa: S311  a simulation must be repeatable, not secret
    players = simulation.enrol(plan, random, FIRST)
    _play(random, players, "2021 年", list(simulation.days_between(FIRST, LAST)))
    recent = list(simulation.days_between(today - timedelta(days=LIVE_DAYS), today - timedelta(days=1)))
    _play(random, players, f"{today.year} 年", recent)
    while standings.follow(10_000):
        pass
    for campaign in (reference, edition):
        _evaluate(campaign)
    _open_officer()


def _show(bar: "click._termui_impl.ProgressBar[int]", done: int, of: int) -> None:
    bar.length = of
    bar.update(done - bar.pos)


def _play(random: Random, players: list[Player], label: str, days: list[date]) -> None:
    with click.progressbar(days, label=label, file=sys.stderr) as bar:
        played: Iterator[date] = iter(bar)
        simulation.play(random, players, played)


def _evaluate(campaign: Published) -> None:
    for each in campaign.sheet.rounds:
        if each.closes_at <= clock.now():
            awards.evaluate_round(campaign.sheet.campaign, each.id, made_by="示例", now=clock.now())


def _open_officer() -> None:
    """A county officer who can review; the password is new for each site and kept in its data folder."""
    password = secrets.token_urlsafe(9)
    now = clock.now()
    officer = people.open_staff_account(
        OFFICER_PHONE, "示例管理员", password, int(settings.KEPU_DIVISION), now
    )
    assert isinstance(officer, int), officer
    people.grant_scope(officer, Role.COUNTY_OFFICER, settings.KEPU_DIVISION, now)
    path = settings.HOME / "sample-officer.txt"
    path.write_text(f"手机号 {OFFICER_PHONE}\n密码 {password}\n", "utf-8")
    path.chmod(0o600)
    click.echo(f"管理员登录：手机号 {OFFICER_PHONE}  密码 {password}（也写在 {path}）")
