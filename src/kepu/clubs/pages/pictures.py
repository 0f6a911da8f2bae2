"""Pictures of clubs and posts: given only to whoever sees what they belong to."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kepu.clubs import reads
from kepu.clubs.pages.visitors import viewer_of
from kepu.ui.off import part_of

KEPT_SECONDS = 3600


@part_of("clubs")
@require_safe
def picture_page(request: HttpRequest, picture: int, size: str = "") -> HttpResponse:
    """A picture of a post, whole or `small`."""
    return _picture(reads.picture_file(picture, viewer_of(request), small=size == "small"))


@part_of("clubs")
@require_safe
def club_picture_page(request: HttpRequest, club: int) -> HttpResponse:
    """A club's own picture, small."""
    return _picture(reads.club_picture_file(club, viewer_of(request), small=True))


def _picture(file: Path | None) -> HttpResponse:
    if file is None or not file.is_file():
        raise Http404
    # Private: what one may see another may not, and what is removed is gone from here within the hour.
    headers = {"Cache-Control": f"private, max-age={KEPT_SECONDS}", "Vary": "Cookie"}
    return HttpResponse(file.read_bytes(), content_type="image/jpeg", headers=headers)
