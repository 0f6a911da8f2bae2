"""Pictures that people send come out as small JPEGs, or not at all."""

import io

import pytest
from PIL import Image

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
        (bytes_of(Image.new("1", (5001, 5000)), "PNG"), PhotoTrouble.TOO_MANY_POINTS),
        (b"\xff\xd8" + bytes(PHOTO_BYTES_MAX), PhotoTrouble.TOO_LARGE),
    ],
    ids=["nothing", "svg", "gif", "cut_off", "too_many_points", "too_large"],
)
def test_what_is_no_picture_for_us_is_told(content, trouble):
    assert shrunk(content, 300) is trouble
