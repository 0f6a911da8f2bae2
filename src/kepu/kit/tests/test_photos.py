"""Pictures that people send come out as small JPEGs, or not at all."""

import io
import struct

import pytest
from PIL import Image, ImageOps

from kepu.kit.photos import PHOTO_BYTES_MAX, Photo, PhotoTrouble, shrunk


def bytes_of(picture: Image.Image, form: str, **more: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **more)
    return written.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_jpeg_of_the_longer_side_asked_for(form):
    made = shrunk(bytes_of(Image.new("RGB", (1200, 600), "#204080"), form), 300)
    assert isinstance(made, Photo)
    assert (made.width, made.height) == (300, 150)
    assert Image.open(io.BytesIO(made.content)).format == "JPEG"


def test_a_small_picture_is_not_blown_up():
    made = shrunk(bytes_of(Image.new("RGB", (80, 40)), "PNG"), 300)
    assert isinstance(made, Photo)
    assert (made.width, made.height) == (80, 40)


def test_what_was_transparent_is_white():
    made = shrunk(bytes_of(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"), 300)
    assert isinstance(made, Photo)
    assert Image.open(io.BytesIO(made.content)).getpixel((20, 20)) == (255, 255, 255)


def test_it_is_turned_upright_and_tells_nothing_of_the_camera():
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "a telephone"
    made = shrunk(bytes_of(Image.new("RGB", (400, 200)), "JPEG", exif=exif), 300)
    assert isinstance(made, Photo)
    assert (made.width, made.height) == (150, 300)
    assert b"telephone" not in made.content
    assert not Image.open(io.BytesIO(made.content)).getexif()


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", PhotoTrouble.NOT_A_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PhotoTrouble.NOT_A_PICTURE),
        (bytes_of(Image.new("RGB", (9, 9)), "GIF"), PhotoTrouble.NOT_A_PICTURE),
        (bytes_of(Image.new("RGB", (400, 200)), "PNG")[:60], PhotoTrouble.NOT_A_PICTURE),
        (bytes_of(Image.new("1", (4001, 2000)), "PNG"), PhotoTrouble.TOO_MANY_POINTS),
        (bytes_of(Image.new("L", (4001, 2000)), "WEBP"), PhotoTrouble.TOO_MANY_POINTS),
        (bytes_of(Image.new("L", (5001, 5000)), "JPEG"), PhotoTrouble.TOO_MANY_POINTS),
        (b"\xff\xd8" + bytes(PHOTO_BYTES_MAX), PhotoTrouble.TOO_LARGE),
    ],
    ids=["nothing", "svg", "gif", "cut_off", "png", "webp", "jpeg", "too_large"],
)
def test_what_is_no_picture_for_us_is_told(content, trouble):
    assert shrunk(content, 300) is trouble


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_turn_of_the_camera_is_undone(turn):
    picture = Image.new("RGB", (64, 32), "#FFFFFF")
    picture.paste("#000000", (0, 0, 16, 16))
    exif = Image.Exif()
    exif[0x0112] = turn
    sent = bytes_of(picture, "PNG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(sent)))
    made = shrunk(sent, 300)
    assert isinstance(made, Photo)
    kept = Image.open(io.BytesIO(made.content))
    assert kept.size == upright.size
    for at in ((4, 4), (kept.width - 4, 4), (4, kept.height - 4), (kept.width - 4, kept.height - 4)):
        assert (kept.getpixel(at)[0] > 128) == (upright.getpixel(at)[0] > 128)


@pytest.mark.parametrize(
    ("mode", "more"), [("P", {"transparency": 0}), ("L", {"transparency": 0}), ("1", {})]
)
def test_palettes_and_greys_are_smoothed_and_flattened_alike(mode, more):
    made = shrunk(bytes_of(Image.new(mode, (900, 300)), "PNG", **more), 300)
    assert isinstance(made, Photo)
    shade = Image.open(io.BytesIO(made.content)).getpixel((100, 50))
    assert shade == ((255, 255, 255) if more else (0, 0, 0))


def test_notes_of_the_camera_that_cannot_be_read_are_no_trouble(monkeypatch):
    def unreadable(_self):
        raise struct.error

    monkeypatch.setattr(Image.Image, "getexif", unreadable)
    assert isinstance(shrunk(bytes_of(Image.new("RGB", (40, 20)), "JPEG"), 300), Photo)
