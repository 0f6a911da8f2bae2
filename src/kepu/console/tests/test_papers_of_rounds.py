"""公文 about a round: a list that changed since is neither approved nor issued."""

import io
import json
import re
from datetime import date, timedelta

import pdfplumber
import pytest
from django.test import Client

from kepu.awards import models, reads, writes
from kepu.awards.rules import Step, Taken
from kepu.awards.tests.final import make_final
from kepu.campaigns import reads as campaigns
from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.papers.models import OrganRow, PaperCopy, PaperRow, Series
from kepu.people.rules import Role, masked_name
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db(transaction=True)
LIST, COUNTY, OF = "/admin/papers/", "430623", ("chaqi-2021", "annual")
ORGAN = {
    "name": "华容县科学技术协会",
    "mark": "华容县科学技术协会文件",
    "code": "华科协发",
    "division": COUNTY,
}


def at(day):
    return clock.start_of(date(2021, 12, day)) + timedelta(hours=10)


@pytest.fixture(autouse=True)
def moments(monkeypatch):
    """What time it is, the last minute of publicity at first: its one value may be set."""
    found = [clock.start_of(date(2021, 12, 14)) - timedelta(minutes=1)]
    monkeypatch.setattr(clock, "now", lambda: found[0])
    return found


@pytest.fixture
def people():
    """31 on the county's list; the round is over."""
    town.build()
    here = town.enrol(31)
    for place, person in enumerate(here):
        town.credit(person, 4000 - 10 * place, date(2021, 8, 2), place)
    return here


@pytest.fixture
def writer(client, people):
    account = enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    assert client.post(f"{LIST}organs/", ORGAN).status_code == 302
    return account


@pytest.fixture
def other(writer):
    client = Client()
    enter(client, 91, Role.COUNTY_OFFICER, COUNTY, "吴批")
    return client


def step(which, by, day, reason=""):
    if which is Step.FREEZE:
        taken = writes.freeze_round(*OF, reads.fresh_list(*OF), by, at(day))
    else:
        taken = writes.take_step(*OF, which, by, at(day), reason)
    assert isinstance(taken, Taken), taken


def publish(by, day=6):
    assert isinstance(writes.judge_round(*OF, by, at(day)), Taken)
    step(Step.FREEZE, by, day)
    step(Step.PUBLISH, by, day)


def asked(client, kind, organ="华科协发"):
    form = {"campaign": campaigns.campaign(OF[0]).number, "kind": kind, "round": OF[1]}
    return client.post(f"{LIST}new/", form | {"organ": OrganRow.objects.get(code=organ).pk})


def begin(client, kind):
    answer = asked(client, kind)
    assert answer.status_code == 302, answer.content.decode()
    return PaperRow.objects.latest("pk").pk


def act(client, number, name):
    revision = PaperRow.objects.get(pk=number).revision
    return client.post(f"{LIST}{number}/", {"act": name, "revision": revision})


def hold_refused(answer):
    assert (answer.status_code, "请作废这份草稿，重新起草" in answer.content.decode()) == (409, True)
    assert not Series.objects.exists(), "no number was used"
    assert not PaperCopy.objects.exists()


def rows_of(content):
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        tables = [row for page in pdf.pages for table in page.extract_tables() for row in table]
    plain = [[re.sub(r"\[\d+\]|[\s\u2060]", "", cell or "") for cell in row] for row in tables]
    return [row for row in plain if row[0] != "名次"]


def test_a_public_list_is_issued_masked_with_the_evaluations_figures(client, other, writer, people):
    step(Step.CLOSE, writer, 1)
    publish(writer)
    number = begin(client, "publicity")
    assert act(other, number, "approve").status_code == 302
    assert act(other, number, "issue").status_code == 302
    scopes = reads.standing_evaluation(*OF).content()["scopes"]
    winners = [line for scope in scopes for line in scope["winners"]]
    rows = rows_of(client.get(f"{LIST}{number}/file/?form=pdf").content)
    assert [row[:4] for row in rows] == [
        [str(each["rank"]), masked_name(each["name"]), each["unit"], str(each["volume"])] for each in winners
    ]
    assert len(rows) == 62


