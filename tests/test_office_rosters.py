"""A clerk brings in a roster of 1,000 with 37 bad rows, mends those, and sends them again; a worker is killed
while it enters one, and what it enters is there exactly once. With $KEPU_DEEP=1 it is 5,000 rows."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from kepu.documents.writing import Column, write_xlsx
from kepu.kit.tests.depth import cases
from tests.browsing import Shots
from tests.live import ROOT, LiveSite

PEOPLE, BAD = cases(5_000, 1_000), 37
TOWN = "430623110"
HEADS = ("姓名", "手机号", "单位", "骨干", "认证日期")
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "秀英桂兰建国志强玉梅海燕春花冬生"
# A town clerk past the second factor, as the door of the back office leaves one.
CLERK = """
import json
from django.conf import settings
from kepu.kit import clock
from kepu.people import writes, reads
from kepu.people.rules import Role, Session, session_token
from kepu.people.writes.staff_sessions import open_staff_session
now = clock.now()
account = writes.open_staff_account("13700009001", "周名册", None, 430623, now)
writes.grant_scope(account, Role.TOWN_CLERK, "430623110", now)
token = session_token(settings.KEPU_KEYS.session, Session(account, 1, int(now.timestamp())))
units = [row.name for row in reads.units_within("430623110") if len(row.division) == 12]
print(json.dumps({"account": account, "token": token, "units": units,
                  "staff": open_staff_session(account, "127.0.0.1", "Windows · Edge", now)}))
