"""A town that is already at work: the reference campaign with history, and this year's edition."""

import secrets
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import click
from django.conf import settings
from django.core.management import call_command

from kepu.awards import writes as awards
from kepu.campaigns.rules import Published
from kepu.config.sample_club import load_sample_club
from kepu.content import writes as content
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.mall.writes.sampling import stock_sample
from kepu.people import writes as people
from kepu.people.rules import Role
from kepu.points.writes.samples import load_sample_points
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
from kepu.simulation.rules import Player
from kepu.standings import writes as standings

FIRST, LAST = date(2021, 1, 1), date(2021, 11, 30)
LIVE_DAYS = 21
STAFF_FILE = "sample-staff.txt"
STAFF = (
    ("13800000001", "示例管理员", Role.COUNTY_OFFICER, settings.KEPU_DIVISION),
    ("13800000002", "示例编辑", Role.EDITOR, ""),
    ("13800000003", "示例站长", Role.OPERATOR, ""),
)


def load(communicators: int, seed: int) -> None:
    """The site is prepared and, where it has no entries yet, holds that many people's history."""
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
    yesterday = today - timedelta(days=1)
    this_year = list(simulation.days_between(clock.day_of(edition.sheet.opens_at), yesterday))
    players += simulation.welcome(plan, random, this_year)
    recent = list(simulation.days_between(today - timedelta(days=LIVE_DAYS), yesterday))
    _play(random, players, f"{today.year} 年", recent)
    while standings.follow(10_000):
        pass
    for campaign in (reference, edition):
        _evaluate(campaign)
    simulation.apply(now)
    content.renew_sample_articles(now)
    content.load_sample_days(now)
    load_sample_points([each.account for each in players], seed, now)
    officer = _open_staff(now)
    stock_sample(settings.KEPU_DIVISION, simulation.TOWN, officer, now)
    load_sample_club([each.account for each in players], officer, settings.KEPU_DIVISION, now)


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


def _open_staff(now: datetime) -> int:
    """A county officer who reviews, whose account it answers, an editor and an operator; new passwords."""
    lines, accounts = [], []
    for phone, name, role, division in STAFF:
        password = secrets.token_urlsafe(9)
        account = people.open_staff_account(phone, name, password, int(settings.KEPU_DIVISION), now)
        assert isinstance(account, int), account
        refused = people.grant_scope(account, role, division, now)
        assert refused is None, refused
        accounts.append(account)
        lines.append(f"{name}：手机号 {phone}  密码 {password}")
    path = settings.HOME / STAFF_FILE
    path.touch(0o600)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return accounts[0]
