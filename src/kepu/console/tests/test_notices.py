"""Reading a notice in the back office: values beside their passages, a draft only when confirmed."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kepu.audit.models import Kept
from kepu.campaigns import reads
from kepu.campaigns.models import SheetDraft
from kepu.campaigns.sheet import table_of
from kepu.campaigns.tests.notices.samples import HERE, made, tomllib
from kepu.console.tests.conftest import enter
from kepu.console.tests.drafting import LIST, field, page_of, save
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
READ, BEGIN, COUNTY = "/admin/notices/", "/admin/notices/begin/", "430623"
QUERIES_MAX = 25


@pytest.fixture
def officer(client: Client, db: None) -> int:
    """The county's officer, signed in as `client`."""
    town.build()
    return enter(client, 90, Role.COUNTY_OFFICER, COUNTY)


def sent(client: Client, name: str):
    raw = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))
    suffix = raw["file"] if raw["file"] in ("docx", "pdf", "xlsx") else "txt"
    content = made(raw["file"], raw["text"].strip("\n"))
    return client.post(READ, {"file": SimpleUploadedFile(f"{name}.{suffix}", content)})


def fields(page: str) -> dict[str, str]:
    """Every field of the form to confirm, as the page fills it in."""
    form = page.partition(f'action="{BEGIN}"')[2]
    found = dict(re.findall(r'<input type="text" name="([^"]+)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


def test_a_notice_is_shown_beside_its_passages_and_nothing_is_created(client: Client, officer: int) -> None:
    answer = sent(client, "a01_town_docx")
    page = answer.content.decode()
    assert answer.status_code == 200
    typed = fields(page)
    assert typed["document"] == "插政办发〔2021〕12号"
    assert typed["place"] == "430623110"
    assert typed["rounds[2].tiers[3].rank_from"] == "31"
    assert typed["tasks.total.volume"] == "39600"
    assert "每人每天最多分享300次" in page
    assert "没有写明传播量相同的怎么排名" in page
    assert not SheetDraft.objects.exists()


def test_what_was_confirmed_is_a_draft_with_its_deed(client: Client, officer: int) -> None:
    typed = fields(sent(client, "a01_town_docx").content.decode()) | {"opens_on": "2021-01-01"}
    done = client.post(BEGIN, typed)
    assert done.status_code == 302
    draft = SheetDraft.objects.get()
    raw = table_of(draft.text)
    assert (raw["policy"], raw["place"], draft.division) == ("voluntary", "430623110", "430623110")
    assert raw["earnings"]["share"]["per_day_max"] == 300
    assert [tier["amount"] for tier in raw["rounds"][1]["tiers"]] == [500, 300, 200]
    assert [len(raw["tasks"]["units"]), raw["tasks"]["total"]["registrations"]] == [9, 370]
    assert "basic_task" not in raw["rounds"][0]  # the notice does not say
    assert Kept.objects.latest("pk").act == "begin_draft"
    assert client.get(done["Location"]).status_code == 200


def test_another_countys_notice_is_read_but_begins_no_draft(client: Client, officer: int) -> None:
    page = sent(client, "a03_county_pdf").content.decode()
    assert "不在您的管辖范围内" in page
    refused = client.post(BEGIN, fields(page))
    assert refused.status_code == 422
    assert "管辖范围内的行政区划代码" in refused.content.decode()
    assert fields(refused.content.decode())["document"] == "新科协字〔2022〕8号"
    assert not SheetDraft.objects.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "空"), (b"%PDF-1.4\nbroken", "损坏"), (b"\xd0\xcf\x11\xe0" + b"\0" * 900, "另存为 docx")],
)
def test_what_cannot_be_read_has_its_answer(client: Client, officer: int, content: bytes, told: str) -> None:
    answer = client.post(READ, {"file": SimpleUploadedFile("x.pdf", content)})
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_no_file_and_an_empty_form_are_told(client: Client, officer: int) -> None:
    assert client.post(READ).status_code == 422
    assert "请填写标题" in client.post(BEGIN, {"x": "y"}).content.decode()


def test_the_page_costs_a_fixed_number_of_queries(
    client: Client, officer: int, django_assert_max_num_queries
) -> None:
    sent(client, "a01_town_docx")
    with django_assert_max_num_queries(QUERIES_MAX):
        sent(client, "a01_town_docx")


