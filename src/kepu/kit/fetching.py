"""Fetching a public page whose address somebody typed: never anything inside the network this machine is in.

The name is resolved once, every address it has is checked, and the connection goes to an address that was
checked, again after each redirect. No cookies, no proxies, no sign-in.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urljoin, urlsplit

BYTES_MAX = 2 * 1024 * 1024
SECONDS_MAX = 10.0
REDIRECTS_MAX = 3
ADDRESS_CHARS_MAX = 500
PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Ways of writing an IPv4 address inside an IPv6 one, through which a gateway reaches it.
_CARRIERS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
_NUMBERED = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?$", re.IGNORECASE)


class Trouble(StrEnum):
    """Why nothing was fetched."""

    ADDRESS_WRONG = "address_wrong"
    NOT_PUBLIC = "not_public"
    NOT_FOUND = "not_found"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REFUSED = "refused"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at `url`, the address after redirects."""

    url: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str


# host, port → its IP addresses as text; OSError when there are none.
Resolve = Callable[[str, int], list[str]]
# IP address, port, seconds → a connected socket.
Connect = Callable[[str, int, float], socket.socket]


def resolve(host: str, port: int) -> list[str]:
    """What this machine's resolver says, each address once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to that address."""
    return socket.create_connection((address, port), timeout=seconds)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open net; False for what is no address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in carrier for carrier in _CARRIERS) or found.is_site_local:
            return False
    return found.is_global and not (
        found.is_multicast or found.is_reserved or found.is_loopback or found.is_link_local
    )


def fetch(
    url: str, resolve: Resolve = resolve, connect: Connect = connect, seconds: float = SECONDS_MAX
) -> Fetched | Trouble:
    """What lies at a public http(s) address, at most BYTES_MAX of it, within `seconds` in all; or why not."""
    until = time.monotonic() + seconds
    for _ in range(REDIRECTS_MAX + 1):
        target = _target(url)
        if target is None:
            return Trouble.ADDRESS_WRONG
        try:
            addresses = resolve(target.host, target.port)
        except (OSError, UnicodeError):
            return Trouble.NOT_FOUND
        if not addresses or not all(map(is_public, addresses)):
            return Trouble.NOT_PUBLIC
        try:
            answer = _ask(target, addresses[0], connect, until)
        except TimeoutError:
            return Trouble.TOO_SLOW
        except (OSError, http.client.HTTPException, ValueError):
            return Trouble.TOO_SLOW if time.monotonic() >= until else Trouble.BROKEN
        if isinstance(answer, Trouble):
            return answer
        if isinstance(answer, tuple):
            return Fetched(url, *answer)
        url = urljoin(url, answer)
    return Trouble.TOO_MANY_REDIRECTS


def _target(url: str) -> _Target | None:
    """The parts of an address one may ask for, or None."""
    url = url.strip()
    if len(url) > ADDRESS_CHARS_MAX or re.search(r"[\x00-\x20\x7f\\]", url):
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or PORTS.get(parts.scheme, 0)
        name = host.encode("idna").decode() if ":" not in host else host
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in PORTS or not name or "@" in parts.netloc or port != PORTS[parts.scheme]:
        return None
    if _NUMBERED.search(name) and ":" not in name and not _is_plain(name):
        return None  # 2130706433, 0177.0.0.1, 0x7f.1: only the plain spelling of a number is taken
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?") if parts.query else ""
    return _Target(parts.scheme, name, port, path + query)


def _is_plain(name: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(name)) == name
    except ValueError:
        return False


def _ask(target: _Target, address: str, connect: Connect, until: float) -> tuple[bytes, str] | str | Trouble:
    """The content and its type; or where to go on; or why nothing came."""
    open_socket = connect(address, target.port, _left(until))
    # A server that sends a byte now and then would outlast any timeout of a single read.
    wires = [open_socket]
    alarm = threading.Timer(_left(until), _shut, (wires,))
    alarm.daemon = True
    alarm.start()
    try:
        if target.scheme == "https":
            # Wrapping takes the plain socket's wire away: the alarm must know the new one before it speaks.
            open_socket = _secured(open_socket, target.host)
            wires.append(open_socket)
            open_socket.do_handshake()
        asked = http.client.HTTPConnection(target.host, target.port)
        asked.sock = open_socket
        headers = {"Accept-Encoding": "identity", "User-Agent": "Kepu", "Connection": "close"}
        asked.request("GET", target.path, headers=headers)
        return _answer(asked.getresponse(), until)
    finally:
        alarm.cancel()
        open_socket.close()


def _answer(response: http.client.HTTPResponse, until: float) -> tuple[bytes, str] | str | Trouble:
    if response.status in _REDIRECTS:
        return response.getheader("Location") or Trouble.BROKEN
    if response.status != 200 or response.getheader("Content-Encoding", "identity") != "identity":
        return Trouble.REFUSED
    content = bytearray()
    while piece := response.read1(65_536):
        content += piece
        if len(content) > BYTES_MAX:
            return Trouble.TOO_LARGE
    _left(until)
    return bytes(content), response.getheader("Content-Type", "")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _secured(open_socket: socket.socket, host: str) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    return context.wrap_socket(open_socket, server_hostname=host, do_handshake_on_connect=False)


def _shut(wires: list[socket.socket]) -> None:
    for wire in wires:
        with suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)
