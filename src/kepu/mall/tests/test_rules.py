"""Who may order what, which steps an order may take, and what of a draft is wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.mall.rules import (
    ENDED,
    STEPS,
    By,
    CodesUnclear,
    CodeTrouble,
    ItemDraft,
    ItemKind,
    LimitSpan,
    OrderState,
    PointDraft,
    Refusal,
    Terms,
    Trouble,
    Way,
    Wish,
    barred,
    code_of_voucher,
    code_texts,
    counts_since,
    digits_of,
    item_troubles,
    may_step,
    order_of_token,
    pick_up_path,
    pick_up_token,
    point_troubles,
    spoken_digits,
    steps_open,
    wish_refusal,
)
from kepu.people.rules import Standing

NOON = datetime(2021, 6, 21, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = bytes(range(32))
TERMS = Terms(
    ItemKind.GOODS, True, "430623110", True, NOON - HOUR, NOON + HOUR, 2, LimitSpan.EVER, True, frozenset({7})
)
WANG = Standing(1, 430623, 1, True, True, 5, "430623110201")
THERMOS = ItemDraft(ItemKind.GOODS, "保温杯", "", 200, "430623", "430623110", pick_up_points=(7,))
TO_HOME = Wish(Way.DELIVERY, 200, name="王秀英", phone="138 0000 1234", address="插旗村三组 8 号")

R, P, Y, H, C, B = OrderState


@pytest.mark.parametrize(
    ("terms", "who", "had", "expected"),
    [
        ({}, {}, 0, None),
        ({}, {}, 1, None),
        ({}, {}, 2, Refusal.LIMIT_REACHED),
        ({"limit": 0}, {}, 99, None),
        ({"is_on_sale": False}, {}, 0, Refusal.NOT_FOUND),
        ({"opens_at": NOON}, {}, 0, None),
        ({"opens_at": NOON + HOUR}, {}, 0, Refusal.NOT_OPEN_YET),
        ({"closes_at": NOON}, {}, 0, Refusal.CLOSED),
        ({"opens_at": None, "closes_at": None}, {}, 0, None),
        ({}, {"is_certified": False}, 0, Refusal.NOT_CERTIFIED),
        ({"certified_only": False}, {"is_certified": False}, 0, None),
        ({}, {"division": "430623101"}, 0, Refusal.OTHER_DIVISION),
        ({}, {"division": "430623"}, 0, Refusal.OTHER_DIVISION),
        ({"seen_within": "430623"}, {"division": "430623"}, 0, None),
        ({}, {"is_active": False}, 0, Refusal.NO_ACCOUNT),
    ],
)
def test_who_may_order(terms, who, had, expected):
    standing = WANG if not who else _standing(**who)
    assert barred(replace(TERMS, **terms), standing, had, NOON) is expected


def _standing(**changes: object) -> Standing:
    return WANG._replace(**changes)


@pytest.mark.parametrize(
    ("terms", "wish", "expected"),
    [
        ({}, Wish(Way.PICK_UP, 200, 7), None),
        ({}, Wish(Way.PICK_UP, 200, 8), Refusal.WAY_MISSING),
        ({}, Wish(Way.ONLINE, 200), Refusal.WAY_MISSING),
        ({}, TO_HOME, None),
        ({"delivers": False}, TO_HOME, Refusal.WAY_MISSING),
        ({}, replace(TO_HOME, name="8"), Refusal.NAME_WRONG),
        ({}, replace(TO_HOME, phone="1380000123"), Refusal.PHONE_WRONG),
        ({}, replace(TO_HOME, address=" 村 里 "), Refusal.ADDRESS_WRONG),
        ({}, replace(TO_HOME, address="长" * 121), Refusal.ADDRESS_WRONG),
        ({"kind": ItemKind.BADGE}, Wish(Way.ONLINE, 200), None),
        ({"kind": ItemKind.VOUCHER}, Wish(Way.PICK_UP, 200, 7), Refusal.WAY_MISSING),
    ],
)
def test_how_it_is_got(terms, wish, expected):
    assert wish_refusal(replace(TERMS, **terms), wish) is expected


@pytest.mark.parametrize(
    ("kind", "by", "expected"),
    [
        (ItemKind.GOODS, By.SITE, {R: [P, C], Y: [H, C]}),
        (ItemKind.GOODS, By.BUYER, {P: [C]}),
        (ItemKind.GOODS, By.STAFF, {P: [Y, H, C], Y: [H, C], H: [B]}),
        (ItemKind.VOUCHER, By.SITE, {R: [P, C]}),
        (ItemKind.VOUCHER, By.BUYER, {P: [H, C]}),
        (ItemKind.VOUCHER, By.STAFF, {P: [C], H: [B]}),
        (ItemKind.BADGE, By.SITE, {R: [P, C], P: [H]}),
        (ItemKind.BADGE, By.BUYER, {P: [C]}),
        (ItemKind.BADGE, By.STAFF, {P: [C], H: [B]}),
    ],
)
def test_steps_of_an_order(kind, by, expected):
    assert {state: to for state in OrderState if (to := steps_open(kind, state, by))} == expected


@pytest.mark.parametrize("kind", ItemKind)
def test_no_step_leads_back_and_none_out_of_cancelled_or_returned(kind):
    order = list(OrderState)
    assert all(order.index(state) < order.index(to) for state, to in STEPS[kind])
    assert not any(may_step(kind, end, to, by) for end in (C, B) for to in OrderState for by in By)
    assert {H, C, B} == ENDED


def test_a_month_begins_at_midnight_in_shanghai():
    last = datetime(2021, 6, 30, 15, 59, tzinfo=UTC)
    assert counts_since(LimitSpan.MONTH, last) == datetime(2021, 5, 31, 16, tzinfo=UTC)
    assert counts_since(LimitSpan.MONTH, last + timedelta(minutes=1)) == datetime(2021, 6, 30, 16, tzinfo=UTC)
    assert counts_since(LimitSpan.EVER, last) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"name": " "}, [Trouble.NAME]),
        ({"name": "长" * 41}, [Trouble.NAME]),
        ({"name": "两\n行"}, [Trouble.NAME]),
        ({"text": "长" * 1001}, [Trouble.TEXT]),
        ({"points": 0}, [Trouble.POINTS]),
        ({"points": 1_000_001}, [Trouble.POINTS]),
        ({"limit": -1}, [Trouble.LIMIT]),
        ({"division": "430623110"}, [Trouble.DIVISION]),
        ({"division": ""}, [Trouble.DIVISION]),
        ({"seen_within": "4306"}, [Trouble.SEEN_WITHIN]),
        ({"seen_within": ""}, [Trouble.SEEN_WITHIN]),
        ({"opens_at": NOON, "closes_at": NOON}, [Trouble.TIMES]),
        ({"pick_up_points": ()}, [Trouble.WAY_MISSING]),
        ({"pick_up_points": (), "delivers": True}, []),
        ({"kind": ItemKind.VOUCHER}, [Trouble.WAY_ONLINE]),
        ({"kind": ItemKind.BADGE, "pick_up_points": ()}, []),
        ({"pick_up_points": tuple(range(41))}, [Trouble.PICK_UP]),
        ({"supplier": "长" * 61}, [Trouble.SUPPLIER]),
        ({"name": "", "points": 0}, [Trouble.NAME, Trouble.POINTS]),
    ],
)
def test_what_of_an_item_is_wrong(changes, expected):
    assert item_troubles(replace(THERMOS, **changes)) == expected


def test_what_of_a_pick_up_point_is_wrong():
    assert point_troubles(PointDraft("镇科协", "政府一楼", "9:00–17:00", "430623110")) == []
    every = [Trouble.NAME, Trouble.ADDRESS, Trouble.HOURS, Trouble.DIVISION]
    assert point_troubles(PointDraft("", " ", "\n", "4306")) == every


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ABCD-1234", "ABCD-1234"),
        (" AB CD\t1234 ", "ABCD1234"),
        ("ＡＢＣＤ１２", "ABCD12"),
        ("abc", None),
        ("", None),
        ("x" * 81, None),
        ("AB\x00CD", None),
    ],
)
def test_a_code_as_it_is_kept(text, expected):
    assert code_of_voucher(text) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("券码", "面值"), ("A1B2", 10), (12345678901, None), (None, 10), (None, None)],
            ["A1B2", "12345678901"],
        ),
        ([("序号", "券码（16位）"), (1001, "ABCD-1"), (1002, "ABCD-2")], ["ABCD-1", "ABCD-2"]),
        ([("十元券清单", "十元券清单"), (None, None), ("No.", " Code "), (1, "AB12")], ["AB12"]),
        ([("清单",), ("A1B2",), (None,), ("C3D4",)], ["A1B2", "C3D4"]),
        ([(None, "A1B2"), ("C3D4", None)], ["A1B2", "C3D4"]),
        ([("CODE-0001",)], ["CODE-0001"]),
        ([], []),
        ([("券码",)], []),
        ([("编号", "数据"), (1001, "ABCD-1")], CodesUnclear(2, CodeTrouble.SEVERAL_CELLS)),
        ([("A1B2",), ("C3D4", 5)], CodesUnclear(2, CodeTrouble.SEVERAL_CELLS)),
        ([("卡号", "卡密"), ("A1B2", "C3D4")], CodesUnclear(1, CodeTrouble.SEVERAL_COLUMNS)),
        ([("券码",), ("A1B2",), (123456789012,)], CodesUnclear(3, CodeTrouble.NUMBER)),
        ([(1.234567890123457e16,)], CodesUnclear(1, CodeTrouble.NUMBER)),
        ([("1.23457E+16",)], CodesUnclear(1, CodeTrouble.NUMBER)),
        ([(1.5,)], CodesUnclear(1, CodeTrouble.NUMBER)),
        ([(True,)], CodesUnclear(1, CodeTrouble.NUMBER)),
        ([(date(2026, 1, 2),)], CodesUnclear(1, CodeTrouble.NUMBER)),
    ],
)
def test_the_codes_in_a_table(rows, expected):
    assert code_texts(rows) == expected


@given(st.uuids())
def test_a_pick_up_code_names_its_order_and_no_other(order: UUID):
    token = pick_up_token(KEY, order)
    assert order_of_token(KEY, token) == order
    assert order_of_token(KEY, f"https://kepu.example{pick_up_path(token)}") == order
    assert order_of_token(bytes(32), token) is None
    assert order_of_token(KEY, pick_up_token(KEY, uuid4())) != order


@pytest.mark.parametrize("text", ["", "x", "/", "a" * 5000, "http://[", "AAAA" * 9, "\x00" * 40])
def test_what_was_not_made_here_names_nothing(text):
    assert order_of_token(KEY, text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234 5678", "12345678"),
        ("１２３４５６７８", "12345678"),
        ("1234567", None),
        ("1234567a", None),
        ("9" * 50, None),
    ],
)
def test_eight_digits_as_typed(text, expected):
    assert digits_of(text) == expected


@given(st.uuids(), st.integers(0, 19))
def test_spoken_digits_are_eight(order, attempt):
    assert digits_of(spoken_digits(KEY, order, attempt)) == spoken_digits(KEY, order, attempt)
