"""Looks for QR codes on one photo and ends: the child behind `photo_codes`.

A PNG of a few kilobytes may claim a hundred million pixels, and unpack to them.
"""

import io
import json
import os
import resource
import sys

import zxingcpp
from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP")
# Of a JPEG only as much is unpacked as is looked at; the others are unpacked whole.
SIDE_MAX = 2400
JPEG_PIXELS_MAX, PIXELS_MAX = 220_000_000, 40_000_000
CODES_MAX = 10
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
# Code and stacks take 300 MB, a PNG of 40 million pixels in four colours 160 MB and its grey 40.
ADDRESS_SPACE_BYTES_MAX = 1024**3
CPU_SECONDS_MAX = 10


def codes_of(photo: bytes) -> list[str] | str:
    """The texts of the codes, the largest first, or the value of a `photo_codes.Unread`."""
    try:
        with Image.open(io.BytesIO(photo), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > (JPEG_PIXELS_MAX if opened.format == "JPEG" else PIXELS_MAX):
                return "too_large"
            opened.draft("L", (SIDE_MAX, SIDE_MAX))
            grey = _grey(opened)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return "no_photo"
    found = zxingcpp.read_barcodes(grey, formats=QR)
    return [code.text[:500] for code in sorted(found, key=_size, reverse=True)[:CODES_MAX]]


def _grey(opened: Image.Image) -> Image.Image:
    """In shades of grey, on white where it is transparent, no longer than SIDE_MAX."""
    if opened.mode in ("RGBA", "LA", "PA", "P"):
        over = opened.convert("RGBA")
        grey = Image.new("L", over.size, 255)
        grey.paste(over.convert("L"), mask=over.getchannel("A"))
    else:
        grey = opened.convert("L")
    grey.thumbnail((SIDE_MAX, SIDE_MAX))
    return grey


def _size(code: zxingcpp.Barcode) -> int:
    corners = code.position
    across = corners.bottom_right.x - corners.top_left.x, corners.bottom_right.y - corners.top_left.y
    return across[0] ** 2 + across[1] ** 2


def main() -> None:
    """Standard input: the photo. Output: `codes_of` as JSON."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES_MAX, ADDRESS_SPACE_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = JPEG_PIXELS_MAX
    json.dump(codes_of(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
