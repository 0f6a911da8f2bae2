"""What is left in clubs of somebody who closed their account: numbers, no words and no pictures."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kepu.clubs import pictures
from kepu.clubs.models import (
    Club,
    Comment,
    Like,
    MemberLine,
    Membership,
    PictureSending,
    Post,
    PostPicture,
    Report,
)
from kepu.clubs.rules import (
    DAY,
    ClubState,
    CommentState,
    MemberState,
    PostState,
    Role,
)


@transaction.atomic
def forget(account: int, now: datetime) -> None:
    """Posts, comments and pictures of the account are gone, its likes too, and it is in no club.

    What they earned is left: points fall with the account, and what others earned stays theirs. A club it
    founded goes to its longest-standing manager, else member; without any it is closed. One that it asked
    for is withdrawn.
    The name, the words and the picture of a club of theirs that never opened are gone, and so is what others
    reported of them. About seventeen queries, a few more for each club it founded. Files go once the
    transaction is kept.
    """
    for member in Membership.objects.filter(account=account, role=Role.FOUNDER, state=MemberState.IN):
        _pass_on(member, now)
    tokens = _forget_unopened(account, now)
    Membership.objects.filter(account=account).delete()
    MemberLine.objects.filter(account=account).delete()
    PictureSending.objects.filter(account=account).delete()
    mine = PostPicture.objects.filter(post__author=account)
    tokens += mine.values_list("token", flat=True)
    mine.delete()
    transaction.on_commit(lambda: pictures.drop_pictures(tokens))
    Post.objects.filter(author=account).exclude(state=PostState.DELETED).update(
        state=PostState.DELETED, removed_at=now, removed_by=account
    )
    Post.objects.filter(author=account).update(
        text="", digest="", review_words="", reason="", held="", is_marked=False, pinned_at=None
    )
    comments = Comment.objects.filter(author=account)
    comments.update(state=CommentState.DELETED, text="", digest="", reason="", held="", is_marked=False)
    Like.objects.filter(account=account).update(is_on=False)
    of_them = Q(comment=0, post__author=account) | Q(comment__in=comments.values("pk"))
    Report.objects.filter(Q(account=account) | of_them).update(words="")


def _forget_unopened(account: int, now: datetime) -> list[str]:
    """Clubs that nobody but staff ever saw are left without words; the names of their pictures."""
    Club.objects.filter(founder=account, state=ClubState.ASKED).update(
        state=ClubState.CLOSED, closed_at=now, closed_by=account
    )
    refused = Q(state=ClubState.REFUSED)
    never = Q(state=ClubState.CLOSED, decided_at=None)
    unopened = Club.objects.filter(refused | never, founder=account)
    tokens = list(unopened.exclude(picture="").values_list("picture", flat=True))
    unopened.update(name="", text="", picture="", reason="")
    return tokens


def sweep_pictures(now: datetime) -> int:
    """Files that no post and no club names are gone, a day after they were written; how many pictures.

    A crash between a file and its row leaves such. One part of the folder an hour, all in eleven days. Two
    queries.
    """
    part = int(now.timestamp() // 3600) % pictures.PARTS
    kept = pictures.kept_before(part, now - DAY)
    named = set(PostPicture.objects.filter(token__in=kept).values_list("token", flat=True))
    named |= set(Club.objects.filter(picture__in=kept).values_list("picture", flat=True))
    pictures.drop_pictures(kept - named)
    return len(kept - named)


def _pass_on(founder: Membership, now: datetime) -> None:
    others = Membership.objects.filter(club=founder.club_id, state=MemberState.IN).exclude(pk=founder.pk)
    heir = others.filter(role=Role.MANAGER).order_by("joined_at", "pk").first()
    heir = heir or others.order_by("joined_at", "pk").first()
    founder.role = Role.MEMBER
    founder.save(update_fields=["role"])
    if heir is not None:
        heir.role = Role.FOUNDER
        heir.save(update_fields=["role"])
    else:
        living = Club.objects.filter(pk=founder.club_id, state=ClubState.OPEN)
        living.update(state=ClubState.CLOSED, closed_at=now, closed_by=founder.account)
