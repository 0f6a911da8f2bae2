"""How an account is found and opened: by a keyed index of its phone number, which itself is sealed."""

from django.conf import settings

from kepu.kit import crypto


def index_of(phone: str) -> str:
    """What `Account.phone_index` holds for a number of 11 digits (64 hexadecimal characters)."""
    return crypto.blind_index(settings.KEPU_KEYS.phone_index, phone).hex()


def sealed_phone(phone: str) -> bytes:
    """The number encrypted and bound to its own account's row."""
    return crypto.seal(settings.KEPU_KEYS.phone_cipher, phone, bound_to=f"account:{index_of(phone)}")


def opened_phone(sealed: bytes | memoryview | None, phone_index: str) -> str | None:
    """The number of the account with that index, or None when it was erased or belongs to another row."""
    if sealed is None:
        return None
    return crypto.unseal(settings.KEPU_KEYS.phone_cipher, bytes(sealed), bound_to=f"account:{phone_index}")
