"""Repeated headers are one list, so that a proxy's own line is not taken for the client's."""

from kepu.intake.app import headers_of
from kepu.people.rules import client_network


def test_a_second_forwarded_line_is_the_end_of_one_list():
    scope = {"headers": [(b"x-forwarded-for", b"9.9.9.9"), (b"x-forwarded-for", b"203.0.113.7")]}
    forwarded = headers_of(scope)[b"x-forwarded-for"].decode()
    assert client_network("10.0.0.1", forwarded, 1) == "203.0.113.7"


def test_cookies_may_come_in_several():
    scope = {"headers": [(b"cookie", b"a=1"), (b"cookie", b"b=2")]}
    assert headers_of(scope) == {b"cookie": b"a=1; b=2"}
