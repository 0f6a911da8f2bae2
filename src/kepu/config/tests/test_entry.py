"""What the door changes in a request before a page sees it."""

from kepu.config.entry import _encoded, _plain


def test_a_header_with_an_underscore_never_passes_for_one_without():
    honest = (b"x-forwarded-for", b"192.0.2.7")
    scope = {"headers": [honest, (b"x_forwarded_for", b"203.0.113.9"), (b"content_length", b"0")]}
    assert _plain(scope)["headers"] == [honest]


def test_a_query_in_plain_chinese_becomes_ascii():
    assert (
        _encoded({"query_string": "q=血压&x=%20".encode()})["query_string"] == b"q=%E8%A1%80%E5%8E%8B&x=%20"
    )
    assert _encoded({"query_string": b"q=1"})["query_string"] == b"q=1"
