"""Pictures: painted without the machine's fonts, kept for a while, never at the cost of everybody else."""

import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from kepu.kit import pictures
from kepu.kit.pictures import Drawing, Folder, Unpainted, painted

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10">{}</svg>'


def drawing(inside: str, width: int = 40) -> Drawing:
    return Drawing(SQUARE.format(inside), width)


def dark(png: bytes) -> int:
    counts = Image.open(io.BytesIO(png)).getchannel("A").histogram()
    return sum(alpha * count for alpha, count in enumerate(counts)) // 255


def test_chinese_is_drawn_and_bold_is_bolder():
    text = '<text x="0" y="8" font-size="8" font-weight="{}">科</text>'
    plain, bold = (dark(painted(drawing(text.format(weight)))) for weight in (400, 700))
    assert 0 < plain < 0.9 * bold


def test_the_same_drawing_is_the_same_picture():
    assert painted(drawing("<text y='9'>科普</text>")) == painted(drawing("<text y='9'>科普</text>"))


def test_a_drawing_that_is_none_is_a_failure_and_no_exception(caplog):
    assert painted(Drawing("<svg", 10)) is Unpainted.FAILED
    assert "could not be painted" in caplog.text


def test_a_photo_shows_through_where_nothing_is_drawn(tmp_path):
    file = tmp_path / "photo.png"
    Image.new("RGB", (64, 32), "#0000FF").save(file)
    over = SQUARE.format('<rect width="10" height="5" fill="#FF0000"/>')
    made = Image.open(io.BytesIO(painted(Drawing(over, 40, str(file), (0, 0, 1, 1)))))
    assert made.getpixel((20, 10)) == (255, 0, 0)
    assert made.getpixel((20, 30)) == (0, 0, 255)


def test_of_the_pictures_kept_the_longest_unused_go(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "painted", lambda each, _asker: each.svg.encode())
    folder = Folder(tmp_path / "kept", 3)
    for number in range(5):
        folder.picture(drawing(str(number)))
        folder.picture(drawing("0"))
    left = {file.read_bytes() for file in folder.path.iterdir()}
    assert left == {SQUARE.format(number).encode() for number in "034"}


def test_a_picture_kept_is_not_painted_again(tmp_path, monkeypatch):
    folder, asked = Folder(tmp_path, 3), []
    monkeypatch.setattr(pictures, "painted", lambda each, _asker: asked.append(each) or b"png")
    assert [folder.picture(drawing("")) for _ in range(2)] == [b"png", b"png"]
    assert len(asked) == 1
    folder.picture(drawing("", width=41))
    assert len(asked) == 2


def test_a_picture_that_goes_while_it_is_read_is_not_left_empty(tmp_path, monkeypatch):
    """Another process may forget it between the reading and the mark that it was used."""
    folder = Folder(tmp_path, 3)
    monkeypatch.setattr(pictures, "painted", lambda _each, _asker: b"png")
    folder.picture(drawing(""))
    read = Path.read_bytes

    def read_and_gone(file):
        found = read(file)
        file.unlink()
        return found

    monkeypatch.setattr(Path, "read_bytes", read_and_gone)
    assert folder.picture(drawing("")) == b"png"
    assert [read(file) for file in tmp_path.iterdir()] == [b"png"]


def test_an_empty_picture_is_painted_again(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "painted", lambda _each, _asker: b"png")
    folder = Folder(tmp_path, 3)
    folder.picture(drawing(""))
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"")
    assert folder.picture(drawing("")) == file.read_bytes() == b"png"


def test_a_picture_that_goes_while_others_are_forgotten_is_no_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "painted", lambda _each, _asker: b"png")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")  # listed, and not there when it is asked
    assert Folder(tmp_path, 3).picture(drawing("")) == b"png"


def test_what_failed_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "painted", lambda _each, _asker: Unpainted.BUSY)
    assert Folder(tmp_path, 3).picture(drawing("")) is Unpainted.BUSY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("askers", [6])
def test_two_threads_at_most_are_held(monkeypatch, askers):
    monkeypatch.setattr(pictures, "WAIT_SECONDS_MAX", 0.3)
    held, release, answers = threading.Event(), threading.Event(), []

    def slow(_drawing):
        held.set()
        release.wait(5)
        return b"png"

    monkeypatch.setattr(pictures, "_by_child", slow)
    first = threading.Thread(target=lambda: answers.append(painted(drawing(""))))
    first.start()
    held.wait(5)
    others = [threading.Thread(target=lambda: answers.append(painted(drawing("")))) for _ in range(askers)]
    for each in others:
        each.start()
    for each in others:
        each.join()
    assert answers == [Unpainted.BUSY] * askers
    release.set()
    first.join()
    assert answers[-1] == b"png"
    assert painted(drawing("")) == b"png"


def test_nobody_has_both_places(monkeypatch):
    held, release, answers = threading.Event(), threading.Event(), {}

    def slow(_drawing):
        held.set()
        release.wait(5)
        return b"png"

    def ask(name, asker):
        answers[name] = painted(drawing(""), asker)

    monkeypatch.setattr(pictures, "_by_child", slow)
    first = threading.Thread(target=ask, args=("first", 7))
    first.start()
    held.wait(5)
    ask("again", 7)
    assert answers == {"again": Unpainted.BUSY}
    other = threading.Thread(target=ask, args=("other", 8))
    other.start()
    release.set()
    first.join()
    other.join()
    ask("after", 7)
    assert answers == {"again": Unpainted.BUSY, "first": b"png", "other": b"png", "after": b"png"}


def test_a_place_is_free_again_after_a_failure():
    assert [painted(Drawing("<svg", 10), 7) for _ in range(2)] == [Unpainted.FAILED] * 2
