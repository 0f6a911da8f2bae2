"""Orders in the back office: who sees which, each step with its record, and the list for suppliers."""

import io
from datetime import datetime
from uuid import uuid4

import openpyxl
import pytest

from kepu.console.tasks import WORKS
from kepu.console.tests import mall_desk as desk
from kepu.console.tests.mall_desk import COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN, page
from kepu.jobs.models import JobRow
from kepu.jobs.reads import folder
from kepu.jobs.writes import run_next
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.mall import writes
from kepu.mall.models import Item, Order
from kepu.mall.rules import OrderState, Way, Wish
from kepu.mall.tests import shop
from kepu.people.rules import Role

pytestmark = pytest.mark.django_db
ORDERS = "/admin/mall/orders/"


@pytest.fixture
def buyers(settings, tmp_path):
    settings.HOME = tmp_path
    return shop.build(people=2)


@pytest.fixture
def officer(client, buyers):
    return desk.officer(client)


def delivered(person: int, item: int):
    """An order that is to be sent."""
    number = uuid4()
    wish = Wish(Way.DELIVERY, 200, name="王秀英", phone="13800001234", address="=插旗村三组 8 号")
    assert writes.buy(number, person, item, wish, shop.NOON) is None
    return shop.seen(number)


def act(browser, order, **form):
    return browser.post(f"{ORDERS}{order.id}/act/", form, follow=True)


def test_orders_are_listed_by_state_and_place_without_their_codes(officer, buyers):
    cup, towel = shop.goods(name="杯子甲"), shop.goods(name="毛巾乙")
    first, second = shop.bought(buyers[0], cup), shop.bought(buyers[1], towel)
    writes.make_ready(second.id, 1, clock.now())
    everything = page(officer.get(ORDERS))
    assert "杯子甲" in everything
    assert "毛巾乙" in everything
    assert first.code not in everything + page(officer.get(f"{ORDERS}{first.id}/"))
    paid = page(officer.get(f"{ORDERS}?state=paid"))
    assert ("杯子甲" in paid, "毛巾乙" in paid) == (True, False)
    here = page(officer.get(f"{ORDERS}?point={second.point.number}"))
    assert ("杯子甲" in here, "毛巾乙" in here) == (False, True)
    of_one = page(officer.get(f"{ORDERS}?item={cup}"))
    assert ("杯子甲" in of_one, "毛巾乙" in of_one) == (True, False)
    assert officer.get(f"{ORDERS}?state=x&item=-1&start=%C3%BC&point=99999999999999").status_code == 200


def test_who_sees_and_does_what(officer, buyers):
    order = shop.bought(buyers[0], shop.goods())
    clerk, stranger = desk.clerk(), desk.clerk(9003, OTHER_TOWN)
    far_officer = desk.clerk(9004, OTHER_COUNTY, Role.COUNTY_OFFICER)
    for browser, status in ((officer, 200), (clerk, 200), (stranger, 404), (far_officer, 404)):
        assert browser.get(f"{ORDERS}{order.id}/").status_code == status
        assert ("保温杯" in page(browser.get(ORDERS))) is (status == 200)
    assert act(stranger, order, act="ready").status_code == 404
    assert act(clerk, order, act="cancel", reason="x").status_code == 404
    assert act(clerk, order, act="take_back", reason="x").status_code == 404
    assert act(clerk, order, act="nothing").status_code == 404
    assert clerk.post(f"{ORDERS}supplier/").status_code == 404
    assert shop.seen(order.id).state is OrderState.PAID
    assert "取消这笔兑换" not in page(clerk.get(f"{ORDERS}{order.id}/"))


