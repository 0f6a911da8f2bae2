"""Codes on photos: read however the photo was taken, refused when it is none, bounded in any case."""

import io
import struct
import zlib

import pytest
import segno
from PIL import Image, ImageFilter, ImageOps

from kepu.kit import photo_codes
from kepu.kit.photo_codes import Unread, codes_on

TEXT = "https://kepu.example.cn/admin/mall/pick-up/AbCdEfGhIjKlMnOpQrStUv/"


def code(text: str = TEXT, scale: int = 8) -> Image.Image:
    written = io.BytesIO()
    segno.make(text, error="m", micro=False).save(written, kind="png", scale=scale, border=4)
    return Image.open(written).convert("RGB")


def sent(picture: Image.Image, kind: str = "JPEG") -> bytes:
    written = io.BytesIO()
    picture.save(written, kind)
    return written.getvalue()


def photographed(turned: float = 0, blur: float = 0, shade: int = 255) -> Image.Image:
    """A phone's picture of 12 million pixels, the code in the middle of a wall."""
    wall = Image.new("RGB", (4032, 3024), (90, 80, 70))
    seen = (
        code(scale=16)
        .point(lambda value: min(value, shade))
        .rotate(turned, expand=True, fillcolor=(90, 80, 70))
    )
    wall.paste(seen, (1500, 900))
    return wall.filter(ImageFilter.GaussianBlur(blur)) if blur else wall


@pytest.mark.parametrize(
    "picture",
    [
        photographed(),
        photographed(turned=17),
        photographed(turned=180, blur=4),
        photographed(blur=6, shade=150),
    ],
    ids=["straight", "aslant", "upside down", "blurred and dark"],
)
def test_a_photo_of_a_phone_is_read(picture):
    assert codes_on(sent(picture)) == [TEXT]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_a_screenshot_is_read(kind):
    assert codes_on(sent(code(), kind)) == [TEXT]


def test_of_two_codes_the_larger_comes_first():
    wall = Image.new("RGB", (1600, 900), "white")
    wall.paste(code("small", 3), (10, 10))
    wall.paste(code("large", 12), (700, 100))
    assert codes_on(sent(wall)) == ["large", "small"]


def test_a_code_on_a_transparent_picture_is_read():
    picture = Image.new("RGBA", code().size)
    picture.putalpha(ImageOps.invert(code().convert("L")))
    assert codes_on(sent(picture, "PNG")) == [TEXT]


def endless() -> bytes:
    """A PNG of a few bytes that says it has 10,000 million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("photo", "unread"),
    [
        (b"", Unread.NO_PHOTO),
        (b"\xff\xd8\xff\xe0 no more", Unread.NO_PHOTO),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Unread.NO_PHOTO),
        (sent(code())[:3000], Unread.NO_PHOTO),
        (sent(Image.new("RGB", (600, 400), "white")), Unread.NO_CODE),
        (sent(code(), "GIF"), Unread.NO_PHOTO),
        (sent(Image.new("1", (8000, 8000)), "PNG"), Unread.TOO_LARGE),
    ],
    ids=["nothing", "broken", "drawing", "cut off", "a wall", "gif", "too many pixels"],
)
def test_what_says_nothing_is_told_apart(photo, unread):
    assert codes_on(photo) is unread


def test_a_picture_that_claims_to_be_endless_costs_nothing():
    assert codes_on(endless()) in (Unread.NO_PHOTO, Unread.TOO_LARGE)


def test_more_bytes_than_a_photo_has_are_not_even_looked_at(monkeypatch):
    monkeypatch.setattr(photo_codes.subprocess, "run", None)
    assert codes_on(b"x" * (photo_codes.PHOTO_BYTES_MAX + 1)) is Unread.TOO_LARGE


def test_a_third_photo_at_the_same_time_waits_and_is_told_so(monkeypatch):
    monkeypatch.setattr(photo_codes, "WAIT_SECONDS_MAX", 0.01)
    for _ in range(2):
        photo_codes._places.acquire()
    try:
        assert codes_on(sent(code())) is Unread.BUSY
    finally:
        photo_codes._places.release(2)
