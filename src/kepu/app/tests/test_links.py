"""What became of my links, and who shared on from them: honest counts, covered names, bounded pages."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kepu.app import chain
from kepu.app.rules import link_of
from kepu.app.tests.conftest import NOON, as_account
from kepu.app.tests.test_sharing import share, token_of
from kepu.ledger import reads as ledger
from kepu.ledger.links import link_token
from kepu.ledger.models import Entry
from kepu.people.models import Account, Communicator


def texts(html: str) -> list[str]:
    html = re.sub(r"<[^>]+>", "", html)
    return re.findall(r"打开 (\d+) 次，读完 (\d+) 次", html)


def test_each_link_says_how_often_it_was_opened(site, wang, reader, django_assert_max_num_queries):
    quiet, loud = (token_of(share(wang, each)) for each in (site.other, site.article))
    reader.get(f"/s/{loud}/")
    wang.get(f"/s/{loud}/")
    with django_assert_max_num_queries(5):  # one for the tabs: which parts are switched off
        html = wang.get("/me/links/").content.decode()
    assert texts(html) == [("1", "0"), ("0", "0")]
    assert html.index(loud) < html.index(quiet)


def test_links_come_twenty_at_a_time(site, wang):
    tokens = [token_of(share(wang, site.article)) for _ in range(21)]
    first = wang.get("/me/links/").content.decode()
    assert [token in first for token in tokens] == [False] + [True] * 20
    (more,) = re.findall(r'hx-get="(/me/links/[^"]+)"', first)
    older = wang.get(more, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in older
    assert [token in older for token in tokens] == [True] + [False] * 20
    assert "<html" in wang.get(more).content.decode()
    assert wang.get("/me/links/?before=nonsense").status_code == 200


def test_my_links_are_mine(site, wang, li, reader):
    token = token_of(share(wang, site.article))
    assert token not in li.get("/me/links/").content.decode()
    for page in ("/me/links/", "/me/chain/"):
        assert reader.get(page).status_code == 302


def test_an_index_finds_what_came_of_a_share(site, wang, li):
    first = token_of(share(wang, site.article))
    share(li, site.article, via=first)
    if connection.vendor != "sqlite":
        pytest.skip("the plan of PostgreSQL depends on the size of the table")
    (mine,) = ledger.shares_of(site.wang, 10)
    for ask in (
        lambda: ledger.reach_of([mine]),
        lambda: ledger.shares_that_followed([mine], 10),
        lambda: ledger.shares_led_to_by(site.wang, 10),
    ):
        with CaptureQueriesContext(connection) as asked:
            ask()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "INDEX came_of (ref_book=? AND ref_seq=? AND kind=?)" in plan


def test_who_shares_on_stands_below_with_a_covered_name(
    site, wang, li, newcomer, django_assert_max_num_queries
):
    first = token_of(share(wang, site.article))
    second = token_of(share(li, site.article, via=first))
    share(li, site.article, via=first)
    share(newcomer, site.article, via=second)
    with django_assert_max_num_queries(7):
        html = wang.get("/me/chain/").content.decode()
    assert "李*国 ×2" in html
    assert "李建国" not in html
    assert "有 2 人" in html
    nested = html.partition('<div class="visually-hidden">')[2]
    assert re.search(r"李\*国.*<ul><li>\s*一位读者", nested, re.DOTALL)
    assert "李*国" not in as_account(site.li).get("/me/chain/").content.decode()


def test_who_hides_their_name_is_hidden_here_too(site, wang, li):
    Communicator.objects.filter(pk=site.li).update(hides_name=True)
    share(li, site.article, via=token_of(share(wang, site.article)))
    html = wang.get("/me/chain/").content.decode()
    assert "一位科普员" in html
    assert "李*国" not in html


def test_without_a_chain_the_page_says_what_to_do(site, wang):
    assert "还没有人接着分享" in wang.get("/me/chain/").content.decode()


def passed_on(site, accounts: list[int]) -> None:
    """Each of the accounts shares from the link of the one before."""
    token = ""
    for account in accounts:
        share(as_account(account), site.article, via=token)
        token = link_token(settings.KEPU_KEYS.link, link_of(ledger.shares_of(account, 1)[0]))


def test_four_levels_are_drawn(site, wang):
    fields = {"book": 430623, "created_at": NOON, "agreed_at": NOON}
    others = [Account.objects.create(phone_index=str(number), **fields).pk for number in range(4)]
    passed_on(site, [site.wang, site.li, *others])
    html = wang.get("/me/chain/").content.decode()
    assert [f'class="chain-{level}"' in html for level in range(1, 6)] == [True] * 4 + [False]


def test_what_goes_back_and_forth_is_drawn_once(site, wang):
    passed_on(site, [site.wang, site.li, site.wang, site.li])
    html = wang.get("/me/chain/").content.decode()
    assert "李*国 ×2" in html
    assert "chain-2" not in html


def test_at_most_two_hundred_shares_are_drawn(site, wang):
    passed_on(site, [site.wang, site.li])
    (leaf,) = Entry.objects.filter(person=site.li, ref_seq__gt=0)
    fields = {field.name: getattr(leaf, field.name) for field in Entry._meta.concrete_fields}
    rows = [Entry(**fields | {"seq": 10_000 + n, "event_id": n.to_bytes(16, "big")}) for n in range(300)]
    Entry.objects.bulk_create(rows)
    html = wang.get("/me/chain/").content.decode()
    assert "只画出最近的 200 次" in html
    assert "×200" in html


def test_a_row_each_and_children_under_their_parent():
    def entry(seq: int, person: int, parent: int):
        return ledger.Entry(1, seq, person, *[0] * 14, 1, parent, 0, "", b"")

    nodes = chain.grown(
        [entry(5, 7, 1), entry(6, 8, 1), entry(9, 7, 2)], [[entry(10, 9, 9), entry(11, 8, 5)]]
    )
    assert [(each.person, each.shares, [below.person for below in each.below]) for each in nodes] == [
        (7, 2, [8, 9]),
        (8, 1, []),
    ]
    spots = chain.drawn(nodes)
    assert [(spot.node.person, spot.level) for spot in spots] == [(7, 1), (8, 2), (9, 2), (8, 1)]
    assert [spot.y for spot in spots] == [chain.EDGE + chain.ROW * row for row in range(1, 5)]
    assert (spots[2].parent_x, spots[2].parent_y) == (spots[0].x, spots[0].y)
