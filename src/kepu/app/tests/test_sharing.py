"""A share gives a link of one's own; what opens it is counted honestly."""

import re
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client

from kepu.app import writes
from kepu.app.tests.conftest import NOON, PHONE, as_account, withdraw
from kepu.campaigns.rules import Kind, Reason
from kepu.kit import crypto
from kepu.ledger import reads as ledger
from kepu.ledger.links import read_link, read_stamp
from kepu.ledger.rules import Channel
from kepu.people.models import Account, Communicator
from kepu.people.rules.readers import READERS_PER_NETWORK_DAY_MAX

REWARDS = ("积分", "奖励", "补贴", "排行", "排名", "名次", "证书", "签到", "话费", "兑换")


def share(client: Client, article: int, **fields: str):
    asked = {"channel": "copy_link", "event_id": str(uuid.uuid4())} | fields
    return client.post(f"/a/{article}/share/", asked)


def token_of(response) -> str:
    assert response.status_code == 302
    return response.url.rstrip("/").rsplit("/", 1)[-1]


def entries(person: int, kind: Kind) -> list:
    return [each for each in ledger.statement(person, None, 100) if each.kind == kind]


def test_a_share_without_a_script_is_recorded_and_shows_its_link(site, wang, django_assert_max_num_queries):
    token = token_of(share(wang, site.article))
    (entry,) = entries(site.wang, Kind.SHARE)
    assert (entry.article, entry.channel, entry.reason) == (site.article, Channel.COPY_LINK, Reason.CREDITED)
    link = read_link(settings.KEPU_KEYS.link, token)
    assert (link.book, link.seq, link.person, link.article) == (430623, entry.seq, site.wang, site.article)
    with django_assert_max_num_queries(4):  # one for the tabs: which parts are switched off
        html = wang.get(f"/me/links/{token}/").content.decode()
    assert "已记上。今天还可以记 299 次。" in html
    assert f"http://testserver/s/{token}/" in html
    assert "<path d=" in html


def test_a_link_looked_at_later_does_not_say_what_was_left_then(site, wang, noon):
    token = token_of(share(wang, site.article))
    noon[0] += timedelta(minutes=11)
    html = wang.get(f"/me/links/{token}/").content.decode()
    assert "今天还可以记" not in html
    assert "6月21日 12:00 · 已计入" in html


def test_the_same_form_sent_twice_is_one_share(site, wang):
    same = str(uuid.uuid4())
    assert token_of(share(wang, site.article, event_id=same)) == token_of(
        share(wang, site.article, event_id=same)
    )
    assert len(entries(site.wang, Kind.SHARE)) == 1


def test_the_same_form_for_another_article_is_refused_and_explained(site, wang):
    same = str(uuid.uuid4())
    share(wang, site.article, event_id=same)
    response = share(wang, site.other, event_id=same)
    assert response.status_code == 409
    assert "没有分享成功" in response.content.decode()


def test_whose_county_has_no_book_here_is_told_so(site):
    away = Account.objects.create(phone_index="away", book=430624, created_at=NOON, agreed_at=NOON)
    response = share(as_account(away.pk), site.article)
    assert response.status_code == 409
    assert "还没有为您所在的县开账" in response.content.decode()


def test_a_share_that_does_not_count_says_why_and_gives_the_link_all_the_same(site, wang, noon):
    noon[0] = noon[0].replace(month=12)
    wang.cookies.clear()
    client = _signed_in(site.wang, noon[0])
    token = token_of(share(client, site.article))
    html = client.get(f"/me/links/{token}/").content.decode()
    assert "这次不计入" in html
    assert f"/s/{token}/" in html


def test_sharing_needs_a_session_an_article_and_a_token(site, wang, reader):
    response = share(reader, site.article)
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/")
    assert share(wang, 999_999).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = wang.cookies
    assert share(strict, site.article).status_code == 403
    assert entries(site.wang, Kind.SHARE) == []


def test_an_odd_event_id_or_channel_is_still_one_share(site, wang):
    assert share(wang, site.article, event_id="'; DROP TABLE", channel="staff").status_code == 302
    (entry,) = entries(site.wang, Kind.SHARE)
    assert entry.channel == Channel.PAGE


def test_a_chain_of_shares_is_known(site, wang, li):
    first = token_of(share(wang, site.article))
    assert f"/a/{site.article}/?via={first}#share" in li.get(f"/s/{first}/").content.decode()
    token_of(share(li, site.article, via=first))
    (entry,) = entries(site.li, Kind.SHARE)
    assert (entry.ref_book, entry.ref_seq) == (430623, entries(site.wang, Kind.SHARE)[0].seq)


def test_another_article_or_ones_own_link_makes_no_chain(site, wang, li):
    first = token_of(share(wang, site.article))
    share(li, site.other, via=first)
    share(wang, site.article, via=first)
    assert entries(site.li, Kind.SHARE)[0].ref_seq == 0
    assert [each.ref_seq for each in entries(site.wang, Kind.SHARE)] == [0, 0]


def test_a_reader_opens_the_link(site, wang, reader, django_assert_max_num_queries):
    token = token_of(share(wang, site.article))
    with django_assert_max_num_queries(14):  # PostgreSQL holds the sharer's account as well
        response = reader.get(f"/s/{token}/")
    html = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    stamp = read_stamp(settings.KEPU_KEYS.link, re.search(r'data-stamp="([^"]+)"', html).group(1))
    assert (stamp.person, stamp.article) == (site.wang, site.article)
    assert 'data-seconds="15"' in html
    (entry,) = entries(site.wang, Kind.OPEN)
    assert (entry.ref_book, entry.ref_seq) == (stamp.book, stamp.seq)


