"""`kepu reverse`: only staff, only with a reason, once."""

import pytest
from click.testing import CliRunner

from kepu.config.command.reverse import command
from kepu.ledger import reads
from kepu.people import writes as people
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
STAFF, REASON = "13800005678", "重复计数"


@pytest.fixture
def shared():
    """A share of somebody's, and a county officer."""
    town.build()
    (person,) = town.enrol(1)
    officer = people.open_staff_account(STAFF, "王建国", None, 430623, town.JANUARY)
    people.grant_scope(officer, Role.COUNTY_OFFICER, "430623", town.JANUARY)
    (receipt,) = town.share(person, 1)
    return person, receipt


def run(*words):
    return CliRunner().invoke(command, [str(word) for word in words])


def test_an_officer_takes_back_a_share_once(shared):
    person, receipt = shared
    said = run(receipt.book, receipt.seq, "--by", STAFF, "--reason", REASON)
    assert said.exit_code == 0, said.output
    assert "已更正" in said.output
    assert "积分 -1，传播量 -1" in said.output
    newest = reads.statement(person, None, 1)[0]
    assert (newest.note, newest.ref_seq, newest.volume) == (REASON, receipt.seq, -1)
    assert "早已更正过" in run(receipt.book, receipt.seq, "--by", STAFF, "--reason", "再来").output
    assert reads.statement(person, None, 9)[0] == newest


@pytest.mark.parametrize(
    ("seq", "by", "reason", "said"),
    [
        (99, STAFF, REASON, "没有这一条"),
        (1, "13900000000", REASON, "不是工作人员"),
        (1, STAFF, " ", "请写明原因"),
        (1, STAFF, "长" * 201, "请写明原因"),
        (1, STAFF, "13900001234 刷量", "不要写手机号"),
    ],
)
def test_a_correction_that_cannot_stand_changes_nothing(shared, seq, by, reason, said):
    person, receipt = shared
    answer = run(receipt.book, seq, "--by", by, "--reason", reason)
    assert answer.exit_code == 1
    assert said in answer.output
    assert len(reads.statement(person, None, 9)) == 1
