"""公文 against people who type what they should not, and against hands in the database."""

import io
import re

import pytest
from django.test import Client
from docx import Document

from kepu.audit.models import Kept
from kepu.console.tests.conftest import enter
from kepu.console.tests.test_papers import (
    LIST,
    ORGAN,
    ZHUBEI,
    act,
    begin,
    campaign,
    other,
    pdf_text,
    row,
    text,
    writer,
)
from kepu.papers.models import HearingRow, OrganRow, PaperCopy, PaperRow
from kepu.papers.rules import PARAGRAPHS_MAX
from kepu.people.rules import Role

__all__ = ["campaign", "other", "writer"]
pytestmark = pytest.mark.django_db
HOSTILE = '#panic("坏") *粗* $x^2$ @ref <label> <script>alert(1)</script> \\ {{ 7 }} {ns} <w:p/> &amp; ]]>'
UNSEEN = "\x00\x07\x1b\u202e\u2066\u200b\ufeff"


def test_what_is_typed_is_shown_as_it_was_typed_and_nothing_of_it_runs(client, other, campaign):
    begin(client, campaign, "notice")
    typed = {
        "title": f"通知{HOSTILE}"[:100],
        "addressee": f"各村{HOSTILE}",
        "opening": f"{UNSEEN}开头{HOSTILE}\r\n第二段😀𠮷שלום",
        "note": "<b>公开</b>",
        "copies": f"抄{HOSTILE}",
    }
    assert act(client, "save", **typed).status_code == 302
    kept = row().texts
    assert not any(each in "".join(kept.values()) for each in UNSEEN)
    page = text(client.get(f"{LIST}{row().pk}/"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<b>公开</b>" not in page
    assert act(other, "approve").status_code == 302
    assert act(other, "issue").status_code == 302
    pdf = pdf_text(client.get(f"{LIST}{row().pk}/file/?form=pdf").content)
    assert pdf.count(re.sub(r"\s", "", HOSTILE)) >= 3
    docx = Document(io.BytesIO(client.get(f"{LIST}{row().pk}/file/?form=docx").content))
    body = [each.text for each in docx.paragraphs if each.style.name == "Body Text"]
    assert f"开头{HOSTILE}" in body
    assert "第二段😀𠮷שלום" in body


def test_five_thousand_characters_without_a_blank_keep_to_their_lines_and_length(client, other, campaign):
    begin(client, campaign, "notice")
    act(client, "save", title="通" * 5_000, opening="字" * 5_000, closing="x" * 5_000)
    kept = row().texts
    assert (len(kept["title"]), len(kept["opening"]), len(kept["closing"])) == (120, PARAGRAPHS_MAX, 4_000)
    assert act(other, "approve").status_code == 302
    assert act(other, "issue").status_code == 302
    pdf = pdf_text(client.get(f"{LIST}{row().pk}/file/?form=pdf").content)
    assert pdf.count("x") >= 4_000


def test_a_draft_pressed_twice_is_issued_once(client, other, campaign):
    begin(client, campaign, "notice")
    act(other, "approve")
    form = {"act": "issue", "revision": row().revision}
    answers = [other.post(f"{LIST}{row().pk}/", form).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert row().number == 1
    assert Kept.objects.filter(act="issue_paper").count() == 1


def test_nobody_approves_another_text_than_was_seen(client, other, campaign):
    begin(client, campaign, "notice")
    seen = row().revision
    act(client, "save", title="换了的题目")
    late = other.post(f"{LIST}{row().pk}/", {"act": "approve", "revision": seen})
    assert (late.status_code, row().state) == (409, "draft")
    assert other.post(f"{LIST}{row().pk}/", {"act": "approve"}).status_code == 409


@pytest.fixture
def issued(client, other, campaign) -> int:
    begin(client, campaign, "notice")
    act(other, "approve")
    assert act(other, "issue").status_code == 302
    return row().pk


@pytest.mark.parametrize("name", ["save", "approve", "return", "drop", "issue"])
def test_an_issued_document_takes_no_act_but_a_withdrawal(client, other, issued, name):
    before = PaperRow.objects.values().get(pk=issued)
    answer = act(other, name, title="改了的题目", opening="改了")
    assert answer.status_code == 409
    assert PaperRow.objects.values().get(pk=issued) == before


def test_an_issue_keeps_the_digests_of_both_files_in_the_audit(issued):
    kept = Kept.objects.get(act="issue_paper").after
    assert kept["sha256"] == dict(PaperCopy.objects.values_list("form", "sha256"))


def test_altered_bytes_are_not_handed_out(client, issued, caplog):
    body = bytes(PaperCopy.objects.get(form="pdf").body)
    PaperCopy.objects.filter(form="pdf").update(body=body.replace(b"%PDF-1.7", b"%PDF-1.6"))
    answer = client.get(f"{LIST}{issued}/file/?form=pdf", follow=True)
    assert "被人绕过系统改动过" in text(answer)
    assert f"document {issued} is not what was written" in caplog.text
    assert client.get(f"{LIST}{issued}/file/?form=docx").status_code == 200


def test_altered_figures_are_neither_shown_nor_approved(client, other, campaign):
    begin(client, campaign, "notice")
    kept = row()
    body = bytes(kept.facts).replace(b"4400", b"4401")
    assert body != bytes(kept.facts)
    PaperRow.objects.filter(pk=kept.pk).update(facts=body)
    for answer in (
        client.get(f"{LIST}{kept.pk}/", follow=True),
        client.get(f"{LIST}{kept.pk}/file/?form=docx", follow=True),
        other.post(f"{LIST}{kept.pk}/", {"act": "approve", "revision": kept.revision}, follow=True),
    ):
        assert "被人绕过系统改动过" in text(answer)
    assert row().state == "draft"


def test_another_county_reaches_nothing_by_address(client, issued, campaign):
    far = Client()
    enter(far, 94, Role.COUNTY_OFFICER, "430602")
    assert far.post(f"{LIST}organs/", ORGAN | {"code": "楼科协发", "division": "430602"}).status_code == 302
    theirs = OrganRow.objects.get(code="楼科协发").pk
    ours = OrganRow.objects.get(code=ORGAN["code"]).pk
    for name in ("save", "approve", "return", "drop", "issue", "withdraw"):
        assert act(far, name, title="x", reason="x").status_code == 404, name
    for organ in (ours, theirs):
        form = {"campaign": campaign.number, "kind": "notice", "organ": organ}
        assert far.post(f"{LIST}new/", form).status_code == 422
    assert campaign.sheet.title not in text(far.get(f"{LIST}new/?campaign={campaign.number}&kind=notice"))
    assert f"<td>{ORGAN['code']}</td>" not in text(far.get(f"{LIST}organs/"))
    heard = far.post(f"{LIST}hearings/{campaign.number}/", {"unit": ZHUBEI, "said": "假的"})
    assert (heard.status_code, HearingRow.objects.exists()) == (404, False)
    assert far.get(f"/admin/campaigns/{campaign.number}/memo/").status_code == 404
    here = client.post(f"{LIST}new/", {"campaign": campaign.number, "kind": "notice", "organ": theirs})
    assert here.status_code == 422, "nobody issues in another county's name"


@pytest.mark.parametrize("division", ["4306", "43062", "430623999", "4306231", "430602", "x"])
def test_an_organ_issues_in_a_division_that_is_there_and_ones_own(client, writer, division):
    answer = client.post(f"{LIST}organs/", ORGAN | {"code": "另科协发", "division": division})
    assert (answer.status_code, OrganRow.objects.count()) == (422, 1)


@pytest.mark.parametrize("said", ["王一明没有做。", "王 一 明没有做。", "王\u200b一\u202e明没有做。"])
def test_a_persons_name_in_what_a_unit_said_stops_the_criticism(client, other, campaign, said):
    client.post(f"{LIST}hearings/{campaign.number}/", {"unit": ZHUBEI, "said": said})
    begin(client, campaign, "criticism", unit=[ZHUBEI])
    act(client, "save", title="通报", deadline="2099-12-31")
    answer = act(other, "approve")
    assert (answer.status_code, "请删去这些名字：王一明" in text(answer)) == (409, True)
