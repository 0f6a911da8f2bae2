"""`kepu init` makes an empty data folder ready for a county, once."""

import json

import pytest
from click.testing import CliRunner

from kepu.config.command.init import command
from kepu.ledger import reads as ledger
from kepu.people import reads as people
from kepu.regions import reads as regions


def run(*words):
    return CliRunner().invoke(command, words)


@pytest.mark.django_db
def test_a_county_is_ready_after_init_and_again_nothing_changes():
    first = run("--division", "430623", "--json")
    assert first.exit_code == 0, first.output
    said = json.loads(first.stdout)
    assert said == {
        "division": "430623",
        "name": "湖南省岳阳市华容县",
        "divisions": 665_276,
        "association": said["association"],
        "towns": 14,
        "units": 239,
        "book": 430623,
        "book_opened_now": True,
    }
    assert regions.full_name("430623110215") == "湖南省岳阳市华容县插旗镇同福村"
    assert {unit.name for unit in people.units_within("430623110")} == {
        *("机关、站所", "同福村", "注北村", "插旗村", "大湾村", "曙光村", "众城村", "千和村", "向阳街社区")
    }
    assert [head.book for head in ledger.heads()] == [430623]
    again = run("--division", "430623", "--json")
    assert json.loads(again.stdout) == {**said, "book_opened_now": False}
    plain = run("--division", "430623")
    assert "湖南省岳阳市华容县准备好了：14 个乡镇（街道），239 个单位，账本 430623 早已开好。" in plain.stdout

    # A city without counties is its own county; a code that nobody has is named with its neighbours.
    assert "广东省东莞市准备好了" in run("--division", "441900").stdout
    unknown = run("--division", "430699")
    assert unknown.exit_code == 1
    assert "没有代码为 430699 的县" in unknown.stderr
    assert "华容县 430623" in unknown.stderr
    assert [head.book for head in ledger.heads()] == [430623, 441900]


@pytest.mark.parametrize("code", ["4306", "43", "430623110", "43062x", "", "４３０６２３", "'; --"])
def test_what_is_no_county_is_refused_before_anything_is_done(code):
    refused = run("--division", code)
    assert refused.exit_code == 1
    assert "不是县级区划代码" in refused.stderr
