"""Inside WeChat a page says itself what its card shows, and only there WeChat's script may run."""

import json

import pytest
from django.test import Client

from kepu.app.pages import wechat
from kepu.app.tests.conftest import NOON, PHONE
from kepu.app.tests.test_sharing import REWARDS, share, token_of
from kepu.messages import writes as messages
from kepu.messages.rules import wechat_signature

SCRIPT = "https://res.wx.qq.com"
IN_WECHAT = f"{PHONE} MicroMessenger/8.0.49"


@pytest.fixture
def account(settings, monkeypatch):
    """A site with a WeChat account, and a ticket at hand."""
    settings.KEPU_WECHAT_APP_ID = "wx1"
    monkeypatch.setattr(messages, "wechat_ticket", lambda _now: "ticket-1")


def test_a_page_of_ours_is_signed(site, account, reader):
    url = "http://testserver/a/7/?via=x&y=%E7%A7%91"
    answer = reader.get("/wechat/signature/", {"url": url})
    said = json.loads(answer.content)
    assert said.keys() == {"appId", "timestamp", "nonceStr", "signature"}
    assert said["timestamp"] == int(NOON.timestamp())
    assert said["signature"] == wechat_signature("ticket-1", said["nonceStr"], said["timestamp"], url)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://elsewhere.example/", "http://testserver.elsewhere.example/", "http://testserver@evil.example/",
     "javascript://testserver/", "//testserver/", "http://[", "http://testserver/" + "a" * 1000],
)  # fmt: skip
def test_nobody_elses_page_is_signed(site, account, reader, url):
    assert reader.get("/wechat/signature/", {"url": url}).status_code == 400


def test_the_sites_public_address_is_ours_too(site, account, reader, settings):
    settings.KEPU_SITE_URL = "https://kepu.example.cn"
    assert reader.get("/wechat/signature/", {"url": "https://kepu.example.cn/a/7/"}).status_code == 200


def test_without_an_account_there_is_no_signature_and_without_wechat_it_comes_later(
    site, reader, settings, monkeypatch
):
    url = {"url": "http://testserver/"}
    assert reader.get("/wechat/signature/", url).status_code == 404
    settings.KEPU_WECHAT_APP_ID = "wx1"
    monkeypatch.setattr(messages, "wechat_ticket", lambda _now: None)
    answer = reader.get("/wechat/signature/", url)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_a_card_says_title_summary_link_and_picture_and_no_word_of_rewards(site, account, wang):
    token = token_of(share(wang, site.article))
    html = Client(headers={"User-Agent": IN_WECHAT}).get(f"/s/{token}/").content.decode()
    card = html.partition('id="wechat-card"')[2].partition(">")[0]
    assert f'data-link="http://testserver/s/{token}/"' in card
    assert f'data-picture="http://testserver/a/{site.article}/cover.png"' in card
    assert "data-title" in card
    assert "data-text" in card
    assert [word for word in REWARDS if word in card] == []


def test_wechats_script_is_let_in_only_inside_wechat_and_only_with_an_account(site, account, wang, settings):
    inside, outside = (Client(headers={"User-Agent": agent}) for agent in (IN_WECHAT, PHONE))
    pages = (f"/a/{site.article}/", f"/s/{token_of(share(wang, site.article))}/")
    for page in pages:
        policy = inside.get(page)["Content-Security-Policy"]
        assert policy.endswith(f"; script-src 'self' {SCRIPT}")
        assert policy.count("https:") == 1
        response = outside.get(page)
        assert "qq.com" not in response["Content-Security-Policy"] + response.content.decode()
        assert "User-Agent" in response["Vary"]
    assert "qq.com" not in inside.get("/")["Content-Security-Policy"]
    settings.KEPU_WECHAT_APP_ID = ""
    for page in pages:
        response = inside.get(page)
        assert "qq.com" not in response["Content-Security-Policy"]
        assert "wechat-card" not in response.content.decode()


def test_an_uploaded_cover_stands_for_itself(rf):
    class Uploaded:
        id, cover_url = 7, "/media/images/a.jpg"

    assert wechat.picture_of(rf.get("/"), Uploaded()) == "http://testserver/media/images/a.jpg"
