"""The design keeps its promises: small, readable in every mode, nothing inline that the policy blocks."""

import re
from itertools import product
from pathlib import Path

import pytest

from kepu.ui.icons import ICONS

ROOM = Path(__file__).resolve().parent.parent
PACKAGE = ROOM.parent
CSS = (ROOM / "static/ui/kepu.css").read_text("utf-8")
BACKGROUNDS = ("paper", "surface", "sunken", "accent-tint", "leaf-tint", "sun-tint", "sky-tint")
WORDS = ("ink", "ink-2", "accent-ink", "leaf-ink", "sun-ink", "sky-ink")


def tokens(selector: str) -> dict[str, str]:
    body = re.search(re.escape(selector) + r" \{(.*?)\}", CSS, re.DOTALL)
    assert body, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", body.group(1)))


LIGHT = tokens("\n:root")
DARK = LIGHT | tokens(":root.dark")
MODES = {
    "light": LIGHT,
    "dark": DARK,
    "elder": LIGHT | tokens(":root.elder"),
    "elder dark": DARK | tokens(":root.elder.dark"),
}


def brightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(left: str, right: str) -> float:
    low, high = sorted((brightness(left), brightness(right)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", MODES)
def test_every_word_can_be_read_on_every_ground(mode):
    colours = MODES[mode]
    for word, ground in product(WORDS, BACKGROUNDS):
        assert contrast(colours[word], colours[ground]) >= 4.5, (word, ground)
    for button in ("accent", "leaf"):
        assert contrast(colours["on-accent"], colours[button]) >= 4.5, button
    assert contrast(colours["edge"], colours["surface"]) >= 3
    assert contrast(colours["ink"], colours["dawn"]) >= 4.5


def test_dark_by_choice_and_by_the_phone_are_the_same():
    assert tokens(":root.dark") == tokens(":root:not(.light)")


def test_one_small_style_sheet():
    assert len(CSS.encode()) <= 30_000
    assert "http" not in CSS.replace("http://www.w3.org/2000/svg", "").replace("http%3A", "")


def test_touch_areas_and_text_are_large_enough():
    assert "--touch: 48px" in CSS
    assert re.search(r":root\.elder \{[^}]*--touch: 60px", CSS)
    assert "html { font-size: 112.5%" in CSS  # 18 px where the phone says nothing
    assert "1rem/1.65" in CSS
    assert ".elder.text-4 { font-size: 187.5%; }" in CSS  # main text can be enlarged to 30 px


def templates() -> list[Path]:
    return sorted(PACKAGE.glob("*/templates/**/*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_page_holds_inline_style_or_script(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*(\ssrc=|application/json))", text)


def test_icons_are_wellformed_and_take_the_text_colour():
    assert len(ICONS) > 50
    for name, shape in ICONS.items():
        assert "fill=" not in shape, name
        assert "stroke=" not in shape, name


def test_templates_ask_only_for_icons_we_drew():
    for path in templates():
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text("utf-8")):
            assert name in ICONS, (path, name)
