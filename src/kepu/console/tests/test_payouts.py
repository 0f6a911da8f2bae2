"""Certificates and subsidies in the back office: from a final list to the last answer, audited."""

import io
from urllib.parse import unquote

import openpyxl
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kepu.audit.models import Kept
from kepu.awards.reads import payouts as reads
from kepu.awards.reads.certificates import certificates
from kepu.awards.rules.certificates import Design
from kepu.awards.rules.payouts import LineState, PayList
from kepu.awards.tests.final import COUNTY, ROUND, SLUG, enrolled, make_final
from kepu.console.tasks import WORKS
from kepu.console.tests.conftest import enter
from kepu.documents.reading import read_sheet
from kepu.jobs.reads import folder, jobs_of
from kepu.jobs.writes import run_next
from kepu.kit import clock
from kepu.people.models import Communicator
from kepu.people.rules import Role

pytestmark = pytest.mark.django_db
S = LineState
OF = PayList(SLUG, ROUND, COUNTY)
LIST = f"/admin/payouts/{SLUG}/{ROUND}/{COUNTY}/"
PAPERS = f"/admin/certificates/{SLUG}/{ROUND}/"
LOOKS = {"mark-0": "华科协证", "design-0": "blue"}


@pytest.fixture
def officer(client):
    """An officer of the county with four winners, the last of 机关、站所; nothing is given yet."""
    enrolled(4, departments=1)
    make_final()
    client.me = enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    return client


def give(client):
    answer = client.post(f"{PAPERS}issue/", LOOKS, follow=True)
    assert "已发证书 4 份，待发补贴 4 笔。" in answer.content.decode()


def acts():
    return list(Kept.objects.order_by("pk").values_list("act", flat=True))


def done(client):
    """The file and its name of the newest long work, after it was done."""
    assert run_next(WORKS, clock.now)
    account = Kept.objects.order_by("-pk").values_list("account", flat=True).first()
    job = jobs_of(account)[0]
    assert job.state == "done", job
    return (folder() / job.file).read_bytes(), job.file_name


def test_awards_are_given_with_the_mark_and_the_look_that_were_declared(officer):
    page = officer.get("/admin/certificates/").content.decode()
    assert "2021年全年评选" in page
    bad = officer.post(f"{PAPERS}issue/", {"mark-0": "〔〕"}, follow=True).content.decode()
    assert "请填写编号字头" in bad
    assert certificates(SLUG, ROUND, ("",), 0, 9).rows == []
    give(officer)
    found = certificates(SLUG, ROUND, (COUNTY,), 0, 9).rows
    year = clock.day_of(clock.now()).year
    assert [each.serial for each in found] == [f"华科协证〔{year}〕{number:04d}号" for number in range(1, 5)]
    assert {each.design for each in found} == {Design.BLUE}
    again = officer.post(f"{PAPERS}issue/", LOOKS, follow=True).content.decode()
    assert "评选轮次不在这一步" in again
    assert acts().count("issue_certificates") == 1


def test_all_papers_in_one_file_and_one_given_anew(officer, settings, tmp_path):
    settings.HOME = tmp_path
    give(officer)
    answer = officer.post(f"{PAPERS}print/", {"start": "0"})
    assert answer.status_code == 302
    content, name = done(officer)
    assert len(pypdfium2.PdfDocument(content)) == 4
    assert name == "证书-4份.pdf"
    first = certificates(SLUG, ROUND, (COUNTY,), 0, 9).rows[0]
    assert officer.get(f"/admin/certificate/{first.number}/paper/").content.startswith(b"%PDF-")
    same = officer.post(f"/admin/certificate/{first.number}/anew/", {"reason": "错字"}, follow=True)
    assert "都与原证相同" in same.content.decode()
    Communicator.objects.filter(account=first.person).update(name="汪一明")
    officer.post(f"/admin/certificate/{first.number}/anew/", {"reason": "错字"})
    page = officer.get(PAPERS).content.decode()
    assert "汪一明" in page
    assert "已撤销" in page
    assert "give_certificate_anew" in acts()


