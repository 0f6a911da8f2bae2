"""`kepu import`: preview, a second person's approval, the same file again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kepu.audit.models import Kept
from kepu.config.command import main
from kepu.figures.tests import exports
from kepu.figures.tests.sending import phones_of
from kepu.figures.tests.test_year import SHEET
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people import reads as people
from kepu.people import writes
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
CAMPAIGN = "chaqi-2021"
FIRST, SECOND = "13800000001", "13800000002"


@pytest.fixture
def campaign(db: None) -> int:
    """The campaign's number; two officers of the county are staff."""
    published = town.build(SHEET)
    for phone, name in ((FIRST, "王建国"), (SECOND, "李明")):
        account = writes.open_staff_account(phone, name, None, 430623, clock.now())
        assert isinstance(account, int)
        writes.grant_scope(account, Role.COUNTY_OFFICER, "430623", clock.now())
    return published.number


def run(path: Path, *words: str):
    """The command on a March file."""
    always = ["--campaign", CAMPAIGN, "--month", "2021-03", "--by", FIRST]
    return CliRunner().invoke(main, ["import", str(path), *always, *words])


def written(folder: Path, rows: list[tuple[object, ...]]) -> Path:
    """The export as a file."""
    path = folder / "三月.xlsx"
    path.write_bytes(exports.xlsx(rows))
    return path


def test_a_file_is_shown_approved_by_another_and_entered_once(campaign, tmp_path):
    (person,) = town.enrol(1)
    path = written(tmp_path, [(1, "", phones_of([person])[person], "同福村", 321), (2, "", "138", "", 5)])
    shown = json.loads(run(path, "--json").output)
    assert (shown["state"], shown["changes"]) == ("waiting", 321)
    assert shown["refused"] == [{"row": 3, "verdict": "phone_wrong"}]
    own = run(path, "--approve-by", FIRST)
    assert own.exit_code == 1
    assert "不能自己批" in own.output
    done = run(path, "--approve-by", SECOND)
    assert "已录入" in done.output
    assert f"这次由 {SECOND} 批准" in done.output
    assert "没有任何改动" not in done.output, "it was approved just now"
    assert "第 3 行" in done.output
    again = run(path, "--approve-by", SECOND)
    assert "没有任何改动" in again.output
    assert "批准后传播量变动" not in again.output
    assert ledger.day_volumes(campaign, 20210101, 20211231) == {(person, 20210331): 321}
    assert list(Kept.objects.order_by("pk").values_list("act", flat=True)) == [
        "send_figures",
        "approve_figures",
    ]


def test_people_nobody_knows_are_enrolled_when_asked(campaign, tmp_path):
    rows = [(1, "王秀英", "13700000001", "同福村", 5), (2, "李新", "13700000002", "无名村", 6)]
    path = written(tmp_path, rows)
    done = run(path, "--enrol", "--approve-by", SECOND)
    assert done.exit_code == 0, done.output
    assert "补登科普员 1 人，1 行没有补登：1 行找不到单位" in done.output
    account = people.account_with_phone("13700000001")
    assert people.profile(account).unit_name == "同福村"
    assert ledger.day_volumes(campaign, 20210101, 20211231) == {(account, 20210331): 5}


def test_a_row_that_names_nobody_is_told_by_its_number(campaign, tmp_path):
    rows = [(1, "王秀英", "13700000001", "同福村", 5), ("合计", "", "", "", 5)]
    done = run(written(tmp_path, rows), "--enrol")
    assert "1 行没有补登：第 3 行“合计”没有可用的手机号和姓名。" in done.output
    assert "批准后传播量变动 +5" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "13900009999"), "不是能导入官方数据的工作人员"),
        (("--campaign", "nowhere"), "没有这个活动"),
        (("--month", "2022-03"), "统计期要在活动期间以内"),
    ],
)
def test_what_cannot_be_is_refused_in_words(campaign, tmp_path, words, said):
    done = run(written(tmp_path, [(1, "", "13700000001", "同福村", 5)]), *words)
    assert done.exit_code == 1
    assert said in done.output
