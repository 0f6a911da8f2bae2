"""The audit is read within one's divisions, searched, exported; looking at a number is kept in it."""

from datetime import datetime

import pytest
from django.test import Client
from wagtail.log_actions import log
from wagtail.models import Collection

from kepu.audit.rules import Deed
from kepu.audit.writes import keep_deed
from kepu.console import labels
from kepu.console.deeds import ASKED_FROM
from kepu.console.tasks import WORKS
from kepu.console.tests.conftest import enter
from kepu.console.tests.test_deeds import acts, kept
from kepu.documents.reading import read_sheet
from kepu.jobs import reads as jobs
from kepu.jobs.rules import JobState
from kepu.jobs.writes import run_next
from kepu.kit import clock
from kepu.people.models import Account
from kepu.people.reads.words import counter_way_text
from kepu.people.rules import CounterWay, Role
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN, applicant, phone

pytestmark = pytest.mark.django_db
PAGE = "/admin/audit/"


@pytest.fixture
def officer(db: None, client: Client) -> int:
    land.settle()
    return enter(client, 90, Role.COUNTY_OFFICER, COUNTY)


def write(subject: str, division: str = TOWN, at: datetime | None = None, **more: object) -> int:
    stated = {"act": "grant_scope", "account": 7, "name": "李审核", "network": "10.0.0.1"} | more
    return keep_deed(Deed(subject=subject, division=division, **stated), at or clock.now())  # type: ignore[arg-type]


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_one_reads_the_records_of_ones_own_divisions(client, officer):
    write("本镇的")
    write("本县的", COUNTY)
    write("邻县的", OTHER_COUNTY)
    write("全站的", "")
    page = text(client.get(PAGE))
    assert "本镇的" in page
    assert "本县的" in page
    assert "邻县的" not in page
    assert "全站的" not in page
    whole = Client()
    enter(whole, 91, Role.AUDITOR, "")
    assert "全站的" in text(whole.get(PAGE))
    town = Client()
    enter(town, 92, Role.TOWN_CLERK, TOWN)
    assert town.get(PAGE).status_code == 404
    assert town.post(PAGE + "export/").status_code == 404


def test_a_record_shows_who_from_where_and_what_changed(client, officer):
    write("王建国", before={"role": "town_clerk"}, after={"role": "unit_clerk", "reason": "<b>换岗"})
    page = text(client.get(PAGE))
    for words in ("李审核", "10.0.0.1", "授予职务", "乡镇", "&lt;b&gt;换岗", "插旗镇"):
        assert words in page, words


def test_what_is_asked_for_is_found(client, officer):
    write("张三", at=datetime.fromisoformat("2026-03-01T23:30:00+08:00"))
    write("李四", act="settle_complaint", at=datetime.fromisoformat("2026-03-02T00:30:00+08:00"), account=8)
    for query, found in {
        "words=张": "张三",
        "act=settle_complaint": "李四",
        "account=8": "李四",
        "since=2026-03-01&until=2026-03-01": "张三",
        "since=2026-03-02": "李四",
    }.items():
        page = text(client.get(f"{PAGE}?{query}"))
        assert found in page, query
        assert {"张三": "李四", "李四": "张三"}[found] not in page, query
    for nonsense in ("since=x", "until=9999-12-31", "account=-1", "before=x", "act=" + "x" * 900):
        assert client.get(f"{PAGE}?{nonsense}").status_code == 200


def test_pages_are_bounded_and_follow_each_other(client, officer, django_assert_max_num_queries):
    for number in range(60):
        write(f"第{number}条")
    client.get(PAGE)
    with django_assert_max_num_queries(11):
        first = text(client.get(PAGE))
    assert first.count("<strong>") >= 25
    assert "第59条" in first
    assert "第34条" not in first
    older = f"before={kept()[24].number}"
    assert older in first
    second = text(client.get(f"{PAGE}?{older}"))
    assert "第34条" in second
    assert "第59条" not in second


def test_nothing_under_the_audit_changes_or_removes(client, officer):
    write("张三")
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(PAGE).status_code == 405
    assert client.get(PAGE + "export/").status_code == 405
    assert acts() == ["grant_scope"]


