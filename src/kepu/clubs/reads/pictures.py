"""Where the file of a picture lies, for whoever may see what it belongs to."""

from pathlib import Path

from kepu.clubs.models import PostPicture
from kepu.clubs.pictures import picture_path
from kepu.clubs.reads.visible import clubs_seen_by, posts_seen_by
from kepu.clubs.rules import Viewer


def picture_file(picture: int, viewer: Viewer, *, small: bool) -> Path | None:
    """The file of a post's picture; None where there is none for this viewer. One query."""
    seen = PostPicture.objects.filter(pk=picture, post__in=posts_seen_by(viewer).values("pk"))
    token = seen.values_list("token", flat=True).first()
    return picture_path(token, small=small) if token else None


def club_picture_file(club: int, viewer: Viewer, *, small: bool) -> Path | None:
    """The file of a club's own picture, or None. One query."""
    token = clubs_seen_by(viewer).filter(pk=club).values_list("picture", flat=True).first()
    return picture_path(token, small=small) if token else None
