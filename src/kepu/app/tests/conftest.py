"""A small site: one town, two certified communicators, the articles, and a day inside the campaign."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from kepu.campaigns import writes as campaigns
from kepu.content import reads as content
from kepu.content import writes as articles
from kepu.content.models import ArticlePage
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.people import reads as people
from kepu.people import sessions
from kepu.people import writes as enrolment
from kepu.people.models import Account
from kepu.people.rules import ApplicantType, Enrolment, Session, session_token
from kepu.regions import writes as regions

PHONE = "Mozilla/5.0 (Linux; Android 10; V1901A) AppleWebKit/537.36 Chrome/97.0 Mobile Safari/537.36"
NOON = datetime(2021, 6, 21, 4, 0, tzinfo=UTC)


@dataclass
class Site:
    """Ids of what is there."""

    wang: int
    li: int
    article: int
    other: int


@pytest.fixture
def noon(monkeypatch):
    """The machine's clock stands at noon of 2021-06-21 in Shanghai."""
    moments = [NOON]
    monkeypatch.setattr(clock, "now", lambda: moments[0])
    return moments


@pytest.fixture(scope="package")
def stocked(django_db_setup, django_db_blocker) -> Iterator[Site]:
    """The small site, filled once: tests change it inside transactions of their own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _filled()
        transaction.set_rollback(True)


@pytest.fixture
def site(stocked, db, noon) -> Site:
    return stocked


def _filled() -> Site:
    regions.load_divisions(only_within=("430623",))
    enrolment.prepare_county("430623", NOON)
    sheet = resources.files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8")
    campaigns.publish_sheet(sheet, by="张三", signed_off_by="李四", now=NOON)
    ledger.open_book(430623, NOON)
    articles.load_sample_articles(NOON)
    unit = next(row for row in people.units_within("430623110") if row.name == "插旗村")
    association = people.associations("华容", 1)[0]
    wang, li = enrolment.enroll_many(
        [
            Enrolment(phone, name, unit.id, association.id, ApplicantType.TOWN, False, NOON)
            for phone, name in (("13800001234", "王秀英"), ("13800005678", "李建国"))
        ],
        now=NOON,
    )
    newest = content.articles(size=2).rows
    return Site(wang, li, newest[0].id, newest[1].id)


def withdraw(article: int) -> None:
    """What an editor does with an article that is wrong."""
    ArticlePage.objects.get(pk=article).unpublish()


def as_account(account: int, at: datetime = NOON) -> Client:
    """A browser that signed in as the account at a moment."""
    client = Client(headers={"User-Agent": PHONE})
    session = Session(account, 1, int(at.timestamp()))
    client.cookies[sessions.COOKIE] = session_token(settings.KEPU_KEYS.session, session)
    return client


@pytest.fixture
def wang(site) -> Client:
    return as_account(site.wang)


@pytest.fixture
def li(site) -> Client:
    return as_account(site.li)


@pytest.fixture
def newcomer(site) -> Client:
    """Signed up a minute ago, not certified yet."""
    account = Account.objects.create(phone_index="newcomer", book=430623, created_at=NOON, agreed_at=NOON)
    return as_account(account.pk)


@pytest.fixture
def reader() -> Client:
    return Client(headers={"User-Agent": PHONE})
