"""Pictures that people send: read within limits, made smaller, turned upright and written anew."""

import io
import struct
from dataclasses import dataclass
from enum import StrEnum

from PIL import ExifTags, Image

PHOTO_BYTES_MAX = 10 * 1024 * 1024
# A photograph of a telephone fits: the decoder of JPEG leaves out what will not be seen.
POINTS_MAX = 25_000_000
# PNG and WebP are unpacked whole, four bytes a point and more: a screenshot fits.
WHOLE_POINTS_MAX = 8_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises over a file that is not what it seems, and over a camera's notes that are none.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, AttributeError, TypeError, KeyError)


class PhotoTrouble(StrEnum):
    """Why what was sent is no picture for us."""

    TOO_LARGE = "too_large"
    TOO_MANY_POINTS = "too_many_points"
    NOT_A_PICTURE = "not_a_picture"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as we keep it: JPEG, nothing of the camera or the place in it."""

    content: bytes
    width: int
    height: int


def trouble_of(content: bytes) -> PhotoTrouble | None:
    """What its head alone tells against a picture; nothing is unpacked."""
    if len(content) > PHOTO_BYTES_MAX:
        return PhotoTrouble.TOO_LARGE
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            most = POINTS_MAX if opened.format == "JPEG" else WHOLE_POINTS_MAX
            return PhotoTrouble.TOO_MANY_POINTS if opened.width * opened.height > most else None
    except Image.DecompressionBombError:
        return PhotoTrouble.TOO_MANY_POINTS
    except BROKEN:
        return PhotoTrouble.NOT_A_PICTURE


def shrunk(content: bytes, side_max: int) -> Photo | PhotoTrouble:
    """The picture (JPEG, PNG, WebP) as a JPEG whose longer side is `side_max` pixels at most.

    Its own bytes are never passed on: what hides behind a picture, and where it was taken, is gone. Where
    it was transparent it is white. Measured at the limits: 190 MB and two seconds at most.
    """
    trouble = trouble_of(content)
    if trouble is not None:
        return trouble
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            opened.draft("RGB", (side_max, side_max))
            whole = _upright(_small(opened, side_max), _turn_of(opened))
    except BROKEN:
        return PhotoTrouble.NOT_A_PICTURE
    whole.info.clear()  # a comment inside a JPEG would be written again
    written = io.BytesIO()
    whole.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Photo(written.getvalue(), whole.width, whole.height)


def _small(picture: Image.Image, side_max: int) -> Image.Image:
    """Made smaller first: whatever is done to all its points takes their memory once more."""
    clear = picture.has_transparency_data
    if picture.mode not in ("L", "RGB", "LA", "RGBA"):
        picture = picture.convert("RGBA" if clear else "RGB")
    picture.thumbnail((side_max, side_max), Image.Resampling.LANCZOS)
    if not clear:
        return picture.convert("RGB")
    over = picture.convert("RGBA")
    under = Image.new("RGBA", over.size, "#FFFFFF")
    return Image.alpha_composite(under, over).convert("RGB")


def _turn_of(picture: Image.Image) -> Image.Transpose | None:
    """How it must be turned to stand upright; not at all where what the camera noted cannot be read."""
    try:
        return TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except BROKEN:
        return None


def _upright(picture: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    return picture if turn is None else picture.transpose(turn)