VILLAGES = """
@t 插旗镇人民政府办公室
@t 关于开展2026年科普传播活动的通知
各村：
　　活动时间为2026年7月1日至12月20日。每天签到1次，计2分。每人基本任务1000次。
@c 任务分配表
|单位|骨干科普员|新注册人数|全年传播量|
|同福村|2|45|4400|
|注北|2|45|4400|
|插旗镇大湾村|2|45|4400|
|曙光村村民委员会|2|45|4400|
|{name}|2|45|4400|
|合计|10|225|22000|
@r 插旗镇人民政府办公室
@r 2026年6月21日
"""


def begun(client: Client, name: str) -> SheetDraft:
    """The draft of a notice for five villages, the last called `name`."""
    content = made("docx", VILLAGES.format(name=name).strip("\n"))
    page = client.post(READ, {"file": SimpleUploadedFile("notice.docx", content)}).content.decode()
    assert client.post(BEGIN, fields(page)).status_code == 302
    return SheetDraft.objects.get()


def codes(draft: SheetDraft) -> list[str | None]:
    draft.refresh_from_db()
    return [row.get("division") for row in table_of(draft.text)["tasks"]["units"]]


def test_the_villages_of_a_notice_are_known_by_name(client: Client, officer: int) -> None:
    draft = begun(client, "众城社区居委会")
    known = ["430623110215", "430623110203", "430623110210", "430623110209", "430623110205"]
    assert codes(draft) == known
    assert [row["unit"] for row in table_of(draft.text)["tasks"]["units"]] == [
        *("同福村", "注北村", "大湾村", "曙光村", "众城村")
    ]
    page = client.get(page_of(draft, "tasks")).content.decode()
    assert "units[5].division" in page
    assert not re.search(r'<select[^>]+name="tasks\.units', page)
    save(client, draft, "tasks", act="units")
    assert codes(draft) == [*known, "430623110"], "the town's departments, and none of another place"
    assert len(set(codes(draft))) == len(codes(draft))


def test_a_wrong_name_is_chosen_from_the_places_units_and_the_draft_is_published(
    client: Client, officer: int
) -> None:
    colleague = enter(Client(), 92, Role.COUNTY_OFFICER, COUNTY, "李明")
    draft = begun(client, "众诚村")
    assert codes(draft)[4] is None
    page = client.get(page_of(draft, "tasks")).content.decode()
    (select,) = re.findall(r'<select[^>]+name="(tasks\.units[^"]+)".*?</select>', page, re.DOTALL)
    assert select == "tasks.units[5].division"
    assert '<option value="430623110205">插旗镇 众城村</option>' in page
    assert "按“众诚村”这个名称对不上唯一的单位" in page
    assert save(client, draft, "tasks", **field(select, "430623110205")).status_code == 302
    row = table_of(draft.text)["tasks"]["units"][4] if codes(draft) else {}
    assert (row["division"], row["unit"], row["volume"]) == ("430623110205", "众城村", 4400)
    basics = {"campaign": "chaqi-2026", "opens_on": "2026-07-01", "counts_within": COUNTY, "policy": "notice"}
    save(client, draft, "basics", **basics, issuer="插旗镇人民政府办公室", certified_only="true")
    save(client, draft, "points", **{"earnings.share.points": "1", "earnings.share.per_day_max": "300"})
    save(client, draft, "rounds", tie_rule="shared", double_award="both", publicity_days_min="5")
    form = {"revision": draft.revision, "newest": 0, "sign_off": colleague}
    done = client.post(f"{LIST}drafts/{draft.pk}/publish/", form)
    assert done.status_code == 302, done.content.decode()
    tasks = reads.campaign("chaqi-2026").sheet.tasks
    assert [task.division for task in tasks][4] == "430623110205"


def test_what_a_notice_says_beside_its_fields_is_kept_or_asked(client: Client, officer: int) -> None:
    content = made("docx", VILLAGES.format(name="众城村").strip("\n"))
    page = client.post(READ, {"file": SimpleUploadedFile("notice.docx", content)}).content.decode()
    typed = fields(page)
    assert (typed["opens_on"], typed["closes_on"]) == ("2026-07-01", "2026-12-20")
    assert typed["title"] == "2026年科普传播活动"
    assert "通知写了“基本任务1000次”" in page
    assert "签到1次" in page.partition("notice-questions")[2].partition("</section>")[0]
