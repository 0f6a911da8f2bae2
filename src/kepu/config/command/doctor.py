"""`kepu doctor`: is this site healthy, and if not, what is to be done."""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from kepu.config import environment
from kepu.config.keeping.folder_checks import BEFORE, BESIDE, Finding, checked
from kepu.kit import clock

NAMES = {
    "whole": "数据目录",
    "keys": "钥匙",
    "settings": "设置",
    "permissions": "文件权限",
    "disk": "磁盘空间",
    "backup": "最近备份",
    "worker": "后台程序",
    "database": "数据库",
    "migrations": "数据库升级",
    "durability": "断电保护",
    "keys_fit": "钥匙对得上",
    "static": "静态文件",
    "clock": "机器时间",
    "boards_lag": "榜单进度",
    "signals_lag": "异常线索进度",
    "jobs": "长任务",
    "integrity": "数据库文件",
    "chains": "账本的链",
}
VERIFIED = "核对账本"
STATES = {True: "好　", False: "不好", None: "不知"}
UNSEEN = "其余的没有查：先把上面的弄好。"


@click.command()
@click.option("--deep", is_flag=True, help="Also read the whole database, as kepu verify does.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(deep: bool, as_json: bool) -> None:
    """Look whether the site is healthy: a line for each check with 好 or 不好, and what to do.

    Exits 1 when anything is wrong. E.g.: kepu doctor --deep
    """
    found: dict[str, Finding] = {}
    for name, each in _all(environment.home(), clock.now(), deep):
        found[name] = each
        if not as_json:
            click.echo(_line(name, each))
    bad = dict.fromkeys(_called(name) for name, each in found.items() if each.good is False)
    if as_json:
        checks = [{"name": name, **each._asdict()} for name, each in found.items()]
        click.echo(json.dumps({"good": not bad, "checks": checks}, ensure_ascii=False))
    else:
        click.echo(f"有 {len(bad)} 项不好：{'、'.join(bad)}" if bad else "这个站点没有发现问题。")
    if bad:
        sys.exit(1)


def _all(home: Path, now: datetime, deep: bool) -> Iterator[tuple[str, Finding]]:
    """Every check in order. What rests on a bad one is left out: Django needs its settings."""
    before = list(checked(BEFORE, home, now))
    yield from before
    yield from checked(BESIDE, home, now)
    if all(each.good for _name, each in before):
        yield from _inside(home, now, deep)


def _inside(home: Path, now: datetime, deep: bool) -> Iterator[tuple[str, Finding]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepu.config.settings")
    importlib.import_module("django").setup()
    site = importlib.import_module("kepu.config.keeping.site_checks")
    database = list(checked(site.DATABASE, home, now))
    yield from database
    if all(each.good for _name, each in database):
        yield from checked(site.INSIDE, home, now)
        if deep:
            yield from checked(site.DEEP, home, now)


def _line(name: str, found: Finding) -> str:
    todo = f"\n      → {found.todo}" if found.todo and not found.good else ""
    return f"{STATES[found.good]}  {_called(name)}：{found.said}{todo}"


def _called(name: str) -> str:
    """A check's name for people; what `kepu verify` looks at says itself what it is."""
    return NAMES.get(name, VERIFIED)
