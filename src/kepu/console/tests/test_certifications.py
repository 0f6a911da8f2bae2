"""The queue in the back office: what a reviewer sees, decides, and is refused."""

import json
import re

import pytest
from django.test import Client

from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.models import Certification
from kepu.people.rules import CertificationState, Role
from kepu.people.tests.land import DAY, OTHER_TOWN, TOWN, applicant, application, newcomer

pytestmark = pytest.mark.django_db
QUEUE = "/admin/certifications/"
S = CertificationState


def text(response):
    return response.content.decode()


def listed(page):
    return page.split("<tbody>")[-1].split("</tbody>")[0].count("<tr>")


def one(account, act=""):
    return f"{QUEUE}{account}/{act}"


def state(account):
    return reads.certification_of(account).state


def seen(account):
    return {"seen": str(reads.certification_of(account).step)}


def submitted(number, name, town=TOWN):
    account = newcomer(number)
    assert isinstance(writes.submit_certification(account, application(town, name=name), clock.now()), int)
    return account


def test_the_queue_lists_the_scope_with_its_deadlines_in_colour(client, clerk):
    for number, name in enumerate(["甲超期", "乙今天", "丙不急"], 1):
        submitted(number, name)
    submitted(4, "丁外镇", OTHER_TOWN)
    for name, shift in (("甲超期", -1), ("乙今天", 0.5)):
        Certification.objects.filter(name=name).update(review_due_at=clock.now() + shift * DAY)
    page = text(client.get(QUEUE))
    rows = re.findall(r"<tr>.*?</tr>", page.split("<tbody>")[1], re.DOTALL)
    assert [next(name for name in ("甲超期", "乙今天", "丙不急") if name in row) for row in rows] == [
        "甲超期",
        "乙今天",
        "丙不急",
    ]
    assert [re.search(r'console-due (\w+)"', row)[1] for row in rows] == ["overdue", "soon", "calm"]
    assert "丁外镇" not in page
    assert "有 3 份等待审核" in page
    assert "138****0001" in page
    overdue = text(client.get(QUEUE + "?state=submitted&due=overdue"))
    assert "甲超期" in overdue
    assert "乙今天" not in overdue


def test_the_queue_filters_by_state_and_is_bounded(client, clerk):
    for number in range(1, 31):
        applicant(number)
    returned = submitted(40, "己退回")
    writes.return_certification(returned, clerk, "请修改", clock.now())
    first = text(client.get(QUEUE))
    assert listed(first) == 25
    assert "start=25" in first
    second = text(client.get(QUEUE + "?state=submitted&start=25"))
    assert listed(second) == 5
    assert "己退回" in text(client.get(QUEUE + "?state=returned"))
    assert "己退回" not in second
    assert listed(text(client.get(QUEUE + "?state=all"))) == 25
    for nonsense in ("?start=x", "?start=-1", "?start=99999999999999", "?state=<b>", "?due='"):
        assert client.get(QUEUE + nonsense).status_code == 200


def test_approving_returning_and_revoking(client, clerk):
    person = submitted(1, "王秀英")
    page = text(client.get(one(person)))
    for fact in (
        "王秀英",
        "138****0001",
        "湖南省岳阳市华容县插旗镇",
        "向阳街社区",
        "区县级",
        "华容县科学技术协会",
    ):
        assert fact in page
    done = client.post(one(person, "return/"), {"reason": "单位写错了", **seen(person)})
    assert (done.status_code, done.headers["Location"], state(person)) == (302, QUEUE, S.RETURNED)
    assert "已退回申请人" in text(client.get(QUEUE))
    writes.submit_certification(person, application(name="王秀瑛"), clock.now())
    client.post(one(person, "approve/"), seen(person))
    assert state(person) is S.APPROVED
    client.post(one(person, "backbone/"), {"is_backbone": "1"})
    assert reads.profile(person).is_backbone
    client.post(one(person, "revoke/"), {"reason": "已搬离", **seen(person)})
    assert state(person) is S.REVOKED
    history = text(client.get(one(person)))
    assert "单位写错了" in history
    assert "已搬离" in history
    assert "周审" in history


