"""`kepu archive`: what it says, what it takes out, and what is still open."""

import json
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner

from kepu.awards import reads as award_reads
from kepu.awards import writes as awards
from kepu.awards.rules import Step, Taken, evaluation_bytes
from kepu.awards.tests.test_due_process import at
from kepu.config import closing
from kepu.config.command import archive, verify
from kepu.integrity import tasks as integrity
from kepu.integrity import writes as integrity_writes
from kepu.kit import clock
from kepu.ledger.models import ArchivedPart, Entry
from kepu.ledger.reads import archived
from kepu.ledger.tests import archives
from kepu.ledger.writes import archiving
from kepu.mall.rules import By
from kepu.mall.tests import shop
from kepu.mall.writes import cancel_order
from kepu.people.models import Account, StaffScope
from kepu.people.rules import Role
from kepu.points.models import Telling
from kepu.standings import tasks as standings
from kepu.standings import writes as standings_writes
from kepu.standings.models import Score, UnitVolume
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
ROUNDS = (("chaqi-2021", "midyear"), ("chaqi-2021", "annual"))
LATER = clock.start_of(date(2022, 7, 1))


@pytest.fixture
def persons(tmp_path, monkeypatch):
    """A county's year with shares of three people, which boards and signals have followed."""
    archives.use_folder(tmp_path, monkeypatch)
    monkeypatch.setattr(verify, "BOARDS_SECONDS", 0)
    monkeypatch.setattr(
        archive.time, "sleep", lambda _seconds: now_is(monkeypatch, LATER + timedelta(minutes=2))
    )
    town.build()
    found = town.enrol(3)
    for who in found:
        town.share(who, 4)
    follow()
    now_is(monkeypatch, LATER)
    yield found
    archived.forget_belief()


@pytest.fixture
def final(persons) -> None:
    """Both rounds of the year are public without an objection, and signed by two."""
    officers = town.enrol(3, town.ZHUBEI)
    for officer in officers:
        Account.objects.filter(pk=officer).update(is_staff=True)
        StaffScope.objects.create(
            account_id=officer, role=Role.COUNTY_OFFICER, division="430623", granted_at=town.JANUARY
        )
    for key in ROUNDS:
        maker, *signers = officers
        done = [awards.take_step(*key, Step.CLOSE, maker, at(12, 1), "")]
        done += [awards.judge_round(*key, maker, at(12, 1))]
        done += [awards.freeze_round(*key, award_reads.fresh_list(*key), maker, at(12, 6))]
        done += [awards.take_step(*key, Step.PUBLISH, maker, at(12, 6), "")]
        done += [awards.take_step(*key, Step.SIGN, each, at(12, 14), "") for each in signers]
        assert all(isinstance(each, Taken) for each in done), done


