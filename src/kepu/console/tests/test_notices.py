"""Reading a notice in the back office: values beside their passages, a draft only when confirmed."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kepu.audit.models import Kept
from kepu.campaigns.models import SheetDraft
from kepu.campaigns.sheet import table_of
from kepu.campaigns.tests.notices.samples import HERE, made, tomllib
from kepu.console.tests.conftest import enter
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
