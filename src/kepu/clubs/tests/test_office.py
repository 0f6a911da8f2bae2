"""What staff decide from the office's pages: somebody else's reports only."""

import pytest

from kepu.clubs import writes
from kepu.clubs.models import Comment, Post
from kepu.clubs.reads.office import comments_seen, posts_seen
from kepu.clubs.rules import CommentState, PostState, Refusal, ReportReason, Verdict
from kepu.clubs.tests import scene
from kepu.clubs.writes.office import judge_seen_comment, judge_seen_post
from kepu.people import writes as people
from kepu.people.reads.notices import notices
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db(transaction=True)
REMOVE = Verdict.REMOVE, "与科普无关"


@pytest.fixture
def reported(db):
    """(post, its comment, a clerk who reported both)."""
    scene.build()
    wang, li, zhang = town.enrol(3)
    number = scene.open_one(wang)
    scene.join(number, li)
    post = scene.post(number, li)
    comment = scene.comment(post, li)
    assert people.grant_scope(zhang, Role.COUNTY_OFFICER, scene.COUNTY, scene.NOON) is None
    for told in (0, comment):
        assert writes.report(post, zhang, ReportReason.SPAM, "", scene.NOON, comment=told) is None
    return post, comment, zhang


def test_nobody_judges_what_they_reported_themselves(reported):
    post, comment, reporter = reported
    seen = posts_seen([post])[post], comments_seen([comment])[comment]
    refused = judge_seen_comment(comment, REMOVE, seen[1], reporter, scene.NOON)
    assert scene.no(refused) is Refusal.OWN_POST
    refused = judge_seen_post(post, REMOVE, seen[0], reporter, scene.NOON)
    assert scene.no(refused) is Refusal.OWN_POST
    assert Post.objects.get().state == PostState.SHOWN
    colleague = scene.clerk()
    assert judge_seen_comment(comment, REMOVE, seen[1], colleague, scene.NOON) is None
    assert judge_seen_post(post, REMOVE, posts_seen([post])[post], colleague, scene.NOON) is None
    assert Comment.objects.get().state == CommentState.REMOVED
    told = {row.text for row in notices(Comment.objects.get().author, 0, 9).rows}
    assert any("评论" in text and "与科普无关" in text for text in told), told
    assert Post.objects.get().state == PostState.REMOVED
