"""Questions about messages."""

import json

from django.conf import settings

from kepu.kit import crypto
from kepu.messages.models import OutboxMessage
from kepu.messages.rules import OutboxRow


def outbox(limit: int = 50) -> list[OutboxRow]:
    """The newest messages kept here, newest first; those sealed with another site's key are left out.

    One query. For development and tests: it opens numbers and codes.
    """
    assert 0 < limit <= 200
    return [
        OutboxRow(*opened, sent_at=kept.sent_at)
        for kept in OutboxMessage.objects.order_by("-pk")[:limit]
        if (opened := _opened(bytes(kept.sealed))) is not None
    ]


def _opened(sealed: bytes) -> tuple[str, str] | None:
    plain = crypto.unseal(settings.KEPU_KEYS.phone_cipher, sealed, bound_to="outbox")
    if plain is None:
        return None
    phone, text = json.loads(plain)
    return phone, text