def now_is(monkeypatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def follow() -> None:
    standings.catch_up()
    integrity.catch_up()


def run(*words: str):
    return CliRunner().invoke(archive.command, list(words))


def test_without_remove_the_file_is_written_and_nothing_changes(persons):
    outcome = run("2021", "--book", "430623")
    assert outcome.exit_code == 0, outcome.output
    assert "第 1 到 12 条，共 12 条：430623-2021-1-12.parquet，已核对" in outcome.stdout
    assert "数据库未动" in outcome.stdout
    assert archived.path_of("430623-2021-1-12.parquet").is_file()
    assert Entry.objects.count() == 12
    assert not ArchivedPart.objects.exists()
    assert "没有还要归档" in run("2021", "--book", "430602").stdout


def test_an_open_year_says_what_is_open_and_stays(persons, monkeypatch):
    now_is(monkeypatch, clock.start_of(date(2022, 6, 30)))
    Telling.objects.create(
        person=persons[0], year=2021, points=3, last_day=date(2022, 12, 31), told_at=clock.now()
    )
    town.share(persons[0], 1)
    outcome = run("2021", "--book", "430623", "--remove")
    assert outcome.exit_code == 1
    for said in (
        "2021 年过去还不到六个月，最早 2022 年 7 月 1 日",
        "「2021年年中评选」还没定案（现在：计数中）",
        "「2021年全年评选」还没定案",
        "已预告 1 人的积分（2021 年及以前）将到期",
        "榜单还没跟上账本（430623）",
        "互赞线索还没跟上账本（430623）",
    ):
        assert said in outcome.stdout
    assert Entry.objects.count() == 13
    assert not ArchivedPart.objects.exists()


def test_orders_that_are_not_done_keep_their_year_open(persons, monkeypatch):
    shop.earn(persons[0], 1_000)
    item = shop.goods()
    monkeypatch.setattr(closing, "_too_early", lambda *_: iter(()))
    year = shop.NOON.year
    due = archiving.due(430623, year)
    said = lambda: [each for each in closing.still_open(year, [due], LATER) if "兑换" in each]  # noqa: E731
    assert said() == []
    order = shop.bought(persons[0], item)
    assert said() == ["还有 1 笔兑换没有办完。"]
    cancel_order(order.id, By.BUYER, persons[0], "", shop.NOON + timedelta(minutes=1))
    assert said() == []


def test_a_closed_year_is_taken_out_and_verify_still_finds_everything_good(persons, final):
    before, lists = boards(), awarded(persons)
    outcome = run("2021", "--remove", "--json")
    assert outcome.exit_code == 0, outcome.output
    done = {each["book"]: each for each in json.loads(outcome.stdout)}
    assert done[430623]["removed"] == done[430623]["entries"] == 12
    assert (done[430602]["entries"], done[430602]["file"]) == (0, "")
    assert not Entry.objects.exists()
    assert (boards(), awarded(persons)) == (before, lists)
    assert standings_writes.rebuild() == integrity_writes.rebuild() == 12
    assert (boards(), awarded(persons)) == (before, lists)
    found = CliRunner().invoke(verify.command, ["--json"])
    assert found.exit_code == 0, found.stdout
    assert json.loads(found.stdout)["archives_off"] == []
    assert "没有还要归档" in run("2021", "--remove").stdout


def boards() -> tuple[list, list]:
    """What people see of scores, and of their units."""
    scores = Score.objects.values_list("window__name", "person", "volume", "reached_ms", "shown")
    return sorted(scores), sorted(UnitVolume.objects.values_list("campaign", "unit", "volume"))


def awarded(persons) -> list:
    """The lists of the year as they come out of the ledger now, and why they say so of each person."""
    lists = [evaluation_bytes(award_reads.evaluate_round(*key)) for key in ROUNDS]
    return lists + [award_reads.why(*key, who) for key in ROUNDS for who in persons]


def test_verify_names_the_file_that_is_gone_and_what_it_could_not_hold_against_it(persons, final):
    run("2021", "--remove")
    archived.path_of("430623-2021-1-12.parquet").unlink()
    found = CliRunner().invoke(verify.command)
    assert found.exit_code == 1
    assert "归档文件缺失或被改动 1 个：430623-2021-1-12.parquet" in found.stdout
    assert "计数不符：归档文件读不到，没有核对" in found.stdout
    assert "430623  0 条  第 1 条起不符" in found.stdout


def test_stopped_half_way_the_same_command_completes_it(persons, final, monkeypatch):
    monkeypatch.setattr(archiving, "TAKEN_AT_ONCE", 5)
    take_out, calls = archiving.take_out, []

    def once(number, now):
        calls.append(number)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return take_out(number, now)

    monkeypatch.setattr(archiving, "take_out", once)
    assert run("2021", "--remove").exit_code == 1
    assert Entry.objects.count() == 7
    now_is(monkeypatch, LATER.replace(year=2023))
    assert "2021 年还没取完" in run("2022", "--remove").output
    outcome = run("2021", "--remove")
    assert "已从数据库取出 7 条" in outcome.stdout
    assert not Entry.objects.exists()


def test_whoever_reviews_sees_every_archived_entry_of_a_person(persons, final):
    kept = Entry.objects.filter(person=persons[1]).order_by("seq").first()
    expected = (kept.seq, bytes(kept.event_id).hex(), kept.at_ms, bytes(kept.hash).hex())
    run("2021", "--remove")
    lines = [json.loads(line) for line in run("2021", "--person", str(persons[1])).stdout.splitlines()]
    assert len(lines) == 4
    assert {each["person"] for each in lines} == {persons[1]}
    assert (lines[0]["seq"], lines[0]["event_id"], lines[0]["at_ms"], lines[0]["hash"]) == expected


def test_the_year_must_be_over_and_a_book_be_there(persons):
    outcome = run("2022")
    assert (outcome.exit_code, "2022 年还没过完" in outcome.output) == (1, True)
    assert not list(archived.path_of("").glob("*"))
    outcome = run("2021", "--book", "110101")
    assert outcome.exit_code == 1
    assert "没有账本 110101" in outcome.output
