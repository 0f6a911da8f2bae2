"""`kepu backup`: one whole file of all that matters, or none; and what is no whole backup is not restored."""

import errno
import gzip
import io
import json
import os
import random
import sqlite3
import stat
import tarfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from kepu.config.command import backup, restore
from kepu.config.keeping import packing, sealing
from kepu.config.keeping.marks import held, last_backup
from kepu.config.keeping.unpacking import unpack
from kepu.config.keys import keyring

KEPT = {"holidays.toml": b"[2027]", "media/images/a.jpg": os.urandom(3_000), "media/clubs/b.png": b"b"}
KEPT |= {"jobs/0123": b"x" * 200_000, "jobs/empty": b"", "archive/430623-2021.parquet": b"PAR1"}
MADE_AGAIN = ("static/app.css", "posters/p.png", "backups/old.tar.gz", "worker.beat", "static.version")
PASSPHRASE = "一句够长的备份口令"


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A site's folder with a small database, files that matter and files that are made again."""
    folder = tmp_path / "home"
    monkeypatch.setenv("KEPU_HOME", str(folder))
    monkeypatch.setenv("KEPU_DATABASE_URL", "")
    monkeypatch.setattr(sealing, "_COST", 2)
    folder.mkdir(mode=0o700)
    keyring(folder)
    for name, content in {**KEPT, **dict.fromkeys(MADE_AGAIN, b"again")}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with closing(sqlite3.connect(folder / "kepu.sqlite3")) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE ledger_book (code, last_seq, last_hash)")
        database.execute("CREATE TABLE django_migrations (app, name)")
        database.execute("CREATE TABLE filling (random)")
        database.execute("INSERT INTO ledger_book VALUES (430623, 17, x'00ff')")
        database.execute("INSERT INTO django_migrations VALUES ('ledger', '0001_initial')")
        database.executemany("INSERT INTO filling VALUES (?)", [(os.urandom(1_000),) for _ in range(100)])
    return folder


