"""My settings: each choice is one press, remembered, and offered only where it works."""

from importlib import resources

import pytest

from kepu.campaigns import writes as campaigns
from kepu.people import reads, writes
from kepu.people.models import Account


@pytest.fixture
def boards_name_everybody(site, noon):
    """The open campaign's newest version lets boards leave no name out."""
    sheet = resources.files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8")
    assert "boards_may_hide = true" in sheet
    strict = sheet.replace("boards_may_hide = true", "boards_may_hide = false")
    campaigns.publish_sheet(strict, by="张三", signed_off_by="李四", now=noon[0])


def html_of(client):
    return client.get("/me/settings/").content.decode()


def test_everything_of_mine_is_one_press_away(site, wang, django_assert_max_num_queries):
    wang.get("/me/settings/")
    with django_assert_max_num_queries(4):
        html = html_of(wang)
    for to in ("/me/download/", "/me/close/", "/install/", "/complaints/", "/privacy/"):
        assert f'href="{to}"' in html
    assert 'action="/sign-out/"' in html
    assert 'name="everywhere" value="1"' in html
    assert "138****1234" in html
    assert "13800001234" not in html


def test_text_size_elder_mode_and_dark_are_pressed_where_they_stand(site, wang):
    for choice in ({"size": "3"}, {"mode": "elder"}, {"theme": "dark"}):
        assert wang.post("/display/", choice | {"next": "/me/settings/"}).url == "/me/settings/"
    html = html_of(wang)
    assert 'class="elder dark text-3"' in html
    for pressed in ('name="size" value="3"', 'name="mode" value="elder"', 'name="theme" value="dark"'):
        assert f'{pressed} aria-pressed="true"' in html
    assert html.count("aria-pressed") == 5, "and one each for announcements and the name"


def test_announcements_can_be_left_out_and_taken_back(site, wang):
    assert 'name="announcements" value="1" aria-pressed="true"' in html_of(wang)
    wang.post("/me/settings/", {"announcements": "0"})
    assert not reads.account(site.wang).hears_announcements
    assert 'name="announcements" value="0" aria-pressed="true"' in html_of(wang)
    wang.post("/me/settings/", {"announcements": "1"})
    wang.post("/me/settings/", {"announcements": "2"})
    assert reads.account(site.wang).hears_announcements


def test_a_name_is_hidden_only_where_the_campaign_lets(site, wang, boards_name_everybody):
    assert "hides_name" not in html_of(wang)
    wang.post("/me/settings/", {"hides_name": "1"})
    assert not reads.profile(site.wang).hides_name


def test_where_the_campaign_lets_one_press_hides_and_another_shows(site, wang):
    assert 'name="hides_name" value="0" aria-pressed="true"' in html_of(wang)
    wang.post("/me/settings/", {"hides_name": "1"})
    assert reads.profile(site.wang).hides_name
    assert not reads.profile(site.li).hides_name
    wang.post("/me/settings/", {"hides_name": "0"})
    assert not reads.profile(site.wang).hides_name


def test_who_hid_may_show_again_after_the_campaign(site, wang, noon, boards_name_everybody):
    writes.set_hides_name(site.wang, True, noon[0])
    wang.post("/me/settings/", {"hides_name": "0"})
    assert not reads.profile(site.wang).hides_name


def test_whoever_has_no_password_is_led_to_set_one(site, wang):
    assert 'href="/reset-password/"' in html_of(wang)
    account = Account.objects.get(pk=site.wang)
    account.set_password("wanwan-2021")
    account.save()
    assert 'href="/me/password/"' in html_of(wang)


def test_a_newcomer_has_settings_and_a_visitor_signs_in(site, newcomer, reader):
    assert newcomer.get("/me/settings/").status_code == 200
    assert reader.get("/me/settings/").url.startswith("/sign-in/?next=/me/settings/")
    assert reader.post("/me/settings/", {"announcements": "0"}).url.startswith("/sign-in/")
