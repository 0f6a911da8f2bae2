"""`kepu doctor` finds each kind of damage, says what to do, and ends with exit status 1."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F

from kepu.config.command import doctor, serve, verify
from kepu.config.keeping import databases, folder_checks, marks, site_checks
from kepu.config.keeping.folder_checks import Finding
from kepu.config.keys import keyring
from kepu.jobs.models import JobRow
from kepu.kit import clock
from kepu.ledger.models import Book, DayTally, Entry
from kepu.people.models import Account
from kepu.standings import tasks as standings
from kepu.standings.models import Cursor, Score
from kepu.standings.tests import town

NOW = clock.now()


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A folder in which all is well, as far as it can be seen from outside."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    keyring(folder)
    for setting in folder_checks.environment.SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.setenv("KEPU_HOME", str(folder))
    marks.beat(folder)
    os.utime(folder / "worker.beat", (NOW.timestamp(),) * 2)
    marks.note_backup(folder, folder / "keys.json", NOW)
    return folder


@pytest.fixture(autouse=True)
def database_of_the_tests(monkeypatch) -> None:
    """What is asked by address is the database the tests are in, whose name differs from the site's."""
    address, mark, words = settings.DATABASE_URL.partition("?")
    if address:
        own = f"{address.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
        monkeypatch.setattr(settings, "DATABASE_URL", own + mark + words)


def outside(home: Path, now=NOW) -> dict[str, Finding]:
    """Everything that is seen without Django."""
    return dict(folder_checks.checked((*folder_checks.BEFORE, *folder_checks.BESIDE), home, now))


def bad(found: dict[str, Finding]) -> dict[str, str]:
    """What is said of the checks that are not good; each says what to do."""
    assert all(each.todo for each in found.values() if each.good is False)
    return {name: each.said for name, each in found.items() if each.good is False}


def test_a_folder_where_all_is_well(home):
    found = outside(home)
    assert {each.good for each in found.values()} == {True}
    assert set(found) == {"whole", "keys", "settings", "permissions", "disk", "backup", "worker"}


