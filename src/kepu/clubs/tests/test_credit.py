"""What posts and likes earn: once each, by the sheet's caps, and taken back with the post."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from structlog.testing import capture_logs

from kepu.campaigns.rules import Kind
from kepu.clubs import writes
from kepu.clubs.models import Like, Post
from kepu.clubs.rules import Credit, Joining, Posting, PostState, Rule, Showing, Verdict
from kepu.clubs.tests import scene
from kepu.clubs.writes import crediting, posts
from kepu.clubs.writes.judging import judge_post
from kepu.kit.tests.depth import cases
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.models import Entry
from kepu.ledger.rules import Channel
from kepu.standings.tests import town

NOON, MINUTE = scene.NOON, scene.MINUTE
EARNED = (Kind.CLUB_POST, Kind.LIKE, Kind.LIKED)


def test_a_post_and_a_like_name_what_they_belong_to(club):
    number, (wang, li, _) = club
    post = scene.post(number, wang)
    assert writes.like_post(post, li, NOON + MINUTE) is None
    (posted,), (like,), (liked,) = (
        scene.entries(wang, Kind.CLUB_POST),
        scene.entries(li, Kind.LIKE),
        scene.entries(wang, Kind.LIKED),
    )
    assert (posted.article, posted.ref_seq, posted.author, posted.points) == (0, 0, 0, 2)
    assert (like.ref_book, like.ref_seq, like.author) == (posted.book, posted.seq, 0)
    assert (liked.ref_book, liked.ref_seq, liked.author) == (posted.book, posted.seq, li)
    assert Post.objects.get().credit == Like.objects.get().credit == Credit.BOOKED


def test_nobody_earns_by_liking_themself(club):
    number, (wang, *_) = club
    post = scene.post(number, wang)
    assert writes.like_post(post, wang, NOON) is None
    assert not scene.entries(wang, Kind.LIKE)
    assert not scene.entries(wang, Kind.LIKED)
    assert Like.objects.get().credit == Credit.NONE


def test_taking_a_like_back_and_giving_it_again_earns_nothing(club):
    number, (wang, li, _) = club
    post = scene.post(number, wang)
    for second in range(cases(500, 40)):
        at = NOON + timedelta(seconds=second)
        assert writes.like_post(post, li, at) is None
        writes.unlike_post(post, li, at)
    assert len(scene.entries(li, Kind.LIKE)) == len(scene.entries(wang, Kind.LIKED)) == 1


@pytest.mark.parametrize("showing", [Showing.APPROVED, Showing.MEMBERS])
def test_what_is_not_public_earns_nothing_yet(club, showing):
    number, (wang, li, _) = club
    scene.set_rule(number, Rule(Posting.MEMBERS, showing, Joining.OPEN))
    post = scene.post(number, li)
    assert not scene.entries(li, Kind.CLUB_POST)
    if showing is Showing.APPROVED:
        assert writes.approve_post(post, wang, NOON + MINUTE) is None
        (entry,) = scene.entries(li, Kind.CLUB_POST)
        assert entry.at_ms == (NOON + MINUTE).timestamp() * 1000
    else:
        assert writes.like_post(post, wang, NOON) is None
        assert not Entry.objects.filter(kind__in=EARNED).exists()


def test_a_like_earns_no_more_once_the_club_is_for_members_only(club):
    number, (wang, li, zhang) = club
    post = scene.post(number, li)
    assert writes.like_post(post, wang, NOON) is None
    scene.set_rule(number, Rule(Posting.MEMBERS, Showing.MEMBERS, Joining.OPEN))
    assert writes.like_post(post, zhang, NOON) is None
    assert Like.objects.get(account=zhang).credit == Credit.NONE
    assert (ledger.balance(li), ledger.balance(zhang)) == (3, 0)


def _each_likes_the_others_posts(number, one, other, times):
    """Two people write and like until each liked the other so many times, as fast as the site lets them."""
    at, liked = NOON, 0
    while liked < times:
        day_end = at + timedelta(days=1, minutes=1)
        for _ in range(min(20, times - liked)):
            for author, liker in ((one, other), (other, one)):
                assert writes.like_post(scene.post(number, author, at), liker, at) is None
            liked, at = liked + 1, at + MINUTE
        at = day_end
    return (at - NOON).days


def test_two_who_like_each_other_day_after_day_earn_what_the_caps_allow(club):
    number, (_, li, zhang) = club
    times = cases(500, 60)
    days = _each_likes_the_others_posts(number, li, zhang, times)
    assert days == times // 20
    for person in (li, zhang):
        assert Like.objects.filter(account=person).count() == times
        assert len(scene.entries(person, Kind.LIKE)) == len(scene.entries(person, Kind.LIKED)) == times
        for kind in EARNED:
            earning = town.reads.published()[0].sheet.earnings[kind]
            allowed = _most(person, kind, earning.per_day_max) * earning.points
            assert scene.points(person, kind) == allowed
        assert ledger.balance(person) == scene.points(person, *EARNED)
    assert scene.points(li, *EARNED) <= (days + 1) * (3 * 2 + 10 + 10)


def _most(person, kind, per_day):
    """What a cap leaves of the acts of each calendar day."""
    days = [entry.day for entry in scene.entries(person, kind)]
    return sum(min(per_day, days.count(day)) for day in set(days))


def test_a_removed_post_gives_back_what_its_author_had_of_it(club):
    number, (wang, li, zhang) = club
    post = scene.post(number, li)
    for liker in (wang, zhang):
        assert writes.like_post(post, liker, NOON) is None
    assert ledger.balance(li) == 4
    assert writes.remove_post(post, wang, "与科普无关", NOON + MINUTE) is None
    assert ledger.balance(li) == 0
    assert (ledger.balance(wang), ledger.balance(zhang)) == (1, 1)
    notes = set(Entry.objects.filter(kind=Kind.ADJUSTMENT).values_list("note", "author"))
    assert len(notes) == 1
    assert "与科普无关" not in str(notes)
    assert writes.catch_up(NOON) == 0
    assert writes.remove_post(post, wang, "再来一次", NOON + MINUTE) is not None
    assert ledger.balance(li) == 0


def test_deleting_ones_post_gives_back_as_well(club):
    number, (wang, li, _) = club
    post = scene.post(number, li)
    writes.like_post(post, wang, NOON)
    assert writes.delete_post(post, li, NOON + MINUTE) is None
    assert ledger.balance(li) == 0
    assert Post.objects.get().text == ""


def test_a_restored_post_gets_back_what_was_taken_and_only_its_author(club):
    number, (wang, li, zhang) = club
    post = scene.post(number, li)
    writes.like_post(post, zhang, NOON)
    writes.remove_post(post, wang, "与科普无关", NOON + MINUTE)
    assert writes.ask_review(post, li, "这是科普", NOON + 2 * MINUTE) is None
    clerk, later = scene.clerk(), NOON + 3 * MINUTE
    assert judge_post(post, Verdict.SHOW, "", clerk, later) is None
    writes.settle_post(post, later)
    assert (ledger.balance(li), ledger.balance(zhang)) == (3, 1)
    back = [each for each in scene.entries(li, Kind.ADJUSTMENT) if each.points > 0]
    assert [(each.points, each.author, each.ref_seq, each.channel) for each in back] == [
        (points, clerk, 0, Channel.STAFF) for points in (2, 1)
    ]
    assert len(scene.entries(li, Kind.CLUB_POST)) == len(scene.entries(zhang, Kind.LIKE)) == 1
    assert writes.like_post(post, wang, later) is None
    assert ledger.balance(li) == 4


def test_a_restored_post_gets_all_back_though_the_caps_are_met(club):
    number, (wang, li, zhang) = club
    posts = [scene.post(number, li, NOON + minute * MINUTE) for minute in range(12)]
    for post in posts:
        writes.like_post(post, zhang, NOON + timedelta(hours=1))
    before, late = ledger.balance(li), NOON + timedelta(hours=2)
    assert before == scene.points(li, Kind.CLUB_POST, Kind.LIKED)
    assert sum(not entry.points for entry in scene.entries(li, Kind.CLUB_POST))
    clerk = scene.clerk()
    for turn in range(3):
        at = late + 2 * turn * MINUTE
        Post.objects.update(is_by_staff=False)
        for post in posts:
            assert writes.remove_post(post, wang, "误删", at) is None
        assert ledger.balance(li) == 0
        for post in posts:
            assert judge_post(post, Verdict.SHOW, "", clerk, at + MINUTE) is None
            writes.settle_post(post, at + MINUTE)
            writes.settle_post(post, at + MINUTE)
        assert ledger.balance(li) == before
    assert len(scene.entries(li, Kind.CLUB_POST)) == len(posts)


def test_a_like_that_others_took_back_does_not_return_with_the_post(club):
    number, (wang, li, zhang) = club
    post = scene.post(number, li)
    writes.like_post(post, zhang, NOON)
    (liked,) = scene.entries(li, Kind.LIKED)
    ledger_writes.reverse_entries([(liked.book, liked.seq)], scene.clerk(), "互相刷赞", NOON + MINUTE)
    assert writes.remove_post(post, wang, "误删", NOON + 2 * MINUTE) is None
    assert judge_post(post, Verdict.SHOW, "", scene.clerk(), NOON + 3 * MINUTE) is None
    writes.settle_post(post, NOON + 3 * MINUTE)
    assert ledger.balance(li) == 2


STEPS = ("post", "like", "remove", "delete", "restore")


class CutOff(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("cut", ["before the ledger", "after the ledger", "ledger away"])
def test_whatever_is_cut_off_is_finished_once(club, monkeypatch, step, cut):
    number, (wang, li, zhang) = club
    _play(number, wang, li, zhang, until=step)
    real = {name: getattr(crediting.ledger, name) for name in ("record", "commit_batch", "reverse_entries")}

    def dying(name):
        def dies(*args):
            if cut == "after the ledger":
                real[name](*args)
            raise DatabaseError if cut == "ledger away" else CutOff

        return dies

    with monkeypatch.context() as patched:
        for name in real:
            patched.setattr(crediting.ledger, name, dying(name))
        with pytest.raises(CutOff) if cut != "ledger away" else nullcontext():
            _deed(step, number, wang, li, zhang)
    for _ in range(3):
        writes.catch_up(NOON + timedelta(hours=1))
    assert not Post.objects.filter(credit__in=(Credit.DUE, Credit.OWED, Credit.BACK)).exists()
    assert not Like.objects.filter(credit__in=(Credit.DUE, Credit.OWED, Credit.BACK)).exists()
    gone = step in ("remove", "delete")
    liked = 0 if step == "post" else 1
    assert ledger.balance(li) == (0 if gone else 2 + liked)
    assert ledger.balance(zhang) == liked
    assert len(scene.entries(li, Kind.CLUB_POST)) == 1
    assert len(scene.entries(li, Kind.LIKED)) == liked
    assert len(scene.entries(zhang, Kind.LIKE)) == liked
    adjusted = {"remove": 2, "delete": 2, "restore": 4}.get(step, 0)
    assert len(scene.entries(li, Kind.ADJUSTMENT)) == adjusted


def _play(number, wang, li, zhang, until):
    before = {"post": 0, "like": 1, "remove": 2, "delete": 2, "restore": 3}[until]
    for step in ("post", "like", "remove")[:before]:
        _deed(step, number, wang, li, zhang)


def _deed(step, number, wang, li, zhang):
    post = Post.objects.values_list("pk", flat=True).first()
    if step == "post":
        scene.post(number, li)
    elif step == "like":
        writes.like_post(post, zhang, NOON)
    elif step == "remove":
        writes.remove_post(post, wang, "与科普无关", NOON)
    elif step == "delete":
        writes.delete_post(post, li, NOON)
    else:
        assert judge_post(post, Verdict.SHOW, "", scene.clerk(), NOON) is None
        writes.settle_soon(post, NOON)


@hypothesis(max_examples=cases(15, 6), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("post", "like", "unlike", "remove", "delete", "hold", "judge")),
            st.integers(0, 3),
            st.integers(0, 2),
            st.booleans(),
        ),
        max_size=25,
    )
)
def test_whatever_happens_each_standing_post_is_credited_once(club, deeds):
    """After any deeds and cuts a catch-up leaves what stands credited once, and what is gone taken back."""
    number, people = club
    Post.objects.all().delete()
    had = {person: ledger.balance(person) for person in people}
    clerk, at = scene.clerk(), NOON + timedelta(days=Entry.objects.count())
    for deed, which, who, is_cut in deeds:
        at += MINUTE
        posts = list(Post.objects.order_by("pk").values_list("pk", flat=True))
        post = posts[which % len(posts)] if posts else 0
        with pytest.MonkeyPatch.context() as patched:
            if is_cut:
                patched.setattr(crediting.ledger, "record", _away)
                patched.setattr(crediting.ledger, "commit_batch", _away)
                patched.setattr(crediting.ledger, "reverse_entries", _away)
            _random_deed(deed, number, post, people[who], clerk, at)
    writes.catch_up(at)
    assert writes.catch_up(at) == 0
    for row in Post.objects.all():
        standing = row.state in (PostState.SHOWN, PostState.HELD) and row.credit == Credit.BOOKED
        assert standing or row.credit in (Credit.NONE, Credit.REVERSED)
        for like in Like.objects.filter(post=row):
            assert like.credit in (
                (Credit.BOOKED, Credit.NONE) if standing else (Credit.REVERSED, Credit.NONE)
            )
    for person in people:
        assert ledger.balance(person) - had[person] == _standing_points(person)


def _standing_points(person):
    """What acts of the posts there are were worth: the author's while they stand, the likers' ever."""
    posts = Post.objects.filter(seq__gt=0).values_list("book", "seq", "credit")
    known = {(book, seq): credit == Credit.BOOKED for book, seq, credit in posts}
    return sum(
        entry.points
        for entry in Entry.objects.filter(person=person, kind__in=EARNED)
        for post in [(entry.ref_book, entry.ref_seq) if entry.ref_seq else (entry.book, entry.seq)]
        if post in known and (known[post] or entry.kind == Kind.LIKE)
    )


def _away(*_args):
    raise DatabaseError


def _random_deed(deed, number, post, who, clerk, at):
    if deed == "post":
        writes.write_post(number, who, scene.post_draft(), at)
    elif deed == "like" and post:
        writes.like_post(post, who, at)
    elif deed == "unlike" and post:
        writes.unlike_post(post, who, at)
    elif deed == "remove" and post:
        writes.remove_post(post, who, "与科普无关", at)
    elif deed == "delete" and post:
        writes.delete_post(post, who, at)
    elif deed == "hold" and post:
        Post.objects.filter(pk=post, state=PostState.SHOWN).update(state=PostState.HELD)
    elif deed == "judge" and post:
        judge_post(post, Verdict.SHOW, "", clerk, at)
        writes.settle_soon(post, at)


def test_a_post_that_cannot_be_settled_stops_no_other(club, monkeypatch):
    number, (wang, li, _) = club
    settle = crediting.settle_post
    with monkeypatch.context() as patched:
        for room in (crediting, posts):
            patched.setattr(room, "settle_soon", lambda *_args: None)
        first, second = scene.post(number, wang), scene.post(number, li)

    def unless_first(post, now):
        assert post != first
        settle(post, now)

    monkeypatch.setattr(crediting, "settle_post", unless_first)
    with capture_logs() as logs:
        assert writes.catch_up(NOON + MINUTE) == 2
    assert Post.objects.get(pk=first).credit == Credit.DUE
    assert Post.objects.get(pk=second).credit == Credit.BOOKED
    assert [each["post"] for each in logs] == [first]