def test_a_code_only_this_machine_can_open_is_told_before_the_awards_are_given(officer, settings):
    settings.ALLOWED_HOSTS = ["*"]
    warned = "请系统管理员把设置项 KEPU_SITE_URL 设为网站对外的网址"
    for host in ("127.0.0.1:8000", "localhost:8000", "[::1]:8000"):
        assert warned in officer.get("/admin/certificates/", headers={"host": host}).content.decode()
    assert warned not in officer.get("/admin/certificates/").content.decode()
    settings.KEPU_SITE_URL = "http://127.0.0.1:8000"
    assert "http://127.0.0.1:8000" in officer.get("/admin/certificates/").content.decode()
    settings.KEPU_SITE_URL = "https://kepu.example.cn"
    mine = officer.get("/admin/certificates/", headers={"host": "127.0.0.1"}).content.decode()
    assert warned not in mine


def test_a_certificate_is_saved_under_its_number_and_only_what_there_is_is_offered(officer):
    give(officer)
    page = officer.get(PAPERS).content.decode()
    assert "1–4</option>" in page
    assert page.count('<option value="0">') == 1
    assert '<option value="100">' not in page
    first = certificates(SLUG, ROUND, (COUNTY,), 0, 9).rows[0]
    answer = officer.get(f"/admin/certificate/{first.number}/paper/")
    name = unquote(answer.headers["Content-Disposition"])
    assert f"{first.serial} {first.name}.pdf" in name


