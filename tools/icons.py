"""The icons a phone's home screen asks for, made from our own mark. Run it after the mark has changed.

python -m tools.icons
"""

import io
from pathlib import Path

import resvg_py
from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "src" / "kepu" / "ui" / "static" / "ui"
PLAIN = {"icon-32.png": 32, "icon-192.png": 192, "icon-512.png": 512}
# Phones cut these to a shape of their own, so that the ground must reach the corners.
WHOLE = {"icon-maskable-512.png": 512, "icon-apple-180.png": 180}
COLOURS = 128


def whole(mark: str) -> str:
    """The mark without round corners: red above, green below, to every edge."""
    square = mark.replace('rx="12" ', "")
    assert square != mark
    hill = '<path d="M0 29'
    assert hill in square
    return square.replace(hill, f'<path d="M0 30h40v10H0z" fill="#2F7D5B"/>{hill}')


def picture(drawing: str, size: int) -> bytes:
    """The drawing as a PNG of `size` pixels, with few colours and so few bytes."""
    drawn = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(drawing, width=size, height=size))))
    small = io.BytesIO()
    drawn.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(small, "PNG", optimize=True)
    return small.getvalue()


def main() -> None:
    """Every icon lies beside the mark."""
    mark = (FOLDER / "icon.svg").read_text("utf-8")
    for name, size in PLAIN.items():
        (FOLDER / name).write_bytes(picture(mark, size))
    for name, size in WHOLE.items():
        (FOLDER / name).write_bytes(picture(whole(mark), size))


if __name__ == "__main__":
    main()
