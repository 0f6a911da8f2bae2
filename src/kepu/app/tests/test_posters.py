"""A poster is a picture with a code that opens the sharer's own link, whoever draws it and wherever."""

import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image, ImageFilter

from kepu.app.posters import Design
from kepu.app.tests.conftest import as_account, withdraw
from kepu.app.tests.test_sharing import REWARDS, entries, share, token_of
from kepu.campaigns.rules import Kind
from kepu.content import reads as content
from kepu.kit import pictures
from kepu.ledger.links import read_link
from kepu.ledger.rules import Channel


@pytest.fixture(autouse=True)
def home(settings, tmp_path, monkeypatch):
    """Nothing is painted yet; and the painter, who lets everybody else go first, is waited for."""
    settings.HOME = tmp_path
    monkeypatch.setattr(pictures, "PAINTING_SECONDS_MAX", 120.0)


@pytest.fixture
def token(site, wang) -> str:
    return token_of(share(wang, site.article))


def scanned(png: bytes) -> list[str]:
    """What zbarimg reads in a picture."""
    if not shutil.which("zbarimg"):
        if os.environ.get("CI"):
            pytest.fail("zbarimg is missing (apt install zbar-tools)")
        pytest.skip("zbarimg is not installed")
    command = ["zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", "-"]
    return subprocess.run(command, input=png, capture_output=True).stdout.decode().split()


@pytest.fixture
def photo(monkeypatch, tmp_path) -> Path:
    """Every article's cover is an uploaded photograph, as busy as photographs are."""
    file = tmp_path / "cover.jpg"
    noise = Image.effect_noise((640, 360), 120).filter(ImageFilter.GaussianBlur(0.8))
    noise.convert("RGB").save(file, "JPEG")
    monkeypatch.setattr(content, "cover_file", lambda _card: file)
    return file


@pytest.mark.parametrize("cover", ["drawing", "photo"])
@pytest.mark.parametrize(("size", "pixels"), [("phone", (1080, 1528)), ("a4", (2100, 2970))])
@pytest.mark.parametrize("design", Design)
def test_the_code_of_every_poster_opens_the_sharers_link(
    site, token, reader, request, design, size, pixels, cover
):
    if cover == "photo":
        request.getfixturevalue("photo")
    response = reader.get(f"/poster/{token}/{design}-{size}.png")
    assert response["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(response.content)) as picture:
        assert picture.format == "PNG"
        assert picture.size == pixels
    assert len(response.content) < 1_000_000
    (address,) = scanned(response.content)
    assert address == f"http://testserver/s/{token}/"
    link = read_link(settings.KEPU_KEYS.link, address.rstrip("/").rpartition("/")[2])
    assert (link.person, link.article) == (site.wang, site.article)
    assert reader.get(address.removeprefix("http://testserver")).status_code == 200


def test_a_poster_shows_its_cover(token, reader, photo):
    with_photo = Image.open(io.BytesIO(reader.get(f"/poster/{token}/picture-phone.png").content)).convert(
        "RGB"
    )
    grey = with_photo.crop((100, 100, 900, 500)).getcolors(1 << 20)
    assert len(grey) > 100
    assert all(max(colour) - min(colour) < 12 for _, colour in grey)


def test_asking_to_share_by_poster_leads_to_it(site, wang, reader, django_assert_max_num_queries):
    response = share(wang, site.article, channel="poster")
    assert response.url.startswith("/poster/")
    assert entries(site.wang, Kind.SHARE)[0].channel == Channel.POSTER
    with django_assert_max_num_queries(1):
        html = reader.get(response.url).content.decode()
    assert "picture-phone.png" in html
    assert [name for name in Design if f"?design={name}" in html] == list(Design)
    assert f"{Design.LETTERS}-a4.png" in reader.get(f"{response.url}?design=letters").content.decode()
    assert "picture-phone.png" in reader.get(f"{response.url}?design=../x").content.decode()


def test_a_poster_asks_one_question_and_paints_once(
    token, reader, monkeypatch, django_assert_max_num_queries
):
    with django_assert_max_num_queries(1):
        first = reader.get(f"/poster/{token}/frame-phone.png").content
    monkeypatch.setattr(pictures, "painted", lambda _drawing, _asker: pictures.Unpainted.FAILED)
    assert reader.get(f"/poster/{token}/frame-phone.png").content == first
    assert reader.get(f"/poster/{token}/letters-phone.png").status_code in (200, 503)


def test_two_sharers_of_one_article_have_two_posters(site, token, reader):
    other = token_of(share(as_account(site.li), site.article))
    mine, theirs = (reader.get(f"/poster/{each}/frame-phone.png").content for each in (token, other))
    assert mine != theirs


def test_nothing_on_a_poster_speaks_of_rewards():
    folder = Path(__file__).parent.parent / "templates" / "app" / "posters"
    words = "".join(file.read_text("utf-8") for file in folder.iterdir())
    catalogue = (Path(__file__).parent.parent / "locale/zh_Hans/LC_MESSAGES/django.po").read_text("utf-8")
    for message in re.findall(r'translate "([^"]+)"', words):
        said = re.search(rf'msgid "{re.escape(message)}"\nmsgstr "([^"]+)"', catalogue).group(1)
        assert [word for word in REWARDS if word in said] == []


def test_an_unknown_design_or_size_is_not_found_nor_a_withdrawn_article(site, token, reader):
    for name in ("frame-huge.png", "none-a4.png"):
        assert reader.get(f"/poster/{token}/{name}").status_code == 404
    withdraw(site.article)
    for address in (f"/poster/{token}/frame-a4.png", f"/a/{site.article}/cover.png"):
        assert reader.get(address).status_code == 404


def test_a_painter_that_is_busy_says_so_in_chinese(token, reader, monkeypatch):
    monkeypatch.setattr(pictures, "painted", lambda _drawing, _asker: pictures.Unpainted.BUSY)
    withheld = reader.get(f"/poster/{token}/letters-a4.png")
    assert (withheld.status_code, withheld["Retry-After"]) == (503, "3")
    assert "再试" in withheld.content.decode()


def test_a_poster_takes_the_place_of_its_sharer(site, token, reader, monkeypatch):
    asked = []
    monkeypatch.setattr(pictures, "painted", lambda _drawing, asker: asked.append(asker) or b"png")
    reader.get(f"/poster/{token}/letters-a4.png")
    reader.get(f"/a/{site.article}/cover.png")
    assert asked == [site.wang, 0]


def test_a_drawn_cover_is_a_picture_for_other_programs(site, token, reader):
    response = reader.get(f"/a/{site.article}/cover.png")
    with Image.open(io.BytesIO(response.content)) as picture:
        assert picture.size == (640, 360)
    html = reader.get(f"/s/{token}/").content.decode()
    assert f'og:image" content="http://testserver/a/{site.article}/cover.png"' in html
    assert reader.get("/a/999999/cover.png").status_code == 404


def test_an_uploaded_cover_is_shown_as_it_is(site, reader, photo):
    response = reader.get(f"/a/{site.article}/cover.png")
    assert response.status_code == 302
