"""The ways a text message can leave: kept in the outbox, or handed to an HTTP gateway."""

import http.client
import json
import logging
import ssl
import threading
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from kepu.kit import crypto
from kepu.messages.models import OutboxMessage
from kepu.messages.rules import Failed, Sent, Trouble

OUTBOX_KEPT_MAX = 200
ANSWER_BYTES_MAX = 65_536
# A gateway that hangs keeps two page threads for four seconds, not all of them for long.
SENDS_AT_ONCE_MAX = 2
SEND_SECONDS_MAX = 4.0

log = logging.getLogger("kepu.messages")
_sending = threading.BoundedSemaphore(SENDS_AT_ONCE_MAX)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Keeps the newest messages in the database; nothing leaves the site. Two or three queries a message."""

    def send(self, phone: str, text: str, now: datetime) -> Sent | Failed:
        """The message is kept, sealed; older ones beyond OUTBOX_KEPT_MAX are dropped."""
        sealed = crypto.seal(settings.KEPU_KEYS.phone_cipher, json.dumps([phone, text]), bound_to="outbox")
        kept = OutboxMessage.objects.create(sealed=sealed, sent_at=now)
        OutboxMessage.objects.filter(pk__lte=kept.pk - OUTBOX_KEPT_MAX).delete()
        return Sent(reference=str(kept.pk))


@dataclass(frozen=True, slots=True)
class Nowhere:
    """The way of a public site that has no gateway: nobody could read an outbox there."""

    def send(self, phone: str, text: str, now: datetime) -> Sent | Failed:
        """No message goes out, which the log says."""
        log.warning("no text message can leave this site: KEPU_SMS_GATEWAY_URL is not set")
        return Failed(Trouble.UNREACHABLE)


@dataclass(frozen=True, slots=True, repr=False)
class HttpGateway:
    """Hands each message to an HTTP service: POST {"phone", "text"} as JSON with a bearer token.

    Any 2xx answer means taken; its JSON member "id", when there is one, is the reference. Redirects are
    not followed, so that neither the token nor the text goes to another host.
    """

    url: str
    token: str
    timeout_seconds: float = SEND_SECONDS_MAX

    def send(self, phone: str, text: str, now: datetime) -> Sent | Failed:
        """The service took the message, refused it, or could not be reached in time.

        While SENDS_AT_ONCE_MAX others are on their way the answer is UNREACHABLE at once.
        """
        if not _sending.acquire(blocking=False):
            log.warning("the SMS gateway has not answered %s messages yet", SENDS_AT_ONCE_MAX)
            return Failed(Trouble.UNREACHABLE)
        try:
            return self._handed_over(phone, text)
        finally:
            _sending.release()

    def _handed_over(self, phone: str, text: str) -> Sent | Failed:
        address = urlsplit(self.url)
        body = json.dumps({"phone": phone, "text": text}, ensure_ascii=False).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json; charset=utf-8"}
        connection = self._connection(address)
        try:
            connection.request("POST", _target(address), body, headers)
            answer = connection.getresponse()
            said = answer.read(ANSWER_BYTES_MAX)
        except (OSError, http.client.HTTPException) as trouble:
            log.warning("the SMS gateway could not be reached: %s", type(trouble).__name__)
            return Failed(Trouble.UNREACHABLE)
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            log.warning("the SMS gateway answered %s", answer.status)
            return Failed(Trouble.REFUSED)
        return Sent(reference=_reference(said))

    def _connection(self, address: SplitResult) -> http.client.HTTPConnection:
        assert address.hostname
        if address.scheme == "http":
            return http.client.HTTPConnection(address.hostname, address.port, timeout=self.timeout_seconds)
        trust = ssl.create_default_context()
        return http.client.HTTPSConnection(
            address.hostname, address.port, timeout=self.timeout_seconds, context=trust
        )


def _target(address: SplitResult) -> str:
    return (address.path or "/") + (f"?{address.query}" if address.query else "")


def _reference(said: bytes) -> str:
    try:
        answer = json.loads(said)
    except ValueError:
        return ""
    return str(answer.get("id", ""))[:80] if isinstance(answer, dict) else ""
