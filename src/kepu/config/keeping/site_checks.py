"""What can be seen of a site from inside: its database, static files, clock, followers, long work."""

import json
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kepu.config.command import verify
from kepu.config.command.serve import static_edition
from kepu.config.keeping.databases import read_through
from kepu.config.keeping.folder_checks import Check, Finding, ago
from kepu.config.keeping.telling import Trouble
from kepu.integrity.models import Cursor as SignalCursor
from kepu.jobs.models import JobRow
from kepu.jobs.rules import JobState
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people.accounts import opened_phone
from kepu.people.models import Account
from kepu.standings.models import Cursor as BoardCursor

LAG_MAX = timedelta(minutes=10)
CLOCK_LEEWAY = timedelta(minutes=1)
FAILED_WITHIN, WAITING_MAX = timedelta(days=1), timedelta(hours=1)
RESTORE = "先运行 kepu backup 留下现状，再按 docs/operating.md 的“坏了怎么办”处理。"
REBUILD = "榜单可以从账本重算，办法在 docs/operating.md 的“坏了怎么办”。"
_DURABLE_POSTGRES = {
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    "fsync": ("on",),
    "full_page_writes": ("on",),
}


def migrations(_home: Path, _now: datetime) -> Finding:
    """The tables are those of this version."""
    loader = MigrationLoader(connection)
    missing = [name for name in loader.graph.nodes if name not in loader.applied_migrations]
    if missing:
        return Finding(False, f"还有 {len(missing)} 步升级没有做", "停下网站，运行 kepu init，再启动。")
    ahead = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if (app, name) not in loader.disk_migrations
    ]
    if ahead:
        return Finding(False, f"数据库比程序新：{ahead[0]}", "装回升级后的程序（git pull && make setup）。")
    return Finding(True, "都做过了")


def durability(_home: Path, _now: datetime) -> Finding:
    """What the database says is written stays written when the power fails."""
    if connection.vendor == "sqlite":
        mode, synchronous = str(_asked("PRAGMA journal_mode")), int(_asked("PRAGMA synchronous"))
        wrong = [] if mode == "wal" else [f"journal_mode={mode}"]
        wrong += [] if synchronous >= 2 else [f"synchronous={synchronous}"]
        todo = "数据目录要放在本机磁盘上，不要放在网络盘上。"
    else:
        values = {name: str(_asked(f"SHOW {name}")) for name in _DURABLE_POSTGRES}
        wrong = [f"{name}={value}" for name, value in values.items() if value not in _DURABLE_POSTGRES[name]]
        todo = "在 postgresql.conf 里改成 on，再重新加载 PostgreSQL。"
    if wrong:
        return Finding(False, f"断电可能丢记录：{'，'.join(wrong)}", todo)
    return Finding(True, "写下的断电也不丢")


def keys_fit(_home: Path, _now: datetime) -> Finding:
    """The keys are those that this database was sealed with: the newest number can be read."""
    newest = Account.objects.exclude(phone_sealed=None).order_by("pk").last()
    if newest is None:
        return Finding(True, "还没有人注册")
    if opened_phone(newest.phone_sealed, newest.phone_index) is None:
        return Finding(
            False, "keys.json 不是这个数据库的，手机号读不出来", "把原来的 keys.json 从备份里取回来。"
        )
    return Finding(True, "能读出手机号")


def static(_home: Path, _now: datetime) -> Finding:
    """The collected static files are there and those of this version."""
    folder, mark, todo = settings.STATIC_ROOT, settings.HOME / "static.version", "重新启动 kepu serve。"
    if not mark.exists() or not (folder / "staticfiles.json").exists():
        return Finding(False, "还没有收集", todo)
    if mark.read_text() != static_edition():
        return Finding(False, "是旧版本的", todo)
    named = json.loads((folder / "staticfiles.json").read_text("utf-8"))["paths"].values()
    lost = [name for name in named if not (folder / name).exists()]
    if lost:
        return Finding(False, f"缺 {len(lost)} 个：{lost[0]}", f"删去 {mark}，{todo}")
    return Finding(True, f"{len(named)} 个")


