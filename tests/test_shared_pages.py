"""The shared page over HTTP: the same bytes for every reader, each open counted, each reader known again."""

import gzip
import re
import uuid

import httpx
import pytest

from tests.live import LiveSite
from tests.test_intake import PHONE, post, report

OPENS = "SELECT count(*) FROM ledger_entry WHERE kind = 5"


@pytest.fixture
def link(site: LiveSite) -> str:
    """The address of a fresh link of the first communicator."""
    answer = post(site, report(site, event_id=str(uuid.uuid4())), site.tokens()[0])
    return site.url + answer.json()["link"]


def opens(site: LiveSite) -> int:
    return site.number(OPENS)


def reader(**headers: str) -> httpx.Client:
    return httpx.Client(headers={"User-Agent": PHONE} | headers, timeout=20)


def another(link: str, known: httpx.Response, **headers: str) -> httpx.Response:
    """The answer to a second reader: browsers of one network share a few readers, so a few are tried."""
    for number in range(30):
        with reader(**{"User-Agent": f"{PHONE} {number}"} | headers) as client:
            answer = client.get(link)
            if answer.cookies["kepu_reader"] != known.cookies["kepu_reader"]:
                return answer
    raise AssertionError("thirty browsers were one reader")


def test_two_readers_get_the_same_bytes_and_are_counted_apart(site: LiveSite, link: str) -> None:
    before = opens(site)
    with reader() as one:
        first, again = one.get(link), one.get(link)
    second = another(link, first)
    assert first.content == second.content == again.content
    assert first.headers["etag"] == second.headers["etag"]
    assert opens(site) == before + 2  # one's second open of the day is the first again
    assert first.cookies["kepu_stamp"] != second.cookies["kepu_stamp"]
    assert "kepu_stamp" not in first.text
    assert "/s/" not in first.text


def test_a_page_that_is_known_is_not_sent_again_but_counted(site: LiveSite, link: str) -> None:
    with reader() as one:
        first = one.get(link)
    before = opens(site)
    answer = another(link, first, **{"If-None-Match": first.headers["etag"]})
    assert (answer.status_code, answer.content) == (304, b"")
    assert opens(site) == before + 1
    assert "kepu_stamp" in answer.cookies


def test_the_stamp_counts_a_read_once_the_time_is_over(site: LiveSite, link: str) -> None:
    with reader() as one:
        seconds, _dot, stamp = one.get(link).cookies["kepu_stamp"].partition(".")
        assert int(seconds) > 1
        answer = one.post(site.url + "/v1/reads", json={"stamp": stamp})
    assert (answer.status_code, answer.json()["error"]) == (409, "too_soon")


def test_robots_and_the_sharer_are_served_and_not_counted(site: LiveSite, link: str) -> None:
    before = opens(site)
    with reader(**{"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}) as robot:
        assert "kepu_stamp" not in robot.get(link).cookies
    with reader(Purpose="prefetch") as preview:
        assert preview.get(link).status_code == 200
    with reader(Cookie=f"kepu_session={site.tokens()[0]}") as sharer:
        assert sharer.get(link).status_code == 200
    assert opens(site) == before


def test_each_look_is_a_page_of_its_own_and_leads_back(site: LiveSite, link: str) -> None:
    with reader() as one:
        plain = one.get(link)
        changed = one.post(
            site.url + "/display/", data={"next": "", "mode": "elder"}, headers={"Referer": link}
        )
        elder = one.get(link)
    assert changed.headers["location"] == link
    assert 'class="elder"' in elder.text
    assert 'class="elder"' not in plain.text
    assert re.search(r'name="next" value=""', plain.text)


def test_it_is_sent_as_it_is_asked_for(site: LiveSite, link: str) -> None:
    with reader(**{"Accept-Encoding": "identity"}) as one, reader(**{"Accept-Encoding": "gzip"}) as other:
        plain = one.get(link)
        with other.stream("GET", link) as packed:
            raw = b"".join(packed.iter_raw())
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    for name in ("content-security-policy", "x-frame-options", "x-content-type-options", "referrer-policy"):
        assert name in plain.headers, name
    assert plain.headers["cache-control"] == "private, no-cache"


def test_what_is_no_link_or_no_article_is_not_found(site: LiveSite, link: str) -> None:
    with reader() as one:
        assert one.get(link.replace("/s/", "/s/x")).status_code == 404
        assert one.get(site.url + "/a/999999/shared/").status_code == 404
        assert one.get(f"{site.url}/a/{site.articles[0]}/shared/").cookies.get("kepu_stamp") is None
