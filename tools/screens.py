"""The page of screenshots: `python tools/screens.py` writes docs/screens/README.md from what lies there."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
HEAD = """# Screenshots

Taken by `make screens` from a site with invented people, on phones of 360×740 (`small`) and 412×915
(`large`) points.

"""


def main() -> None:
    """Every picture stands on the page, by name."""
    names = sorted(path.stem for path in FOLDER.glob("*.png"))
    pictures = [f'<img src="{name}.png" width="180" alt="{name}" title="{name}">' for name in names]
    (FOLDER / "README.md").write_text(HEAD + "\n".join(pictures) + "\n", "utf-8")


if __name__ == "__main__":
    main()
