"""An article's page carries what tells that it was read, for the one it was served to (decision 37)."""

import re

from django.conf import settings

from kepu.kit import clock
from kepu.ledger.browsing import PageStamp, browse_event, read_page_token


def test_an_article_is_stamped_for_whoever_is_signed_in(site, wang, reader, noon):
    page = wang.get(f"/a/{site.article}/").content.decode()
    event, token, seconds = re.search(
        r'data-browse="([^"]+)" data-stamp="([^"]+)" data-seconds="(\d+)"', page
    ).groups()
    stamp = read_page_token(settings.KEPU_KEYS.link, token)
    assert stamp == PageStamp(site.wang, site.article, clock.milliseconds(noon[0]), 15)
    assert (event, seconds) == (str(browse_event(stamp)), "15")
    assert "data-stamp" not in reader.get(f"/a/{site.article}/").content.decode()


def test_the_api_gives_the_same_stamp(site, wang, reader, noon):
    address = f"/v1/articles/{site.article}"
    given = wang.get(address).json()["browse"]
    stamp = read_page_token(settings.KEPU_KEYS.link, given["stamp"])
    assert stamp == PageStamp(site.wang, site.article, clock.milliseconds(noon[0]), 15)
    assert (given["event_id"], given["seconds"]) == (str(browse_event(stamp)), 15)
    assert reader.get(address).json()["browse"] is None
