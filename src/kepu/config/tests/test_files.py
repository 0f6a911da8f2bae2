"""Files go out compressed and named for good; of the media folder only pictures, which can do nothing."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from kepu.config.files import Files

CSS = b"body { color: black }" * 100
NAMES = ("静.png", "a.width-100.jpg", "x.svg", "x.html", ".hidden.png.txt", "b.JPEG")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    static, pictures = tmp_path / "static", tmp_path / "media" / "images"
    (static / "ui").mkdir(parents=True)
    pictures.mkdir(parents=True)
    for name in ("kepu.css", "kepu.0123456789ab.css"):
        (static / "ui" / name).write_bytes(CSS)
        (static / "ui" / f"{name}.gz").write_bytes(gzip.compress(CSS))
    for name in NAMES:
        (pictures / name).write_bytes(b"picture")
    (tmp_path / "keys.json").write_text("secret")
    (tmp_path / "keys.png").write_text("secret")
    return Files(static, pictures)


def ask(files: Files, path: str, method: str = "GET", **headers: str) -> Any:
    """(status, headers, body) of one request; None when it was left to the pages."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": pairs}
    if not asyncio.run(files.answered(scope, send)):
        assert not sent
        return None
    body = b"".join(message["body"] for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_a_static_file_goes_out_compressed_to_whoever_takes_it(files):
    status, headers, body = ask(files, "/static/ui/kepu.css", accept_encoding="gzip, br")
    assert (status, headers[b"content-encoding"], gzip.decompress(body)) == (200, b"gzip", CSS)
    assert headers[b"vary"] == b"Accept-Encoding"
    assert ask(files, "/static/ui/kepu.css")[2] == CSS


def test_a_name_with_a_digest_is_kept_for_good(files):
    assert b"immutable" in ask(files, "/static/ui/kepu.0123456789ab.css")[1][b"cache-control"]
    assert b"immutable" not in ask(files, "/static/ui/kepu.css")[1][b"cache-control"]


def test_what_the_browser_has_is_not_sent_again(files):
    tag = ask(files, "/static/ui/kepu.css")[1][b"etag"].decode()
    assert ask(files, "/static/ui/kepu.css", if_none_match=tag)[0] == 304
    assert ask(files, "/static/ui/kepu.css", method="HEAD")[2] == b""


@pytest.mark.parametrize("name", ["静.png", "a.width-100.jpg", "b.JPEG"])
def test_a_picture_is_only_a_picture(files, name):
    status, headers, body = ask(files, f"/media/images/{name}")
    assert (status, body) == (200, b"picture")
    assert headers[b"content-type"] in {b"image/png", b"image/jpeg"}
    assert headers[b"content-security-policy"] == b"default-src 'none'; sandbox"


@pytest.mark.parametrize("path", ["/static/ui/kepu.css", "/media/images/b.JPEG"])
def test_no_type_is_guessed(files, path):
    assert ask(files, path)[1][b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/ui",
        "/static/../keys.json",
        "/static/ui/../../keys.json",
        "/media/images/",
        "/media/images/../../keys.png",
        "/media/images/..\\..\\keys.png",
        "/media/images/x.svg",
        "/media/images/x.html",
        "/media/images/.hidden.png.txt",
        "/media/images/none.png",
        "/media/images/\x00.png",
        f"/media/images/{'x' * 5000}.png",
        "/media/original_images/静.png",
        "/media/documents/x.html",
    ],
)
def test_nothing_else_is_a_file(files, path):
    assert ask(files, path) is None
