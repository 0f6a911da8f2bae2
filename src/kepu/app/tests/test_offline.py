"""What a phone needs to keep the site on its home screen and open it without a network."""

import json
import re

from django.contrib.staticfiles import finders
from PIL import Image

from kepu.app.pages import offline
from kepu.app.pages.offline import SHELL


def test_the_manifest_names_icons_that_are_there_in_their_size(reader):
    answer = reader.get("/manifest.webmanifest")
    manifest = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (manifest["short_name"], manifest["start_url"], manifest["display"]) == ("科普", "/", "standalone")
    pictures = [icon for icon in manifest["icons"] if icon["type"] == "image/png"]
    for icon in pictures:
        file = finders.find(icon["src"].removeprefix("/static/"))
        assert "x".join(map(str, Image.open(file).size)) == icon["sizes"]
    assert {icon.get("purpose", "any") for icon in pictures} == {"any", "maskable"}
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in pictures}


def test_every_page_points_to_the_manifest_and_an_icon_for_apples_phones(db, reader):
    html = reader.get("/privacy/").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in html
    assert '<link rel="apple-touch-icon" href="/static/ui/icon-apple-180.png">' in html
    assert html.count('name="theme-color"') == 2
    reader.cookies["kepu_display"] = "dark"
    assert reader.get("/privacy/").content.decode().count('name="theme-color"') == 1


def test_the_worker_stands_at_the_root_and_names_files_that_are_there(reader):
    answer = reader.get("/sw.js")
    text = answer.content.decode()
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript", "no-cache")
    assert "Set-Cookie" not in answer.headers
    site = json.loads(text.splitlines()[0].removeprefix("self.SITE = ").removesuffix(";"))
    named = [*site["shell"], *json.loads("[" + text.split("importScripts(")[1].split(")")[0] + "]")]
    missing = [name for name in named if not finders.find(name.removeprefix("/static/"))]
    assert missing == []
    assert len(named) == len(SHELL) + 2


def test_another_file_is_another_version(reader, monkeypatch):
    before = reader.get("/sw.js").content
    assert reader.get("/sw.js").content == before
    monkeypatch.setattr(offline, "static", lambda name: f"/static/{name}?other")
    assert reader.get("/sw.js").content != before


def test_the_page_without_a_network_is_the_same_for_everybody(
    site, wang, reader, django_assert_max_num_queries
):
    with django_assert_max_num_queries(0):
        mine = wang.get("/offline/")
    assert mine.status_code == 200
    assert "Kepu-Account" not in mine.headers
    assert mine.content == reader.get("/offline/").content
    assert "现在没有网" in mine.content.decode()


def test_home_and_articles_say_whose_they_are_so_that_a_phone_keeps_accounts_apart(site, wang, li, reader):
    for address in ("/", f"/a/{site.article}/"):
        marks = {client.get(address).headers["Kepu-Account"] for client in (wang, li, reader)}
        assert len(marks) == 3, address
        assert reader.get(address).headers["Kepu-Account"] == "-"


def test_what_the_frame_says_of_waiting_acts_speaks_of_no_reward(site, reader):
    html = reader.get("/offline/").content.decode()
    strip = html.split('id="strip"')[1].split("</main>")[0]
    assert "补记" in strip
    assert not re.search("积分|奖励|补贴|排行|排名|名次|证书|签到|话费|兑换", strip)
