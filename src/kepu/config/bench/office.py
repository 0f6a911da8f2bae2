"""Every staff page of ours asked once on a crowded site: how many queries, how many milliseconds."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from kepu.config.bench.crowd import COUNTY, FIRST
from kepu.people import writes as people
from kepu.people.models import Unit
from kepu.people.rules import SESSION_COOKIE, Refused, Role
from kepu.people.rules.second_factor import STAFF_COOKIE
from kepu.people.writes.staff_sessions import open_staff_session

QUERIES_MAX, MILLISECONDS_MAX = 20, 300
ASKED = 7  # the quickest counts: what else the machine does is not the page's
PASSWORD, NETWORK = "bangongshi-2026", "127.0.0.1"
# Places of the dashboard, each a page of its own.
DASHBOARDS = ("?division=4306", "?division=430623110", "?unit={unit}", "?unit={unit}&start=25")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one address cost: the quickest of ASKED answers, in milliseconds of server time."""

    address: str
    status: int
    queries: int
    milliseconds: float

    @property
    def is_over(self) -> bool:
        """Whether it passes a limit."""
        return self.queries > QUERIES_MAX or self.milliseconds > MILLISECONDS_MAX


def signed_in(now: datetime, phone: str, role: Role, division: str) -> Client:
    """A browser of a member of staff with one scope."""
    account = people.open_staff_account(phone, "测速员", PASSWORD, COUNTY, now)
    assert isinstance(account, int), account
    assert people.grant_scope(account, role, division, now) is None
    client = Client(HTTP_HOST="127.0.0.1")
    session = people.sign_in_with_password(phone, PASSWORD, NETWORK, now)
    assert not isinstance(session, Refused), session
    client.cookies[SESSION_COOKIE] = session.token
    client.cookies[STAFF_COOKIE] = open_staff_session(account, NETWORK, "Windows · Edge", now)
    return client


def addresses() -> Iterator[str]:
    """Every address of the back office whose name is ours, with numbers of rows that are there."""
    unit = Unit.objects.filter(division__startswith=str(COUNTY)).order_by("pk")[0].pk
    samples = {"account": FIRST, "person": FIRST + 1, "unit": unit}
    seen = set()
    for name, kwargs in _names(get_resolver().url_patterns):
        if not name.startswith("console_") or name in seen:
            continue
        seen.add(name)
        try:
            address = reverse(name, kwargs={each: samples.get(each, 1) for each in kwargs})
        except NoReverseMatch:
            continue
        if address.startswith("/admin/"):
            yield address
    yield from ("/admin/" + each.format(unit=unit) for each in DASHBOARDS)


def measured_pages(now: datetime) -> list[Measured]:
    """Every address as a city officer is answered; what such a one may not see, as an operator is."""
    officer = signed_in(now, "13800000777", Role.CITY_OFFICER, "4306")
    operator = signed_in(now, "13800000778", Role.OPERATOR, "")
    return [
        found if found.status == 200 else measure(operator, address)
        for address in addresses()
        for found in [measure(officer, address)]
    ]


def measure(client: Client, address: str) -> Measured:
    """What a page costs after it was asked once; redirects, refusals, addresses for POST are told as such."""
    answer = client.get(address)
    if answer.status_code != 200:
        return Measured(address, answer.status_code, 0, 0)
    _read(answer)
    with CaptureQueriesContext(connection) as asked:
        _read(client.get(address))
    queries = len(asked.captured_queries)
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        _read(client.get(address))
        times.append(1000 * (time.perf_counter() - began))
    return Measured(address, 200, queries, min(times))


def table(measured: list[Measured]) -> str:
    """The pages with the slowest first, then the addresses that were not measured."""
    pages = sorted((each for each in measured if each.status == 200), key=lambda each: -each.milliseconds)
    lines = [f"{'page':<52}{'queries':>9}{'ms':>9}"]
    lines += [
        f"{each.address:<52}{each.queries:>9}{each.milliseconds:>9.1f}{'  OVER' if each.is_over else ''}"
        for each in pages
    ]
    others = [each for each in measured if each.status != 200]
    lines += [f"{each.address:<52}   not a page here ({each.status})" for each in others]
    return "\n".join(lines)


def _names(patterns: list[Any]) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name, list(pattern.pattern.converters)


def _read(answer: Any) -> None:
    if getattr(answer, "streaming", False):
        for _piece in answer.streaming_content:
            pass
