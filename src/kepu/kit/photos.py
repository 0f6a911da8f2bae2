"""Pictures that people send: read within limits, turned upright, made smaller and written anew."""

import io
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps

PHOTO_BYTES_MAX = 10 * 1024 * 1024
# A photograph of a telephone fits; unpacked it takes 75 MB.
POINTS_MAX = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82


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


def shrunk(content: bytes, side_max: int) -> Photo | PhotoTrouble:
    """The picture (JPEG, PNG, WebP) as a JPEG whose longer side is `side_max` pixels at most.

    Its own bytes are never passed on: what hides behind a picture, and where it was taken, is gone. Where
    it was transparent it is white. At most half a second and 150 MB.
    """
    if len(content) > PHOTO_BYTES_MAX:
        return PhotoTrouble.TOO_LARGE
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > POINTS_MAX:
                return PhotoTrouble.TOO_MANY_POINTS
            # For a JPEG the decoder itself leaves out what will not be seen.
            opened.draft("RGB", (side_max, side_max))
            whole = _on_white(ImageOps.exif_transpose(opened))
    except Image.DecompressionBombError:
        return PhotoTrouble.TOO_MANY_POINTS
    except (OSError, ValueError, SyntaxError, EOFError):
        return PhotoTrouble.NOT_A_PICTURE
    whole.thumbnail((side_max, side_max), Image.Resampling.LANCZOS)
    whole.info.clear()  # a comment inside a JPEG would be written again
    written = io.BytesIO()
    whole.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Photo(written.getvalue(), whole.width, whole.height)


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    under = Image.new("RGBA", clear.size, "#FFFFFF")
    return Image.alpha_composite(under, clear).convert("RGB")
