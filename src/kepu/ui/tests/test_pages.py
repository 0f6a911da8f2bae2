"""The frame of every page: headers, trouble in plain words, 长辈版 remembered."""

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings

from kepu.ui.headers import headers_middleware
from kepu.ui.pages import busy_page


def answer(path: str) -> HttpResponse:
    return headers_middleware(lambda request: HttpResponse("x"))(RequestFactory().get(path))


def test_pages_allow_nothing_inline_and_nothing_foreign():
    policy = answer("/me/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy


def test_only_the_back_office_may_run_inline_scripts():
    assert "'unsafe-inline'" in answer("/admin/pages/")["Content-Security-Policy"]
    assert "unsafe" not in answer("/adminx/")["Content-Security-Policy"]


def test_headers_on_a_real_answer(client):
    response = client.get("/nowhere-at-all/")
    assert response.status_code == 404
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_a_missing_page_says_so_and_what_to_do(client):
    html = client.get("/nowhere-at-all/").content.decode()
    assert "没有找到这一页" in html
    assert 'href="/discover/"' in html
    assert "投诉与建议" in html


def test_a_missing_page_looks_the_same_in_development(client, settings):
    usual = client.get("/nowhere-at-all/")
    settings.DEBUG = settings.KEPU_DEVELOPMENT = True
    shown = client.get("/nowhere-at-all/")
    assert shown.status_code == 404
    assert shown.content == usual.content
    assert shown["Content-Security-Policy"] == usual["Content-Security-Policy"]
    assert client.get("/display").status_code == 301  # an address without its last stroke is still helped


def test_a_browser_that_asks_for_the_old_icon_gets_ours(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert finders.find(response.url.removeprefix("/static/"))
    assert "max-age=86400" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["400", "403", "404", "403_csrf", "500", "503"])
def test_trouble_pages_stand_without_request_and_database(name):
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert 'class="button"' in html


def test_busy_says_when_to_come_back():
    response = busy_page(RequestFactory().get("/a/3/?x=1"), 7)
    assert (response.status_code, response["Retry-After"]) == (503, "7")
    assert 'href="/a/3/?x=1"' in response.content.decode()


def test_a_form_without_its_token_is_explained():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "这一页打开太久了" in response.content.decode()


def test_elder_mode_is_remembered_and_can_be_left(client):
    response = client.post("/display/", {"mode": "elder", "next": "/nowhere/"})
    assert response.url == "/nowhere/"
    assert '<html lang="zh-Hans" class="elder">' in client.get("/nowhere/").content.decode()
    client.post("/display/", {"theme": "dark"})
    assert 'class="elder dark"' in client.get("/nowhere/").content.decode()
    client.post("/display/", {"mode": "standard", "theme": "auto"})
    assert '<html lang="zh-Hans">' in client.get("/nowhere/").content.decode()


def test_the_text_size_is_one_of_four_and_stays_through_elder_mode(client):
    client.post("/display/", {"size": "4"})
    client.post("/display/", {"mode": "elder"})
    assert 'class="elder text-4"' in client.get("/nowhere/").content.decode()
    client.post("/display/", {"size": "2"})
    client.post("/display/", {"size": "5"})
    client.post("/display/", {"mode": "standard"})
    assert 'class="text-2"' in client.get("/nowhere/").content.decode()
    client.post("/display/", {"size": "1"})
    assert '<html lang="zh-Hans">' in client.get("/nowhere/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_way_back_stays_on_this_site(client, elsewhere):
    assert client.post("/display/", {"mode": "elder", "next": elsewhere}).url == "/"


def test_a_foreign_display_cookie_changes_nothing(client):
    client.cookies["kepu_display"] = 'elder".<script>'
    assert '<html lang="zh-Hans">' in client.get("/nowhere/").content.decode()


@pytest.mark.django_db  # its tabs ask which parts are switched off
def test_the_gallery_is_for_development_only(client):
    with override_settings(KEPU_DEVELOPMENT=False):
        assert client.get("/gallery/").status_code == 404
    with override_settings(KEPU_DEVELOPMENT=True):
        assert "部件" in client.get("/gallery/").content.decode()
        assert "请填写这一项。" in client.get("/gallery/?errors=1").content.decode()
