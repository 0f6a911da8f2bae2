"""Our own icons: one <symbol> a line in icons.svg, drawn on a 24 × 24 grid with a round pen of 1.9."""

import re
from pathlib import Path

_SYMBOL = re.compile(r'^<symbol id="([a-z-]+)" viewBox="0 0 24 24">(.+)</symbol>$', re.MULTILINE)

# name → inner SVG. Strokes take the text's colour.
ICONS: dict[str, str] = dict(_SYMBOL.findall(Path(__file__).with_name("icons.svg").read_text("utf-8")))
