"""Only the open net is fetched: no address of the network this machine is in, by no spelling or detour."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from kepu.kit import fetching
from kepu.kit.fetching import Fetched, Trouble, fetch, is_public

PUBLIC = "93.184.216.34"
ADDRESSES = [
    (PUBLIC, True),
    ("2606:2800:220:1:248:1893:25c8:1946", True),
    ("127.0.0.1", False),
    ("127.9.9.9", False),
    ("0.0.0.0", False),
    ("10.1.2.3", False),
    ("172.16.0.1", False),
    ("192.168.1.1", False),
    ("100.64.0.1", False),
    ("169.254.169.254", False),
    ("192.0.2.1", False),
    ("198.18.0.1", False),
    ("224.0.0.1", False),
    ("240.0.0.1", False),
    ("255.255.255.255", False),
    ("::", False),
    ("::1", False),
    ("fe80::1", False),
    ("fe80::1%eth0", False),
    ("fc00::1", False),
    ("fec0::1", False),
    ("ff02::1", False),
    ("::ffff:127.0.0.1", False),
    ("::ffff:10.0.0.1", False),
    (f"::ffff:{PUBLIC}", True),
    ("64:ff9b::7f00:1", False),
    ("2002:7f00:1::", False),
    ("2001:0:53aa:64c::1", False),
    ("not an address", False),
]
# What somebody types, with the resolver of this machine where it is a number.
TYPED = [
    ("ftp://kepu.example/", Trouble.ADDRESS_WRONG),
    ("file:///etc/passwd", Trouble.ADDRESS_WRONG),
    ("gopher://127.0.0.1/", Trouble.ADDRESS_WRONG),
    ("http://", Trouble.ADDRESS_WRONG),
    ("http://user:word@kepu.example/", Trouble.ADDRESS_WRONG),
    ("http://kepu.example@127.0.0.1/", Trouble.ADDRESS_WRONG),
    ("http://kepu.example:5432/", Trouble.ADDRESS_WRONG),
    ("http://kepu.example:99999/", Trouble.ADDRESS_WRONG),
    ("http://kepu.example\\@127.0.0.1/", Trouble.ADDRESS_WRONG),
    ("http://kepu.example/\r\nHost: x", Trouble.ADDRESS_WRONG),
    ("http://" + "a" * 500 + "/", Trouble.ADDRESS_WRONG),
    ("http://2130706433/", Trouble.ADDRESS_WRONG),
    ("http://0x7f000001/", Trouble.ADDRESS_WRONG),
    ("http://0x7f.1/", Trouble.ADDRESS_WRONG),
    ("http://0177.0.0.1/", Trouble.ADDRESS_WRONG),
    ("http://127.1/", Trouble.ADDRESS_WRONG),
    ("http://127.0.0.1./", Trouble.NOT_PUBLIC),
    ("http://127.0.0.1/", Trouble.NOT_PUBLIC),
    ("http://[::1]/", Trouble.NOT_PUBLIC),
    ("http://[::ffff:127.0.0.1]/", Trouble.NOT_PUBLIC),
    ("http://[fe80::1]/", Trouble.NOT_PUBLIC),
    ("http://10.0.0.8/", Trouble.NOT_PUBLIC),
    ("http://169.254.169.254/latest/meta-data/", Trouble.NOT_PUBLIC),
    ("http://localhost/", Trouble.NOT_PUBLIC),
]


@pytest.mark.parametrize(("address", "public"), ADDRESSES)
def test_which_addresses_belong_to_the_open_net(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(("typed", "trouble"), TYPED, ids=[typed[:40] for typed, _ in TYPED])
def test_what_is_typed_never_leads_inside(typed: str, trouble: Trouble) -> None:
    def never(*_asked: object) -> socket.socket:
        raise AssertionError("a connection was made")

    assert fetch(typed, connect=never) is trouble


class Pages(BaseHTTPRequestHandler):
    """A site that redirects, stalls, floods, and says what it was sent."""

    def do_GET(self) -> None:
        _, kind, *rest = self.path.split("/", 2)
        if kind == "to":
            self.answer(302, b"", Location=rest[0])
        elif kind == "again":
            self.answer(302, b"", Location=f"/again/{int(rest[0]) + 1}", **{"Set-Cookie": "a=b"})
        elif kind == "flood":
            self.answer(200, b"x" * (fetching.BYTES_MAX + 1))
        elif kind == "zipped":
            self.answer(200, b"x", **{"Content-Encoding": "gzip"})
        elif kind == "drip":
            self.drip()
        elif kind == "gone":
            self.answer(404, b"")
        else:
            told = f"{self.headers['Host']} {self.headers['Cookie']} {self.path}"
            self.answer(200, told.encode(), **{"Content-Type": "text/plain"})

    def answer(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(60):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def log_message(self, *_args: object) -> None: ...


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a local site that stands for the open net."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


@pytest.fixture
def asked() -> list[str]:
    """The addresses that were connected to."""
    return []


@pytest.fixture
def get(port: int, asked: list[str]) -> Callable[..., Fetched | Trouble]:
    """Fetching where kepu.example is public, inside.example is not, and every connection goes to our site."""
    names = {"kepu.example": [PUBLIC], "inside.example": ["10.0.0.8"], "both.example": [PUBLIC, "::1"]}

    def connect(address: str, _port: int, seconds: float) -> socket.socket:
        asked.append(address)
        return socket.create_connection(("127.0.0.1", port), timeout=seconds)

    def resolve(host: str, _port: int) -> list[str]:
        if host not in names:
            raise OSError
        return names[host]

    def get(url: str, seconds: float = 5, resolve: fetching.Resolve = resolve) -> Fetched | Trouble:
        return fetch(url, resolve, connect, seconds)

    return get


def test_a_public_page_is_fetched_by_its_name_without_cookies(get, asked) -> None:
    found = get("http://kepu.example/page?q=雨")
    assert found == Fetched(
        "http://kepu.example/page?q=雨", b"kepu.example None /page?q=%E9%9B%A8", "text/plain"
    )
    assert asked == [PUBLIC]


REFUSED = [
    ("http://inside.example/", Trouble.NOT_PUBLIC),
    ("http://both.example/", Trouble.NOT_PUBLIC),
    ("http://nowhere.example/", Trouble.NOT_FOUND),
    ("http://kepu.example/to/http://inside.example/", Trouble.NOT_PUBLIC),
    ("http://kepu.example/to/file:///etc/passwd", Trouble.ADDRESS_WRONG),
    ("http://kepu.example/to/http://2130706433/", Trouble.ADDRESS_WRONG),
    ("http://kepu.example/again/0", Trouble.TOO_MANY_REDIRECTS),
    ("http://kepu.example/flood/", Trouble.TOO_LARGE),
    ("http://kepu.example/zipped/", Trouble.REFUSED),
    ("http://kepu.example/gone/", Trouble.REFUSED),
]


@pytest.mark.parametrize(("url", "trouble"), REFUSED)
def test_what_is_not_fetched(get, asked, url: str, trouble: Trouble) -> None:
    assert get(url) is trouble
    assert set(asked) <= {PUBLIC}
    assert len(asked) <= fetching.REDIRECTS_MAX + 1


def test_three_redirects_are_followed_and_cookies_are_not_kept(get) -> None:
    found = get(
        "http://kepu.example/to/http://kepu.example/to/http://kepu.example/to/http://kepu.example/end"
    )
    assert isinstance(found, Fetched)
    assert (found.url, found.content) == ("http://kepu.example/end", b"kepu.example None /end")


def test_a_name_that_changes_its_address_meanwhile_leads_nowhere_else(get, asked) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    found = get("http://kepu.example/once", resolve=lambda _host, _port: next(answers))
    assert isinstance(found, Fetched)
    assert asked == [PUBLIC]
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    again = get("http://kepu.example/to/http://kepu.example/", resolve=lambda _host, _port: next(answers))
    assert again is Trouble.NOT_PUBLIC
    assert asked == [PUBLIC, PUBLIC]


def test_a_site_that_drips_is_left_when_the_time_is_over(get) -> None:
    began = time.monotonic()
    assert get("http://kepu.example/drip/", seconds=0.5) in (Trouble.TOO_SLOW, Trouble.BROKEN)
    assert time.monotonic() - began < 2


def test_a_site_that_drips_over_tls_is_left_too() -> None:
    """The alarm must hold the wire that TLS took over: here the handshake itself never ends."""

    def drip(listener: socket.socket) -> None:
        wire, _peer = listener.accept()
        with wire, suppress(OSError):
            wire.sendall(b"\x16\x03\x03\x40\x00")
            for _ in range(100):
                wire.sendall(b"\x02")
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=drip, args=(listener,), daemon=True).start()
        port = listener.getsockname()[1]
        began = time.monotonic()
        found = fetch(
            "https://kepu.example/",
            seconds=0.5,
            resolve=lambda _host, _port: [PUBLIC],
            connect=lambda _address, _port, left: socket.create_connection(("127.0.0.1", port), timeout=left),
        )
    assert found in (Trouble.TOO_SLOW, Trouble.BROKEN)
    assert time.monotonic() - began < 2
