"""A session: where it ends, how long it lives, and what a cache may keep of what it showed."""

import pytest
from django.test import Client

from kepu.kit import clock
from kepu.people import writes
from kepu.people.models import Account
from kepu.people.rules import STAFF_SESSION_LIFE, Role
from kepu.people.sessions import COOKIE, is_staff_token
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, PASSWORD, phone

pytestmark = pytest.mark.django_db


def test_a_session_ends_here_or_everywhere(account):
    one, two = Client(), Client()
    land.sign_in(one, 1)
    land.sign_in(two, 1)
    assert one.get("/sign-out/").status_code == 200
    assert one.get("/me/password/").status_code == 200
    assert one.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert one.get("/me/password/").status_code == 302
    assert two.get("/me/password/").status_code == 200
    land.sign_in(one, 1)
    one.post("/sign-out/", {"everywhere": "1"})
    assert two.get("/me/password/").status_code == 302
    assert Client().post("/sign-out/", {"everywhere": "1"}).status_code == 302


def test_a_forms_token_seen_before_signing_in_is_worth_nothing_afterwards(account):
    strict = Client(enforce_csrf_checks=True)
    strict.get("/sign-in/")
    before = strict.cookies["csrftoken"].value
    form = {"phone": phone(1), "password": PASSWORD, "csrfmiddlewaretoken": before}
    assert strict.post("/sign-in/", form).status_code == 302
    assert strict.cookies["csrftoken"].value != before
    assert strict.post("/sign-out/", {"csrfmiddlewaretoken": before}).status_code == 403


def test_a_member_of_staff_leaves_no_token_that_works(account):
    writes.grant_scope(account, Role.COUNTY_OFFICER, COUNTY, clock.now())
    one, two = Client(), Client()
    land.sign_in(one, 1)
    land.sign_in(two, 1)
    one.post("/sign-out/")
    assert two.get("/admin/certifications/").status_code == 302


def test_a_member_of_staff_signs_in_every_day(account, monkeypatch):
    client, now = Client(), clock.now()
    land.sign_in(client, 1)
    monkeypatch.setattr(clock, "now", lambda: now + STAFF_SESSION_LIFE)
    assert client.get("/me/password/").status_code == 200
    writes.grant_scope(account, Role.COUNTY_OFFICER, COUNTY, now)
    assert client.get("/me/password/").status_code == 302
    monkeypatch.setattr(clock, "now", lambda: now + STAFF_SESSION_LIFE - land.MINUTE)
    assert client.get("/me/password/").status_code == 200


def test_a_token_of_staff_is_one_of_an_open_account_with_a_scope(account, django_assert_num_queries):
    client, now = Client(), clock.now()
    land.sign_in(client, 1)
    token = client.cookies[COOKIE].value
    with django_assert_num_queries(1):
        assert not is_staff_token(token, now)
    with django_assert_num_queries(0):
        assert not is_staff_token(token[:-2] + "xx", now)
    writes.grant_scope(account, Role.COUNTY_OFFICER, COUNTY, now)
    with django_assert_num_queries(1):
        assert is_staff_token(token, now)
    assert not is_staff_token(token, now + STAFF_SESSION_LIFE)
    writes.revoke_scope(account, Role.COUNTY_OFFICER, COUNTY)
    assert not is_staff_token(token, now)


def test_signing_out_takes_a_token_of_the_form():
    strict = Client(enforce_csrf_checks=True)
    for address in ("/sign-out/", "/sign-in/", "/sign-up/", "/reset-password/"):
        assert strict.post(address, {"phone": phone(1)}).status_code == 403


def test_a_forged_or_stale_token_is_nobody(client, account):
    for token in ("x", "a" * 500, "", "AAAA", "\x00"):
        client.cookies[COOKIE] = token
        assert client.get("/me/password/").status_code == 302
    land.sign_in(client, 1)
    Account.objects.update(is_active=False)
    assert client.get("/me/password/").status_code == 302


def test_what_somebody_signed_in_saw_is_kept_by_no_cache(client, me, country):
    mine = client.get("/")
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in mine.headers["Vary"]
    assert "Cache-Control" not in client.get("/privacy/").headers  # asks nobody who they are


def test_an_answer_to_a_program_is_kept_by_no_cache_either(client, me):
    token = client.cookies.pop(COOKIE).value
    mine = client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert (mine.status_code, mine.headers["Cache-Control"]) == (200, "private, no-store")


def test_a_page_that_would_differ_for_somebody_else_says_so(client, country):
    page = client.get("/")
    assert page.status_code == 200
    assert "Cookie" in page.headers["Vary"]
    assert "Cache-Control" not in page.headers


def test_a_browser_can_tell_its_accounts_apart_on_the_pages_that_ask_who_it_is(client, me, country):
    mine = client.get("/")
    mark = mine.headers["Kepu-Account"]
    assert len(mark) == 16
    assert f'data-account="{mark}"' in mine.content.decode()
    assert "Kepu-Account" not in client.get("/privacy/").headers
    client.cookies.clear()
    visitors = client.get("/")
    assert visitors.headers["Kepu-Account"] == "-"
    assert 'data-account=""' in visitors.content.decode()
