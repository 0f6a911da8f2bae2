"""The same promises when many ask at the same moment, each on a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from kepu.campaigns.rules import Kind
from kepu.clubs import writes
from kepu.clubs.models import Comment, Like, Post
from kepu.clubs.rules import Credit, PostState, ReportReason
from kepu.clubs.tests import scene
from kepu.clubs.writes import posts
from kepu.ledger import reads as ledger
from kepu.standings.tests import town

NOON, MINUTE = scene.NOON, scene.MINUTE
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> Sequence[Any]:
    """What each act answered, all begun at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_what_is_sent_twice_at_once_is_there_once():
    scene.build()
    wang, li = town.enrol(2)
    club = scene.open_one(wang)
    scene.join(club, li)
    draft = scene.post_draft("一起发")
    numbers = at_once(*[lambda: writes.write_post(club, li, draft, NOON)] * 5)
    assert set(numbers) == {Post.objects.get().pk}
    post = numbers[0]
    likes = [lambda: writes.like_post(post, wang, NOON)] * 5
    assert set(at_once(*likes, lambda: writes.catch_up(NOON))[:5]) == {None}
    comment = [lambda: writes.write_comment(post, wang, "好", UUID(int=9), NOON)] * 4
    assert set(at_once(*comment)) == {Comment.objects.get().pk}
    writes.catch_up(NOON)
    assert Like.objects.get().credit == Credit.BOOKED
    counts = [len(scene.entries(who, kind)) for who, kind in ((li, Kind.CLUB_POST), (li, Kind.LIKED))]
    assert [*counts, len(scene.entries(wang, Kind.LIKE))] == [1, 1, 1]


def test_a_post_taken_away_while_it_is_liked_earns_its_author_nothing():
    scene.build()
    wang, li, *likers = town.enrol(6)
    club = scene.open_one(wang)
    scene.join(club, li, *likers)
    post = scene.post(club, li)
    acts: list[Callable[[], Any]] = [lambda who=who: writes.like_post(post, who, NOON) for who in likers]
    acts += [lambda: writes.remove_post(post, wang, "与科普无关", NOON), lambda: writes.catch_up(NOON)]
    at_once(*acts)
    writes.catch_up(NOON)
    assert Post.objects.get().state == PostState.REMOVED
    assert not Like.objects.filter(credit__in=(Credit.DUE, Credit.OWED, Credit.BOOKED)).exists()
    assert ledger.balance(li) == 0
    given = Like.objects.filter(credit=Credit.REVERSED).values_list("account", flat=True)
    assert all(ledger.balance(who) == (1 if who in set(given) else 0) for who in likers)


def test_three_who_report_at_once_hold_a_post_back():
    scene.build()
    wang, li, *others = town.enrol(5)
    club = scene.open_one(wang)
    scene.join(club, li)
    post = scene.post(club, li)
    told = [lambda who=who: writes.report(post, who, ReportReason.SPAM, "", NOON) for who in others]
    assert at_once(*told) == [None] * 3
    assert Post.objects.get().state == PostState.HELD


def test_a_post_is_removed_while_somebody_comments(monkeypatch):
    scene.build()
    wang, li, zhang = town.enrol(3)
    club = scene.open_one(wang)
    scene.join(club, li, zhang)
    post, asked, real = scene.post(club, li), Event(), posts.manager_of

    def slow(*about):
        asked.set()
        sleep(0.5)
        return real(*about)

    def comment():
        asked.wait(5)
        return writes.write_comment(post, zhang, "好", UUID(int=77), NOON)

    monkeypatch.setattr(posts, "manager_of", slow)
    removed, _ = at_once(lambda: writes.remove_post(post, wang, "与科普无关", NOON), comment)
    assert removed is None
    assert Post.objects.get().state == PostState.REMOVED
