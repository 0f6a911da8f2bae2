"""The pages of clubs, as a browser without JavaScript asks for them."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kepu.campaigns.models import SiteSwitch
from kepu.clubs import reads, writes
from kepu.clubs.models import Club, Comment, Membership, Post, Report
from kepu.clubs.rules import (
    ClubState,
    Joining,
    MemberState,
    Posting,
    PostState,
    Role,
    Rule,
    Showing,
    TaskKind,
    Viewer,
)
from kepu.clubs.tests import scene
from kepu.kit import clock
from kepu.people.models import Account
from kepu.standings.tests import town

NOON, MINUTE = scene.NOON, scene.MINUTE


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def browsers(club, noon):
    """Browsers of the founder, a member, another member, a stranger, and nobody."""
    _number, people = club
    accounts = [*people, town.enrol(1)[0]]
    found = []
    for account in accounts:
        client = Client()
        town.sign_in(client, account)
        found.append(client)
    return [*found, Client()]


def said(answer) -> str:
    return answer.content.decode()


def test_the_way_from_founding_to_a_removed_post(club, browsers, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    _, (_, li, zhang) = club
    _wang, mine, other, _stranger, nobody = browsers
    page = said(mine.get("/clubs/new/"))
    assert "创建社团" in page
    stated = {"name": "观星社", "text": "一起看星星", "division": scene.TOWN}
    stated |= {"posting": "members", "showing": "at_once", "joining": "open"}
    answer = mine.post("/clubs/new/", stated | {"picture": SimpleUploadedFile("a.jpg", scene.photo())})
    club_ = Club.objects.get(name="观星社")
    assert answer["Location"] == f"/clubs/{club_.pk}/"
    assert "审核中" in said(mine.get(f"/clubs/{club_.pk}/"))
    assert nobody.get(f"/clubs/{club_.pk}/").status_code == 404
    from kepu.clubs.writes.judging import open_club

    assert open_club(club_.pk, scene.clerk(), NOON) is None
    assert "观星社" in said(other.get("/clubs/"))
    other.post(f"/clubs/{club_.pk}/join/")
    assert Membership.objects.get(club=club_, account=zhang).state == MemberState.IN
    sent = {"text": "昨晚看到了\n北斗七星", "event_id": str(uuid4()), "article": ""}
    files = [SimpleUploadedFile(f"{each}.jpg", scene.photo()) for each in range(2)]
    answer = other.post(f"/clubs/{club_.pk}/post/", sent | {"pictures": files})
    post = Post.objects.get(author=zhang)
    assert answer["Location"] == f"/clubs/posts/{post.pk}/"
    assert post.pictures.count() == 2
    assert "北斗七星" in said(nobody.get(f"/clubs/posts/{post.pk}/"))
    picture = f"/clubs/pictures/{post.pictures.first().pk}-small.jpg"
    assert nobody.get(picture)["Content-Type"] == "image/jpeg"
    mine.post(f"/clubs/posts/{post.pk}/like/", {"wanted": "1"})
    assert reads.post(post.pk, Viewer(li)).liked
    mine.post(f"/clubs/posts/{post.pk}/", {"text": "真好", "event_id": str(uuid4())})
    assert "真好" in said(nobody.get(f"/clubs/posts/{post.pk}/"))
    mine.post(f"/clubs/posts/{post.pk}/change/", {"deed": "remove", "reason": "不是观星"})
    assert nobody.get(f"/clubs/posts/{post.pk}/").status_code == 404
    assert nobody.get(picture).status_code == 404
    page = said(other.get(f"/clubs/posts/{post.pk}/"))
    assert "不是观星" in page
    assert "申请复核" in page
    other.post(f"/clubs/posts/{post.pk}/change/", {"deed": "review", "reason": "是观星"})
    assert "已申请复核" in said(other.get(f"/clubs/posts/{post.pk}/"))
    assert "已移除" in said(other.get("/clubs/mine/"))


PAGES = ["", "new/", "mine/", "board/", "{club}/", "{club}/post/", "{club}/members/", "{club}/tasks/"]
PAGES += ["{club}/settings/", "{club}/waiting/", "posts/{post}/", "posts/{post}/report/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_a_bounded_number_of_questions(club, browsers, page, django_assert_max_num_queries):
    number, (wang, li, zhang) = club
    for each in range(5):
        post = scene.post(number, li, NOON + each * MINUTE)
        writes.like_post(post, zhang, NOON)
        scene.comment(post, zhang)
    asked = scene.found(li)
    assert isinstance(writes.set_task(number, wang, TaskKind.SHARE, 9, scene.DAY, NOON), int)
    writes.count_clubs(NOON)
    address = "/clubs/" + page.format(club=number, post=post)
    with django_assert_max_num_queries(MOST[page]):
        assert browsers[0].get(address).status_code == 200
    assert asked


MOST = {
    "": 9,
    "new/": 6,
    "mine/": 7,
    "board/": 9,
    "{club}/": 22,
    "{club}/post/": 12,
    "{club}/members/": 14,
    "{club}/tasks/": 9,
    "{club}/settings/": 7,
    "{club}/waiting/": 12,
    "posts/{post}/": 15,
    "posts/{post}/report/": 8,
}


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_meets_a_page_or_the_door(club, browsers, page):
    number, (_, li, _) = club
    answer = browsers[-1].get("/clubs/" + page.format(club=number, post=scene.post(number, li)))
    assert answer.status_code == 200 or answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("page", ["{club}/post/", "{club}/members/", "{club}/settings/", "{club}/waiting/"])
def test_a_stranger_finds_nothing_of_members_and_managers(club, browsers, page):
    number, _people = club
    assert browsers[3].get("/clubs/" + page.format(club=number)).status_code == 404
    manages = "settings" in page or "waiting" in page
    assert browsers[1].get("/clubs/" + page.format(club=number)).status_code == (404 if manages else 200)


def test_an_unknown_number_is_not_found(club, browsers):
    for number in (0, 10**9, 2**63, 10**30):
        for page in ("{0}/", "{0}/picture.jpg", "posts/{0}/", "pictures/{0}.jpg", "{0}/members/"):
            assert browsers[0].get("/clubs/" + page.format(number)).status_code == 404, page
        for page in ("posts/{0}/like/", "posts/{0}/change/", "comments/{0}/"):
            assert browsers[0].post("/clubs/" + page.format(number), {"deed": "pin"}).status_code == 404, page
        assert browsers[0].post(f"/clubs/{number}/join/").status_code in (302, 404)


def test_what_is_refused_is_told_in_chinese_and_what_was_typed_is_kept(club, browsers):
    number, _ = club
    answer = browsers[1].post(f"/clubs/{number}/post/", {"text": "", "event_id": "x"})
    assert answer.status_code == 422
    assert "请先写点什么" in said(answer)
    long = "写" * 1001
    answer = browsers[1].post(f"/clubs/{number}/post/", {"text": long, "event_id": "x", "article": "abc"})
    assert "太长了" in said(answer)
    assert long in said(answer)
    assert "这篇文章已经不在了" in said(answer)
    svg = SimpleUploadedFile("a.svg", b"<svg/>")
    answer = browsers[1].post(f"/clubs/{number}/post/", {"text": "看图", "pictures": svg, "article": ""})
    assert "有一个文件不是图片" in said(answer)
    answer = browsers[1].post("/clubs/new/", {"name": "一", "division": "99", "posting": "nobody"})
    assert answer.status_code == 422
    for sentence in ("请先写点什么", "请选您自己的村", "请从给出的选项里选"):
        assert sentence in said(answer)
    answer = browsers[0].post(
        f"/clubs/{number}/tasks/", {"kind": "share", "target": "-1", "last_day": "昨天"}
    )
    assert "请填1到1000000之间的整数" in said(answer)
    assert not Post.objects.exists()
    assert Club.objects.count() == 1


def test_bad_deeds_change_nothing(club, browsers):
    number, (wang, li, _) = club
    post = scene.post(number, li)
    comment = scene.comment(post, wang)
    for client in browsers[1:]:
        for deed in ("approve", "pin", "remove"):
            client.post(f"/clubs/posts/{post}/change/", {"deed": deed, "reason": "不喜欢"})
        client.post(f"/clubs/comments/{comment}/", {"deed": "remove", "reason": "不喜欢"})
        for deed in ("manager", "ban", "mute", "hand_over"):
            sent = {"deed": deed, "person": wang, "days": "3", "reason": "不喜欢"}
            client.post(f"/clubs/{number}/members/change/", sent)
        client.post(f"/clubs/{number}/end/", {"sure": "1"})
        client.post(f"/clubs/{number}/settings/", {"text": "改", "posting": "members"})
    assert browsers[0].post(f"/clubs/posts/{post}/change/", {"deed": "fly"}).status_code == 404
    browsers[0].post(f"/clubs/{number}/end/")
    for days in ("x", "-1", "9999", ""):
        browsers[0].post(f"/clubs/{number}/members/change/", {"deed": "mute", "person": li, "days": days})
    row = Post.objects.get()
    assert (row.state, row.pinned_at) == (PostState.SHOWN, None)
    assert Comment.objects.get().state == "shown"
    assert Club.objects.get().state == ClubState.OPEN
    assert reads.role_in(number, wang) is Role.FOUNDER
    assert Membership.objects.get(account=li).muted_until is None


def test_a_like_by_htmx_answers_with_its_own_part(club, browsers):
    number, (_, li, _) = club
    post = scene.post(number, li)
    answer = browsers[2].post(f"/clubs/posts/{post}/like/", {"wanted": "1"}, headers={"HX-Request": "true"})
    assert said(answer).startswith('<form class="club-like"')
    assert 'aria-pressed="true"' in said(answer)
    answer = browsers[-1].post(f"/clubs/posts/{post}/like/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/sign-in/")


def test_more_posts_come_as_rows_alone(club, browsers):
    number, (wang, *_) = club
    for each in range(12):
        scene.post(number, wang, NOON + each * 2 * MINUTE)
    page = said(browsers[-1].get(f"/clubs/{number}/"))
    assert f"/clubs/{number}/?start=10" in page
    part = browsers[-1].get(f"/clubs/{number}/?start=10", headers={"HX-Request": "true"})
    assert said(part).count("<article") == 2
    assert "<html" not in said(part)


def test_a_report_is_taken_and_names_nobody(club, browsers):
    number, (_, li, _) = club
    post = scene.post(number, li)
    assert browsers[2].post(f"/clubs/posts/{post}/report/", {}).status_code == 422
    browsers[2].post(f"/clubs/posts/{post}/report/", {"reason": "spam", "words": "广告"})
    assert Report.objects.get().words == "广告"
    assert "广告" not in said(browsers[1].get(f"/clubs/posts/{post}/"))


def test_while_clubs_are_switched_off_nothing_of_them_is_there(club, browsers):
    number, (_, li, _) = club
    post = scene.post(number, li)
    SiteSwitch.objects.create(
        switch="clubs", is_off=True, why="试", turned_at=NOON, turned_by=1, turned_name="员"
    )
    for page in ("", f"{number}/", f"posts/{post}/", "new/"):
        answer = browsers[1].get(f"/clubs/{page}")
        assert answer.status_code == 404
    assert browsers[1].post(f"/clubs/posts/{post}/like/").status_code == 404


def test_the_uncertified_are_shown_the_way(club, noon):
    scene.post(club[0], club[1][0])
    account = Account.objects.create(phone_index="new", book=430623, created_at=NOON, agreed_at=NOON)
    client = Client()
    town.sign_in(client, account.pk)
    assert "去认证" in said(client.get("/clubs/new/"))
    assert "去认证" in said(client.get("/clubs/"))
    answer = client.post(f"/clubs/{club[0]}/join/", follow=True)
    assert "认证过的科普员才能这样做" in said(answer)


def test_waiting_posts_are_shown_by_a_manager(club, browsers):
    number, (_, li, _) = club
    scene.set_rule(number, Rule(Posting.MEMBERS, Showing.APPROVED, Joining.OPEN))
    post = scene.post(number, li, text="等一等")
    assert "等您审核的动态" in said(browsers[0].get(f"/clubs/{number}/"))
    assert "等一等" not in said(browsers[2].get(f"/clubs/{number}/"))
    assert "等一等" in said(browsers[0].get(f"/clubs/{number}/waiting/"))
    browsers[0].post(f"/clubs/posts/{post}/change/", {"deed": "approve"})
    assert "等一等" in said(browsers[-1].get(f"/clubs/{number}/"))