"""
ASK = """
import hashlib, json, sys
from kepu.console.tasks import WORKS
from kepu.jobs.writes import ask_job, keep_upload, run_next
from kepu.kit import clock
from kepu.people.models import RosterFile
content = open("{path}", "rb").read()
sha256 = hashlib.sha256(content).hexdigest()
wants = {{"upload": keep_upload(content), "file_name": "名册.xlsx", "sha256": sha256}}
ask_job("look_at_roster", "x", wants, {account}, clock.now())
while run_next(WORKS, clock.now): pass
row = RosterFile.objects.latest("pk")
wants = {{"roster": row.pk, "seen": row.situation, "name": "周名册", "network": "", "division": "430623110"}}
print(ask_job("enter_roster", "x", wants, {account}, clock.now()))
"""
RUN = """
from kepu.console.tasks import WORKS
from kepu.jobs.writes import run_next
from kepu.kit import clock
while run_next(WORKS, clock.now): pass
"""
SILENT = 'from kepu.jobs.models import JobRow; JobRow.objects.filter(state="running").update(heard_at=None)'


def name_of(number: int) -> str:
    """The `number`th person's name."""
    return SURNAMES[number % 16] + GIVEN[number % 16] + GIVEN[(number // 16) % 16]


def roster(path: Path, units: list[str], people: int, first_phone: int, bad: int = 0) -> None:
    """An xlsx of so many people, the last `bad` of which cannot be entered, each in one of five ways."""
    rows = []
    for number in range(people):
        row = [
            name_of(number),
            f"{first_phone + number}",
            units[number % len(units)],
            "是" if number < 2 else "否",
            "2026-03-05",
        ]
        wrong = number - (people - bad)
        if wrong >= 0:
            spoiled = [(0, "王"), (1, "1380000"), (2, "桃花源村"), (3, "大概"), (4, "去年三月")][wrong % 5]
            row[spoiled[0]] = spoiled[1]
        rows.append(row)
    write_xlsx(path, "名册", [Column(head) for head in HEADS], rows)


@pytest.fixture(scope="module")
def clerk(site: LiveSite) -> dict[str, object]:
    """The town's clerk: account, tokens, and the units of the town."""
    found: dict[str, object] = json.loads(site.python(CLERK))
    return found


@pytest.fixture
def desk(browser: Browser, site: LiveSite, clerk: dict[str, object]) -> Iterator[Page]:
    """The clerk's screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    for name, value in (("kepu_session", clerk["token"]), ("kepu_staff", clerk["staff"])):
        context.add_cookies([{"name": name, "value": str(value), "url": site.url}])
    yield context.new_page()
    context.close()


def until_done(page: Page) -> None:
    """The job on the page has ended."""
    expect(page.locator(".console-job strong")).to_have_text("已完成", timeout=120_000)


def send(page: Page, site: LiveSite, path: Path) -> None:
    """The roster is sent and its preview open."""
    page.goto(f"{site.url}/admin/rosters/files/")
    page.set_input_files("#file", path)
    page.click("text=上传并核对")
    until_done(page)
    page.click("text=查看各行")


def saved(page: Page, words: str, path: Path) -> None:
    """What the button saves lies at `path`."""
    with page.expect_download() as download:
        page.click(words)
    download.value.save_as(path)


@pytest.mark.journey
def test_a_roster_with_37_bad_rows(
    site: LiveSite, desk: Page, clerk: dict[str, object], shoot: Shots, tmp_path: Path
) -> None:
    units = [str(unit) for unit in clerk["units"]]  # type: ignore[attr-defined]
    before = site.number("SELECT count(*) FROM people_communicator")
    path = tmp_path / "插旗镇名册.xlsx"
    roster(path, units, PEOPLE, 15_000_000_000, BAD)
    desk.goto(f"{site.url}/admin/rosters/")
    shoot.take(desk, "office-rosters")
    desk.click("text=导入名册")
    shoot.take(desk, "office-roster-send")
    send(desk, site, path)
    expect(desk.locator("body")).to_contain_text(f"录入 {PEOPLE - BAD} 行")
    desk.click("text=不能录入 37")
    expect(desk.locator(".roster-verdict.refused")).to_have_count(25)
    shoot.take(desk, "office-roster-refused")
    assert site.number("SELECT count(*) FROM people_communicator") == before
    refused = tmp_path / "refused.xlsx"
    saved(desk, "text=下载不能录入的 37 行及原因", refused)
    desk.click(f"text=录入 {PEOPLE - BAD} 行")
    until_done(desk)
    shoot.take(desk, "office-roster-entered")
    assert site.number("SELECT count(*) FROM people_communicator") == before + PEOPLE - BAD
    mend(refused, units)
    send(desk, site, refused)
    desk.click("text=录入 37 行")
    until_done(desk)
    assert site.number("SELECT count(*) FROM people_communicator") == before + PEOPLE
    desk.goto(f"{site.url}/admin/rosters/?text=15000000001")
    desk.click(f"text={name_of(1)}")
    shoot.take(desk, "office-person", full=True)
    desk.goto(f"{site.url}/admin/units/")
    shoot.take(desk, "office-units")
    desk.click(f"text={units[0]}")
    shoot.take(desk, "office-unit")


def mend(path: Path, units: list[str]) -> None:
    """As a clerk would: each cell the reason names is put right, the reasons stay where they are."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == BAD
    for row in rows:
        number = int(row[5].value) - 2
        column = str(row[6].value).split("：")[0]
        right = {
            "姓名": name_of(number),
            "手机号": f"{15_000_000_000 + number}",
            "单位": units[0],
            "骨干": "否",
            "认证日期": "2026年3月5日",
        }
        row[HEADS.index(column)].value = right[column]
    book.save(path)


@pytest.mark.crash
def test_a_worker_killed_while_it_enters_has_entered_nothing_and_the_next_enters_all_once(
    tmp_path: Path, live_database_url: str
) -> None:
    site = LiveSite(tmp_path / "site", live_database_url)
    site.prepare(2)
    found = json.loads(site.python(CLERK))
    path = tmp_path / "名册.xlsx"
    roster(path, found["units"], PEOPLE, 15_000_000_000)
    job = int(site.python(ASK.format(path=path, account=found["account"])))
    before = site.number("SELECT count(*) FROM people_communicator")
    for pause in (0.3, 0.8, 1.5):
        kill_in_the_middle(site, job, pause)
        assert site.number("SELECT count(*) FROM people_communicator") in (before, before + PEOPLE)
        site.python(f"{SILENT}; JobRow.objects.update(tries=0)")
    site.python(RUN)
    assert site.number("SELECT count(*) FROM people_communicator") == before + PEOPLE
    assert site.number("SELECT count(*) FROM people_certificationstep") >= PEOPLE
    assert site.number("SELECT count(*) FROM audit_kept WHERE act = 'enter_roster'") == 1
    site.python(f"{SILENT}; JobRow.objects.filter(pk={job}).update(state='waiting')")
    site.python(RUN)
    assert site.number("SELECT count(*) FROM people_communicator") == before + PEOPLE
    assert site.number("SELECT count(*) FROM audit_kept WHERE act = 'enter_roster'") == 1


def kill_in_the_middle(site: LiveSite, job: int, pause: float) -> None:
    """A worker that began to enter is killed a moment later."""
    setup = "import django; django.setup()\n"
    worker = subprocess.Popen(
        [sys.executable, "-c", setup + RUN], env=site.environment(), cwd=ROOT, start_new_session=True
    )
    until = time.monotonic() + 60
    begun = f"SELECT count(*) FROM jobs_jobrow WHERE id = {job} AND state <> 'waiting' AND done >= 1"
    while time.monotonic() < until and worker.poll() is None and not site.number(begun):
        time.sleep(0.02)
    time.sleep(pause)
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(10)
