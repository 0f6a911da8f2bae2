"""Every switch, off and on again, over the whole site: no way leads to what is off; all else is as before."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

from kepu.campaigns.reads.switches import switched_off_for
from kepu.campaigns.rules import Published, Switch
from kepu.campaigns.writes import publish_sheet, turn_switch
from kepu.kit import clock
from kepu.people import reads as people
from kepu.people.rules import NoticeKind, Role
from kepu.people.tests import land
from kepu.people.writes.notices import notify
from kepu.standings import writes as standings
from tests.test_every_address import World, towns, world

__all__ = ["towns", "world"]
# Where each part lives, in the app and in the API; what was ordered is handed over all the same.
PART_OF = {
    Switch.CHECK_IN: ("/check-in/",),
    Switch.BOARDS: ("/boards/", "/v1/boards/", "/clubs/board/"),
    Switch.MALL: ("/mall/",),
    Switch.CLUBS: ("/clubs/",),
}
STAYING = "/mall/orders/"
# Messages of every kind that leads to a part that can be switched off.
LEADING = {
    NoticeKind.AWARDED: "/boards/chaqi-2021/",
    NoticeKind.POINTS_EXPIRE: "/mall/",
    NoticeKind.CLUB_OPENED: "/clubs/1/",
    NoticeKind.CLUB_REFUSED: "/clubs/mine/",
    NoticeKind.CLUB_CLOSED: "/clubs/1/",
    NoticeKind.CLUB_JOINED: "/clubs/1/",
    NoticeKind.CLUB_BANNED: "/clubs/1/",
    NoticeKind.POST_REMOVED: "/clubs/posts/1/",
    NoticeKind.COMMENT_REMOVED: "/clubs/posts/1/",
    NoticeKind.POST_RESTORED: "/clubs/posts/1/",
    NoticeKind.ORDER_READY: "/mall/orders/1/",
    NoticeKind.ORDER_CANCELLED: "/mall/orders/1/",
    NoticeKind.ORDER_RETURNED: "/mall/2/",
}
WAYS = re.compile(r'(?:href|action)="(/[^"]*)"')
WHO = ("plain", "visitor")


def turned_by() -> tuple[int, str]:
    """Whoever looks after the whole site."""
    return land.staff(990, Role.OPERATOR, ""), "李站"


def tell(person: int) -> None:
    """Messages that lead to every part."""
    words = dict.fromkeys(("club", "reason", "thing", "place", "points", "day", "name", "title"), "甲")
    for kind, link in LEADING.items():
        notify(person, kind, words, link, clock.now())


def is_in(address: str, switch: Switch) -> bool:
    """Whether an address lies in a part."""
    return address.startswith(PART_OF[switch]) and not address.startswith(STAYING)


def pages(world: World) -> list[str]:
    """Every address but those of the back office; the API's board is one that exists."""
    found = {each.path for each in world.addresses if not each.path.startswith(("/admin/", "/v1/boards/"))}
    return [*sorted(found - {"/sign-out/", "/v1/docs", "/v1/openapi.json"}), "/v1/boards/chaqi-2021"]


def answers(world: World) -> Iterator[tuple[str, str, Any]]:
    """(who, address, answer) for a GET of every page as a communicator and as a visitor."""
    for who in WHO:
        for address in pages(world):
            yield who, address, world.client(who).get(address)


def seen(world: World) -> dict[tuple[str, str], int]:
    """What each page answers each of them."""
    return {(who, address): answer.status_code for who, address, answer in answers(world)}


@pytest.mark.parametrize("switch", Switch)
def test_what_is_off_is_gone_and_nothing_else(world: World, switch: Switch) -> None:
    standings.follow()
    tell(world.ids["plain"])
    before, now, by = seen(world), clock.now(), turned_by()
    assert any(is_in(address, switch) for _who, address in before)
    turn_switch(switch, "试关", by, now, off=True)
    dangling, changed = [], []
    for who, address, answer in answers(world):
        if is_in(address, switch):
            if answer.status_code != 404:
                changed.append((who, address, answer.status_code))
        elif answer.status_code != before[who, address]:
            changed.append((who, address, answer.status_code))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            ways = WAYS.findall(answer.content.decode())
            dangling += [(who, address, way) for way in ways if is_in(way, switch)]
    assert (changed, dangling) == ([], [])
    turn_switch(switch, "再开", by, now + timedelta(minutes=1), off=False)
    assert seen(world) == before


def test_a_part_that_is_off_says_so_plainly(world: World) -> None:
    now, by = clock.now(), turned_by()
    for switch in Switch:
        turn_switch(switch, "试关", by, now, off=True)
    client = world.client("plain")
    said = {"/boards/": "排行榜现在没有开", "/clubs/": "社团现在没有开", "/mall/": "积分商城"}
    for address, words in said.items():
        assert words in client.get(address).content.decode()
    refused = client.post("/check-in/", {"next": "/"})
    assert refused.status_code == 404
    assert "签到现在没有开" in refused.content.decode()
    assert client.get("/v1/boards/chaqi-2021").json()["error"] == "switched_off"
    tell(world.ids["plain"])
    told = client.get("/me/messages/").content.decode()
    assert told.count('<div class="item">') == len(LEADING) - 2, "they say what happened, and lead nowhere"
    assert [way for way in WAYS.findall(told) if way in LEADING.values()] == ["/mall/orders/1/"] * 2
    assert switched_off_for(lambda: world.ids["plain"], now) == set(Switch)


def test_a_campaign_does_without_for_its_own_people(world: World) -> None:
    text = files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8")
    changed = text.replace("\ncertified_only", '\nswitched_off = ["boards", "mall"]\ncertified_only', 1)
    published = publish_sheet(changed, "测试", "测试", datetime(2021, 6, 22, 4, tzinfo=UTC))
    assert isinstance(published, Published), published
    client = world.client("plain")
    assert people.standing_many([world.ids["plain"]])[world.ids["plain"]].division.startswith("430623")
    for address in ("/boards/", "/mall/", "/v1/boards/chaqi-2021"):
        assert client.get(address).status_code == 404
    assert client.get("/clubs/").status_code == 200
    page = client.get("/me/").content.decode()
    assert not [way for way in WAYS.findall(page) if way.startswith(("/boards/", "/mall/"))]
    rules = client.get("/campaigns/chaqi-2021/").content.decode()
    assert "不设" in rules
    assert "积分商城" in rules
