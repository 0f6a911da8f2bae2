"""What can be seen of a site without Django: its folder, keys, settings, disk, newest backup, worker."""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from kepu.config import environment
from kepu.config.keeping.marks import (
    HALF_RESTORED,
    KEYS,
    SQLITE,
    is_half_restored,
    last_backup,
    last_beat,
)
from kepu.config.keeping.packing import in_words
from kepu.kit import clock
from kepu.kit.crypto import Keyring

FREE_MIN = 2**30
BACKUP_AGE_MAX = timedelta(days=2)
# It says so every fifteen seconds, but one piece of its work may take a while.
SILENCE_MAX = timedelta(minutes=5)
# For tests and developers; not a site's.
_NOT_SETTINGS = ("KEPU_TEST_", "KEPU_REQUIRE_", "KEPU_CRASH_", "KEPU_FIGURES_", "KEPU_SCREENS")


class Finding(NamedTuple):
    """What one check found. `good` is None where it could not be known, which is no trouble by itself."""

    good: bool | None
    said: str
    todo: str = ""


Check = Callable[[Path, datetime], Finding]


def checked(checks: Sequence[tuple[str, Check]], home: Path, now: datetime) -> Iterator[tuple[str, Finding]]:
    """Each check's name and finding, as they come; one that raises has found something."""
    for name, check in checks:
        try:
            found = check(home, now)
        except Exception as error:
            found = Finding(False, f"查不了：{type(error).__name__} {error}", "把这一行发给技术支持。")
        yield name, found


def whole(home: Path, _now: datetime) -> Finding:
    """No restore was cut off here."""
    if is_half_restored(home):
        return Finding(False, "恢复只做了一半", HALF_RESTORED.format(home))
    return Finding(True, str(home))


def keys(home: Path, _now: datetime) -> Finding:
    """The keys are there and all of them can be read."""
    todo = "先停下网站，从备份里取回 keys.json（办法在 docs/operating.md 的“坏了怎么办”）。"
    try:
        stored = json.loads((home / KEYS).read_text("utf-8"))
        sizes = [len(bytes.fromhex(stored[each.name])) for each in fields(Keyring) if each.name in stored]
    except FileNotFoundError:
        return Finding(False, "没有 keys.json", todo)
    except (OSError, ValueError, TypeError) as error:
        return Finding(False, f"keys.json 读不出来：{error}", todo)
    if not sizes or set(sizes) != {32}:
        return Finding(False, "keys.json 里的钥匙不完整", todo)
    return Finding(True, f"{len(sizes)} 把")


def permissions(home: Path, _now: datetime) -> Finding:
    """Nobody else reads the folder, and all in it belongs to whoever runs the site."""
    owner = home.stat().st_uid
    there = [home, *home.iterdir()]
    open_to_all = [path for path in there if path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    is_everybodys = home.stat().st_mode & stat.S_ISVTX
    if (home in open_to_all and not is_everybodys) or home / KEYS in open_to_all:
        names = "、".join(path.name for path in open_to_all)
        return Finding(False, f"别的用户也能读：{names}", f"chmod -R go= {home}")
    others = [path.name for path in there if path.lstat().st_uid != owner]
    if others:
        said = f"不属于运行网站的用户：{'、'.join(others[:5])}"
        return Finding(False, said, f"chown -R --reference={home} {home}；以后不要用 root 运行 kepu。")
    if not os.access(home, os.W_OK):
        return Finding(False, "不能写", "请用运行网站的那个用户来查。")
    return Finding(True, "只有本人能读写")


def settings(_home: Path, _now: datetime) -> Finding:
    """Every setting has a name that exists and a value that can be used, and they do not contradict."""
    wrong = [*_unknown(), *_unreadable(), *_contradictions()]
    return Finding(False, "；".join(wrong), "见 docs/settings.md。") if wrong else Finding(True, "可以用")


def disk(home: Path, _now: datetime) -> Finding:
    """There is room for a day's entries and for a copy of the database."""
    database = home / SQLITE
    needed = max(FREE_MIN, database.stat().st_size if database.exists() else 0)
    free = shutil.disk_usage(home).free
    said = f"还有 {in_words(free)}"
    if free < needed:
        return Finding(False, said, f"请腾出空间，至少要 {in_words(needed)}；写满了就记不了账。")
    return Finding(True, said)


def backup(home: Path, now: datetime) -> Finding:
    """The newest backup that is known is not old."""
    known = last_backup(home)
    if known is None:
        return Finding(None, "没有用 kepu backup 备份过", "kepu backup；每晚自动备份见 docs/operating.md。")
    made, file = known
    said = f"{made.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}，{file}"
    if not file.exists():
        said += "（已不在那里）"
    if now - made > BACKUP_AGE_MAX:
        return Finding(False, said, "已经两天没有备份。请运行 kepu backup，并看定时任务为什么停了。")
    return Finding(True, said)


def worker(home: Path, now: datetime) -> Finding:
    """The worker said a moment ago that it is alive."""
    beat, todo = last_beat(home), "kepu serve 会带着它运行；用 --alone 的，另外运行 kepu work。"
    if beat is None:
        return Finding(False, "后台程序没有运行过", todo)
    silence = timedelta(seconds=max(0, int(now.timestamp() - beat)))
    if silence > SILENCE_MAX:
        return Finding(False, f"后台程序已有 {ago(silence)}没有动静", todo)
    return Finding(True, f"{silence.seconds} 秒前还在")


def ago(time: timedelta) -> str:
    """A length of time as people say it."""
    for size, unit in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if time.total_seconds() >= size:
            return f"{int(time.total_seconds() // size)} {unit}"
    return f"{int(time.total_seconds())} 秒"


def _unknown() -> list[str]:
    known = {setting.name for setting in environment.SETTINGS}
    odd = [name for name in os.environ if name.startswith("KEPU_") and name not in known]
    return [f"没有 {name} 这项设置" for name in sorted(odd) if not name.startswith(_NOT_SETTINGS)]


def _unreadable() -> list[str]:
    numbers = [setting.name for setting in environment.SETTINGS if setting.otherwise.isdecimal()]
    wrong = [
        f"{name} 要是数字"
        for name in numbers
        if not environment.text(name).isascii() or not environment.text(name).isdecimal()
    ]
    url = environment.text("KEPU_DATABASE_URL")
    if url and urlsplit(url).scheme not in ("postgresql", "postgres"):
        wrong.append("KEPU_DATABASE_URL 要以 postgresql:// 开头")
    return wrong


def _contradictions() -> list[str]:
    address, wrong = urlsplit(environment.text("KEPU_SITE_URL")), []
    hosts = environment.text("KEPU_HOSTS").split(",")
    name = address.hostname or ""
    if name and not {name, "*", f".{name}", f".{name.partition('.')[2]}"} & set(hosts):
        wrong.append(f"KEPU_HOSTS 里没有 KEPU_SITE_URL 的 {name}")
    if address.scheme == "https" and not environment.switch("KEPU_SECURE"):
        wrong.append("KEPU_SITE_URL 是 https，KEPU_SECURE 却不是 1")
    if address.scheme == "https" and environment.switch("KEPU_DEVELOPMENT"):
        wrong.append("正式网站不能设 KEPU_DEVELOPMENT：验证码会给所有人看见")
    return wrong


# The first of these must be good before Django is started at all.
BEFORE = (("whole", whole), ("keys", keys), ("settings", settings))
BESIDE = (("permissions", permissions), ("disk", disk), ("backup", backup), ("worker", worker))
