"""The pages: they work without JavaScript, keep what was typed, and lead somewhere safe."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kepu.kit import clock
from kepu.messages import reads as messages
from kepu.people import notice, reads, writes
from kepu.people.models import Account
from kepu.people.rules import CertificationState, Role
from kepu.people.sessions import COOKIE
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, OTHER_TOWN, PASSWORD, TOWN, phone, staff, unit_in

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def asked_for_code(client, address, number, **more):
    return client.post(address, {"act": "code", "phone": phone(number), **more})


def test_sign_up_in_two_steps_without_javascript(client, country, texted):
    page = asked_for_code(client, "/sign-up/", 1, agreed="on")
    assert page.status_code == 200
    assert phone(1) in text(page)
    assert "checked" in text(page)
    assert "短信已发出" in text(page)
    done = client.post(
        "/sign-up/",
        {"phone": phone(1), "code": texted(), "password": PASSWORD, "agreed": "on", "act": "enter"},
    )
    assert (done.status_code, done.headers["Location"]) == (302, "/me/certification/")
    assert client.cookies[COOKIE]["httponly"]
    assert client.get("/me/certification/").status_code == 200


def test_htmx_gets_the_sentence_alone(client, country):
    page = client.post("/sign-up/", {"act": "code", "phone": phone(1)}, headers={"HX-Request": "true"})
    assert "短信已发出" in text(page)
    assert "<html" not in text(page)
    assert "HX-Request" in page.headers["Vary"]
    again = client.post("/sign-up/", {"act": "code", "phone": phone(1)}, headers={"HX-Request": "true"})
    assert (again.status_code, "请等一分钟" in text(again)) == (200, True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"phone": "12345"}, "手机号不对"),
        ({"code": "12"}, "验证码不对"),
        ({"code": ""}, "请输入短信里的六位数字"),
        ({"password": "123"}, "密码至少 8 位"),
        ({"agreed": ""}, "请先阅读"),
    ],
)
def test_mistakes_are_said_and_what_was_typed_is_kept(client, country, texted, changes, said):
    asked_for_code(client, "/sign-up/", 1)
    stated = {"phone": phone(1), "code": texted(), "password": PASSWORD, "agreed": "on"} | changes
    page = client.post("/sign-up/", stated)
    assert page.status_code == 422
    assert said in text(page)
    assert f'value="{stated["phone"]}"' in text(page)
    assert PASSWORD not in text(page)
    assert not Account.objects.exists()


def test_pages_answer_alike_for_registered_and_unknown_numbers(account):
    def heard(number, network):
        client = Client(REMOTE_ADDR=network)
        pages = [
            asked_for_code(client, address, number)
            for address in ("/sign-up/", "/sign-in/", "/reset-password/")
        ]
        pages.append(
            client.post(
                "/sign-up/", {"phone": phone(number), "code": "1", "password": PASSWORD, "agreed": "on"}
            )
        )
        pages.append(client.post("/sign-in/", {"phone": phone(number), "password": "wrong"}))
        pages.append(client.post("/sign-in/", {"by": "code", "phone": phone(number), "code": "000000"}))
        return [(page.status_code, plain(text(page), number)) for page in pages]

    def plain(page, number):
        page = page.replace(phone(number), "PHONE")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)

    assert heard(1, "192.0.2.1") == heard(2, "192.0.2.2")


def test_sign_in_by_password_and_by_code(client, account, texted):
    done = client.post("/sign-in/", {"phone": phone(1), "password": PASSWORD})
    assert (done.status_code, done.headers["Location"]) == (302, "/me/certification/")
    other = Client()
    assert "短信验证码" in text(other.get("/sign-in/?by=code"))
    asked_for_code(other, "/sign-in/", 1, by="code")
    done = other.post("/sign-in/", {"by": "code", "phone": phone(1), "code": texted(), "next": "/me/"})
    assert (done.status_code, done.headers["Location"]) == (302, "/me/")


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ("/boards/?x=1", "/boards/?x=1"),
        ("https://evil.example/", "/me/certification/"),
        ("//evil.example/", "/me/certification/"),
        ("/\\evil.example/", "/me/certification/"),
        ("javascript:alert(1)", "/me/certification/"),
        ("me/", "/me/certification/"),
        ("/\n/evil.example", "/me/certification/"),
        ("", "/me/certification/"),
    ],
)
def test_one_comes_back_only_to_a_place_of_this_site(client, account, wanted, taken):
    done = client.post("/sign-in/", {"phone": phone(1), "password": PASSWORD, "next": wanted})
    assert done.headers["Location"] == taken


def test_another_password_and_a_forgotten_one(client, me, texted):
    wrong = client.post("/me/password/", {"present": "x", "password": "another-2021"})
    assert (wrong.status_code, "手机号或密码不对" in text(wrong)) == (422, True)
    done = client.post("/me/password/", {"present": PASSWORD, "password": "another-2021"})
    assert done.headers["Location"] == "/me/"
    assert client.get("/me/password/").status_code == 200
    other = Client()
    asked_for_code(other, "/reset-password/", 1)
    stated = {"phone": phone(1), "code": texted(), "password": "thethird-2021"}
    assert other.post("/reset-password/", stated).status_code == 302
    assert client.get("/me/password/").status_code == 302


def test_sign_in_fails_with_a_known_network_behind_a_proxy(client, account, settings):
    settings.KEPU_PROXIES = 1
    client.post(
        "/sign-in/", {"phone": phone(1), "password": "x"}, headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.5"}
    )
    from kepu.people.models import SignInGuard

    assert SignInGuard.objects.filter(subject="network:203.0.113.5").exists()


def form(**changes):
    return {
        "act": "submit",
        "name": "王秀英",
        "city": "4306",
        "county": COUNTY,
        "town": TOWN,
        "unit": str(unit_in(TOWN)),
        "applicant_type": "county",
        "association": str(reads.associations("华容", 1)[0].id),
        "q": "华容",
    } | changes


def test_the_form_is_picked_step_by_step_without_javascript(client, me):
    first = text(client.get("/me/certification/"))
    assert "华容县" in first
    assert "插旗镇" in first
    assert "同福村" not in first
    picked = text(client.post("/me/certification/", form(act="pick", unit="", name="王 秀英")))
    assert "同福村" in picked
    assert 'value="王 秀英"' in picked
    assert "请填" not in picked
    other_county = text(client.post("/me/certification/", form(act="pick", county="430624")))
    assert "文星镇" in other_county
    assert "同福村" not in other_county
    found = text(client.post("/me/certification/", form(act="find", q="湘阴", association="")))
    assert "湘阴县科学技术协会" in found
    assert reads.certification_of(me) is None


def test_htmx_gets_the_lists_below_and_the_associations_found(client, me, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        lists = text(
            client.get("/me/certification/places/", {"city": "4306", "county": COUNTY, "town": TOWN})
        )
    assert "同福村" in lists
    assert "<html" not in lists
    changed = text(
        client.get("/me/certification/places/", {"city": "4306", "county": "430624", "town": TOWN})
    )
    assert "同福村" not in changed
    with django_assert_max_num_queries(3):
        found = text(client.get("/me/certification/associations/", {"q": "湘阴", "county": COUNTY}))
    assert "湘阴县科学技术协会" in found
    for nonsense in ("'", "%", "1" * 500, "<b>", "99", "4306231"):
        client.get("/me/certification/places/", dict.fromkeys(("city", "county", "town"), nonsense))
        assert (
            client.get(
                "/me/certification/associations/", {"q": nonsense, "association": nonsense}
            ).status_code
            == 200
        )


def test_submitted_returned_mended_approved_revoked(client, me, country):
    clerk = staff(90, Role.TOWN_CLERK, TOWN, "周审")
    done = client.post("/me/certification/", form())
    assert (done.status_code, done.headers["Location"]) == (302, "/me/certification/")
    waiting = text(client.get("/me/certification/"))
    assert "审核中" in waiting
    assert "<select" not in waiting
    assert client.post("/me/certification/", form(name="王秀瑛")).status_code == 302
    assert reads.certification_of(me).name == "王秀英"
    writes.return_certification(me, clerk, "请填<b>全名", clock.now())
    returned = text(client.get("/me/certification/"))
    assert "请填&lt;b&gt;全名" in returned
    assert 'value="王秀英"' in returned
    assert re.search(rf'<option value="{unit_in(TOWN)}" selected>', returned)
    assert "周审" not in returned
    client.post("/me/certification/", form(name="王秀瑛"))
    writes.approve_certification(me, clerk, clock.now())
    approved = text(client.get("/me/certification/"))
    assert "您已是认证科普员" in approved
    writes.revoke_certification(me, clerk, "已搬走", clock.now())
    revoked = text(client.get("/me/certification/"))
    assert "已搬走" in revoked
    assert "重新提交" in revoked
    assert (
        client.post("/me/certification/", form(town=OTHER_TOWN, unit=str(unit_in(OTHER_TOWN)))).status_code
        == 302
    )
    assert reads.certification_of(me).state is CertificationState.SUBMITTED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "请填真实姓名"),
        ({"name": "<script>alert(1)</script>"}, "请填真实姓名"),
        ({"name": "'; DROP TABLE people_account;--"}, "请填真实姓名"),
        ({"town": "", "unit": ""}, "请选单位所在的乡镇"),
        ({"unit": "999999"}, "请从这个乡镇的名单里选"),
        ({"unit": "x"}, "请从这个乡镇的名单里选"),
        ({"applicant_type": "king"}, "请选一个类型"),
        ({"association": ""}, "请按名称查找机构"),
        ({"association": "9" * 30}, "请按名称查找机构"),
    ],
)
def test_a_wrong_field_is_said_in_plain_words_and_the_rest_kept(client, me, changes, said):
    page = client.post("/me/certification/", form(**changes))
    assert page.status_code == 422
    assert said in text(page)
    assert "<script>alert" not in text(page)
    assert reads.certification_of(me) is None
    if "name" not in changes:
        assert 'value="王秀英"' in text(page)


def test_the_privacy_notice_says_who_what_why_how_long_and_ones_rights(client, country, settings):
    settings.KEPU_CONTACT = "0730-4280000"
    page = text(client.get("/privacy/"))
    assert "华容县科学技术协会" in page
    assert "0730-4280000" in page
    assert "{handler}" not in page
    assert "{contact}" not in page
    assert notice.EDITION in page
    for section in notice.SECTIONS:
        assert section.heading in page


def test_what_the_pages_cost(client, me):
    land.applicant(5)
    costs = {  # one each for the tabs: which parts are switched off
        "/sign-up/": 1,
        "/sign-in/": 2,
        "/sign-out/": 1,
        "/reset-password/": 1,
        "/privacy/": 2,
        "/me/password/": 2,
        "/me/certification/": 8,
    }
    for address, most in costs.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= most, (address, [query["sql"] for query in queries])


def test_nothing_here_is_kept_by_a_shared_computers_cache(client, me):
    for address in ("/sign-in/", "/sign-up/", "/me/certification/", "/me/password/", "/reset-password/"):
        assert "no-store" in client.get(address).headers["Cache-Control"]


def test_messages_name_the_site(client, country):
    asked_for_code(client, "/sign-up/", 1)
    assert messages.outbox(1)[0].text.startswith("【科普】")
