"""The QR code that puts a key into an authenticator."""

from urllib.parse import quote, urlencode

import segno
from django.conf import settings

from kepu.people.rules.second_factor import STEP_SECONDS


def setup_address(key: str, name: str) -> str:
    """The otpauth: address of a key (base32), as authenticators read it."""
    issuer = str(settings.WAGTAIL_SITE_NAME)
    words = urlencode({"secret": key, "issuer": issuer, "digits": 6, "period": STEP_SECONDS}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{name}')}?{words}"


def qr_path(text: str) -> tuple[str, int]:
    """The dark modules of the QR code as an SVG path, and how many modules wide it is with its margin."""
    code = segno.make(text, error="m", micro=False)
    border = 4
    rows = code.matrix
    path = "".join(
        f"M{x + border} {y + border}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return path, len(rows) + 2 * border
