"""Sets one document and ends: the child process behind `typesetting`, so that time and memory have an end."""

import base64
import json
import os
import resource
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import typst

# Address space, most of it mapped and never touched: the compiler (84 MB), fonts (50 MB), stacks of threads.
ADDRESS_SPACE_BYTES_MAX = 2 * 1024**3
LAYOUTS = Path(__file__).with_name("layouts")


def pages(asked: dict[str, Any]) -> list[bytes]:
    """The documents asked for: one PDF, or one PNG a page.

    `asked`: `source` (text of a layout), `values`, `files` (name to base64), `format` ("pdf" or "png"),
    `ppi`. Fonts come from packages only, files from `files` and our layouts only. The date of creation is
    always the same, so that the same values give the same bytes.
    """
    folders = [str(resources.files(package)) for package in ("manimgx_fonts_cjk", "pylopdf_fonts_zh_cn")]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    sources = {name: base64.b64decode(content) for name, content in asked["files"].items()}
    sources["main.typ"] = asked["source"].encode()
    sources["values.json"] = json.dumps(asked["values"], ensure_ascii=False).encode(errors="replace")
    made: bytes | list[bytes] = typst.compile(
        sources,  # type: ignore[call-overload]  # the stubs do not know the dictionary of files yet
        root=str(LAYOUTS),
        font_paths=fonts,
        ignore_system_fonts=True,
        format=asked["format"],
        ppi=asked["ppi"],
        timestamp=0,
    )
    return [made] if isinstance(made, bytes) else made


def main() -> None:
    """Standard input: what `pages` takes, as JSON. Standard output: lengths as JSON, a line end, bytes."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES_MAX, ADDRESS_SPACE_BYTES_MAX))
    try:
        made = pages(json.load(sys.stdin))
    except typst.TypstError as trouble:
        sys.exit(f"{trouble.message} {trouble.diagnostic}")
    out = sys.stdout.buffer
    out.write(json.dumps([len(each) for each in made]).encode() + b"\n")
    for each in made:
        out.write(each)


if __name__ == "__main__":
    main()
