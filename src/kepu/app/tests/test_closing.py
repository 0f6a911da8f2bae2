"""Deleting my account: said plainly, proved, done in every room, and the phone is free again."""

import re

import pytest

from kepu.app import writes
from kepu.campaigns.rules import Kind
from kepu.content import reads as content
from kepu.content import writes as content_writes
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.messages import reads as texts
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.models import Account
from kepu.people.rules import Refusal, Refused, Role

PASSWORD = "wanwan-2021"


@pytest.fixture(autouse=True)
def texts_are_kept(settings):
    settings.KEPU_DEVELOPMENT = True


@pytest.fixture
def with_password(site):
    account = Account.objects.get(pk=site.wang)
    account.set_password(PASSWORD)
    account.save()
    return site.wang


def test_the_page_says_what_goes_and_what_stays(site, wang, with_password, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):  # one for the tabs: which parts are switched off
        html = wang.get("/me/close/").content.decode()
    for said in (
        "立即删除",
        "手机号、姓名和密码",
        "会留下",
        "只有编号，没有姓名",
        "重新注册",
        "/me/download/",
    ):
        assert said in html


def test_with_the_password_it_is_done_in_every_room(site, wang, with_password, noon):
    content_writes.save_article(site.wang, site.article, noon[0])
    ledger_writes.record_daily(site.wang, Kind.CHECK_IN, noon[0])
    response = wang.post("/me/close/", {"act": "close", "password": PASSWORD, "sure": "on"}, follow=True)
    assert response.redirect_chain[0][0] == "/"
    assert "账号已注销" in response.content.decode()
    assert people.account(site.wang) is None
    assert people.profile(site.wang) is None
    assert content.saved(site.wang).rows == []
    assert wang.get("/me/settings/").url.startswith("/sign-in/")
    assert len(ledger.statement(site.wang, None, 10)) == 1, "what was counted stays under the number"


def test_another_phone_of_mine_is_signed_out_too(site, wang, with_password):
    from kepu.app.tests.conftest import as_account

    other = as_account(site.wang)
    wang.post("/me/close/", {"act": "close", "password": PASSWORD, "sure": "on"})
    assert other.get("/me/settings/").url.startswith("/sign-in/")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": PASSWORD}, "请勾选"),
        ({"sure": "on"}, "请输入密码"),
        ({"password": "falsch-2021", "sure": "on"}, "密码不对"),
    ],
)
def test_nothing_goes_before_it_is_proved(site, wang, with_password, typed, said):
    response = wang.post("/me/close/", {"act": "close", **typed})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert people.profile(site.wang) is not None


def test_by_code_for_whoever_has_no_password(site, wang):
    assert 'name="password"' not in wang.get("/me/close/").content.decode()
    sent = wang.post("/me/close/", {"act": "code", "by": "code", "sure": "on"})
    html = sent.content.decode()
    assert "短信已发出" in html
    assert re.search(r'name="sure"[^>]*checked', html), "what was ticked is kept"
    code = re.search(r"\d{6}", texts.outbox(1)[0].text)[0]
    wrong = wang.post("/me/close/", {"act": "close", "by": "code", "code": "000000", "sure": "on"})
    assert wrong.status_code == 422
    wang.post("/me/close/", {"act": "close", "by": "code", "code": code, "sure": "on"})
    assert people.account(site.wang) is None


def test_htmx_gets_the_sentence_alone(site, wang):
    part = wang.post("/me/close/", {"act": "code"}, headers={"HX-Request": "true"}).content.decode()
    assert "短信已发出" in part
    assert "<html" not in part


def test_staff_are_told_whom_to_ask(site, wang, with_password, noon):
    people_writes.grant_scope(site.wang, Role.TOWN_CLERK, "430623110", noon[0])
    html = wang.get("/me/close/").content.decode()
    assert "请先联系平台管理员" in html
    assert 'name="password"' not in html
    refused = writes.close_account(site.wang, password=PASSWORD, code="", now=noon[0])
    assert refused == Refused(Refusal.STILL_STAFF)
    assert wang.post("/me/close/", {"act": "close", "password": PASSWORD, "sure": "on"}).status_code == 422
    assert people.account(site.wang) is not None


def test_it_is_for_whoever_is_signed_in(site, reader):
    assert reader.get("/me/close/").url.startswith("/sign-in/?next=/me/close/")
    assert reader.post("/me/close/", {"act": "close"}).url.startswith("/sign-in/")