def test_a_decision_without_a_reason_keeps_what_was_typed(client, clerk):
    person = submitted(1, "王秀英")
    page = client.post(one(person, "return/"), {"reason": "字" * 401, **seen(person)})
    assert (page.status_code, "请写明原因" in text(page), "字" * 401 in text(page)) == (422, True, True)
    assert client.post(one(person, "return/"), seen(person)).status_code == 422
    assert state(person) is S.SUBMITTED


def test_what_changed_meanwhile_is_not_decided_unseen(client, clerk):
    person = submitted(1, "王秀英")
    before = seen(person)
    writes.return_certification(person, clerk, "请修改", clock.now())
    assert "已经办过了" in text(client.post(one(person, "approve/"), before))
    writes.submit_certification(person, application(name="王秀瑛"), clock.now())
    for form in (before, {}, {"seen": "x"}):
        page = client.post(one(person, "approve/"), form)
        assert (page.status_code, "请重新看一遍" in text(page)) == (409, True)
    assert state(person) is S.SUBMITTED


def test_nobody_decides_on_their_own(client, clerk):
    writes.submit_certification(clerk, application(name="周审"), clock.now())
    assert "通过</button>" not in text(client.get(one(clerk)))
    page = client.post(one(clerk, "approve/"), seen(clerk))
    assert (page.status_code, "不能审核自己的申请" in text(page)) == (409, True)
    assert state(clerk) is S.SUBMITTED


@pytest.mark.parametrize(("role", "division"), [(Role.TOWN_CLERK, OTHER_TOWN), (Role.EDITOR, "")])
def test_outside_the_scope_there_is_nothing(clerk, role, division):
    person = submitted(1, "王秀英")
    other = Client()
    enter(other, 91, role, division)
    reviews = role is Role.TOWN_CLERK
    assert other.get(QUEUE).status_code == (200 if reviews else 404)
    assert other.get(one(person)).status_code == 404
    for act in ("approve/", "return/", "revoke/", "backbone/"):
        form = {"reason": "越权", "is_backbone": "1", **seen(person)}
        assert other.post(one(person, act), form).status_code == 404
    assert other.get(one(10**15)).status_code == 404
    assert state(person) is S.SUBMITTED


def test_a_decision_is_a_post_with_the_forms_token(client, clerk):
    person = submitted(1, "王秀英")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert client.get(one(person, "approve/")).status_code == 405
    assert strict.post(one(person, "approve/"), seen(person)).status_code == 403
    assert state(person) is S.SUBMITTED


def test_the_menu_shows_the_queue_to_those_who_review(client, clerk):
    menu = text(client.get("/admin/"))
    assert QUEUE in menu
    assert json.dumps("实名认证").strip('"') in menu
    editor = Client()
    enter(editor, 91, Role.EDITOR, "")
    page = editor.get("/admin/")
    assert page.status_code == 200
    assert QUEUE not in text(page)


def test_one_way_in_and_out(client, clerk):
    assert (
        Client().get("/admin/login/?next=/admin/pages/").headers["Location"]
        == "/sign-in/?next=%2Fadmin%2Fpages%2F"
    )
    assert Client().get(QUEUE).headers["Location"] == f"/sign-in/?next={QUEUE}"
    out = client.post("/admin/logout/")
    assert (out.status_code, out.headers["Location"]) == (307, "/sign-out/")
    assert client.get("/admin/account/").headers["Location"] == "/me/"
    for closed in ("/admin/password_reset/", "/admin/failwhale/"):
        assert client.get(closed).status_code == 404
    plain = Client()
    newcomer(5)
    assert plain.get("/admin/").status_code == 302


def test_the_menus_foot_names_the_person_not_their_index(client, clerk):
    page = text(client.get("/admin/"))
    assert json.dumps("周审") in page  # the menu is written as JSON
    assert "ui/icon" in page
    assert not re.search(r"[0-9a-f]{64}", page)


def test_what_the_pages_cost(client, clerk, django_assert_max_num_queries):
    for number in range(1, 31):
        person = applicant(number)
    client.get(QUEUE)
    with django_assert_max_num_queries(17):
        client.get(QUEUE)
    with django_assert_max_num_queries(18):
        client.get(one(person))
