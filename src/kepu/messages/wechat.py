"""WeChat's office for official accounts: the real one over HTTPS, and one that only pretends."""

import json
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import urlencode

from kepu.messages.rules import Failed, Issued, Trouble

OFFICE = "https://api.weixin.qq.com"
SECONDS_MAX = 4.0
ANSWER_BYTES_MAX = 65_536
log = logging.getLogger("kepu.messages")


@dataclass(frozen=True, slots=True, repr=False)
class PretendedOffice:
    """Hands out made-up credentials to whoever has the right secret; for tests."""

    secret: str = "s"  # noqa: S105 nothing to guess here
    expected: str = "s"
    seconds: int = 7200

    def token(self) -> Issued | Failed:
        """A token, or REFUSED for a wrong secret."""
        if self.secret != self.expected:
            return Failed(Trouble.REFUSED)
        return Issued("token-1", self.seconds)

    def ticket(self, token: str) -> Issued | Failed:
        """A ticket, or REFUSED for another token than ours."""
        return Issued("ticket-1", self.seconds) if token == "token-1" else Failed(Trouble.REFUSED)  # noqa: S105


@dataclass(frozen=True, slots=True, repr=False)
class HttpOffice:
    """Asks WeChat itself. Redirects are not followed: the secret goes to one host only.

    Its stable token is asked for (getStableAccessToken), which does not end the tokens that other programs
    of the same account hold.
    """

    app: str
    secret: str
    url: str = OFFICE
    timeout_seconds: float = SECONDS_MAX

    def token(self) -> Issued | Failed:
        """WeChat's answer to the account's secret."""
        asked = {"grant_type": "client_credential", "appid": self.app, "secret": self.secret}
        return self._issued("/cgi-bin/stable_token", "access_token", json.dumps(asked).encode())

    def ticket(self, token: str) -> Issued | Failed:
        """WeChat's answer to a token."""
        query = urlencode({"access_token": token, "type": "jsapi"})
        return self._issued(f"/cgi-bin/ticket/getticket?{query}", "ticket", None)

    def _issued(self, path: str, member: str, body: bytes | None) -> Issued | Failed:
        asked = urllib.request.Request(  # noqa: S310 our own constant or a test's server
            self.url + path, data=body, headers={"Content-Type": "application/json"}
        )
        try:
            with _opener.open(asked, timeout=self.timeout_seconds) as answer:
                said = json.loads(answer.read(ANSWER_BYTES_MAX))
        except urllib.error.HTTPError as no:
            log.warning("WeChat answered %s", no.code)
            return Failed(Trouble.REFUSED)
        except (OSError, HTTPException) as trouble:
            log.warning("WeChat could not be reached: %s", type(trouble).__name__)
            return Failed(Trouble.UNREACHABLE)
        except ValueError:
            log.warning("WeChat's answer is no JSON")
            return Failed(Trouble.REFUSED)
        return _read(said, member)


def _read(said: Any, member: str) -> Issued | Failed:
    """What an answer hands out; WeChat says no with 200 and an `errcode`."""
    answer = said if isinstance(said, dict) else {}
    value, seconds = answer.get(member), answer.get("expires_in")
    if isinstance(value, str) and value and isinstance(seconds, int) and seconds > 0:
        return Issued(value, seconds)
    log.warning("WeChat refused: errcode %s", str(answer.get("errcode"))[:12])
    return Failed(Trouble.REFUSED)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """A redirect stays what it is: an answer that is none of ours."""


_opener = urllib.request.build_opener(_NoRedirects)
