"""A site is restored from a backup: into nothing, all of it or none. Django comes with the restored keys."""

import importlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from kepu.config import environment
from kepu.config.keeping.databases import POSTGRES_KIND, is_empty, kind_of
from kepu.config.keeping.manifests import Manifest, settings_now
from kepu.config.keeping.marks import RESTORING, held
from kepu.config.keeping.telling import Trouble
from kepu.config.keeping.unpacking import unpack

_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
OTHER_KIND = (
    "这份备份来自 {0} 的站点，这里设的是 {1}，两种数据库之间不能恢复。"
    "PostgreSQL 的备份要先建一个空的数据库并设 KEPU_DATABASE_URL，SQLite 的备份要去掉这项设置。"
)
NOT_EMPTY = "{} 里已经有东西（{}）。恢复只能放进空的数据目录，不会覆盖站点。请设一个新的：KEPU_HOME=/新目录"
CUT_OFF = "{} 里的恢复在最后一步被打断了。请把这个目录清空再运行一次 kepu restore。"
TABLES_THERE = (
    "KEPU_DATABASE_URL 指的数据库里已经有表。恢复只能放进空的数据库，不会覆盖站点。"
    "请新建一个（createdb 新名字）再试；如果是上次恢复到一半留下的，先 dropdb 再 createdb。"
)


def restore(file: Path, home: Path, url: str, passphrase: Callable[[], str]) -> tuple[Manifest, list[str]]:
    """The backup is the site in `home` (and the database at `url`); what of its books does not fit, in words.

    Until its last step the folder says that it is half restored and no command uses it. `Trouble` leaves all
    as it was; only where the tables are already in PostgreSQL the folder goes on saying so.
    """
    file = file.resolve()
    with held(home) as is_ours:
        if not is_ours:
            raise Trouble(f"另一个 kepu restore 正在恢复 {home}。")
        _refuse_a_site(home, url, file)
        staging = home / RESTORING
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        try:
            manifest = unpack(file, passphrase, staging)
            _refuse_another(manifest, url)
            wrong = _settled(manifest, staging)
        except BaseException:
            if not url or is_empty(url):
                shutil.rmtree(staging)
            raise
        _put_in_place(staging, home)
    return manifest, wrong


def other_settings(manifest: Manifest) -> list[str]:
    """Settings that were set where the backup was made and are otherwise here, as NAME=value."""
    now = settings_now()
    return [f"{name}={value}" for name, value in manifest.settings.items() if now.get(name) != value]


def _refuse_a_site(home: Path, url: str, file: Path) -> None:
    there = sorted(path.name for path in home.iterdir() if path.name != "lost+found" and path != file)
    others = [name for name in there if name != RESTORING]
    if others and RESTORING in there:
        raise Trouble(CUT_OFF.format(home))
    if others:
        raise Trouble(NOT_EMPTY.format(home, "、".join(others[:5])))
    if url and not is_empty(url):
        raise Trouble(TABLES_THERE)


def _refuse_another(manifest: Manifest, url: str) -> None:
    if manifest.database != kind_of(url):
        raise Trouble(OTHER_KIND.format(_KINDS.get(manifest.database, "?"), _KINDS[kind_of(url)]))


def _settled(manifest: Manifest, staging: Path) -> list[str]:
    """The database is that of this version and was held against the manifest, with the backup's own keys."""
    os.environ["KEPU_HOME"] = str(staging)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepu.config.settings")
    importlib.import_module("django").setup()
    settle = importlib.import_module("kepu.config.keeping.settling").settle
    poured = environment.text("KEPU_DATABASE_URL") if manifest.database == POSTGRES_KIND else ""
    wrong: list[str] = settle(manifest, staging, poured)
    return wrong


def _put_in_place(staging: Path, home: Path) -> None:
    """The last step: every part has its place, durably; then the folder stops saying that it is half done."""
    for part in sorted(staging.iterdir()):
        part.rename(home / part.name)
    os.sync()
    staging.rmdir()
    os.sync()