def test_several_are_made_ready_at_once_and_the_rest_is_passed_over(officer, buyers):
    item, ended = shop.goods(), shop.goods()
    orders = [shop.bought(buyers[number % 2], item) for number in range(3)]
    gone = shop.bought(buyers[0], ended)
    writes.hand_over(gone.id, shop.STAFF, clock.now())
    clerk = desk.clerk()
    ticked = [str(order.id) for order in orders[:2]]
    done = clerk.post(f"{ORDERS}ready/", {"ticked": [*ticked, ticked[0], "x", str(uuid4())], "state": "paid"})
    assert done.headers["Location"] == f"{ORDERS}?state=paid"
    assert "2 笔兑换已备好" in page(clerk.get(done.headers["Location"]))
    states = [shop.seen(order.id).state for order in orders]
    assert states == [OrderState.READY, OrderState.READY, OrderState.PAID]
    assert desk.acts("ready_mall_order") == ["ready_mall_order"] * 2
    late = page(clerk.post(f"{ORDERS}ready/", {"ticked": [str(gone.id)]}, follow=True))
    assert "已经变了" in late
    assert "请至少勾选一笔" in page(clerk.post(f"{ORDERS}ready/", follow=True))
    stranger = desk.clerk(9003, OTHER_TOWN)
    stranger.post(f"{ORDERS}ready/", {"ticked": [str(orders[2].id)]})
    assert shop.seen(orders[2].id).state is OrderState.PAID


def test_a_cancelled_order_gives_points_and_stock_back_once(officer, buyers):
    order = shop.bought(buyers[0], shop.goods(stock=5))
    without = act(officer, order, act="cancel", reason=" ")
    assert (without.status_code, "请写明原因" in page(without)) == (409, True)
    done = page(act(officer, order, act="cancel", reason="供货商停产"))
    for words in ("已取消", "供货商停产", "周管", "已退回", "200"):
        assert words in done
    act(officer, order, act="cancel", reason="再来一次")
    assert ledger.balance(buyers[0]) == 1000
    assert Item.objects.get().stock == 5
    assert desk.acts("cancel_mall_order") == ["cancel_mall_order"]
    assert desk.last_kept().after == {"reason": "供货商停产"}


def test_what_came_back_goes_to_the_shelf_only_if_it_is_good(officer, buyers):
    item = shop.goods(stock=5)
    broken, good = shop.bought(buyers[0], item), shop.bought(buyers[1], item)
    early = act(officer, good, act="take_back", reason="x")
    assert early.status_code == 409
    for order in (broken, good):
        assert "已领到" in page(act(officer, order, act="hand_over", reason="本人身份证"))
    act(officer, broken, act="take_back", reason="摔坏了")
    act(officer, good, act="take_back", reason="不想要", sellable="1")
    act(officer, good, act="take_back", reason="不想要", sellable="1")
    assert Item.objects.get().stock == 4
    assert [ledger.balance(person) for person in buyers] == [1000, 1000]
    assert desk.acts("return_mall_order") == ["return_mall_order"] * 2
    assert desk.last_kept().after == {"reason": "不想要", "sellable": True}


def test_without_a_code_it_is_handed_over_with_how_the_buyer_is_known(officer, buyers):
    order, clerk = shop.bought(buyers[0], shop.goods()), desk.clerk()
    without = act(clerk, order, act="hand_over", reason="")
    assert (without.status_code, "怎样核实是本人" in page(without)) == (409, True)
    done = page(act(clerk, order, act="hand_over", reason="看了身份证，手机没电"))
    assert "吴发" in done
    kept = desk.last_kept()
    assert (kept.act, kept.after) == ("hand_over_mall_order", {"reason": "看了身份证，手机没电"})


def test_an_address_is_shown_to_those_who_may_and_that_is_kept(officer, buyers):
    order = delivered(buyers[0], shop.goods())
    assert "三组 8 号" not in page(officer.get(f"{ORDERS}{order.id}/"))
    shown = page(officer.post(f"{ORDERS}{order.id}/address/"))
    assert "三组 8 号" in shown
    assert "13800001234" in shown
    assert desk.last_kept().act == "see_mall_address"
    assert desk.clerk().post(f"{ORDERS}{order.id}/address/").status_code == 404
    fetched = shop.bought(buyers[1], shop.goods())
    assert officer.post(f"{ORDERS}{fetched.id}/address/").status_code == 404


