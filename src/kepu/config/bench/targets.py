"""What the benchmark sends: endless requests for each target, every one with an id of its own."""

import itertools
import uuid
from collections.abc import Iterator, Sequence

from django.conf import settings

from kepu.config.bench import load
from kepu.kit import clock
from kepu.kit.crypto import Keyring
from kepu.ledger.links import Link, Stamp, link_token, stamp_token
from kepu.people.rules import SESSION_COOKIE, Session, session_token
from kepu.people.rules.readers import READER_COOKIE, reader_token

NOOP, SHARES, READS, PLAIN = "/bench/noop", "/v1/activities", "/v1/reads", "/bench/plain"
SHARED = "/s/"
BOARD, ARTICLE = "/boards/", "/a/"
HOME_BOOK = 430623


def requests_of(path: str, people: Sequence[int], articles: Sequence[int], campaign: int) -> Iterator[bytes]:
    """Requests for a target by these people in turn, about these articles in turn."""
    keys: Keyring = settings.KEPU_KEYS
    if path == READS:
        return _reads(keys, people, articles, campaign)
    if path == SHARED:
        return _opens(keys, people, articles)
    issued = clock.now_ms() // 1000
    tokens = [session_token(keys.session, Session(account, 1, issued)) for account in people]
    if path in (BOARD, ARTICLE):
        return _pages(path, tokens, articles)
    return _shares(path, tokens, articles)


def _shares(path: str, tokens: Sequence[str], articles: Sequence[int]) -> Iterator[bytes]:
    pairs = zip(itertools.cycle(tokens), itertools.cycle(articles), strict=False)
    for token, article in pairs:
        body = b'{"event_id":"%s","kind":"share","article":%d,"channel":"page"}'
        yield load.post(path, token, body % (str(uuid.uuid4()).encode(), article))


def _pages(path: str, tokens: Sequence[str], articles: Sequence[int]) -> Iterator[bytes]:
    """A page asked for by these people, signed in; articles in turn."""
    for token, article in zip(itertools.cycle(tokens), itertools.cycle(articles), strict=False):
        yield load.get(f"{path}{article}/" if path == ARTICLE else path, f"{SESSION_COOKIE}={token}")


def _reads(keys: Keyring, people: Sequence[int], articles: Sequence[int], campaign: int) -> Iterator[bytes]:
    """Beacons of pages that were open for twenty seconds, each by another reader."""
    pairs = zip(itertools.cycle(people), itertools.cycle(articles), strict=False)
    for person, article in pairs:
        opened_ms = clock.now_ms() - 20_000
        stamp = Stamp(HOME_BOOK, 1, person, article, opened_ms, 15, campaign, uuid.uuid4().bytes)
        yield load.post(READS, "", b'{"stamp":"%s"}' % stamp_token(keys.link, stamp).encode())


def _opens(keys: Keyring, people: Sequence[int], articles: Sequence[int]) -> Iterator[bytes]:
    """Shared pages asked for by links of these people, each by another reader who came before."""
    pairs = zip(itertools.cycle(people), itertools.cycle(articles), strict=False)
    for person, article in pairs:
        token = link_token(keys.link, Link(HOME_BOOK, 1, person, article))
        reader = reader_token(keys.reader, uuid.uuid4().bytes)
        yield load.get(f"{SHARED}{token}/", f"{READER_COOKIE}={reader}")
