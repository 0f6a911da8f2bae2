"""公文 in the back office: figures from the system, four eyes, an issue for good; the guard's memo."""

import io
import re
from datetime import date

import pdfplumber
import pytest
from django.test import Client
from docx import Document

from kepu.audit.models import Kept
from kepu.campaigns.rules import Policy, Published
from kepu.campaigns.tests.samples import reference_text
from kepu.console.composing import Asked, gathered
from kepu.console.tests.conftest import enter
from kepu.papers.models import OrganRow, PaperRow
from kepu.papers.rules import Facts, FactsNo, Kind
from kepu.people.models import Unit
from kepu.people.rules import Role, UnitKind
from kepu.standings import writes as standings
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
LIST, COUNTY = "/admin/papers/", "430623"
ZHUBEI, TONGFU = "430623110203", "430623110215"
ORGAN = {
    "name": "华容县科学技术协会",
    "mark": "华容县科学技术协会文件",
    "code": "华科协发",
    "division": COUNTY,
}


@pytest.fixture
def campaign(db: None) -> Published:
    """The reference campaign with its units, somebody who shared, and boards that follow."""
    published = town.build(reference_text())
    here = set(Unit.objects.values_list("division", flat=True))
    for task in published.sheet.tasks:
        if task.division not in here:
            Unit.objects.create(name=task.unit, kind=UnitKind.VILLAGE, division=task.division)
    (person,) = town.enrol(1, backbones=1)
    town.credit(person, 300, date(2021, 3, 5))
    standings.follow()
    return published


@pytest.fixture
def writer(client: Client, campaign: Published) -> int:
    """The county's officer who writes, signed in as `client`, with an organ to issue."""
    account = enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    assert client.post(f"{LIST}organs/", ORGAN).status_code == 302
    return account


@pytest.fixture
def other(writer: int) -> Client:
    """Another officer of the county, with a browser of their own."""
    client = Client()
    enter(client, 91, Role.COUNTY_OFFICER, COUNTY, "吴批")
    return client


def text(response) -> str:
    return response.content.decode()


def begin(client: Client, campaign: Published, kind: str, **more: object):
    form = {"campaign": campaign.number, "kind": kind, "organ": OrganRow.objects.get().pk}
    return client.post(f"{LIST}new/", form | more)


