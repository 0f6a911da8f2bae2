"""Paints one picture and ends: the child process behind `pictures.painted` (resvg holds Python's lock)."""

import io
import json
import os
import sys
from importlib import resources

import resvg_py
from PIL import Image

FONT = resources.files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"
FAMILY = "Noto Sans CJK SC"
HEAVY_BYTES = 900_000
COLOURS_OF_HEAVY = 256


def png(
    svg: str, width: int, photo: str = "", box: tuple[float, float, float, float] = (0, 0, 0, 0)
) -> bytes:
    """The drawing as PNG, `width` pixels wide; no font and no file of the machine is looked at.

    `photo` names a raster file that shows through where the drawing is empty, filling `box` (x, y, width,
    height as parts of the picture's width). Of more than HEAVY_BYTES it keeps COLOURS_OF_HEAVY colours.
    """
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, width=width, font_family=FAMILY, font_files=[str(FONT)], skip_system_fonts=True
    )
    if not photo:
        return drawn
    over = Image.open(io.BytesIO(drawn)).convert("RGBA")
    x, y, wide, high = (round(part * width) for part in box)
    under = Image.new("RGBA", over.size, "#FFFFFF")
    with Image.open(photo) as opened:
        under.paste(_filling(opened.convert("RGB"), wide, high), (x, y))
    whole = Image.alpha_composite(under, over).convert("RGB")
    kept = _saved(whole)
    return (
        kept
        if len(kept) <= HEAVY_BYTES
        else _saved(whole.quantize(COLOURS_OF_HEAVY, dither=Image.Dither.NONE))
    )


def _filling(photo: Image.Image, wide: int, high: int) -> Image.Image:
    """The middle of the photo that has the shape of the box, at its size.

    Where that is more than twice what the photo holds, pixels are doubled: nothing is lost, and such a
    picture is a third of the bytes.
    """
    scale = max(wide / photo.width, high / photo.height)
    cut_wide, cut_high = wide / scale, high / scale
    left, top = (photo.width - cut_wide) / 2, (photo.height - cut_high) / 2
    box, block = (left, top, left + cut_wide, top + cut_high), 2 if scale > 2 else 1
    sized = photo.resize((-(-wide // block), -(-high // block)), Image.Resampling.BICUBIC, box=box)
    return sized.resize((sized.width * block, sized.height * block), Image.Resampling.NEAREST)


def _saved(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def main() -> None:
    """Standard input is the arguments of `png` as JSON, standard output the picture. Others go first."""
    os.nice(10)
    sys.stdout.buffer.write(png(**json.load(sys.stdin)))


if __name__ == "__main__":
    main()
