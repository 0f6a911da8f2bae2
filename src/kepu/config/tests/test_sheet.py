"""`kepu sheet`: troubles in Chinese with their lines, and publishing from a file."""

import json

import pytest
from click.testing import CliRunner

from kepu.campaigns import reads
from kepu.campaigns.tests.samples import VOLUNTARY, reference_text
from kepu.config.command.sheet import command
from kepu.kit import clock
from kepu.people import writes
from kepu.people.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(tmp_path):
    """Writes a sheet and gives its path."""

    def write(content):
        path = tmp_path / "sheet.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def run(*words):
    return CliRunner().invoke(command, words)


@pytest.fixture
def officer(db):
    """李建国 may keep campaigns anywhere."""
    account = writes.open_staff_account("13800000001", "李建国", None, 430623, clock.now())
    assert writes.grant_scope(account, Role.OPERATOR, "", clock.now()) is None


def test_a_good_sheet_is_told_what_it_contains(sheet):
    said = run("check", sheet(reference_text()))
    assert said.exit_code == 0
    for words in (
        "没有问题：插旗镇2021年科普信息传播活动",
        "9 个单位",
        "传播量 39600",
        "奖金合计 25000 元",
        "2.1.2",
    ):
        assert words in said.stdout
    assert json.loads(run("check", sheet(VOLUNTARY), "--json").stdout)["conflicts"] == []


def test_troubles_are_told_in_chinese_with_lines_and_status_1(sheet):
    broken = reference_text().replace("volume = 39600", "volume = 39000").replace('"earlier"', '"later"')
    said = run("check", sheet(broken))
    assert said.exit_code == 1
    first, second = said.stdout.splitlines()
    assert 'tie_rule（次数相同怎么排）：写的是 "later"；只能填其中一个：shared, earlier。' in first
    assert "tasks.total.volume（任务 · 合计 · 传播量）：写的是 39000；各行加起来应是 39600。" in second
    assert first.startswith("第 ")
    as_json = json.loads(run("check", sheet(broken), "--json").stdout)
    assert [each["field"] for each in as_json["troubles"]] == ["tie_rule", "tasks.total.volume"]


def test_a_file_in_another_encoding_is_named(sheet):
    said = run("check", sheet(reference_text().encode("gb18030")))
    assert said.exit_code == 1
    assert "不是 UTF-8" in said.stderr


def test_publishing_needs_a_sign_off_and_says_the_version(sheet, officer):
    path = sheet(reference_text())
    refused = run("publish", path, "--by", "王秀英")
    assert refused.exit_code == 1
    assert "要有人署名同意" in refused.stdout
    assert reads.published() == ()
    done = run("publish", path, "--by", "王秀英", "--sign-off", "李建国")
    assert done.exit_code == 0
    assert "第 1 版" in done.stdout
    assert reads.publication("chaqi-2021").signed_off_by == "李建国"
    again = json.loads(run("publish", path, "--by", "王秀英", "--sign-off", "李建国", "--json").stdout)
    assert (again["campaign"], again["version"], again["unchanged"]) == ("chaqi-2021", 1, True)


@pytest.mark.parametrize(
    ("by", "name", "said"),
    [
        ("王秀英", "赵六", "可以署名的有：李建国"),
        ("李建国", "李建国", "要是另一个人"),
        ("李建国", "赵六", "没有别人可以署名"),
    ],
)
def test_nobody_signs_off_but_another_member_of_staff_of_the_place(sheet, officer, by, name, said):
    done = run("publish", sheet(reference_text()), "--by", by, "--sign-off", name)
    assert (done.exit_code, reads.published()) == (1, ())
    assert said in done.stderr


def test_publishing_the_same_text_again_says_that_nothing_changed(sheet):
    publish = ("publish", sheet(VOLUNTARY), "--by", "王秀英")
    assert json.loads(run(*publish, "--json").stdout)["unchanged"] is False
    again = run(*publish)
    assert again.exit_code == 0
    assert "没有变化：和已公布的第 1 版一字不差" in again.stdout
    assert "已公布：" not in again.stdout
    changed = run("publish", sheet(VOLUNTARY + "\n# 说明"), "--by", "王秀英")
    assert "已公布" in changed.stdout
    assert "第 2 版" in changed.stdout


@pytest.mark.parametrize("name", ["", "  ", "长" * 81])
def test_a_name_is_a_name(sheet, name):
    assert run("publish", sheet(VOLUNTARY), "--by", name).exit_code == 1
    assert reads.published() == ()