@pytest.mark.parametrize("whole", [False, True])
def test_the_list_for_suppliers(officer, buyers, whole):
    cup = shop.goods(name="=杯子", supplier="@岳阳百货")
    towel = shop.goods(name="毛巾")
    shop.voucher()
    picked = [shop.bought(person, cup) for person in buyers]
    writes.make_ready(picked[1].id, 1, clock.now())
    delivered(buyers[0], cup)
    gone = shop.bought(buyers[1], towel)
    writes.hand_over(gone.id, shop.STAFF, clock.now())
    asked = officer.post(f"{ORDERS}supplier/", {"whole": "1"} if whole else {})
    assert asked.status_code == 302
    assert desk.last_kept().after == {"whole_numbers": whole}
    assert run_next(WORKS, clock.now)
    job = JobRow.objects.get()
    assert (job.state, job.words["said"]) == ("done", "共 3 笔兑换。文件 7 天后删除。")
    assert job.file.startswith("brief-")
    book = openpyxl.load_workbook(io.BytesIO((folder() / job.file).read_bytes()))
    sums, single = book["汇总"], book["明细"]
    rows = [[cell.value for cell in row] for row in sums.iter_rows(min_row=3)]
    assert rows == [
        ["=杯子", "@岳阳百货", "插旗镇科协", 2, 1, 1],
        ["=杯子", "@岳阳百货", "送到家里", 1, 1, 0],
        ["合计", None, None, 3, 2, 1],
    ]
    assert [cell.data_type for cell in sums[3]] == ["s", "s", "s", "n", "n", "n"]
    lines = list(single.iter_rows(min_row=2))
    assert [line[1].data_type for line in lines] == ["s"] * 3
    assert isinstance(lines[0][8].value, datetime)
    assert [bool(line[5].value) for line in lines] == [False, False, True]
    assert [line[6].value for line in lines][:2] == [None, None]
    assert "****" in lines[2][6].value
    text = str([[cell.value for cell in line] for line in lines])
    assert ("=插旗村三组 8 号" in text) is whole
    assert ("13800001234" in text) is whole


def test_the_places_of_many_deliveries_are_read_at_once(officer, buyers, django_assert_max_num_queries):
    shop.earn(buyers[0], 5000)
    cup = shop.goods(stock=12)
    for _number in range(12):
        delivered(buyers[0], cup)
    officer.post(f"{ORDERS}supplier/", {"whole": "1"})
    with django_assert_max_num_queries(25):
        assert run_next(WORKS, clock.now)
    book = openpyxl.load_workbook(io.BytesIO((folder() / JobRow.objects.get().file).read_bytes()))
    assert [row[12].value for row in book["明细"].iter_rows(min_row=2)] == ["=插旗村三组 8 号"] * 12


def test_ten_thousand_orders_are_listed_in_a_few_queries(officer, buyers, django_assert_max_num_queries):
    item = Item.objects.get(pk=shop.goods())
    point = item.pick_up_points.get()
    made = [
        Order(
            id=uuid4(),
            person=buyers[number % 2],
            item=item,
            item_name=item.name,
            kind=item.kind,
            division=COUNTY,
            place=TOWN,
            points=200,
            state=OrderState.PAID.value,
            way=Way.PICK_UP.value,
            point=point,
            code=f"{number:08}",
            book=int(COUNTY),
            seq=1_000_000 + number,
            reserved_at=clock.now(),
        )
        for number in range(10_000)
    ]
    Order.objects.bulk_create(made, batch_size=1000)
    for browser in (officer, desk.clerk()):
        for address in (ORDERS, f"{ORDERS}?state=paid&start=9950", f"{ORDERS}?point={point.pk}"):
            with django_assert_max_num_queries(14):
                said = page(browser.get(address))
            assert said.count('class="title"') == 50
            assert "10,000" in said
    with django_assert_max_num_queries(14):
        officer.get(f"{ORDERS}{made[0].id}/")
    with django_assert_max_num_queries(12):
        officer.get("/admin/mall/")
    with django_assert_max_num_queries(12):
        officer.get("/admin/mall/stock-taking/")
    with django_assert_max_num_queries(8):
        officer.get("/admin/mall/pick-up/")
    officer.post(f"{ORDERS}supplier/")
    assert run_next(WORKS, clock.now)
    job = JobRow.objects.get()
    assert job.words["said"].startswith("共 5,000 笔兑换") or job.words["said"].startswith("共 5000 笔兑换")
    assert "还有更多没有列出" in job.words["said"]