def time_of_day(_home: Path, now: datetime) -> Finding:
    """The machine's clock does not stand before the last entry."""
    last = [each for head in ledger.heads() for each in ledger.entries_after(head.book, head.seq - 1, 1)]
    ahead = clock.from_milliseconds(max((each.at_ms for each in last), default=0)) - now
    if ahead > CLOCK_LEEWAY:
        return Finding(
            False, f"比最后一条记录早 {ago(ahead)}", "校准时间（timedatectl set-ntp true），再重启网站。"
        )
    return Finding(True, f"{now.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}（北京时间）")


def boards_lag(_home: Path, now: datetime) -> Finding:
    """Boards have followed the ledger."""
    return _lag(dict(BoardCursor.objects.values_list("book", "seq")), now)


def signals_lag(_home: Path, now: datetime) -> Finding:
    """Signals have followed the ledger."""
    return _lag(dict(SignalCursor.objects.values_list("book", "seq")), now)


def jobs(_home: Path, now: datetime) -> Finding:
    """No long work failed in a day, and none waits for hours."""
    failed = JobRow.objects.filter(state=JobState.FAILED, ended_at__gte=now - FAILED_WITHIN).order_by("-pk")
    waiting = JobRow.objects.filter(state=JobState.WAITING, asked_at__lt=now - WAITING_MAX).order_by("pk")
    titles = [f"{row.title}（{row.kind}，编号 {row.pk}）" for row in failed[:5]]
    wrong = [f"一天内没做成的 {failed.count()} 件：{'、'.join(titles)}"] if titles else []
    wrong += [f"等了一小时以上的 {waiting.count()} 件"] if waiting else []
    if wrong:
        return Finding(
            False,
            "；".join(wrong),
            "在 kepu serve（或 kepu work）的日志里找 job_failed 和编号，再到后台重做。",
        )
    return Finding(True, "没有做不成的")


def integrity(_home: Path, _now: datetime) -> Finding:
    """Every page of the database can be read, and on SQLite every index fits its table."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            said = [row[0] for row in cursor.execute("PRAGMA integrity_check(5)").fetchall()]
        return Finding(True, "数据库文件完好") if said == ["ok"] else Finding(False, "；".join(said), RESTORE)
    try:
        read_through(settings.DATABASE_URL)
    except Trouble as trouble:
        return Finding(False, trouble.message, RESTORE)
    return Finding(True, "每一行都读得出来")


def chains(_home: Path, _now: datetime) -> Finding:
    """Every entry fits the chain of its book."""
    checks = verify.books()
    said = "；".join(map(verify.book_line, checks)) or "还没有账本"
    if any(each.first_bad or not each.head_fits for each in checks):
        return Finding(False, said, RESTORE)
    return Finding(True, said)


def _asked(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _lag(reached: dict[int, int], now: datetime) -> Finding:
    """How far a follower is behind; what came in the last minutes is on its way."""
    behind, longest = 0, timedelta()
    for head in ledger.heads():
        after = reached.get(head.book, 0)
        behind += head.seq - after
        for first in ledger.entries_after(head.book, after, 1):
            longest = max(longest, now - clock.from_milliseconds(first.at_ms))
    said = f"落后 {behind:,} 条" + (f"，最早的是 {ago(longest)}前的" if behind else "")
    if longest > LAG_MAX:
        return Finding(False, said, "看后台程序是否在运行；在运行的，等它赶上，再查一次。")
    return Finding(True, said)


def _verified(name: str, _home: Path, now: datetime) -> Finding:
    """One of the things that `kepu verify` holds against the ledger."""
    value = verify.CHECKS[name](now)
    todo = REBUILD if name in ("scores_off", "boards_off") else RESTORE
    return Finding(None if value is None else not value, verify.line(name, value), todo)


def _database(_home: Path, _now: datetime) -> Finding:
    connection.ensure_connection()
    where = "SQLite" if connection.vendor == "sqlite" else f"PostgreSQL {connection.settings_dict['NAME']}"
    return Finding(True, where)


DATABASE: tuple[tuple[str, Check], ...] = (("database", _database), ("migrations", migrations))
INSIDE: tuple[tuple[str, Check], ...] = (
    ("durability", durability),
    ("keys_fit", keys_fit),
    ("static", static),
    ("clock", time_of_day),
    ("boards_lag", boards_lag),
    ("signals_lag", signals_lag),
    ("jobs", jobs),
)
DEEP: tuple[tuple[str, Check], ...] = (
    ("integrity", integrity),
    ("chains", chains),
    *((name, partial(_verified, name)) for name in verify.CHECKS),
)
