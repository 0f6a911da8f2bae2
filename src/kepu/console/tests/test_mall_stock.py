"""Stock in the back office: received, counted with a reason, codes loaded and never seen again."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kepu.audit.models import Kept
from kepu.console.tests import mall_desk as desk
from kepu.console.tests.mall_desk import page
from kepu.jobs.reads import folder
from kepu.kit import clock
from kepu.mall import reads, writes
from kepu.mall.models import Item, VoucherCode
from kepu.mall.rules import STOCK_MAX, Cause
from kepu.mall.tests import shop

pytestmark = pytest.mark.django_db
MALL = "/admin/mall/"
COUNTING = f"{MALL}stock-taking/"


@pytest.fixture
def buyer(settings, tmp_path):
    settings.HOME = tmp_path
    return shop.build(people=1)[0]


@pytest.fixture
def officer(client, buyer):
    return desk.officer(client)


def test_what_came_in_is_entered_with_who_and_from_where(officer):
    item = shop.goods(stock=5)
    said = page(
        officer.post(f"{MALL}items/{item}/receive/", {"amount": "１０", "note": "岳阳百货"}, follow=True)
    )
    assert "已入库 10 件" in said
    assert "岳阳百货" in said
    assert "周管" in said
    assert reads.shelf(item).stock == 15
    kept = desk.last_kept()
    assert (kept.act, kept.after) == ("receive_mall_stock", {"count": 10, "note": "岳阳百货"})


def test_a_form_sent_twice_is_entered_once(officer):
    item = shop.goods(stock=5)
    shown = page(officer.get(f"{MALL}items/{item}/"))
    form = {"amount": "10", "form": re.search(r'name="form" value="([^"]+)"', shown)[1]}
    officer.post(f"{MALL}items/{item}/receive/", form)
    said = page(officer.post(f"{MALL}items/{item}/receive/", form, follow=True))
    assert "没有重复入库" in said
    assert reads.shelf(item).stock == 15
    assert desk.acts("receive_mall_stock") == ["receive_mall_stock"]
    assert form["form"] not in said


@pytest.mark.parametrize("amount", ["", "0", "-1", "1.5", "很多", "1" * 12])
def test_no_amount_that_is_none_is_entered(officer, amount):
    item = shop.goods(stock=5)
    said = page(officer.post(f"{MALL}items/{item}/receive/", {"amount": amount}, follow=True))
    assert "请填件数" in said
    assert reads.shelf(item).stock == 5
    assert "receive_mall_stock" not in desk.acts()


def test_a_voucher_has_no_stock_but_its_codes(officer):
    item = shop.voucher()
    assert "请导入券码" in page(officer.post(f"{MALL}items/{item}/receive/", {"amount": "5"}, follow=True))
    assert f"count-{item}" not in page(officer.get(COUNTING))


def test_several_items_are_counted_on_one_page_and_kept_with_a_reason(officer, buyer):
    cup, towel, tea = (shop.goods(stock=5, name=name) for name in ("杯", "巾", "茶"))
    shop.bought(buyer, cup)  # four to be had, one ordered: five lie there
    form = {f"count-{cup}": "4", f"count-{towel}": "5", f"count-{tea}": ""}
    shown = page(officer.post(COUNTING, form))
    assert "有 1 种商品和账上不一样" in shown
    assert "茶" not in shown
    assert reads.shelf(cup).stock == 4
    seen = {f"seen-{cup}": "5", f"seen-{towel}": "5"}
    without = officer.post(COUNTING, {**form, **seen, "act": "keep"})
    assert (without.status_code, "请写明盘点的原因" in page(without)) == (422, True)
    done = officer.post(COUNTING, {**form, **seen, "act": "keep", "note": "月底盘点，碎了一个"}, follow=True)
    assert "已盘点并记入 2 种商品" in page(done)
    assert (reads.shelf(cup).stock, reads.shelf(towel).stock, reads.shelf(tea).stock) == (3, 5, 5)
    line = reads.stock_lines(cup, 0, 9).rows[0]
    assert (line.cause, line.amount, line.note) == (Cause.COUNTED, -1, "月底盘点，碎了一个")
    kept = {each.subject: (each.before, each.after) for each in Kept.objects.filter(act="count_mall_stock")}
    assert kept == {
        "杯": ({"count": 5}, {"count": 4, "note": "月底盘点，碎了一个"}),
        "巾": ({"count": 5}, {"count": 5, "note": "月底盘点，碎了一个"}),
    }
    history = page(officer.get(f"{MALL}items/{cup}/"))
    assert "盘点" in history
    assert "碎了一个" in history
    assert reads.stock_off() == []


def test_what_changed_meanwhile_is_shown_again(officer, buyer):
    cup = shop.goods(stock=5)
    order = shop.bought(buyer, cup)
    assert writes.hand_over(order.id, shop.STAFF, clock.now()) is None
    form = {f"count-{cup}": "5", f"seen-{cup}": "5", "act": "keep", "note": "x"}
    answer = officer.post(COUNTING, form)
    assert (answer.status_code, "请再看一遍差异" in page(answer)) == (422, True)
    assert reads.shelf(cup).stock == 4


def test_all_counts_of_a_page_are_kept_or_none(officer, buyer):
    cup, towel = (shop.goods(stock=5, name=name) for name in ("杯", "巾"))
    shop.bought(buyer, cup)
    form = {f"count-{towel}": "9", f"seen-{towel}": "5", f"count-{cup}": "0", f"seen-{cup}": "5"}
    answer = officer.post(COUNTING, {**form, "act": "keep", "note": "x"})
    assert (answer.status_code, "先取消几笔兑换" in page(answer)) == (422, True)
    assert (reads.shelf(cup).stock, reads.shelf(towel).stock) == (4, 5)
    assert "count_mall_stock" not in desk.acts()


@pytest.mark.parametrize(
    ("typed", "words"), [("", "至少填一个"), ("五", "只能填整数"), ("2000000", "只能填整数")]
)
def test_a_count_that_is_none_is_told(officer, typed, words):
    cup = shop.goods()
    answer = officer.post(COUNTING, {f"count-{cup}": typed})
    assert (answer.status_code, words in page(answer)) == (422, True)


def test_counting_asks_few_questions(officer, django_assert_max_num_queries):
    for number in range(45):
        shop.goods(name=f"杯子{number}")
    with django_assert_max_num_queries(12):
        said = page(officer.get(COUNTING))
    assert said.count('class="mall-count"') == 40
    assert page(officer.get(f"{COUNTING}?start=40")).count('class="mall-count"') == 5


def workbook(codes: list[str | int]) -> bytes:
    book, written = openpyxl.Workbook(), io.BytesIO()
    for row in [["券码", "面值"], *([code, 10] for code in codes)]:
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def test_a_number_too_long_for_a_table_is_refused_and_a_code_is_taken_from_its_own_column(officer):
    item = shop.voucher()
    cut = SimpleUploadedFile("a.xlsx", workbook([12345678901234567]))
    said = page(officer.post(f"{MALL}items/{item}/codes/", {"file": cut}))
    assert "第 2 行" in said
    assert "设为“文本”" in said
    numbered = "序号\t券码\n" + "\n".join(f"{1000 + number}\tAB{number:04}" for number in range(9))
    sent = officer.post(f"{MALL}items/{item}/codes/", {"text": numbered}).headers["Location"]
    begin = re.findall(r"<code>(.+?)</code></td><td>(\d+)</td>", page(officer.get(sent)))
    assert begin == [("AB…", "6")] * 6


@pytest.mark.parametrize("as_file", ["xlsx", "csv", "text"])
def test_codes_are_looked_at_then_loaded_and_never_shown(officer, as_file):
    item = shop.voucher(codes=1)  # HR-<item>-0000
    codes = [f"HR-{item}-0000", "AB12-CD34", "ＡＢ１２-CD34", "EF56-GH78", "x", "EF56-GH99"]
    if as_file == "text":
        form = {"text": "\r\n".join(codes)}
    else:
        content = workbook(codes) if as_file == "xlsx" else ("券码\n" + "\n".join(codes)).encode()
        form = {"file": SimpleUploadedFile(f"a.{as_file}", content)}
    answer = officer.post(f"{MALL}items/{item}/codes/", form)
    assert answer.status_code == 302, page(answer)
    preview = page(officer.get(answer.headers["Location"]))
    numbers = re.findall(r"<dd>\D*(\d+)\D*</dd>", preview)
    assert numbers == ["3", "1", "1", "1"]
    assert VoucherCode.objects.count() == 1
    done = page(officer.post(answer.headers["Location"], follow=True))
    assert "已导入 3 个券码" in done
    assert reads.shelf(item).stock == 4
    everything = (
        preview + done + page(officer.get(f"{MALL}items/{item}/codes/")) + str(desk.last_kept().after)
    )
    assert not [code for code in ("AB12", "EF56", "GH78") if code in everything]
    assert not [path for path in folder().iterdir() if path.is_file()]
    assert officer.get(answer.headers["Location"]).status_code == 404
    assert desk.last_kept().after == {"new": 3, "same": 1}


def test_no_code_is_kept_that_the_stock_has_no_room_for(officer):
    item = shop.voucher(codes=1)
    Item.objects.update(stock=STOCK_MAX - 1)
    sent = officer.post(f"{MALL}items/{item}/codes/", {"text": "AB12-CD34\nEF56-GH78"}).headers["Location"]
    assert "请少导入一些" in page(officer.post(sent, follow=True))
    assert (VoucherCode.objects.count(), Item.objects.get().stock) == (1, STOCK_MAX - 1)
    assert "load_mall_codes" not in desk.acts()


def test_what_waits_to_be_loaded_lies_sealed_and_is_its_senders_alone(officer):
    item = shop.voucher()
    sent = officer.post(f"{MALL}items/{item}/codes/", {"text": "GEHEIM-0001"}).headers["Location"]
    assert not [path for path in folder().iterdir() if b"GEHEIM" in path.read_bytes()]
    other = shop.voucher()
    assert officer.get(sent.replace(f"/{item}/", f"/{other}/")).status_code == 404
    assert officer.get(f"{MALL}items/{item}/codes/forged/").status_code == 404
    assert officer.get(f"{MALL}items/{shop.goods()}/codes/").status_code == 404


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "请选择文件"),
        ({"text": " \n \n"}, "请选择文件"),
        ({"text": "券码"}, "里面没有券码"),
        ({"text": "a\nbb\nccc"}, "里面没有券码"),
        ({"file": b""}, "没有"),
        ({"file": b"PK\x03\x04nothing"}, ""),
        ({"text": "\n".join(f"CODE{number:06}" for number in range(5_002))}, "行数太多"),
    ],
)
def test_what_holds_no_codes_is_told(officer, form, words):
    item = shop.voucher()
    if "file" in form:
        form = {"file": SimpleUploadedFile("a.xlsx", form["file"])}
    answer = officer.post(f"{MALL}items/{item}/codes/", form)
    assert answer.status_code == 422
    assert "mall-trouble" in page(answer)
    assert words in page(answer)
