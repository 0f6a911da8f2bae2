"""Posts and comments that were told of or held back are judged by the staff of their club's division."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from kepu.audit.models import Kept
from kepu.campaigns.rules import Kind
from kepu.clubs import writes
from kepu.clubs.models import BarredWord, Club, Comment, Membership, Post, PostPicture, Report
from kepu.clubs.reads import refusal_text
from kepu.clubs.rules import Refusal, Refused
from kepu.clubs.tests import scene
from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people import writes as people
from kepu.people.models import Notice
from kepu.people.rules import Role
from kepu.people.rules.second_factor import STAFF_COOKIE
from kepu.people.writes.staff_sessions import open_staff_session
from kepu.standings.tests import town

POSTS, COMMENTS = "/admin/clubs/posts/", "/admin/clubs/comments/"
DECIDED = refusal_text(Refused(Refusal.NOT_WAITING))
SHOWN = (
    *("包治百病 &lt;b&gt;", "2 人举报：谣言、伪科学", "没有这回事"),
    *("王二明", "发过 1 条动态，没有被移除的"),
)
TOWN, COUNTY, OTHER_COUNTY = "430623110", "430623", "430602"


@pytest.fixture
def people_(transactional_db: None, settings, tmp_path) -> list[int]:
    """A founder and three members of a club of the town."""
    settings.MEDIA_ROOT = tmp_path
    scene.build()
    found = town.enrol(4)
    scene.join(scene.open_one(found[0], division=TOWN), *found[1:])
    return found


@pytest.fixture
def post(people_: list[int]) -> int:
    """A post with a picture that two members reported."""
    club = Club.objects.get().pk
    draft = scene.post_draft("包治百病 <b>", pictures=[scene.photo()])
    made = writes.write_post(club, people_[1], draft, scene.NOON)
    assert isinstance(made, int), made
    Report.objects.create(
        post_id=made, account=people_[2], reason="false", words="没有这回事", reported_at=scene.NOON
    )
    Report.objects.create(post_id=made, account=people_[3], reason="false", reported_at=scene.NOON)
    return made


@pytest.fixture
def clerk(people_: list[int], client: Client) -> int:
    """The town's clerk, signed in as `client`."""
    return enter(client, 90, Role.TOWN_CLERK, TOWN)


def text(response):
    return response.content.decode()


def seen(client: Client, path: str) -> str:
    """What the page at a path says was seen of its post."""
    return re.search(r'name="seen" value="(\w+)"', text(client.get(path))).group(1)


def judge(client: Client, post: int, verdict: str, where: str = POSTS, **form: object):
    """The answer to a verdict on what was seen just now."""
    sent = {"verdict": verdict, "seen": seen(client, f"{where}{post}/")} | form
    return client.post(f"{where}{post}/judge/", sent)


def earned(person: int) -> int:
    """What somebody has."""
    return ledger.balance(person)


def test_it_is_seen_as_people_saw_it_with_why_it_is_here_and_who_wrote_it(client, clerk, post):
    for path in (POSTS, f"{POSTS}{post}/"):
        page = text(client.get(path))
        for part in (
            "包治百病 &lt;b&gt;",
            "2 人举报：谣言、伪科学",
            "没有这回事",
            "王二明",
            "发过 1 条动态，没有被移除的",
        ):
            assert part in page, (path, part)
    picture = PostPicture.objects.get().pk
    answer = client.get(f"/admin/clubs/pictures/{picture}/?small=1")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert f"/admin/clubs/pictures/{picture}/" in text(client.get(POSTS))


def test_it_stands_and_the_reports_are_answered(client, clerk, post):
    assert "动态（1）" in text(client.get(POSTS))
    answer = judge(client, post, "show")
    assert answer.headers["Location"] == POSTS
    assert Post.objects.get().state == "shown"
    assert not Report.objects.filter(judged_at=None).exists()
    kept = Kept.objects.get(act="judge_post")
    assert (kept.account, kept.division, kept.after) == (clerk, TOWN, {"result": "保留"})
    assert "没有等您处理的" in text(client.get(POSTS))


def test_it_is_removed_with_a_reason_what_it_earned_is_taken_back_and_the_next_one_opens(
    client, clerk, post, people_
):
    another = scene.post(Club.objects.get().pk, people_[2], scene.NOON + timedelta(minutes=5))
    Post.objects.filter(pk=another).update(is_marked=True)
    before = earned(people_[1])
    assert judge(client, post, "remove").status_code == 422
    answer = judge(client, post, "remove", reasons=["false", "spam"], reason="没有 根据")
    assert answer.headers["Location"] == f"{POSTS}{another}/"
    row = Post.objects.get(pk=post)
    assert (row.state, row.is_by_staff) == ("removed", True)
    assert row.reason == "广告、诈骗；谣言、伪科学；没有 根据"
    assert earned(people_[1]) == before - 2
    assert Kept.objects.get(act="judge_post").after["reason"] == row.reason
    assert row.reason in str(Notice.objects.get(account=people_[1], kind="post_removed").words)
    page = text(client.get(POSTS + "?view=removed"))
    assert row.reason in page
    assert "发过 1 条动态，其中 1 条被移除" in page