def test_the_same_reader_opens_once_a_day_and_is_the_same_reader_tomorrow(site, wang, reader, noon):
    token = token_of(share(wang, site.article))
    stamps = [_stamp(reader.get(f"/s/{token}/")), _stamp(reader.get(f"/s/{token}/"))]
    assert len(entries(site.wang, Kind.OPEN)) == 1
    noon[0] = noon[0].replace(day=22)
    stamps.append(_stamp(reader.get(f"/s/{token}/")))
    assert len(entries(site.wang, Kind.OPEN)) == 2
    assert len({stamp.reader for stamp in stamps}) == 1


def test_two_readers_are_two(site, wang, reader):
    token = token_of(share(wang, site.article))
    other = Client(headers={"User-Agent": PHONE.replace("V1901A", "M2006")})
    assert _stamp(reader.get(f"/s/{token}/")).reader != _stamp(other.get(f"/s/{token}/")).reader
    assert len(entries(site.wang, Kind.OPEN)) == 2


def test_a_script_without_cookies_is_at_most_so_many_readers_a_day(site, wang):
    token = token_of(share(wang, site.article))
    seen = {
        _stamp(Client(headers={"User-Agent": f"{PHONE} {number}"}).get(f"/s/{token}/")).reader
        for number in range(200)
    }
    assert 50 < len(seen) <= READERS_PER_NETWORK_DAY_MAX == 64
    elsewhere = Client(headers={"User-Agent": f"{PHONE} 1"}, REMOTE_ADDR="203.0.113.9")
    assert _stamp(elsewhere.get(f"/s/{token}/")).reader not in seen


def test_a_reader_of_someone_uncertified_counts_once_they_are_certified(site, newcomer, reader):
    token = token_of(share(newcomer, site.article))
    before = _stamp(reader.get(f"/s/{token}/"))
    account = Account.objects.get(phone_index="newcomer")
    like = Communicator.objects.get(pk=site.wang)
    Communicator.objects.create(
        account=account, name="新人", unit=like.unit, division=like.division,
        association=like.association, certified_at=NOON,
    )  # fmt: skip
    after = _stamp(reader.get(f"/s/{token}/"))
    assert before.reader == after.reader
    assert before.campaign == 0 < after.campaign


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("head", {"User-Agent": PHONE}),
        ("get", {"User-Agent": PHONE, "Purpose": "prefetch"}),
        ("get", {"User-Agent": PHONE, "Sec-Purpose": "prefetch;prerender"}),
        ("get", {"User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}),
        ("get", {"User-Agent": ""}),
    ],
)
def test_robots_and_previews_see_the_article_and_count_for_nothing(site, wang, method, headers):
    token = token_of(share(wang, site.article))
    response = getattr(Client(), method)(f"/s/{token}/", headers=headers)
    assert response.status_code == 200
    assert b"data-stamp" not in response.content
    assert entries(site.wang, Kind.OPEN) == []


def test_the_sharer_never_counts_not_even_signed_out(site, wang):
    token = token_of(share(wang, site.article))
    wang.get(f"/a/{site.article}/")
    assert b"data-stamp" not in wang.get(f"/s/{token}/").content
    del wang.cookies["kepu_session"]
    assert b"data-stamp" not in wang.get(f"/s/{token}/").content
    assert entries(site.wang, Kind.OPEN) == []


def test_nothing_that_leaves_the_app_speaks_of_rewards(site, wang, reader):
    token = token_of(share(wang, site.article))
    for address in (f"/s/{token}/", f"/poster/{token}/"):
        html = reader.get(address).content.decode()
        words = re.sub(r"<svg class=.*?</svg>", "", html, flags=re.DOTALL)
        assert [word for word in REWARDS if word in words] == []


def test_a_reader_can_complain_from_the_shared_page(site, wang, reader):
    token = token_of(share(wang, site.article))
    assert 'href="/complaints/"' in reader.get(f"/s/{token}/").content.decode()


def test_forged_and_foreign_tokens_are_not_found(site, wang, li, reader):
    token = token_of(share(wang, site.article))
    forged = crypto.sign(b"z" * 32, "link", b"\x01\x02\x03\x04\x05\x06")
    for bad in ("x", forged, token[:-1], token + "A", "%00", "a" * 500):
        for address in (f"/s/{bad}/", f"/poster/{bad}/"):
            assert reader.get(address).status_code == 404
    assert li.get(f"/me/links/{token}/").status_code == 404
    assert reader.get(f"/me/links/{token}/").status_code == 302


def test_a_withdrawn_article_cannot_be_opened(site, wang, reader):
    token = token_of(share(wang, site.article))
    withdraw(site.article)
    for client, address, status in (
        (reader, f"/s/{token}/", 410),
        (reader, f"/poster/{token}/", 404),
        (wang, f"/me/links/{token}/", 410),
    ):
        assert client.get(address).status_code == status
    assert entries(site.wang, Kind.OPEN) == []


def test_reading_goes_on_when_the_ledger_cannot_be_written(site, wang, reader, monkeypatch):
    token = token_of(share(wang, site.article))

    def full(*_arguments):
        raise DatabaseError

    monkeypatch.setattr(writes, "record_open", full)
    assert reader.get(f"/s/{token}/").status_code == 200


def _stamp(response):
    return read_stamp(
        settings.KEPU_KEYS.link, re.search(rb'data-stamp="([^"]+)"', response.content).group(1).decode()
    )


def _signed_in(account, moment) -> Client:
    from kepu.people.rules import Session, session_token

    client = Client(headers={"User-Agent": PHONE})
    session = Session(account, 1, int(moment.timestamp()))
    client.cookies["kepu_session"] = session_token(settings.KEPU_KEYS.session, session)
    return client
