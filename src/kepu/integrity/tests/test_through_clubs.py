"""Likes as clubs enter them raise signals, and taking them back leaves clubs and ledger agreeing."""

from datetime import timedelta

import pytest

from kepu.campaigns.rules import Kind
from kepu.clubs import writes as clubs
from kepu.clubs.models import Post
from kepu.clubs.rules import Verdict
from kepu.clubs.tests import scene
from kepu.clubs.writes.judging import judge_post
from kepu.integrity import tasks, writes
from kepu.integrity.models import LikeRow, Signal
from kepu.integrity.reads import seen_of
from kepu.integrity.rules import Decision, SignalState
from kepu.ledger.models import Entry
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.standings.tests import town


@pytest.fixture
def two(transactional_db: None) -> tuple[int, int]:
    """Two members of a club who liked each other twelve times each."""
    scene.build()
    founder, one, other = town.enrol(3)
    club = scene.open_one(founder)
    scene.join(club, one, other)
    for number in range(12):
        at = scene.NOON + timedelta(minutes=5 * number)
        for author, giver in ((one, other), (other, one)):
            post = scene.post(club, author, at)
            assert clubs.like_post(post, giver, at + scene.MINUTE) is None
    tasks.catch_up()
    return one, other


def test_they_raise_one_signal_and_earn_what_the_caps_allow(two):
    signal = Signal.objects.get()
    assert (signal.low_gave, signal.high_gave) == (12, 12)
    assert signal.points == sum(scene.points(person, Kind.LIKE, Kind.LIKED) for person in two) > 0
    assert all(scene.points(person, Kind.LIKE) == 10 for person in two), "ten a day"


def test_what_does_not_count_is_taken_back_and_removing_the_posts_later_takes_nothing_twice(two):
    signal = Signal.objects.get()
    officer = land.staff(90, Role.COUNTY_OFFICER, scene.COUNTY)
    decision = Decision(SignalState.NOT_COUNTED, "互相刷赞", seen_of(signal.pk))
    assert writes.decide_signal(signal.pk, decision, officer, scene.NOON) is None
    tasks.each_minute(scene.NOON)
    assert [scene.points(person, Kind.LIKE, Kind.LIKED) for person in two] == [0, 0]
    for post in Post.objects.filter(author=two[0]):
        assert judge_post(post.pk, Verdict.REMOVE, "内容重复", officer, scene.NOON) is None
        clubs.settle_post(post.pk, scene.NOON)
    assert [scene.points(person, Kind.LIKE, Kind.LIKED) for person in two] == [0, 0]
    assert Entry.objects.filter(kind=Kind.ADJUSTMENT, ref_seq__gt=0).count() == 48 + 12


def test_likes_of_a_removed_post_are_no_evidence(two):
    officer = land.staff(90, Role.COUNTY_OFFICER, scene.COUNTY)
    for post in Post.objects.filter(author=two[0])[:3]:
        assert judge_post(post.pk, Verdict.REMOVE, "内容重复", officer, scene.NOON) is None
        clubs.settle_post(post.pk, scene.NOON)
    tasks.catch_up()
    assert LikeRow.objects.count() == 21
    assert not Signal.objects.exists(), "nine one way"