@pytest.fixture
def disk(tmp_path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def run(command, *words, **more):
    return CliRunner().invoke(command, [str(word) for word in words], **more)


def made(home: Path, disk: Path, *words: str, **more) -> Path:
    """A backup of the site, in a file that was not there."""
    done = run(backup.command, disk, "--json", *words, **more)
    assert done.exit_code == 0, done.output
    return Path(json.loads(done.stdout)["file"])


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_all_that_matters_is_in_it_and_nothing_that_is_made_again(home, disk, tmp_path):
    file = made(home, disk)
    manifest = unpack(file, lambda: "", tmp_path / "out")
    there = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    assert {part.name for part in manifest.parts} == {*KEPT, "keys.json", "kepu.sqlite3"}
    assert {*KEPT, "keys.json"} - {"jobs/0123", "jobs/empty"} <= there
    for name, content in KEPT.items():
        assert (tmp_path / "out" / name).read_bytes() == content
    assert keyring(tmp_path / "out") == keyring(home)
    with (
        closing(sqlite3.connect(home / "kepu.sqlite3")) as live,
        closing(sqlite3.connect(tmp_path / "out" / "kepu.sqlite3")) as copy,
    ):
        for table in ("filling", "ledger_book", "django_migrations"):
            rows = f"SELECT * FROM {table} ORDER BY 1"
            assert live.execute(rows).fetchall() == copy.execute(rows).fetchall()
    assert [(each.book, each.seq, each.hash) for each in manifest.books] == [(430623, 17, "00ff")]
    assert manifest.migrations == ["ledger.0001_initial"]


def test_it_is_its_owners_alone_and_nothing_else_is_left(home, disk):
    file = made(home, disk)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert names(disk) == {file.name}
    assert last_backup(home)[1] == file


def test_it_is_a_plain_archive_that_any_machine_opens(home, disk):
    with tarfile.open(made(home, disk)) as tar:
        assert "manifest.json" in tar.getnames()


def test_settings_travel_without_secrets(home, disk, tmp_path, monkeypatch):
    monkeypatch.setenv("KEPU_SITE_URL", "https://kepu.example.cn")
    monkeypatch.setenv("KEPU_SMS_GATEWAY_TOKEN", "very-secret")
    manifest = unpack(made(home, disk), lambda: "", tmp_path / "out")
    assert manifest.settings == {"KEPU_SITE_URL": "https://kepu.example.cn"}


def test_nothing_is_overwritten(home, disk):
    file = disk / "mine.tar.gz"
    file.write_bytes(b"precious")
    refused = run(backup.command, file)
    assert (refused.exit_code, file.read_bytes()) == (1, b"precious")
    assert "已经有了" in refused.output
    assert names(disk) == {"mine.tar.gz"}


def test_a_file_that_came_meanwhile_is_not_overwritten(home, disk, monkeypatch):
    file, copy = disk / "mine.tar.gz", packing.take_copy

    def slow(*words):
        file.write_bytes(b"precious")
        return copy(*words)

    monkeypatch.setattr(packing, "take_copy", slow)
    assert run(backup.command, file).exit_code == 1
    assert file.read_bytes() == b"precious"


@pytest.mark.parametrize("name", ["mine.zip", "mine.tar.gz.sealed"])
def test_a_name_says_what_is_in_the_file(home, disk, name):
    assert "结尾" in run(backup.command, disk / name).output
    assert names(disk) == set()


def test_not_into_what_is_backed_up(home):
    before = names(home)
    assert "不能放在" in run(backup.command, home / "media" / "x.tar.gz").output
    assert names(home) == before


def test_a_link_to_a_folder_is_not_left_out_in_silence(home, disk, tmp_path):
    (home / "media" / "elsewhere").symlink_to(tmp_path)
    refused = run(backup.command, disk)
    assert refused.exit_code == 1
    assert "elsewhere" in refused.output


@pytest.mark.parametrize("lost", ["keys.json", "kepu.sqlite3"])
def test_where_there_is_no_site_nothing_is_made(home, disk, lost):
    (home / lost).unlink()
    refused = run(backup.command, disk)
    assert refused.exit_code == 1
    assert "没有站点" in refused.output
    assert names(disk) == set()
    assert not (home / lost).exists()


def test_the_newest_are_kept_and_what_is_not_ours_stays(home, disk, monkeypatch):
    others = ("kepu-430623-backup.tar.gz", "kepu-440100-20200101-000000.tar.gz", "notes.txt")
    for name in others:
        (disk / name).write_bytes(b"")
    start, kept = backup.clock.now(), []
    for day in range(5):
        monkeypatch.setattr(backup.clock, "now", lambda day=day: start + timedelta(days=day))
        kept.append(made(home, disk, "--keep", "2", *(["--passphrase-file", "-"] if day % 2 else []),
                         input=PASSPHRASE).name)  # fmt: skip
    assert names(disk) == {*others, *kept[-2:]}


def test_without_a_place_it_lies_beside_the_site(home):
    done = run(backup.command)
    assert done.exit_code == 0
    assert len(list((home / "backups").glob("kepu-430623-*.tar.gz"))) == 1
    assert "没有加密" in done.output


def test_too_little_room_is_said_before_anything_is_done(home, disk, monkeypatch):
    monkeypatch.setattr(packing.shutil, "disk_usage", lambda _at: _Usage(1_000))
    refused = run(backup.command, disk)
    assert refused.exit_code == 1
    assert "磁盘空间不够" in refused.output
    assert names(disk) == set()


class _Usage:
    def __init__(self, free: int) -> None:
        self.free = free


def test_a_disk_that_fills_up_leaves_nothing(home, disk, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(packing.os, "fsync", full)
    refused = run(backup.command, disk)
    assert refused.exit_code == 1
    assert "磁盘满了" in refused.output
    assert names(disk) == set()
    assert last_backup(home) is None


def test_what_a_killed_run_left_goes_and_what_another_makes_stays(home, disk):
    dead, alive = disk / ".kepu-backup-dead", disk / ".kepu-backup-alive"
    for folder in (dead, alive):
        folder.mkdir()
        (folder / "whole").write_bytes(b"half")
    with held(alive):
        file = made(home, disk)
    assert names(disk) == {file.name, ".kepu-backup-alive", ".kepu-backup-alive/whole"}


def test_a_short_passphrase_is_refused(home, disk):
    assert "至少 8 个字" in run(backup.command, disk, "--passphrase-file", "-", input="short\n").output
    assert names(disk) == set()


def test_sealed_it_opens_with_its_passphrase_alone(home, disk, tmp_path):
    file = made(home, disk, "--passphrase-file", "-", input=PASSPHRASE + "\n")
    assert file.name.endswith(".tar.gz.sealed")
    for secret in (b"manifest.json", b"keys.json", (home / "keys.json").read_bytes()[20:60]):
        assert secret not in file.read_bytes()
    assert unpack(file, lambda: PASSPHRASE, tmp_path / "out").parts
    assert "口令不对" in refused(file, tmp_path, "--passphrase-file", "-", input="另一句口令也很长")
    assert "--passphrase-file" in refused(file, tmp_path)


def refused(file: Path, tmp_path: Path, *words: str, **more) -> str:
    """What `kepu restore` says to a file that is no whole backup; it changes nothing."""
    empty = tmp_path / "empty"
    empty.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEPU_HOME", str(empty))
        done = run(restore.command, file, *words, **more)
    assert done.exit_code == 1, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert names(empty) == set()
    return done.output


@pytest.mark.parametrize("words", [(), ("--passphrase-file", "-")], ids=["plain", "sealed"])
def test_a_file_that_was_cut_or_changed_is_not_restored(home, disk, tmp_path, words):
    file = made(home, disk, *words, input=PASSPHRASE)
    content, random_ = file.read_bytes(), random.Random(5)
    end = len(content)
    cuts = [*range(40, end, end // 15), end - 1, end - 5, end - 9]
    # At its start and end gzip has bits that mean nothing (a time, the rest of a byte). Sealed it has none.
    flips = [*range(28, 60, 3), *random_.sample(range(60, end - 40), 25), *range(end - 8, end)]
    flips += range(end - 40, end) if words else ()
    for cut in cuts:
        file.write_bytes(content[:cut])
        refused(file, tmp_path, *words, input=PASSPHRASE)
    for place in flips:
        file.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        refused(file, tmp_path, *words, input=PASSPHRASE)


def packed(disk: Path, *members: tuple[str, bytes], **link: str) -> Path:
    file = disk / "forged.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            if link:
                member.type, member.linkname, member.size = tarfile.SYMTYPE, link["to"], 0
            tar.addfile(member, io.BytesIO(content))
    return file


def test_what_is_no_backup_of_ours_is_not_restored(disk, tmp_path):
    words, text = tmp_path / "a.txt", tmp_path / "a.gz"
    words.write_text("hello")
    text.write_bytes(gzip.compress(b"hello"))
    assert "不是 kepu backup" in refused(words, tmp_path)
    refused(text, tmp_path)
    refused(packed(disk), tmp_path)
    assert "不是 kepu backup" in refused(packed(disk, ("readme.txt", b"x")), tmp_path)


@pytest.mark.parametrize(
    "name", ["../x", "media/../../x", "/etc/x", "media//x", "media", "static/x", "media/./x"]
)
def test_nothing_is_laid_outside_the_folder(disk, tmp_path, name):
    assert "不是 kepu backup" in refused(packed(disk, (name, b"x")), tmp_path)
    assert not (tmp_path / "x").exists()


def test_a_link_is_not_restored(disk, tmp_path):
    assert "不是 kepu backup" in refused(packed(disk, ("media/x", b""), to="/etc/passwd"), tmp_path)


def changed(file: Path, disk: Path, **other) -> Path:
    """The backup with another manifest."""
    with tarfile.open(file) as tar:
        members = [(each.name, tar.extractfile(each).read()) for each in tar]
    manifest = msgspec.json.decode(dict(members)["manifest.json"]) | other
    return packed(disk, *members[:-1], ("manifest.json", msgspec.json.encode(manifest)))


@pytest.mark.parametrize("newer", [{"format": 2}, {"kepu": "0.10.0"}, {"format": 3, "books": "elsewhere"}])
def test_a_backup_of_a_newer_version_is_refused(home, disk, tmp_path, newer):
    assert "更新版本" in refused(changed(made(home, disk), disk, **newer), tmp_path)


def test_a_part_too_many_or_too_few_is_refused(home, disk, tmp_path):
    file = made(home, disk)
    parts = msgspec.to_builtins(unpack(file, lambda: "", tmp_path / "out").parts)
    refused(changed(file, disk, parts=parts[1:]), tmp_path)
    refused(changed(file, disk, parts=[*parts, parts[0] | {"name": "media/more"}]), tmp_path)
    refused(changed(file, disk, parts=[parts[0] | {"sha256": "0" * 64}, *parts[1:]]), tmp_path)


def test_a_backup_of_postgresql_does_not_go_into_sqlite(home, disk, tmp_path):
    said = refused(changed(made(home, disk), disk, database="postgresql"), tmp_path)
    assert "PostgreSQL" in said
    assert "不能恢复" in said


def test_never_over_a_site(home, disk):
    before = {name: (home / name).read_bytes() for name in names(home) if (home / name).is_file()}
    done = run(restore.command, made(home, disk))
    assert done.exit_code == 1
    assert "不会覆盖站点" in done.output
    assert (
        before.items()
        <= {name: (home / name).read_bytes() for name in names(home) if (home / name).is_file()}.items()
    )


def test_pg_dump_that_is_missing_is_said(home, disk, monkeypatch, postgres_url):
    monkeypatch.setenv("KEPU_DATABASE_URL", postgres_url)
    monkeypatch.setenv("PATH", str(disk))
    refused = run(backup.command, disk)
    assert refused.exit_code == 1
    assert "postgresql-client" in refused.output
    assert names(disk) == set()
