"""A club from its founding to a removed post, on a phone; with scripts and without."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Shots, signed_in
from tests.live import LiveSite

pytestmark = pytest.mark.journey
FOUNDER, MEMBER = 30, 31
OPEN = """
from kepu.clubs import reads
from kepu.clubs.writes.judging import open_club
from kepu.kit import clock
from kepu.people import reads as people, writes
from kepu.people.rules import Role
now = clock.now()
clerk = writes.open_staff_account("137{number:08d}", "审核员", None, 430623, now)
assert writes.grant_scope(clerk, Role.OPERATOR, "", now) is None
club, = (each.number for each in reads.my_clubs({founder}) if each.state == "asked")
assert open_club(club, clerk, now) is None
print(club)
"""


@pytest.fixture(params=["scripts", "no scripts"])
def has_scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the phone runs JavaScript."""
    return bool(request.param == "scripts")


@pytest.fixture
def phones(browser: Browser, site: LiveSite, has_scripts: bool) -> Iterator[tuple[Page, Page]]:
    """The phones of a founder and a member."""
    tokens, contexts = site.tokens(), []
    for number in (FOUNDER, MEMBER) if has_scripts else (FOUNDER + 2, MEMBER + 2):
        context = browser.new_context(
            viewport={"width": 360, "height": 740},
            is_mobile=True,
            has_touch=True,
            service_workers="block",
            java_script_enabled=has_scripts,
        )
        signed_in(context, site, tokens[number])
        contexts.append(context)
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph that knows where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    file = tmp_path / "photo.jpg"
    Image.new("RGB", (2400, 1600), "#7a4").save(file, exif=exif)
    return file


def test_a_club_from_its_founding_to_a_removed_post(
    site: LiveSite, phones: tuple[Page, Page], photo: Path, shoot: Shots, has_scripts: bool
) -> None:
    (founder, member), mark = phones, "" if has_scripts else "-no-script"
    name = "稻田观察社" if has_scripts else "夜空观察社"
    founder.goto(f"{site.url}/clubs/new/")
    founder.fill("[name=name]", name)
    founder.fill("[name=text]", "每周去看一次，记下来，一起学。")
    shoot.take(founder, f"club-new{mark}", full=True)
    founder.click("main form button")
    expect(founder.locator("main")).to_contain_text("审核中")
    account = site.accounts[FOUNDER if has_scripts else FOUNDER + 2]
    club = int(site.python(OPEN.format(founder=account, number=1 if has_scripts else 2)))

    member.goto(f"{site.url}/clubs/{club}/")
    member.click("form[action$='/join/'] button")
    expect(member.locator("main")).to_contain_text("您已加入")
    member.click(f"a[href='/clubs/{club}/post/']")
    member.fill("[name=text]", "今天稻子抽穗了。")
    member.set_input_files("[name=pictures]", [photo, photo])
    if has_scripts:
        expect(member.locator(".club-shots img")).to_have_count(2)
    shoot.take(member, f"club-write{mark}", full=True)
    member.click("main form button.big")
    member.wait_for_url(re.compile(r"/clubs/posts/\d+/"))
    post = member.url
    for address in member.locator(".club-pictures img").evaluate_all("all => all.map(one => one.src)"):
        answer = member.request.get(address)
        assert answer.ok
        assert b"Exif" not in answer.body()

    founder.goto(post)
    founder.click(".club-like button")
    expect(founder.locator(".club-like button")).to_contain_text("已赞")
    founder.fill("[name=text]", "好年景！")
    founder.click("#comments form button")
    expect(founder.locator("#comments")).to_contain_text("好年景！")
    shoot.take(founder, f"club-post{mark}", full=True)
    founder.click("summary:has-text('管理员操作')")
    founder.fill("input[name=reason]", "照片和社团无关")
    founder.click("button[value=remove]")
    expect(founder.locator("main")).to_contain_text("已移除")
    assert founder.request.get(f"{site.url}/clubs/{club}/").ok

    member.goto(post)
    expect(member.locator("main")).to_contain_text("照片和社团无关")
    member.fill("textarea[name=reason]", "照片就是社团的田")
    member.click("button[value=review]")
    expect(member.locator("main")).to_contain_text("已申请复核")
    shoot.take(member, f"club-removed{mark}", full=True)
    reversals = "SELECT count(*) FROM ledger_entry WHERE kind = 9 AND person = {}"
    assert site.number(reversals.format(site.accounts[MEMBER if has_scripts else MEMBER + 2])) == 2