def test_a_list_taken_back_is_not_issued_although_it_was_approved(client, other, writer, people):
    step(Step.CLOSE, writer, 1)
    publish(writer)
    approved, draft = begin(client, "publicity"), begin(client, "publicity")
    assert act(other, approved, "approve").status_code == 302
    step(Step.WITHDRAW, writer, 7, "有人提出异议")
    hold_refused(act(other, approved, "issue"))
    hold_refused(act(other, draft, "approve"))


def test_a_new_list_in_publicity_does_not_carry_the_old_document(client, other, writer, people):
    """Also where nobody moved: the days of publicity are others."""
    step(Step.CLOSE, writer, 1)
    publish(writer)
    number = begin(client, "publicity")
    assert act(other, number, "approve").status_code == 302
    step(Step.WITHDRAW, writer, 7, "有人提出异议")
    publish(writer, 8)
    hold_refused(act(other, number, "issue"))


def test_a_commendation_is_not_issued_with_somebody_whose_award_was_taken_back(client, other, writer, people):
    make_final(*OF)
    number = begin(client, "commendation")
    assert act(other, number, "approve").status_code == 302
    first = models.Placing.objects.filter(division=COUNTY, rank=1).latest("pk").person
    officer = PaperRow.objects.get(pk=number).approved_by
    taken = writes.revoke_award(*OF, (first, COUNTY), officer, at(20), "查实为代刷")
    assert isinstance(taken, Taken), taken
    hold_refused(act(other, number, "issue"))
    again = begin(client, "commendation")
    assert act(other, again, "approve").status_code == 302
    assert act(other, again, "issue").status_code == 302


def test_a_list_for_publicity_goes_no_further_once_its_days_are_over(client, other, writer, people, moments):
    step(Step.CLOSE, writer, 1)
    publish(writer)
    draft, approved = begin(client, "publicity"), begin(client, "publicity")
    assert act(other, approved, "approve").status_code == 302
    assert reads.life(*OF).public_until == clock.day_of(moments[0])
    moments[0] += timedelta(minutes=1)
    late = asked(client, "publicity")
    assert (late.status_code, "这一轮的公示期已过，不能再起草公示名单" in late.content.decode()) == (
        422,
        True,
    )
    for number, which in ((draft, "approve"), (approved, "issue")):
        refused = act(other, number, which)
        assert refused.status_code == 409
        assert "公示期已过，这份名单不能再印发" in refused.content.decode()
    assert not PaperCopy.objects.exists()


def test_an_organ_commends_what_it_gives_and_counts_each_person_once(client, other, writer, people):
    make_final(*OF)
    city = {"name": "岳阳市科学技术协会", "mark": "岳阳市科学技术协会文件", "code": "岳科协发"}
    OrganRow.objects.create(division=COUNTY, declared_by=writer, declared_at=at(7), **city)
    clerks = {"name": "华容县插旗镇人民政府", "mark": "插旗镇人民政府文件", "code": "插政发"}
    OrganRow.objects.create(division="430623110", declared_by=writer, declared_at=at(7), **clerks)
    number = begin(client, "commendation")
    page = client.get(f"{LIST}{number}/").content.decode()
    assert "市科协奖励" not in page
    winners = PaperRow.objects.get(pk=number)
    [scope] = reads_of(winners)["scopes"]
    assert scope["name"] == "华容县"
    assert reads_of(winners)["persons"] == len(scope["winners"]) == 31
    assert "人次" not in page
    none = asked(client, "commendation", "插政发")
    assert (none.status_code, "这一轮没有由这个发文机关颁发的奖项" in none.content.decode()) == (422, True)


def reads_of(row):
    return json.loads(bytes(row.facts))["awards"]
