"""Where a delivery goes, and what a voucher's code is: sealed in the tables, opened for those who may."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from kepu.kit import crypto
from kepu.mall.rules import Wish
from kepu.people.rules import name_of, phone_of


@dataclass(frozen=True, slots=True)
class Contact:
    """Who gets a delivery, by which number and where."""

    name: str
    phone: str
    address: str


def sealed(order: UUID, wish: Wish) -> bytes:
    """The wish's name, number and address, bound to the order."""
    said = [name_of(wish.name), phone_of(wish.phone), " ".join(wish.address.split())]
    return crypto.seal(_cipher(), json.dumps(said), f"mall order:{order}")


def opened(order: UUID, content: bytes | memoryview) -> Contact | None:
    """What `sealed` kept; None where it is another order's or the site's key is another."""
    text = crypto.unseal(_cipher(), bytes(content), f"mall order:{order}")
    return Contact(*json.loads(text)) if text is not None else None


def sealed_code(code: str) -> bytes:
    """A voucher's code, bound to its digest."""
    return crypto.seal(_cipher(), code, f"voucher:{digest_of(code)}")


def opened_code(digest: str, content: bytes | memoryview) -> str | None:
    """The code that `sealed_code` kept under this digest."""
    return crypto.unseal(_cipher(), bytes(content), f"voucher:{digest}")


def digest_of(code: str) -> str:
    """What a code is known by without being stored."""
    return crypto.blind_index(settings.KEPU_KEYS.phone_index, f"voucher:{code}").hex()


def _cipher() -> bytes:
    key: bytes = settings.KEPU_KEYS.phone_cipher
    return key
