"""Posts, comments, reports, words and pictures: every expected no is told and changes nothing."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from PIL import Image

from kepu.clubs import pictures, reads, writes
from kepu.clubs.models import BarredWord, Comment, Post, PostPicture
from kepu.clubs.reads.judging import comments_to_judge, decided, posts_waiting, to_judge
from kepu.clubs.rules import (
    LIMITS,
    CommentState,
    Credit,
    Deed,
    Effect,
    Held,
    Joining,
    Posting,
    PostState,
    Refusal,
    ReportReason,
    Rule,
    Showing,
    Verdict,
    Viewer,
)
from kepu.clubs.tests import scene
from kepu.clubs.tests.scene import no, word, write
from kepu.clubs.writes.forgetting import sweep_pictures
from kepu.clubs.writes.judging import judge_comment, judge_post
from kepu.clubs.writes.words import add_word, drop_word
from kepu.kit import clock
from kepu.people.reads import scopes_of
from kepu.people.rules import Role as Office
from kepu.standings.tests import town

NOON, MINUTE = scene.NOON, scene.MINUTE
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", Refusal.TEXT_MISSING), ("　\n", Refusal.TEXT_MISSING), ("长" * 1001, Refusal.TEXT_LONG)],
)
def test_a_post_that_cannot_be(club, text, refusal):
    number, (_, li, _) = club
    draft = scene.post_draft()
    assert no(writes.write_post(number, li, type(draft)(text, draft.event_id), NOON)) is refusal
    assert not Post.objects.exists()


def test_only_managers_write_where_the_rule_says_so(club):
    number, (wang, li, _) = club
    scene.set_rule(number, Rule(Posting.MANAGERS, Showing.AT_ONCE, Joining.OPEN))
    assert no(write(number, li, "通知")) is Refusal.NOT_MANAGER
    assert isinstance(write(number, wang, "通知"), int)
    assert no(write(number, scene.clerk(), "通知")) is Refusal.NOT_MEMBER
    assert no(writes.write_post(number, wang, scene.post_draft(article=99), NOON)) is Refusal.ARTICLE_WRONG


def test_the_same_form_sent_again_is_the_same_post(club):
    number, (_, li, _) = club
    draft = scene.post_draft("一次")
    first = writes.write_post(number, li, draft, NOON)
    assert writes.write_post(number, li, draft, NOON + MINUTE) == first
    assert no(write(number, li, " 一 次！", NOON + MINUTE)) is Refusal.REPEATED
    assert isinstance(write(number, li, "一次", NOON + 8 * DAY), int)


@pytest.mark.parametrize("step", [timedelta(seconds=1), timedelta(minutes=5)])
def test_posts_have_a_pace(club, step):
    number, (_, li, _) = club
    limit = LIMITS[Deed.POST]
    most, refusal = (
        (limit.minute_max, Refusal.TOO_FAST) if step < MINUTE else (limit.day_max, Refusal.DAY_FULL)
    )
    for count in range(most):
        scene.post(number, li, NOON + count * step)
    assert no(write(number, li, "还有一条", NOON + most * step)) is refusal
    Post.objects.update(state=PostState.DELETED)
    assert no(write(number, li, "还有一条", NOON + most * step)) is refusal
    assert isinstance(write(number, li, "还有一条", NOON + DAY + most * step), int)


def test_likes_comments_and_reports_have_a_pace(club):
    number, (wang, li, _) = club
    posts = [scene.post(number, wang, NOON - 40 * DAY + each * timedelta(hours=2)) for each in range(31)]
    for post in posts[:30]:
        assert writes.like_post(post, li, NOON) is None
    assert no(writes.like_post(posts[30], li, NOON)) is Refusal.TOO_FAST
    assert writes.like_post(posts[30], li, NOON + 2 * MINUTE) is None
    for count in range(LIMITS[Deed.COMMENT].minute_max):
        assert isinstance(scene.comment(posts[0], li, f"第{count}次"), int)
    assert no(scene.comment(posts[0], li, "又一次")) is Refusal.TOO_FAST
    for post in posts[: LIMITS[Deed.REPORT].minute_max]:
        assert writes.report(post, li, ReportReason.SPAM, "", NOON) is None
    assert no(writes.report(posts[9], li, ReportReason.SPAM, "", NOON)) is Refusal.TOO_FAST


def test_a_barred_word_refuses_holds_back_or_marks(club):
    number, (wang, li, _) = club
    word("赌博", Effect.REFUSE)
    word("红包", Effect.HOLD)
    word("微信", Effect.MARK)
    refused = write(number, li, "来赌 。博")
    assert (no(refused), refused.words) == (Refusal.WORD_BARRED, "赌博")
    held, marked = scene.post(number, li, text="发红*包"), scene.post(number, wang, text="微 信群")
    rows = Post.objects.in_bulk([held, marked])
    assert (rows[held].state, rows[held].held, rows[held].credit) == ("held", Held.WORDS, Credit.NONE)
    assert (rows[marked].state, rows[marked].is_marked) == ("shown", True)
    assert reads.post(held, Viewer(wang)) is not None
    assert reads.post(held, Viewer()) is None
    scopes = scopes_of(scene.clerk())
    assert [(each.number, each.marks) for each in to_judge(scopes, 0, 9).rows] == [
        (held, ("红包",)),
        (marked, ("微信",)),
    ]
    assert isinstance(scene.comment(marked, li, "红包"), int)
    assert Comment.objects.get().state == CommentState.HELD
    assert [each.text for each in comments_to_judge(scopes, 0, 9).rows] == ["红包"]
    assert posts_waiting(scopes) == 3
    assert no(add_word("红 包", Effect.MARK, scene.clerk("", Office.OPERATOR), NOON)) is Refusal.WORD_KNOWN
    assert no(add_word("包", Effect.MARK, scene.clerk("", Office.OPERATOR), NOON)) is Refusal.WORD_WRONG
    assert no(add_word("彩票", Effect.MARK, scene.clerk(), NOON)) is Refusal.UNKNOWN
    assert drop_word(BarredWord.objects.first().pk, scene.clerk("", Office.OPERATOR)) is None


def test_what_was_held_back_is_shown_only_as_the_club_says(club):
    number, (wang, li, _) = club
    word("红包", Effect.HOLD)
    scene.set_rule(number, Rule(Posting.MEMBERS, Showing.APPROVED, Joining.OPEN))
    held = scene.post(number, li, text="红包")
    assert no(writes.approve_post(held, wang, NOON)) is Refusal.NOT_WAITING
    assert judge_post(held, Verdict.SHOW, "", scene.clerk(), NOON) is None
    assert Post.objects.get().state == PostState.WAITING
    assert reads.post(held, Viewer()) is None
    assert writes.approve_post(held, wang, NOON) is None
    assert reads.post(held, Viewer()) is not None


def test_several_reports_hold_a_post_back_until_it_is_judged(club):
    number, (wang, li, zhang) = club
    post, more = scene.post(number, li), town.enrol(2)
    assert no(writes.report(post, li, ReportReason.RUDE, "", NOON)) is Refusal.OWN_POST
    assert no(writes.report(post, scene.clerk(), ReportReason.RUDE, "", NOON)) is Refusal.NOT_CERTIFIED
    for who in (wang, zhang):
        assert writes.report(post, who, ReportReason.RUDE, "骂人", NOON) is None
    assert no(writes.report(post, zhang, ReportReason.RUDE, "", NOON)) is Refusal.REPORTED_ALREADY
    assert Post.objects.get().state == PostState.SHOWN
    assert writes.report(post, more[0], ReportReason.SPAM, "", NOON) is None
    assert (Post.objects.get().state, Post.objects.get().held) == (PostState.HELD, Held.REPORTS)
    assert reads.post(post, Viewer()) is None
    clerk = scene.clerk()
    (waiting,) = to_judge(scopes_of(clerk), 0, 9).rows
    assert [each.reason for each in waiting.reports] == ["rude", "rude", "spam"]
    assert judge_post(post, Verdict.SHOW, "", clerk, NOON) is None
    assert reads.post(post, Viewer()) is not None
    assert not to_judge(scopes_of(clerk), 0, 9).rows
    assert writes.report(post, more[1], ReportReason.SPAM, "", NOON) is None
    assert Post.objects.get().state == PostState.SHOWN
    assert no(writes.remove_post(post, wang, "我不喜欢", NOON)) is Refusal.JUDGED


def test_a_removed_post_is_looked_at_again_once(club):
    number, (wang, li, zhang) = club
    post, clerk = scene.post(number, li), scene.clerk()
    assert no(writes.remove_post(post, zhang, "广告", NOON)) is Refusal.NOT_MANAGER
    assert no(writes.remove_post(post, wang, " ", NOON)) is Refusal.REASON_MISSING
    assert writes.remove_post(post, wang, "广告", NOON) is None
    assert reads.post(post, Viewer(li)).reason == "广告"
    assert no(writes.ask_review(post, zhang, "", NOON)) is Refusal.UNKNOWN
    assert writes.ask_review(post, li, "不是广告", NOON) is None
    assert no(writes.ask_review(post, li, "不是广告", NOON)) is Refusal.REVIEW_USED
    assert [each.review_words for each in to_judge(scopes_of(clerk), 0, 9).rows] == ["不是广告"]
    assert judge_post(post, Verdict.REMOVE, "是广告", clerk, NOON) is None
    assert not to_judge(scopes_of(clerk), 0, 9).rows
    assert [each.number for each in decided(scopes_of(clerk), 0, 9).rows] == [post]
    assert not to_judge(scopes_of(scene.clerk("430602")), 0, 9).rows
    assert no(judge_post(post, Verdict.SHOW, "", scene.clerk("430602"), NOON)) is Refusal.UNKNOWN


def test_comments_are_removed_with_a_reason_and_deleted_without(club):
    number, (wang, li, zhang) = club
    post = scene.post(number, li)
    one, other = scene.comment(post, zhang), scene.comment(post, zhang, "再说一句")
    assert no(scene.comment(post, zhang)) is Refusal.REPEATED
    assert no(scene.comment(post, zhang, "")) is Refusal.TEXT_MISSING
    assert no(scene.comment(post, zhang, "长" * 201)) is Refusal.TEXT_LONG
    assert no(writes.remove_comment(one, li, "不对", NOON)) is Refusal.NOT_MANAGER
    assert writes.remove_comment(one, wang, "不对", NOON) is None
    assert no(writes.delete_comment(other, li, NOON)) is Refusal.UNKNOWN
    assert writes.delete_comment(other, zhang, NOON) is None
    assert Comment.objects.get(pk=other).text == ""
    assert [each.number for each in reads.comments(post, Viewer(li), 0, 9).rows] == []
    assert [each.reason for each in reads.comments(post, Viewer(zhang), 0, 9).rows] == ["不对"]
    assert judge_comment(one, Verdict.SHOW, "", scene.clerk(), NOON) is None
    assert [each.number for each in reads.comments(post, Viewer(), 0, 9).rows] == [one]


def test_pinned_posts_stand_first_and_are_few(club):
    number, (wang, li, _) = club
    posts = [scene.post(number, wang, NOON + each * DAY) for each in range(5)]
    assert no(writes.pin_post(posts[0], li, NOON, wanted=True)) is Refusal.NOT_MANAGER
    for each in range(3):
        assert writes.pin_post(posts[each], wang, NOON + each * MINUTE, wanted=True) is None
    assert no(writes.pin_post(posts[3], wang, NOON, wanted=True)) is Refusal.PINNED_MANY
    shown = [each.number for each in reads.club_posts(number, Viewer(), 0, 9).rows]
    assert shown == [posts[2], posts[1], posts[0], posts[4], posts[3]]
    assert writes.pin_post(posts[2], wang, NOON, wanted=False) is None
    assert writes.pin_post(posts[3], wang, NOON, wanted=True) is None


def test_pictures_lose_where_they_were_taken(club, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    number, (_, li, _) = club
    exif = Image.Exif()
    exif[0x010F] = "手机"
    exif.get_ifd(0x8825)[1] = "N"
    sent = scene.photo(2000, exif=exif, comment=b"here I live")
    assert b"here I live" in sent
    draft = scene.post_draft(pictures=[sent, scene.photo(form="PNG"), scene.photo(form="WEBP")])
    post = writes.write_post(number, li, draft, NOON)
    assert isinstance(post, int)
    for row in PostPicture.objects.all():
        for small in (False, True):
            kept = pictures.picture_path(row.token, small=small)
            assert b"here I live" not in kept.read_bytes()
            with Image.open(kept) as opened:
                assert opened.format == "JPEG"
                assert not opened.getexif()
                assert max(opened.size) <= (320 if small else 1440)
    assert writes.delete_post(post, li, NOON) is None
    assert not [each for each in Path(tmp_path).rglob("*") if each.is_file()]


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ([b"<svg onload=alert(1)>"], Refusal.PICTURE_WRONG),
        ([scene.photo(), b""], Refusal.PICTURE_WRONG),
        ([scene.photo(8, "GIF")], Refusal.PICTURE_WRONG),
        ([b"x" * (10 * 1024 * 1024 + 1)], Refusal.PICTURE_LARGE),
        ([scene.photo()] * 10, Refusal.PICTURES_MANY),
    ],
    ids=["svg", "one is empty", "gif", "large", "ten"],
)
def test_what_is_no_picture_leaves_nothing(club, tmp_path, monkeypatch, sent, refusal):
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    number, (_, li, _) = club
    assert no(writes.write_post(number, li, scene.post_draft(pictures=sent), NOON)) is refusal
    assert not Post.objects.exists()
    assert not [each for each in Path(tmp_path).rglob("*") if each.is_file()]


def test_an_event_id_is_ones_own(club):
    number, (_, li, zhang) = club
    draft = scene.post_draft("我的")
    first = writes.write_post(number, li, draft, NOON)
    assert writes.write_post(number, zhang, draft, NOON) != first
    assert isinstance(writes.write_comment(first, zhang, "好", UUID(int=1), NOON), int)


def test_files_that_belong_to_nothing_go_after_a_day(club, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    number, (_, li, _) = club
    assert isinstance(writes.write_post(number, li, scene.post_draft(pictures=[scene.photo()]), NOON), int)
    kept = PostPicture.objects.get().token
    (left,) = pictures.keep_pictures([scene.photo()])
    written = clock.now()
    for hour in range(256):
        sweep_pictures(written + timedelta(hours=hour - 240))
    assert pictures.picture_path(left.token, small=True).exists()
    assert sum(sweep_pictures(written + timedelta(hours=25 + hour)) for hour in range(256)) == 1
    assert not pictures.picture_path(left.token, small=True).exists()
    assert pictures.picture_path(kept, small=False).exists()
