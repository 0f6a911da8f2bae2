"""The files of pictures in clubs: written anew from what was sent, in two sizes, reached only by our pages.

Each is kept under a name that is drawn, outside what the server gives out by itself: a post that is not
shown, or no more, has pictures that nobody can ask for.
"""

import io
import secrets
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

from kepu.clubs.rules import PICTURES_MAX, Refusal, Refused
from kepu.kit.photos import Photo, PhotoTrouble, shrunk, trouble_of

SIDE_MAX, SMALL_SIDE = 1440, 320
SMALL_QUALITY = 78
PARTS = 256
# One at a time: an unpacked picture takes up to 165 MB.
_one = threading.Lock()


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture whose files are there."""

    token: str
    width: int
    height: int


def keep_pictures(sent: Sequence[bytes]) -> tuple[Kept, ...] | Refused:
    """The pictures in order, all kept or none; two seconds each at most.

    The heads of all are looked at before any is unpacked.
    """
    if len(sent) > PICTURES_MAX:
        return Refused(Refusal.PICTURES_MANY)
    for content in sent:
        trouble = trouble_of(content)
        if trouble is not None:
            return _refused(trouble)
    kept: list[Kept] = []
    for content in sent:
        with _one:
            photo = shrunk(content, SIDE_MAX)
        if isinstance(photo, PhotoTrouble):
            drop_pictures(each.token for each in kept)
            return _refused(photo)
        kept.append(_written(photo))
    return tuple(kept)


def drop_pictures(tokens: Iterable[str]) -> None:
    """The files are gone; those that are gone already stay so."""
    for token in tokens:
        for small in (False, True):
            picture_path(token, small=small).unlink(missing_ok=True)


def picture_path(token: str, *, small: bool) -> Path:
    """Where the file of a picture lies: whole, or its middle cut to a small square."""
    return _folder() / token[:2] / f"{token}{'-small' if small else ''}.jpg"


def kept_before(part: int, before: datetime) -> frozenset[str]:
    """The names of pictures in one of PARTS parts of the folder that were written before a moment."""
    found = _folder().joinpath(f"{part:02x}").glob("*.jpg")
    old = (file for file in found if file.stat().st_mtime < before.timestamp())
    return frozenset(file.stem.removesuffix("-small") for file in old)


def _refused(trouble: PhotoTrouble) -> Refused:
    is_wrong = trouble is PhotoTrouble.NOT_A_PICTURE
    return Refused(Refusal.PICTURE_WRONG if is_wrong else Refusal.PICTURE_LARGE)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT, "clubs")


def _written(photo: Photo) -> Kept:
    token = secrets.token_hex(16)
    whole, small = (picture_path(token, small=each) for each in (False, True))
    whole.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole.write_bytes(photo.content)
    small.write_bytes(_square(photo.content))
    return Kept(token, photo.width, photo.height)


def _square(content: bytes) -> bytes:
    cut = io.BytesIO()
    with Image.open(io.BytesIO(content)) as opened:
        ImageOps.fit(opened, (SMALL_SIDE, SMALL_SIDE)).save(cut, "JPEG", quality=SMALL_QUALITY)
    return cut.getvalue()
