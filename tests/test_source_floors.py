"""The picture in ARCHITECTURE.md, the packages and the import contract are one and the same."""

import re
import tomllib

from tests.source import PACKAGE, ROOT

CONFIGURED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {contract["id"]: contract for contract in CONFIGURED["tool"]["importlinter"]["contracts"]}
PACKAGES = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def drawn_floors() -> list[set[str]]:
    """The floors of the picture, highest first, each as the rooms on it."""
    picture = re.search(
        r"## Floors.*?```\n(.*?)```", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), re.DOTALL
    )
    floors: list[set[str]] = []
    for line in picture[1].splitlines():
        number, room = re.match(r"(\d|-| )  ? ?(\w+)", line).groups()
        if number != " ":
            floors.append(set())
        floors[-1].add(room)
    return floors


def test_every_room_is_in_the_picture():
    assert set().union(*drawn_floors()) == PACKAGES


def test_the_contract_has_the_floors_of_the_picture():
    layers = [set(re.findall(r"\w+", re.sub(r"\(\w+\)", "", line))) for line in CONTRACTS["floors"]["layers"]]
    assert layers == drawn_floors()


def test_every_room_is_told_to_keep_away_from_wagtail_except_three():
    kept_away = {module.removeprefix("kepu.") for module in CONTRACTS["wagtail"]["source_modules"]}
    assert PACKAGES - kept_away == {"content", "console", "config"}


def test_every_room_says_what_it_is():
    said = {room: (PACKAGE / room / "__init__.py").read_text("utf-8") for room in PACKAGES}
    assert {room for room, text in said.items() if not text.startswith('"""')} == set()
