"""Rosters in the back office: seen, brought in whole, saved as a file, each within one's divisions."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kepu.audit.models import Kept
from kepu.console.tasks import WORKS
from kepu.console.tests.conftest import enter
from kepu.documents.reading import read_sheet
from kepu.documents.writing import Column, write_xlsx
from kepu.jobs import reads as jobs
from kepu.jobs.models import JobRow
from kepu.jobs.rules import Cancelled
from kepu.jobs.writes import run_next
from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.models import Communicator, RosterFile
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, FAR_TOWN, OTHER_TOWN, TOWN, phone, unit_in

pytestmark = pytest.mark.django_db
LIST, SEND = "/admin/rosters/", "/admin/rosters/files/"
HEADS = ("姓名", "手机号", "单位", "骨干", "备注")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def work() -> None:
    """The worker does all that waits."""
    while run_next(WORKS, clock.now):
        pass


def sheet(tmp_path: Any, *rows: tuple[Any, ...], heads: tuple[str, ...] = HEADS) -> SimpleUploadedFile:
    """An xlsx as a clerk sends it."""
    path = tmp_path / "名册.xlsx"
    write_xlsx(path, "名册", [Column(head) for head in heads], rows)
    return SimpleUploadedFile("名册.xlsx", path.read_bytes())


def sent(client: Client, upload: SimpleUploadedFile) -> str:
    """The address of the preview of a roster that was sent."""
    answer = client.post(SEND, {"file": upload})
    assert answer.status_code == 302, text(answer)
    work()
    page = text(client.get(answer.headers["Location"]))
    number = RosterFile.objects.latest("pk").pk
    assert f"{SEND}{number}/" in page
    return f"{SEND}{number}/"


def confirmed(client: Client, preview: str) -> str:
    """What the job that enters a roster says."""
    seen = RosterFile.objects.get(pk=int(preview.split("/")[-2])).situation
    answer = client.post(f"{preview}enter/", {"seen": seen})
    work()
    return text(client.get(answer.headers["Location"]))


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def enrolled(*people: Any) -> list[int]:
    return writes.enroll_many(list(people), now=clock.now())


def test_a_roster_is_previewed_entered_once_and_its_refused_rows_are_mended(client, clerk, tmp_path):
    rows = [(f"王{'甲乙丙丁戊己庚辛壬癸'[n % 10]}英", phone(n), "同福村", "否", "组长") for n in range(1, 41)]
    rows[4] = ("王", *rows[4][1:])
    rows[9] = (rows[9][0], "139", *rows[9][2:])
    preview = sent(client, sheet(tmp_path, *rows))
    page = text(client.get(preview))
    assert "录入 38 行" in page
    assert "138****0001" in page
    assert phone(1) not in page
    refused = text(client.get(f"{preview}?verdict=refused"))
    assert refused.count("roster-verdict refused") == 2
    assert "姓名：这不是姓名" in refused
    assert Communicator.objects.count() == 0
    assert "已录入：新增 38 人" in confirmed(client, preview)
    assert "没有任何变动" in confirmed(client, preview)
    assert Communicator.objects.count() == 38
    kept = Kept.objects.get(act="enter_roster")
    assert (kept.account, kept.division) == (clerk, TOWN)
    assert kept.after == {"new": 38, "changed": 0, "same": 0, "refused_in_file": 2}
    again = read_sheet(content(client.get(f"{preview}refused/")), 100)
    assert again[0] == (*HEADS, "原行号", "原因")
    assert [row[5] for row in again[1:]] == [6, 11]
    assert again[2][:5] == rows[9]
    mended = [("王戊英", *again[1][1:]), (again[2][0], phone(10), *again[2][2:])]
    second = sent(client, sheet(tmp_path, *mended, heads=again[0]))
    assert "新增 2 人" in confirmed(client, second)
    assert Communicator.objects.count() == 40


def test_a_file_that_is_no_roster_is_told_at_once(client, clerk, tmp_path):
    for upload, said in (
        (None, "请选择文件"),
        (SimpleUploadedFile("x.xlsx", b"PK\x03\x04nonsense"), "这不是表格"),
        (sheet(tmp_path, ("王秀英", "同福村"), heads=("姓名", "单位")), "没有找到这些列：手机号"),
        (sheet(tmp_path), "文件里没有内容"),
    ):
        answer = client.post(SEND, {"file": upload} if upload else {})
        assert (answer.status_code, said in text(answer)) == (422, True), text(answer)
    assert not RosterFile.objects.exists()


def test_a_situation_that_changed_is_shown_again_before_anything_is_entered(client, clerk, tmp_path):
    preview = sent(client, sheet(tmp_path, ("王秀英", phone(1), "同福村", "否", None)))
    enrolled(land.enrolled(1, unit_in(TOWN), name="张三丰"))
    assert "情况有变化" in confirmed(client, preview)
    assert Communicator.objects.count() == 1
    assert "该手机号在册的是 张*丰" in text(client.get(preview))


def test_an_entered_roster_is_in_the_audit_of_every_town_it_concerns(client, clerk, tmp_path):
    officer, counties = Client(), ("430624", COUNTY)
    account = enter(officer, 91, Role.COUNTY_OFFICER, counties[0])
    assert writes.grant_scope(account, Role.COUNTY_OFFICER, counties[1], clock.now()) is None
    enrolled(land.enrolled(2, unit_in(OTHER_TOWN, "华一村")))
    preview = sent(
        officer,
        sheet(
            tmp_path,
            ("王秀英", phone(1), "同福村", "否", None),
            ("赵大勇", phone(2), "同福村", "否", None),
            ("刘芳", phone(3), "太傅村", "否", None),
            ("刘", phone(4), "太傅村", "否", None),
        ),
    )
    assert "新增 2 人" in confirmed(officer, preview)
    kept = Kept.objects.filter(act="enter_roster").order_by("division")
    assert [(each.division, each.after) for each in kept] == [
        (OTHER_TOWN, {"new": 0, "changed": 1, "same": 0, "refused_in_file": 1}),
        (TOWN, {"new": 1, "changed": 1, "same": 0, "refused_in_file": 1}),
        (FAR_TOWN, {"new": 1, "changed": 0, "same": 0, "refused_in_file": 1}),
    ]
    auditor = Client()
    enter(auditor, 92, Role.AUDITOR, COUNTY)
    page = text(auditor.get("/admin/audit/?act=enter_roster"))
    assert ("插旗镇" in page, "文星镇" in page) == (True, False)


def test_the_bar_moves_while_a_roster_is_made_ready_and_stopping_it_enters_nobody(client, clerk, tmp_path):
    rows = [
        (f"王{'甲乙丙丁戊己庚辛壬癸'[n % 10]}英", phone(n), "同福村", "否", None) for n in range(1001, 2201)
    ]
    preview = sent(client, sheet(tmp_path, *rows))
    seen = RosterFile.objects.get().situation
    client.post(f"{preview}enter/", {"seen": seen})
    job = jobs.jobs_of(clerk)[0]
    told: list[tuple[int, int]] = []

    def stop_at_the_end(done: int, total: int) -> None:
        told.append((done, total))
        if done > 2000:
            raise Cancelled

    with pytest.raises(Cancelled):
        WORKS["enter_roster"](job, stop_at_the_end)
    shares = [done / total for done, total in told if total]
    assert shares == sorted(shares)
    assert len(set(shares)) >= 5
    assert Communicator.objects.count() == 0
    work()
    assert Communicator.objects.count() == 1200


def test_a_csv_of_gbk_is_a_roster_too(client, clerk):
    rows = "姓名,电话,村（社区）\n王秀英,13800000001,同福村\n".encode("gbk")
    preview = sent(client, SimpleUploadedFile("名册.csv", rows))
    assert "新增 1 人" in confirmed(client, preview)


def test_the_template_is_a_roster_without_rows(client, clerk, tmp_path):
    rows = read_sheet(content(client.get("/admin/rosters/template/")), 10)
    assert rows == [("姓名", "手机号", "乡镇", "单位", "类型", "机构", "骨干", "认证日期")]


def test_the_roster_of_another_is_not_there(client, clerk, tmp_path):
    preview = sent(client, sheet(tmp_path, ("王秀英", phone(1), "同福村", "否", None)))
    other = Client()
    enter(other, 91, Role.COUNTY_OFFICER, COUNTY)
    for address in (preview, f"{preview}refused/"):
        assert other.get(address).status_code == 404
    assert other.post(f"{preview}enter/").status_code == 404


def test_the_list_masks_numbers_and_finds_whole_ones(client, clerk):
    enrolled(*(land.enrolled(n, unit_in(TOWN, "同福村"), name="王秀英") for n in range(1, 31)))
    enrolled(land.enrolled(50, unit_in(OTHER_TOWN), name="外镇人"))
    page = text(client.get(LIST))
    assert page.count('name="people"') == 25
    assert "start=25" in page
    assert "138****0001" in page
    assert phone(1) not in page
    assert text(client.get(f"{LIST}?start=25")).count('name="people"') == 5
    assert text(client.get(f"{LIST}?text={phone(7)}")).count('name="people"') == 1
    assert 'name="people"' not in text(client.get(f"{LIST}?text=外镇人"))
    for nonsense in ("?start=x", "?town=9", "?unit=y", "?state=<b>", "?unit=99999999999999999"):
        assert client.get(LIST + nonsense).status_code == 200


def test_the_whole_number_is_offered_where_one_may_see_it_and_nowhere_else(client, clerk):
    here, there = enrolled(land.enrolled(1, unit_in(TOWN)), land.enrolled(2, unit_in(OTHER_TOWN)))
    assert writes.grant_scope(clerk, Role.AUDITOR, COUNTY, clock.now()) is None  # looks, without numbers
    page = text(client.get(LIST))
    assert f"/admin/people/{here}/phone/" in page
    assert f'href="{LIST}{there}/"' in page
    assert f"/admin/people/{there}/phone/" not in page
    for account, status in ((here, 200), (there, 404)):
        button = f"/admin/people/{account}/phone/" in text(client.get(f"{LIST}{account}/"))
        assert button is (status == 200)
        assert client.post(f"/admin/people/{account}/phone/").status_code == status
    assert Kept.objects.filter(act="unmask_phone").count() == 1


def test_those_ticked_are_named_backbones_and_it_is_kept(client, clerk):
    mine, far = enrolled(land.enrolled(1, unit_in(TOWN)), land.enrolled(2, unit_in(OTHER_TOWN)))
    client.post(f"{LIST}backbones/", {"people": [mine, far], "is_backbone": "1"})
    assert list(Communicator.objects.filter(is_backbone=True).values_list("pk", flat=True)) == [mine]
    assert Kept.objects.get(act="set_backbones").after == {"is_backbone": True, "accounts": f"{mine}"}
    client.post(f"{LIST}backbones/", {"people": [mine, far], "is_backbone": "1"})
    assert "没有人被改动" in text(client.get(LIST))


def test_what_is_done_in_several_towns_is_in_the_audit_of_each(client, clerk):
    """Whoever audits one town sees what was done there, and the numbers of all, however many there are."""
    assert writes.grant_scope(clerk, Role.TOWN_CLERK, FAR_TOWN, clock.now()) is None
    here = enrolled(*(land.enrolled(n, unit_in(TOWN), name="欧阳翠花") for n in range(1, 61)))
    (far,) = enrolled(land.enrolled(70, unit_in(FAR_TOWN)))
    client.post(f"{LIST}backbones/", {"people": [*here, far], "is_backbone": "1"})
    kept = dict(Kept.objects.filter(act="set_backbones").values_list("division", "after"))
    assert kept[TOWN]["accounts"].split("、") == [str(account) for account in here]
    assert kept[FAR_TOWN]["accounts"] == str(far)
    client.post(f"{LIST}export/")
    taken = Kept.objects.filter(act="export_roster").order_by("division")
    assert [(each.division, each.subject) for each in taken] == [
        (TOWN, "共 60 人。"),
        (FAR_TOWN, "共 1 人。"),
    ]
    client.post(f"{LIST}export/", {"town": FAR_TOWN})
    assert list(Kept.objects.order_by("-pk").values_list("division", flat=True))[:2] == [FAR_TOWN, FAR_TOWN]


def test_the_file_of_the_roster_has_real_types_and_masked_numbers(client, clerk):
    (account, _far) = enrolled(
        land.enrolled(1, unit_in(TOWN, "同福村"), name="王秀英"), land.enrolled(2, unit_in(OTHER_TOWN))
    )
    assert client.post(f"{LIST}export/", {"whole": "1", "reason": " "}).headers["Location"].startswith(LIST)
    whole = {"whole": "1", "reason": "电话通知"}
    for form, number, name in (({}, "138****0001", "名册2"), (whole, phone(1), "名册（含完整号码）2")):
        answer = client.post(f"{LIST}export/", form)
        work()
        assert JobRow.objects.latest("pk").file_name.startswith(name)
        rows = read_sheet(content(client.get(answer.headers["Location"] + "file/")), 10)
        assert len(rows) == 2
        row = dict(zip(rows[0], rows[1], strict=True))
        assert (row["编号"], row["手机号"], row["单位"], row["骨干"]) == (account, number, "同福村", "否")
        assert row["认证日期"] == clock.day_of(land.NOW)
    assert [kept.after for kept in Kept.objects.filter(act="export_roster").order_by("pk")] == [
        {"whole_numbers": False},
        {"whole_numbers": True, "reason": "电话通知"},
    ]


def test_whole_numbers_are_not_for_those_who_may_not_see_them(client, clerk):
    enrolled(land.enrolled(1, unit_in(TOWN)))
    auditor = Client()
    enter(auditor, 91, Role.AUDITOR, COUNTY)
    assert auditor.post(f"{LIST}export/", {"whole": "1"}).status_code == 404
    answer = auditor.post(f"{LIST}export/")
    work()
    rows = read_sheet(content(auditor.get(answer.headers["Location"] + "file/")), 10)
    assert rows[1][2] == "138****0001"
    for address in (SEND, "/admin/rosters/template/", "/admin/units/new/"):
        assert auditor.get(address).status_code == 404


def test_a_persons_page_says_how_they_came_and_lets_them_be_moved(client, clerk):
    (account,) = enrolled(land.enrolled(1, unit_in(TOWN, "同福村"), name="王秀英"))
    other, today = unit_in(TOWN, "插旗村"), clock.day_of(clock.now())
    page = text(client.get(f"{LIST}{account}/"))
    for fact in ("王秀英", "138****0001", "同福村", "插旗村", "已通过"):
        assert fact in page
    answer = client.post(f"{LIST}{account}/move/", {"unit": other, "since": f"{today}"})
    assert answer.status_code == 302
    assert reads.profile(account).unit == other
    assert Kept.objects.get(act="move_person").before == {"unit": "同福村"}
    again = client.post(f"{LIST}{account}/move/", {"unit": other, "since": f"{today}"})
    assert (again.status_code, "已经在这个单位" in text(again)) == (409, True)
    for form in (
        {},
        {"unit": other},
        {"unit": "x", "since": "y"},
        {"unit": unit_in(OTHER_TOWN), "since": f"{today}"},
    ):
        assert client.post(f"{LIST}{account}/move/", form).status_code == 409


def test_two_accounts_are_merged_and_parted_on_the_persons_page(client, clerk):
    home = unit_in(TOWN)
    kept, double = enrolled(land.enrolled(1, home), land.enrolled(2, home))
    assert f"{LIST}{double}/" in text(client.get(f"{LIST}{kept}/"))
    assert client.post(f"{LIST}{kept}/merge/", {"other": double}).status_code == 302
    assert reads.profile(double) is None
    assert "已并入本账号" in text(client.get(f"{LIST}{kept}/"))
    closed = text(client.get(f"{LIST}{double}/"))
    assert "已撤销" in closed
    merge = Kept.objects.get(act="merge_accounts")
    assert merge.after == {"accounts": f"{kept}"}
    number = closed.split("/merges/")[1].split("/")[0]
    assert client.post(f"{LIST}{double}/merges/{number}/undo/").status_code == 302
    assert reads.profile(double) is not None
    assert client.post(f"{LIST}{kept}/merge/", {"other": kept}).status_code == 409
    assert client.post(f"{LIST}{kept}/merges/999/undo/").status_code == 404


def test_units_are_listed_added_named_anew_and_closed(client, clerk):
    unit = unit_in(TOWN, "同福村")
    one, today = f"/admin/units/{unit}/", clock.day_of(clock.now())
    assert "同福村" in text(client.get("/admin/units/"))
    form = {"name": "新同福村", "code": "430623110215", "since": f"{today}"}
    assert client.post(f"{one}rename/", form).status_code == 302
    page = text(client.get(one))
    assert "新同福村" in page
    assert "同福村（430623110215）" in page
    assert client.post(f"{one}rename/", {**form, "name": "再改"}).status_code == 409
    assert client.post(f"{one}rename/", {**form, "since": "x"}).status_code == 409
    enrolled(land.enrolled(1, unit))
    refused = client.post(f"{one}close/", {"is_closed": "1"})
    assert (refused.status_code, "还有人" in text(refused)) == (409, True)
    added = client.post(
        "/admin/units/new/", {"kind": "village", "name": "月塘村", "code": "430623110230"}
    ).headers["Location"]
    assert client.post(f"{added}close/", {"is_closed": "1"}).status_code == 302
    assert "月塘村" in text(client.get("/admin/units/?closed=1"))
    assert (
        client.post("/admin/units/new/", {"kind": "village", "name": "甲乙村", "code": "1"}).status_code
        == 422
    )
    assert {kept.act for kept in Kept.objects.all()} >= {"rename_unit", "add_unit", "close_unit"}


def test_what_the_pages_cost(client, clerk, django_assert_max_num_queries):
    home = unit_in(TOWN, "同福村")
    people = enrolled(*(land.enrolled(n, home) for n in range(1, 31)))
    for address, most in (
        (LIST, 20),
        (f"{LIST}?town={TOWN}&unit={home}", 20),
        (f"{LIST}?state=registered", 20),
        (f"{LIST}{people[0]}/", 25),
        (SEND, 16),
        ("/admin/units/", 18),
        (f"/admin/units/{home}/", 18),
    ):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