def test_a_review_is_answered_and_what_is_shown_again_has_its_points_back(client, clerk, post, people_):
    judge(client, post, "remove", reason="谣言")
    assert writes.ask_review(post, people_[1], "这是书上写的", clock.now()) is None
    page = text(client.get(POSTS))
    assert "作者请求复核：这是书上写的" in page
    assert f'name="only" value="{post}' not in page, "not in passing"
    assert judge(client, post, "show").status_code == 302
    assert Post.objects.get(pk=post).state == "shown"
    assert len(scene.entries(people_[1], Kind.CLUB_POST)) == 1
    corrections = scene.entries(people_[1], Kind.ADJUSTMENT)
    assert sorted(each.points for each in corrections) == [-2, 2], "taken back, and given back"
    assert "没有等您处理的" in text(client.get(POSTS))


def test_two_clerks_at_once_the_second_is_told(client, clerk, post):
    other = Client()
    enter(other, 91, Role.TOWN_CLERK, TOWN, "吴审")
    was = seen(other, f"{POSTS}{post}/")
    assert judge(client, post, "show").status_code == 302
    answer = other.post(f"{POSTS}{post}/judge/", {"verdict": "remove", "reason": "谣言", "seen": was})
    assert answer.status_code == 409
    assert DECIDED in text(answer)
    assert "谣言</textarea>" in text(answer), "what was typed is still there"
    assert Post.objects.get().state == "shown"
    answer = other.post(f"{POSTS}stand/", {"ticked": f"{post}:{was}"}, follow=True)
    assert DECIDED in text(answer)
    assert Kept.objects.filter(act="judge_post").count() == 1


def test_several_stand_at_once_and_of_the_others_it_is_said_why(client, clerk, post, people_):
    another = scene.post(Club.objects.get().pk, people_[2], scene.NOON + timedelta(minutes=5))
    Post.objects.filter(pk=another).update(is_marked=True)
    page = text(client.get(POSTS))
    ticked = re.findall(r'name="ticked" value="(\d+:\w+)"', page)
    assert len(ticked) == 2
    answer = client.post(f"{POSTS}stand/", {"ticked": [*ticked, "999:x", "x", ":"]}, follow=True)
    assert "已保留 2 条" in text(answer)
    assert Kept.objects.filter(act="judge_post").count() == 2
    assert "请先勾选" in text(client.post(f"{POSTS}stand/", {}, follow=True))


def test_nobody_judges_their_own_nor_what_stands_in_a_club_they_manage(client, post, people_):
    founder, author = people_[0], people_[1]
    for account in (founder, author):
        now = clock.now()
        assert people.grant_scope(account, Role.TOWN_CLERK, TOWN, now) is None
        town.sign_in(client, account)
        client.cookies[STAFF_COOKIE] = open_staff_session(account, "", "", now)
        page = text(client.get(f"{POSTS}{post}/"))
        assert "由同事处理" in page
        assert "judge/" not in page
        assert "disabled" in text(client.get(POSTS))
        stranger = Client()
        enter(stranger, 91 + account, Role.TOWN_CLERK, TOWN, "吴审")
        sent = {"verdict": "remove", "reason": "自己的", "seen": seen(stranger, f"{POSTS}{post}/")}
        assert client.post(f"{POSTS}{post}/judge/", sent).status_code == 409
        acted = {"act": "ban", "reason": "不喜欢"}
        assert client.post(f"{POSTS}{post}/author/", acted).status_code == 409
    assert Post.objects.get().state == "shown"
    assert not Kept.objects.filter(act__in=("judge_post", "ban_member")).exists()