def pdf_text(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return re.sub(r"[\s\u2060]", "", "".join(page.extract_text() for page in pdf.pages))


def row() -> PaperRow:
    return PaperRow.objects.latest("pk")


def act(client: Client, name: str, **typed: str):
    return client.post(f"{LIST}{row().pk}/", {"act": name, "revision": row().revision} | typed)


def test_a_notice_goes_from_figures_to_an_issued_file(client, other, campaign):
    assert begin(client, campaign, "notice").status_code == 302
    page = text(client.get(f"{LIST}{row().pk}/"))
    for words in (
        "关于开展插旗镇2021年科普信息传播活动的通知",
        "各单位任务表",
        "39600",
        "规则表第1版",
        "草稿",
    ):
        assert words in page, words
    assert act(client, "no such act").status_code == 400
    assert act(client, "approve").status_code == 409, "nobody approves what they wrote"
    texts = {
        "title": "关于开展科普活动的通知",
        "addressee": "各村、社区",
        "opening": "为了大家。",
        "closing": "",
    }
    assert act(client, "save", **texts).status_code == 302
    assert act(other, "approve").status_code == 302
    assert act(client, "save", **texts).status_code == 409, "an approved one is not edited"
    assert "华科协发〔" in text(client.get(f"{LIST}{row().pk}/"))
    assert act(other, "issue").status_code == 302
    kept = {}
    for form in ("pdf", "docx"):
        answer = client.get(f"{LIST}{row().pk}/file/?form={form}")
        assert "attachment" in answer["Content-Disposition"]
        kept[form] = answer.content
        assert client.get(f"{LIST}{row().pk}/file/?form={form}").content == kept[form]
    number = f"华科协发〔{row().year}〕1号"
    pdf = pdf_text(kept["pdf"])
    assert number in pdf
    assert "39600" in pdf
    words = "".join(each.text for each in Document(io.BytesIO(kept["docx"])).paragraphs)
    assert number in words
    assert "为了大家。" in words
    assert number in text(client.get(LIST))
    assert act(client, "withdraw", reason="有误，另发。").status_code == 302
    assert client.get(f"{LIST}{row().pk}/file/?form=pdf").content == kept["pdf"]
    acts = list(Kept.objects.filter(act__endswith="_paper").order_by("pk").values_list("act", flat=True))
    assert acts == ["begin_paper", "change_paper", "approve_paper", "issue_paper", "withdraw_paper"]


def test_whoever_saves_second_is_told_and_keeps_what_they_typed(client, other, campaign):
    begin(client, campaign, "notice")
    seen = row().revision
    act(other, "save", title="先存的")
    late = client.post(f"{LIST}{row().pk}/", {"act": "save", "revision": seen, "title": "后存的"})
    assert late.status_code == 409
    assert "有人改过这份公文" in text(late)
    assert ">后存的</textarea>" in text(late)
    assert row().texts["title"] == "先存的"


def test_a_bulletin_carries_the_cut_off_and_each_units_progress(client, writer, campaign):
    assert begin(client, campaign, "bulletin").status_code == 302
    page = text(client.get(f"{LIST}{row().pk}/"))
    assert "截至2021年3月5日" in page
    assert "传播量任务39600" in re.sub("<sup>.*?</sup>", "", page)
    assert "各单位任务进展，统计截至2021年3月5日" in page


def test_nobody_is_criticised_who_was_not_heard(client, other, campaign):
    offered = text(client.get(f"{LIST}new/?campaign={campaign.number}&kind=criticism"))
    assert "还没有，去记录" in offered
    refused = begin(client, campaign, "criticism", unit=[ZHUBEI])
    assert (refused.status_code, "先听取每个选中单位的意见" in text(refused)) == (422, True)
    heard = client.post(f"{LIST}hearings/{campaign.number}/", {"unit": ZHUBEI, "said": "人手少，正在补。"})
    assert heard.status_code == 302
    assert begin(client, campaign, "criticism", unit=[ZHUBEI]).status_code == 302
    page = text(client.get(f"{LIST}{row().pk}/"))
    assert "人手少，正在补。" in page
    assert "完成期限 （必填）" in page
    assert 'name="deadline" value="" required>' in page
    assert act(other, "approve").status_code == 409, "there is no deadline yet"
    typed = {"title": "通报", "deadline": "2099-12-31", "closing": "通报到此。"}
    act(client, "save", **(typed | {"closing": "王一明没有完成。"}))
    named = act(other, "approve")
    assert (named.status_code, "请删去这些名字：王一明" in text(named)) == (409, True)
    act(client, "save", **typed)
    assert act(other, "approve").status_code == 302


def test_a_reminder_goes_to_one_unit(client, writer, campaign):
    both = begin(client, campaign, "reminder", unit=[ZHUBEI, TONGFU])
    assert (both.status_code, "一次只给一个单位" in text(both)) == (422, True)
    none = begin(client, campaign, "reminder")
    assert "请至少选一个单位" in text(none)
    assert begin(client, campaign, "reminder", unit=[ZHUBEI]).status_code == 302
    assert "希望" in text(client.get(f"{LIST}{row().pk}/"))


@pytest.mark.parametrize(("kind", "why"), [("publicity", "不在公示中"), ("commendation", "没有最后确定")])
def test_lists_of_people_wait_for_their_round(client, writer, campaign, kind, why):
    refused = begin(client, campaign, kind, round="annual")
    assert (refused.status_code, why in text(refused)) == (422, True)


def test_a_voluntary_campaign_criticises_nobody(campaign):
    quiet = town.moved(campaign, policy=Policy.VOLUNTARY)
    for kind in (Kind.CRITICISM, Kind.REMINDER):
        assert gathered(Asked(kind, quiet, "", (ZHUBEI,))) is FactsNo.NOT_NOTICE
    assert isinstance(gathered(Asked(Kind.NOTICE, quiet)), Facts)


def test_the_list_teaches_when_it_is_empty(client, campaign):
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    assert "请先登记发文机关" in text(client.get(LIST))
    assert "请先登记发文机关" in text(client.get(f"{LIST}new/"))
    client.post(f"{LIST}organs/", ORGAN)
    assert "还没有公文" in text(client.get(LIST))
    assert "没有这样的公文" in text(client.get(f"{LIST}?kind=notice&year=2021"))


def test_an_organ_is_declared_once_and_inside_ones_divisions(client, writer):
    twice = client.post(f"{LIST}organs/", ORGAN)
    assert (twice.status_code, "已经有机关在用" in text(twice)) == (422, True)
    outside = client.post(f"{LIST}organs/", ORGAN | {"code": "君科协发", "division": "430624"})
    assert outside.status_code == 422
    assert client.post(f"{LIST}organs/", ORGAN | {"code": ""}).status_code == 422


def test_documents_of_others_are_not_there(client, writer, campaign):
    begin(client, campaign, "notice")
    far = Client()
    enter(far, 92, Role.COUNTY_OFFICER, "430602")
    assert far.get(f"{LIST}{row().pk}/").status_code == 404
    assert far.get(f"{LIST}{row().pk}/file/?form=pdf").status_code == 404
    assert far.post(f"{LIST}{row().pk}/", {"act": "drop", "revision": 1}).status_code == 404
    assert "科普信息传播活动的通知" not in text(far.get(LIST))
    clerk = Client()
    enter(clerk, 93, Role.TOWN_CLERK, "430623110")
    assert clerk.get(LIST).status_code == 404


def test_the_memo_states_what_was_tested_and_who_signed(client, writer, campaign):
    address = f"/admin/campaigns/{campaign.number}/memo/"
    docx = client.get(f"{address}?version=1&form=docx")
    table = Document(io.BytesIO(docx.content)).tables[0]
    cells = [[cell.text for cell in each.cells] for each in table.rows]
    told = {cells_[0]: cells_[2] for cells_ in cells}
    assert any("第二项" in clause and said.startswith("冲突：") for clause, said in told.items())
    assert any("第五项" in clause and said == "没有冲突" for clause, said in told.items())
    assert "署名同意" in pdf_text(client.get(address).content)
    assert client.get(f"{address}?form=odt").status_code == 404


def test_every_page_costs_twenty_queries_at_most(client, other, campaign, django_assert_max_num_queries):
    """Each state of a document and each kind, asked for the second time."""
    papers = {}
    for kind in ("notice", "bulletin", "reminder"):
        begin(client, campaign, kind, unit=[ZHUBEI])
        papers[kind] = row().pk
    assert act(client, "save", title="提醒", deadline="2099-12-31").status_code == 302
    client.post(f"{LIST}hearings/{campaign.number}/", {"unit": ZHUBEI, "said": "正在补。"})
    begin(client, campaign, "criticism", unit=[ZHUBEI])
    for number, state in ((papers["notice"], "issued"), (papers["bulletin"], "approved")):
        for name in ("approve", "issue")[: 2 if state == "issued" else 1]:
            form = {"act": name, "revision": PaperRow.objects.get(pk=number).revision}
            assert other.post(f"{LIST}{number}/", form).status_code == 302
    new = [f"{LIST}new/?campaign={campaign.number}&kind={kind}" for kind in Kind]
    own = [f"{LIST}{number}/" for number in (*papers.values(), row().pk)]
    files = [f"{address}file/?form=docx" for address in own]
    others = (LIST, f"{LIST}?kind=notice&state=issued&year=2021", f"{LIST}organs/", f"{LIST}new/")
    for address in (
        *others,
        *new,
        *own,
        *files,
        f"{LIST}hearings/{campaign.number}/",
        f"/admin/campaigns/{campaign.number}/memo/?form=docx",
    ):
        client.get(address)
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200, address
