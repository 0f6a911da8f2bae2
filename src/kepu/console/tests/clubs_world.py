"""What lies in the town of the walk through every address, of clubs: see `world.town_at_work`."""

from typing import Any
from uuid import UUID

from kepu.clubs.models import BarredWord, Club, Comment, Post, PostPicture
from kepu.clubs.pictures import keep_pictures
from kepu.clubs.rules import ClubState, PostState
from kepu.clubs.tests.scene import photo
from kepu.integrity.models import Signal
from kepu.kit import clock
from kepu.people.tests.land import TOWN


def in_clubs(author: int, other: int) -> dict[str, Any]:
    """A club that is asked for, a post with a picture and a comment that wait, a signal and a barred word."""
    now = clock.now()
    kept = keep_pictures([photo(), photo()])
    assert isinstance(kept, tuple), kept
    club = Club.objects.create(
        name="闻人密社",
        text="社团密文",
        picture=kept[0].token,
        division=TOWN,
        founder=author,
        state=ClubState.ASKED,
        asked_at=now,
    )
    held = {"state": PostState.HELD.value, "held": "words", "posted_at": now, "author": author}
    post = Post.objects.create(club=club, text="动态密文", event_id=UUID(int=1), **held)
    picture = PostPicture.objects.create(
        post=post, place=0, token=kept[1].token, width=kept[1].width, height=kept[1].height
    )
    comment = Comment.objects.create(post=post, text="评论密文", event_id=UUID(int=2), **held)
    word = BarredWord.objects.create(word="某词", folded="某词", effect="hold", added_at=now, added_by=other)
    signal = Signal.objects.create(kind=1, low=author, high=other, division=TOWN)
    return {
        "club": club.pk,
        "club post": post.pk,
        "club comment": comment.pk,
        "club picture": picture.pk,
        "club word": word.pk,
        "signal": signal.pk,
    }