def test_the_author_is_muted_for_days_or_banned_with_a_reason(client, clerk, post, people_):
    path = f"{POSTS}{post}/author/"
    assert client.post(path, {"act": "mute", "days": "3"}).status_code == 422
    assert client.post(path, {"act": "mute", "days": "0", "reason": "刷屏"}).status_code == 422
    assert client.post(path, {"act": "mute", "days": "400", "reason": "刷屏"}).status_code == 422
    assert client.post(path, {"act": "x", "reason": "刷屏"}).status_code == 422
    assert client.post(path, {"act": "mute", "days": "3", "reason": "刷屏"}).status_code == 302
    member = Membership.objects.get(account=people_[1])
    assert timedelta(days=2) < member.muted_until - clock.now() <= timedelta(days=3)
    assert Kept.objects.get(act="mute_member").after == {"reason": "刷屏", "days": 3}
    assert "禁言到" in text(client.get(f"{POSTS}{post}/"))
    assert client.post(path, {"act": "unmute", "reason": "已沟通"}).status_code == 302
    assert Membership.objects.get(account=people_[1]).muted_until is None
    assert client.post(path, {"act": "ban", "reason": "多次刷屏"}).status_code == 302
    assert Membership.objects.get(account=people_[1]).state == "banned"
    assert Notice.objects.filter(account=people_[1], kind="club_banned").count() == 1
    assert "已被移出这个社团" in text(client.get(f"{POSTS}{post}/"))
    assert client.post(path, {"act": "ban", "reason": "多次刷屏"}).status_code == 409


def test_comments_are_judged_in_the_same_way(client, clerk, post, people_):
    BarredWord.objects.create(word="神药", folded="神药", effect="hold", added_at=scene.NOON, added_by=clerk)
    comment = scene.comment(post, people_[2], "卖神药")
    assert isinstance(comment, int), comment
    page = text(client.get(COMMENTS))
    for part in ("评论（1）", "卖神药", "含有屏蔽词，先不显示：神药"):
        assert part in page
    assert judge(client, comment, "remove", COMMENTS, reasons=["spam"]).headers["Location"] == COMMENTS
    assert Comment.objects.get().reason == "广告、诈骗"
    assert Kept.objects.get(act="judge_comment").division == TOWN
    assert judge(client, comment, "show", COMMENTS).status_code == 302
    assert Comment.objects.get().state == "shown"
    path = f"{COMMENTS}{comment}/author/"
    assert client.post(path, {"act": "mute", "days": "1", "reason": "广告"}).status_code == 302


@pytest.mark.parametrize(
    ("role", "division", "sees"),
    [
        (Role.OPERATOR, "", True),
        (Role.COUNTY_OFFICER, COUNTY, True),
        (Role.COUNTY_OFFICER, OTHER_COUNTY, False),
        (Role.TOWN_CLERK, "430602001", False),
    ],
)
def test_only_the_staff_of_the_clubs_division_see_it(client, post, role, division, sees):
    Post.objects.update(state="held")  # while it is shown, everybody may see its picture
    enter(client, 92, role, division)
    assert ("包治百病" in text(client.get(POSTS))) is sees
    status = 200 if sees else 404
    assert client.get(f"{POSTS}{post}/").status_code == status
    assert client.get(f"/admin/clubs/pictures/{PostPicture.objects.get().pk}/").status_code == status
    sent = {"verdict": "remove", "reason": "谣言", "seen": "x"}
    assert client.post(f"{POSTS}{post}/judge/", sent).status_code == (409 if sees else 404)
    sent = {"act": "ban", "reason": "刷屏"}
    assert client.post(f"{POSTS}{post}/author/", sent).status_code == (302 if sees else 404)


@pytest.mark.parametrize("form", [{}, {"verdict": "x"}, {"verdict": "remove", "reason": "长" * 201}])
def test_a_verdict_that_is_not_whole_says_what_to_do(client, clerk, post, form):
    sent = {"seen": seen(client, f"{POSTS}{post}/")} | form
    answer = client.post(f"{POSTS}{post}/judge/", sent)
    assert answer.status_code == 422
    assert "help-critical" in text(answer)
    assert Post.objects.get().state == "shown"


def test_pages_cost_the_same_among_ten_thousand_posts(
    client, clerk, post, people_, django_assert_max_num_queries
):
    club = Club.objects.get()
    Post.objects.bulk_create(
        Post(
            club=club,
            author=people_[1 + number % 3],
            text=f"第{number}条",
            event_id=scene.UUID(int=1_000_000 + number),
            state="held" if number % 10 == 0 else "shown",
            held="words" if number % 10 == 0 else "",
            posted_at=scene.NOON,
        )
        for number in range(10_000)
    )
    client.get(POSTS)
    with django_assert_max_num_queries(24):
        page = text(client.get(POSTS))
    assert "动态（1001）" in page
    assert page.count('name="ticked"') == 25
    with django_assert_max_num_queries(24):
        client.get(POSTS + "?start=975")
    with django_assert_max_num_queries(28):
        client.get(f"{POSTS}{post}/")
    for query in ("?start=" + "9" * 40, "?view=x", "?start=x"):
        assert client.get(POSTS + query).status_code == 200