def test_a_half_restored_folder(home):
    (home / "restoring").mkdir()
    assert set(bad(outside(home))) == {"whole"}


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"django": "zz"}', '{"django": "00"}'])
def test_keys_that_are_lost_or_damaged(home, content):
    (home / "keys.json").unlink()
    if content is not None:
        (home / "keys.json").touch(0o600)
        (home / "keys.json").write_text(content)
    assert set(bad(outside(home))) == {"keys"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KEPU_PROXIES", "one", "要是数字"),
        ("KEPU_LINE_MAX", "４０", "要是数字"),
        ("KEPU_DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("KEPU_HOST", "kepu.example.cn", "没有 KEPU_HOST 这项设置"),
        ("KEPU_SITE_URL", "http://kepu.example.cn", "KEPU_HOSTS 里没有"),
        ("KEPU_SITE_URL", "https://localhost", "KEPU_SECURE"),
    ],
)
def test_settings_that_cannot_be_right(home, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    assert said in bad(outside(home))["settings"]


def test_a_public_site_that_shows_codes(home, monkeypatch):
    for name, value in (("SITE_URL", "https://localhost"), ("SECURE", "1"), ("DEVELOPMENT", "1")):
        monkeypatch.setenv(f"KEPU_{name}", value)
    assert "KEPU_DEVELOPMENT" in bad(outside(home))["settings"]


def test_a_folder_or_keys_that_others_read(home):
    home.chmod(0o755)
    assert set(bad(outside(home))) == {"permissions"}
    home.chmod(0o700)
    (home / "keys.json").chmod(0o644)
    assert "keys.json" in bad(outside(home))["permissions"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_a_file_of_somebody_else(home):
    (home / "kepu.sqlite3-wal").touch()
    os.chown(home / "kepu.sqlite3-wal", 12345, 12345)
    assert "kepu.sqlite3-wal" in bad(outside(home))["permissions"]


def test_a_disk_that_is_nearly_full(home, monkeypatch):
    monkeypatch.setattr(folder_checks, "FREE_MIN", 2**60)
    assert set(bad(outside(home))) == {"disk"}


def test_a_backup_that_is_old_or_unknown(home):
    assert set(bad(outside(home, NOW + timedelta(days=3)))) >= {"backup"}
    (home / "last-backup.json").write_text("{")
    found = outside(home)["backup"]
    assert (found.good, found.said) == (None, "没有用 kepu backup 备份过")


def test_a_worker_that_is_gone(home):
    os.utime(home / "worker.beat", ((NOW - timedelta(minutes=10)).timestamp(),) * 2)
    assert "10 分钟" in bad(outside(home))["worker"]
    (home / "worker.beat").unlink()
    assert set(bad(outside(home))) == {"worker"}


def test_a_check_that_cannot_be_made_has_found_something(home):
    def broken(_home, _now):
        raise ValueError("here")

    ((_name, found),) = folder_checks.checked([("x", broken)], home, NOW)
    assert found.good is False
    assert "here" in found.said


def test_without_its_keys_a_site_is_not_started(home):
    (home / "keys.json").unlink()
    done = CliRunner().invoke(doctor.command, ["--json"])
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert not said["good"]
    assert "database" not in {each["name"] for each in said["checks"]}
    assert not (home / "keys.json").exists(), "none are made anew"


@pytest.fixture
def site(db, monkeypatch) -> list[int]:
    """People with entries, in a site whose followers are at the end and whose static files are there."""
    monkeypatch.setattr(verify, "BOARDS_SECONDS", 0)
    town.build()
    persons = town.enrol(2)
    town.credit(persons[0], 3)
    standings.catch_up()
    site_checks.SignalCursor.objects.bulk_create(
        [site_checks.SignalCursor(book=head.code, seq=head.last_seq) for head in Book.objects.all()]
    )
    return persons


@pytest.fixture
def files(tmp_path, monkeypatch) -> Path:
    """Collected static files."""
    folder = tmp_path / "static"
    folder.mkdir()
    monkeypatch.setattr(settings, "STATIC_ROOT", folder)
    monkeypatch.setattr(settings, "HOME", tmp_path)
    (folder / "staticfiles.json").write_text('{"paths": {"a.css": "a.1.css"}}')
    (folder / "a.1.css").touch()
    (tmp_path / "static.version").write_text(serve.static_edition())
    return folder


def inside(checks=(*site_checks.DATABASE, *site_checks.INSIDE), now=None) -> dict[str, Finding]:
    """What is seen with Django."""
    return dict(folder_checks.checked(checks, Path(), now or clock.now()))


def test_a_site_where_all_is_well(site, files):
    found = inside((*site_checks.DATABASE, *site_checks.INSIDE, *site_checks.DEEP))
    assert {name: each.said for name, each in found.items() if not each.good} == {}
    assert set(found) == {*doctor.NAMES, *verify.CHECKS} - {*outside(Path())}


def test_migrations_that_wait_or_are_ahead(site, files):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("ledger", "0001_initial")
    assert bad(inside())["migrations"] == "还有 1 步升级没有做"
    recorder.record_applied("ledger", "0001_initial")
    assert bad(inside()) == {}
    recorder.record_applied("ledger", "9999_later")
    assert "9999_later" in bad(inside())["migrations"]


@pytest.mark.django_db
def test_a_database_that_forgets_when_the_power_fails():
    durability = [("durability", site_checks.durability)]
    assert bad(inside(durability)) == {}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        assert "synchronous_commit=off" in bad(inside(durability))["durability"]


def test_a_sqlite_that_forgets(monkeypatch):
    answers = {"PRAGMA journal_mode": "delete", "PRAGMA synchronous": 1}
    monkeypatch.setattr(site_checks, "_asked", answers.__getitem__)
    monkeypatch.setattr(site_checks.connection, "vendor", "sqlite")
    said = bad(inside([("durability", site_checks.durability)]))["durability"]
    assert "journal_mode=delete，synchronous=1" in said


def test_keys_of_another_site(site, files):
    newest = Account.objects.order_by("pk").last()
    assert bad(inside()) == {}
    Account.objects.filter(pk=newest.pk).update(phone_sealed=bytes(40))
    assert set(bad(inside())) == {"keys_fit"}


def test_static_files_that_are_missing_or_old(site, files):
    (files / "a.1.css").unlink()
    assert "a.1.css" in bad(inside())["static"]
    (files.parent / "static.version").write_text("0.0.1 1")
    assert bad(inside()) == {"static": "是旧版本的"}
    (files / "staticfiles.json").unlink()
    assert bad(inside()) == {"static": "还没有收集"}


def test_a_clock_before_the_last_entry(site, files):
    last = clock.from_milliseconds(max(Entry.objects.values_list("at_ms", flat=True)))
    assert set(bad(inside(now=last - timedelta(hours=2)))) == {"clock"}


@pytest.mark.parametrize(
    ("cursor", "name"), [(Cursor, "boards_lag"), (site_checks.SignalCursor, "signals_lag")]
)
def test_followers_that_lag(site, files, cursor, name):
    first = clock.from_milliseconds(min(Entry.objects.values_list("at_ms", flat=True)))
    cursor.objects.update(seq=0)
    assert bad(inside(now=first + timedelta(minutes=9))) == {}
    said = bad(inside(now=first + timedelta(hours=5)))
    assert set(said) == {name}
    assert "落后" in said[name]


def test_long_work_that_failed_or_nobody_does(site, files):
    row = JobRow.objects.create(kind="roster", title="名册", wants={}, asked_by=1, asked_at=clock.now())
    assert bad(inside()) == {}
    JobRow.objects.update(asked_at=clock.now() - timedelta(hours=2))
    assert "等了一小时" in bad(inside())["jobs"]
    JobRow.objects.update(state="failed", ended_at=clock.now())
    assert f"名册（roster，编号 {row.pk}）" in bad(inside())["jobs"]
    JobRow.objects.update(ended_at=clock.now() - timedelta(days=2))
    assert bad(inside()) == {}


def test_a_broken_chain(site, files):
    Entry.objects.filter(seq=1).update(volume=F("volume") + 1)
    assert "第 1 条起不符" in bad(inside(site_checks.DEEP))["chains"]


def test_a_head_that_is_not_the_last_entry(site, files):
    Book.objects.update(last_hash=bytes(32))
    assert "末条与账本首部不符" in bad(inside(site_checks.DEEP))["chains"]


def test_tallies_and_boards_that_differ(site, files):
    DayTally.objects.update(volume=F("volume") + 1)
    assert {"tallies_off"} <= set(bad(inside(site_checks.DEEP)))
    DayTally.objects.update(volume=F("volume") - 1)
    Score.objects.filter(window__name="all").update(volume=4)
    assert set(bad(inside(site_checks.DEEP))) == {"scores_off"}


def test_a_database_file_with_a_broken_page(tmp_path, monkeypatch):
    deep = [("integrity", site_checks.integrity)]
    monkeypatch.setattr(site_checks, "connection", _File(tmp_path / "database"))
    assert bad(inside(deep)) == {}
    content = bytearray((tmp_path / "database").read_bytes())
    content[40_960:41_160] = os.urandom(200)
    (tmp_path / "database").write_bytes(content)
    assert set(bad(inside(deep))) == {"integrity"}


class _File:
    """A database file of its own, asked as Django's connection is."""

    vendor = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("CREATE TABLE filling (x PRIMARY KEY)")
            database.executemany("INSERT INTO filling VALUES (?)", [(os.urandom(400),) for _ in range(400)])

    def cursor(self):
        return closing(sqlite3.connect(self._path).cursor())


def test_a_table_that_cannot_be_dumped_is_said(postgres_url, monkeypatch):
    databases.read_through(postgres_url)
    with pytest.raises(databases.Trouble):
        databases.read_through(postgres_url + "_that_is_not_there")


def test_what_is_said_to_people(home):
    (home / "keys.json").unlink()
    marks.beat(home)
    said = CliRunner().invoke(doctor.command).stdout
    assert "不好  钥匙：没有 keys.json\n      → " in said
    assert said.endswith("有 1 项不好：钥匙\n")
