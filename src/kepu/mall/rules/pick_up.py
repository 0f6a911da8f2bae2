"""The code an order is picked up by: as an address in a QR code, and as eight digits to say aloud."""

import re
import unicodedata
from uuid import UUID

from kepu.kit import crypto

DIGITS = 8
PATH = "/admin/mall/pick-up/{token}/"
_PURPOSE = "pick-up"


def pick_up_token(key: bytes, order: UUID) -> str:
    """The order's number, signed: no personal data, and nobody can make one up."""
    return crypto.sign(key, _PURPOSE, order.bytes)


def pick_up_path(token: str) -> str:
    """Where the clerk's phone goes when it has scanned the code."""
    return PATH.format(token=token)


def order_of_token(key: bytes, text: str) -> UUID | None:
    """The order a token, or an address that ends in one, names; None where it was not made by us."""
    found = re.search(r"([A-Za-z0-9_-]{20,60})/?\s*\Z", text[-400:])
    body = crypto.unsign(key, _PURPOSE, found[1]) if found else None
    return UUID(bytes=body) if body is not None and len(body) == 16 else None


def digits_of(text: str) -> str | None:
    """Eight digits as somebody typed them (spaces, hyphens, full-width), or None."""
    if len(text) > 40:
        return None
    bare = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    return bare if re.fullmatch(f"[0-9]{{{DIGITS}}}", bare) else None


def spoken_digits(key: bytes, order: UUID, attempt: int) -> str:
    """The order's eight digits; `attempt` gives others where these are taken already."""
    drawn = crypto.blind_index(key, f"pick-up {order} {attempt}")
    return f"{int.from_bytes(drawn[:8], 'big') % 10**DIGITS:0{DIGITS}d}"
