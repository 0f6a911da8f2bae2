"""`kepu verify` finds what no longer agrees with the ledger, and says it with exit status 1."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db.models import F

from kepu.config.command import verify
from kepu.ledger import writes as ledger
from kepu.ledger.models import Entry
from kepu.mall import writes
from kepu.mall.models import Item, Order
from kepu.mall.rules import By
from kepu.mall.tests import shop
from kepu.mall.tests.shop import NOON
from kepu.standings import tasks as standings
from kepu.standings.models import Score
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bought(monkeypatch) -> Order:
    """An order of somebody's, in a site whose boards are up to date."""
    monkeypatch.setattr(verify, "BOARDS_SECONDS", 0)
    persons = shop.build()
    order = shop.bought(persons[0], shop.goods())
    town.credit(persons[1], 3)
    standings.catch_up()
    return Order.objects.get(pk=order.id)


def found() -> tuple[int, dict]:
    """The exit status, and what is wrong by its name."""
    outcome = CliRunner().invoke(verify.command, ["--json"])
    said = json.loads(outcome.stdout)
    assert said["good"] == (outcome.exit_code == 0)
    return outcome.exit_code, {
        name: each for name, each in said.items() if name not in ("good", "books") and each
    }


def test_a_site_that_agrees_is_good(bought):
    assert found() == (0, {})
    said = CliRunner().invoke(verify.command).stdout
    assert "有扣分而没有订单 0 笔" in said
    assert "榜单与账本不符 0 处" in said


def test_stock_beside_its_lines(bought):
    Item.objects.update(stock=F("stock") + 1)
    assert found() == (1, {"stock_off": [bought.item_id]})


def test_a_spend_that_bought_nothing(bought):
    ledger.spend(bought.person, bytes(16), 5, 0, "", NOON + MINUTE)
    assert found()[1]["spends_without_order"] == [f"430623-{Entry.objects.latest('seq').seq}"]


def test_an_order_whose_spend_is_another(bought):
    Order.objects.update(seq=1)
    said = found()[1]
    assert said["orders_without_spend"] == [str(bought.pk)]
    assert said["spends_without_order"] == [f"{bought.book}-{bought.seq}"]


def test_a_refund_that_nobody_made(bought, monkeypatch):
    monkeypatch.setattr("kepu.mall.writes.handing.refund_order", lambda *_args: False)
    assert writes.cancel_order(bought.pk, By.BUYER, bought.person, "", NOON + MINUTE) is None
    assert found()[1] == {"refunds_overdue": [str(bought.pk)]}


def test_a_score_that_nobody_brought_together(bought):
    Score.objects.filter(window__name="all").update(volume=4)
    assert found() == (1, {"scores_off": 1})


def test_boards_that_are_behind_are_not_compared(bought):
    ledger.spend(bought.person, bytes(15) + b"1", 5, 0, "", verify.clock.now())
    said = CliRunner().invoke(verify.command)
    assert verify.NOT_FOLLOWED in said.stdout
    assert said.exit_code == 0
