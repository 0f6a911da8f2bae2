"""Pictures cost a server much: the heads of all are looked at first, and every sending counts."""

import io

import pytest
from PIL import Image

from kepu.clubs import pictures, writes
from kepu.clubs.models import Club, PictureSending, Post
from kepu.clubs.rules import ClubState, Refusal, Refused
from kepu.clubs.rules.limits import LIMITS, Deed
from kepu.clubs.tests import scene

NOON, MINUTE = scene.NOON, scene.MINUTE


def _unpacks_none(*_args):
    raise AssertionError("unpacked")


def _no(answer):
    assert isinstance(answer, Refused), answer
    return answer.refusal


def test_one_bad_head_is_refused_before_anything_is_unpacked(club, monkeypatch):
    number, (_, li, _) = club
    monkeypatch.setattr(pictures, "shrunk", _unpacks_none)
    sent = [scene.photo(), scene.photo(), b"no picture"]
    draft = scene.post_draft(pictures=sent)
    assert _no(writes.write_post(number, li, draft, NOON)) is Refusal.PICTURE_WRONG
    assert not Post.objects.exists()


def test_what_is_refused_counts_against_the_pace_and_nobody_elses(club, monkeypatch):
    number, (wang, li, _) = club
    monkeypatch.setattr(pictures, "shrunk", _unpacks_none)
    most, at = LIMITS[Deed.PICTURES], NOON

    def send(who, at):
        return _no(writes.write_post(number, who, scene.post_draft(pictures=[b"none"]), at))

    assert {send(li, at) for _ in range(most.minute_max)} == {Refusal.PICTURE_WRONG}
    assert send(li, at) is Refusal.TOO_FAST
    assert send(wang, at) is Refusal.PICTURE_WRONG
    for _ in range(most.day_max - most.minute_max):
        at += MINUTE
        assert send(li, at) is Refusal.PICTURE_WRONG
    assert send(li, at + MINUTE) is Refusal.DAY_FULL
    assert send(li, at + 25 * 60 * MINUTE) is Refusal.PICTURE_WRONG
    assert PictureSending.objects.filter(account=li).count() == 1
    writes.forget(li, at)
    assert not PictureSending.objects.filter(account=li).exists()


def test_a_club_is_asked_for_five_times_a_day_at_most(club):
    _, (_, li, _) = club
    asked = []
    for minute in range(6):
        made = writes.found_club(li, scene.draft_of(), NOON + minute * MINUTE)
        asked.append(made)
        if isinstance(made, int):
            Club.objects.filter(pk=made).update(state=ClubState.REFUSED)
    assert [isinstance(each, int) for each in asked] == [True] * 5 + [False]
    assert _no(asked[-1]) is Refusal.DAY_FULL


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_is_unpacked_whole_may_have_fewer_points(club, form):
    number, (_, li, _) = club
    written = io.BytesIO()
    Image.new("RGB", (4001, 2000)).save(written, form)
    draft = scene.post_draft(pictures=[written.getvalue()])
    assert _no(writes.write_post(number, li, draft, NOON)) is Refusal.PICTURE_LARGE