def test_the_export_holds_what_was_asked_for_and_is_kept_itself(client, officer):
    for number in range(30):
        write(f"第{number}条")
    write("=1+1", after={"reason": "=cmd()"})
    write("邻县的", OTHER_COUNTY)
    job = int(client.post(PAGE + "export/", {"act": "grant_scope"}).headers["Location"].split("/")[-2])
    assert run_next(WORKS, clock.now)
    done = jobs.job(job, officer)
    assert done is not None
    assert done.state is JobState.DONE
    sheet = read_sheet((jobs.folder() / done.file).read_bytes(), 100)
    rows = list(sheet)
    assert len([row for row in rows if "第" in str(row)]) == 30
    assert any("=1+1" in str(row) for row in rows)
    assert not any("邻县的" in str(row) for row in rows)
    assert acts()[-1] == "export_audit"
    assert kept(COUNTY)[0].deed.division == COUNTY


def test_what_wagtail_logs_is_kept_with_who_and_from_where(client, db):
    land.settle()
    editor = enter(client, 90, Role.OPERATOR, "")
    collection = Collection.get_first_root_node().add_child(name="图片集")
    log(collection, "wagtail.create")  # by nobody: loaded, or Wagtail's own
    assert acts() == []
    ASKED_FROM.set("10.9.8.7")
    log(collection, "wagtail.create", user=Account.objects.get(pk=editor), data={"title": "图片集"})
    deed = kept()[0].deed
    assert deed.act == "wagtail.create"
    assert (deed.account, deed.name, deed.network, deed.division) == (editor, "周审", "10.9.8.7", "")
    assert (deed.subject, deed.after) == ("图片集", {"title": "图片集"})
    assert "图片集" in text(client.get(PAGE + "?act=wagtail.create"))


@pytest.mark.parametrize(
    ("role", "division", "sees"),
    [
        (Role.TOWN_CLERK, TOWN, True),
        (Role.TOWN_CLERK, OTHER_TOWN, False),
        (Role.COUNTY_OFFICER, COUNTY, True),
        (Role.COUNTY_OFFICER, OTHER_COUNTY, False),
        (Role.UNIT_CLERK, "430623110215", False),
        (Role.AUDITOR, COUNTY, False),
        (Role.EDITOR, "", False),
    ],
)
def test_a_whole_number_is_seen_inside_ones_divisions_and_each_look_is_kept(client, db, role, division, sees):
    land.settle()
    person = applicant(1)
    enter(client, 90, role, division)
    answer = client.post(f"/admin/people/{person}/phone/")
    shown = f"{phone(1)[:3]} {phone(1)[3:7]} {phone(1)[7:]}"
    assert answer.status_code == (200 if sees else 404)
    assert (shown in answer.content.decode()) is sees
    assert acts() == (["unmask_phone"] if sees else [])
    if sees:
        deed = kept(TOWN)[0].deed
        assert phone(1) not in str(deed)
        assert "138****0001" in deed.subject


def test_the_number_comes_in_place_of_the_masked_one(client, clerk):
    person = applicant(1)
    page = text(client.get(f"/admin/certifications/{person}/"))
    assert "138****0001" in page
    assert phone(1) not in page
    assert f"/admin/people/{person}/phone/" in page
    part = text(client.post(f"/admin/people/{person}/phone/", headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert phone(1) in part
    assert client.get(f"/admin/people/{person}/phone/").status_code == 405
    assert client.post("/admin/people/999999/phone/").status_code == 404
    back = text(client.post(f"/admin/people/{person}/phone/", {"back": "https://evil.example/admin/"}))
    assert "evil" not in back


def test_every_field_of_an_announcement_and_the_counter_has_words():
    after = {"text": "讲座", "audience": "全部", "people": 3, "texts": 0, "way": "form", "form": "1-2"}
    told = labels.changes_text({}, after)
    assert not [name for name, _old, _new in told if name.isascii()]
    assert ("核实方式", "", counter_way_text(CounterWay.FORM)) in told


def test_no_two_acts_are_called_the_same():
    words = [text for _heading, acts in labels.every_act() for _act, text in acts]
    assert len(words) == len(set(words))
