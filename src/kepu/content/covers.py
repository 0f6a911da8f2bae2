"""The covers drawn for the project (640 × 360, no lettering), and the address of one."""

import re
from pathlib import Path

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHERWISE = "open-book"
COVERS: dict[str, str | Promise] = {
    "open-book": _("Open book"),
    "blood-pressure": _("Measuring blood pressure"),
    "stroke": _("Head and clock"),
    "falls": _("Old woman at the stairs"),
    "schistosomiasis": _("Snail and boots at the lake"),
    "rabies": _("Dog and vaccine"),
    "pesticide": _("Spraying a field"),
    "soil-testing": _("Soil and test tubes"),
    "rice-pests": _("Duck in the rice"),
    "earthquake": _("Sheltering under a table"),
    "flash-flood": _("Torrent in the mountains"),
    "lightning": _("Lightning and a house"),
    "carbon-monoxide": _("Stove and alarm"),
    "mushrooms": _("Mushrooms"),
    "mould": _("Mouldy maize and peanuts"),
    "leftovers": _("Open refrigerator"),
    "telecom-fraud": _("Telephone with a hook"),
    "personal-data": _("Telephone with a lock"),
    "rumours": _("Speech bubbles under a glass"),
    "wetland-birds": _("Crane in the reeds"),
    "moon-eclipse": _("Moon and telescope"),
}


def choices() -> list[tuple[str, str | Promise]]:
    """The drawn covers as an editor chooses among them."""
    return list(COVERS.items())


def drawn_url(name: str) -> str:
    """The address of a drawn cover; an unknown or empty name gets the open book."""
    return static(f"content/covers/{name if name in COVERS else OTHERWISE}.svg")


def file_of(url: str) -> Path:
    """The file of the drawn cover that has this address, with or without a digest in it."""
    named = _NAMED.search(url)
    name = named.group(1) if named and named.group(1) in COVERS else OTHERWISE
    return _FOLDER / f"{name}.svg"


_FOLDER = Path(__file__).parent / "static" / "content" / "covers"
_NAMED = re.compile(r"/content/covers/([a-z-]+)(?:\.[0-9a-f]{12})?\.svg$")