def test_from_the_batch_to_the_answer(officer, settings, tmp_path, django_assert_max_num_queries):
    settings.HOME = tmp_path
    give(officer)
    officer.post(f"{LIST}batch/")
    assert officer.post(f"{LIST}batch/", follow=True).content.decode().count("没有可以送出的") == 1
    with django_assert_max_num_queries(20):
        page = officer.get(LIST).content.decode()
    assert "有 1 人待核实" in page
    assert "已送出" not in page
    assert page.index("取文件") < page.index("已列入批次") < page.index("王一明")
    [batch] = reads.batches(OF)
    file = officer.post(f"/admin/payout-batches/{batch.number}/file/")
    rows = read_sheet(file.content, 99)
    assert (file["Content-Type"], len(rows)) == ("text/csv; charset=utf-8", 4)
    marks = [row[1] for row in rows[1:]]
    answer = (
        f"行号,手机号,金额,结果,原因\n{marks[0]},13912345678,500,成功,\n"
        f"{marks[1]},,500,失败,=HYPERLINK()\n{marks[2]},,5,成功,\n"
    )
    sent = officer.post(f"{LIST}answer/", {"file": SimpleUploadedFile("回单.csv", answer.encode())})
    assert sent.status_code == 302, sent.content.decode()
    assert not any(b"13912345678" in path.read_bytes() for path in folder().iterdir())
    with django_assert_max_num_queries(20):
        preview = officer.get(sent["Location"]).content.decode()
    for words in ("还没有记入", "金额不一致", "记入 2 行", "=HYPERLINK()", "王*明"):
        assert words in preview
    assert {line.standing.state for line in reads.roster(OF)[:3]} == {LineState.SENT}
    applied = officer.post(sent["Location"], follow=True).content.decode()
    assert "已记入：到账 1 笔，失败 1 笔。" in applied
    again = officer.post(sent["Location"], follow=True).content.decode()
    assert "这个文件以前用过了" in again
    assert [line.standing.state for line in reads.roster(OF)] == [S.PAID, S.FAILED, S.SENT, S.TO_PAY]
    wanted = ["issue_certificates", "send_payout_batch", "take_payout_file", "apply_payout_answer"]
    assert [act for act in acts() if act in wanted] == wanted


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"a,b\n1,2\n", "没有找到“行号”“金额”“结果”"),
        ("a.xlsx", b"PK\x03\x04nothing", ""),
        ("a.csv", "行号,金额,结果\n".encode(), ""),
    ],
)
def test_what_is_no_answer_file_is_told_and_changes_nothing(officer, name, content, words):
    give(officer)
    answer = officer.post(f"{LIST}answer/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "payout-trouble" in page
    assert words in page
    assert officer.post(f"{LIST}answer/").status_code == 422
    assert officer.get(f"{LIST}answer/forged/").status_code == 404


def test_a_line_s_story_and_the_round_s_end(officer, django_assert_max_num_queries):
    give(officer)
    lines = reads.roster(OF)
    early = officer.post(f"{LIST}close/", follow=True).content.decode()
    assert "不能办结" in early
    last = lines[-1]
    address = f"/admin/payout-lines/{last.number}/act/"
    page = officer.post(address, {"event": "hand", "reason": "x"}, follow=True)
    assert "已核实，可以发放" in page.content.decode()  # the one act offered to a line under review
    assert reads.line(last.number, (COUNTY,)).standing.state is S.TO_PAY
    for event in ("clear", "hand"):
        officer.post(address, {"event": event, "reason": "非公职"})
    with django_assert_max_num_queries(15):
        story = officer.get(f"/admin/payout-lines/{last.number}/").content.decode()
    for words in ("颁奖时列入", "已核实，可以发放", "已当面发放（签字）", "非公职"):
        assert words in story
    for line in lines[:3]:
        officer.post(f"/admin/payout-lines/{line.number}/act/", {"event": "hand", "reason": "签字"})
    for event in ("send", "confirm", "open", "x", ""):
        officer.post(address, {"event": event, "reason": "签字"})
    assert {line.standing.state for line in reads.roster(OF)} == {S.PAID}
    ended = officer.post(f"{LIST}close/", follow=True).content.decode()
    assert "本轮补贴已办结。" in ended
    assert f"{LIST}close/" not in ended
    assert acts().count("act_on_payout") == 5
    assert acts()[-1] == "close_payout"


@pytest.mark.parametrize("whole", [False, True])
def test_the_roster_to_sign(officer, settings, tmp_path, whole):
    settings.HOME = tmp_path
    give(officer)
    form = {"form": "xlsx"} | ({"whole": "1"} if whole else {})
    officer.post(f"{LIST}roster/", form)
    content, name = done(officer)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.print_title_rows == "$1:$2"
    assert {cell.border.left.style for row in sheet["A2:J7"] for cell in row} == {"thin"}
    above, *rows = read_sheet(content, 99)
    assert "华容县补贴发放花名册" in above[0]
    assert rows[0] == ("序号", "姓名", "单位", "名次", "传播量", "标准", "金额", "手机号", "签字", "备注")
    assert [row[6] for row in rows[1:]] == [500, 500, 500, 500, 2000]
    assert rows[-1][0] == "合计"
    assert "贰仟元整" in rows[-1][9]
    assert ("****" in str(rows[1][7])) is not whole
    assert name.endswith(".xlsx")
    officer.post(f"{LIST}roster/", {"form": "pdf"})
    content, name = done(officer)
    text = pypdfium2.PdfDocument(io.BytesIO(content))[0].get_textpage().get_text_range()
    for words in ("补贴发放花名册", "贰仟元整", "签字", "王一明", "****"):
        assert words in text
    kept = Kept.objects.filter(act="export_payout_roster").order_by("pk")
    assert [entry.after["whole_numbers"] for entry in kept] == [whole, False]


def test_whoever_pays_elsewhere_finds_nothing(officer, client):
    give(officer)
    client.cookies.clear()
    enter(client, 91, Role.COUNTY_OFFICER, "430602")
    assert client.get(LIST).status_code == 404
    assert "2021年全年评选" not in client.get("/admin/payouts/").content.decode()
    client.cookies.clear()
    enter(client, 92, Role.TOWN_CLERK, "430623110")
    assert client.get("/admin/payouts/").status_code == 404
