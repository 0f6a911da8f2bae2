"""Numbers and days as papers write them; capitals are read back by a reader of its own."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.documents.rules.numerals import (
    YUAN_MAX,
    chinese_number,
    date_in_chinese,
    document_number,
    money_in_capitals,
    plain_date,
)


@pytest.mark.parametrize(
    ("yuan", "said"),
    [
        ("0", "零元整"),
        ("5", "伍元整"),
        ("10", "壹拾元整"),
        ("25000", "贰万伍仟元整"),
        ("500", "伍佰元整"),
        ("10100", "壹万零壹佰元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("102000", "壹拾万贰仟元整"),
        ("1000000", "壹佰万元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100007000", "壹亿零柒仟元整"),
        ("100070000", "壹亿零柒万元整"),
        ("1000100000", "壹拾亿零壹拾万元整"),
        ("999999999999", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整"),
        # The five of 支付结算办法, annex 1.
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0.50", "伍角整"),
        ("0.05", "伍分"),
        ("20.05", "贰拾元零伍分"),
    ],
)
def test_amounts_in_capitals(yuan, said):
    assert money_in_capitals(Decimal(yuan)) == said


@pytest.mark.parametrize("yuan", [-1, Decimal("0.005"), YUAN_MAX + 1])
def test_amounts_nobody_can_pay_are_refused(yuan):
    with pytest.raises(ValueError):
        money_in_capitals(yuan)


def read_back(said):
    """Reads an amount in capitals, unit by unit from the left."""
    whole, section, figure, amount = 0, 0, 0, Decimal(0)
    for letter in said.removesuffix("整"):
        if letter in "零壹贰叁肆伍陆柒捌玖":
            figure = "零壹贰叁肆伍陆柒捌玖".index(letter)
        elif letter in "拾佰仟":
            section += figure * {"拾": 10, "佰": 100, "仟": 1000}[letter]
            figure = 0
        elif letter in "万亿元":
            whole += (section + figure) * {"万": 10**4, "亿": 10**8, "元": 1}[letter]
            section = figure = 0
        else:
            amount += figure * {"角": Decimal("0.1"), "分": Decimal("0.01")}[letter]
            figure = 0
    return whole + amount


@given(st.decimals(0, YUAN_MAX, places=2) | st.integers(0, 10**8).map(Decimal))
def test_capitals_can_be_read_back(yuan):
    said = money_in_capitals(yuan)
    assert read_back(said) == yuan
    assert "零零" not in said
    assert said.endswith(("整", "分"))
    assert not said.startswith("零") or yuan == 0


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"),
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (2020, "二千零二十"),
        (9999, "九千九百九十九"),
    ],
)
def test_counted_numbers(number, said):
    assert chinese_number(number) == said


def test_numbers_beyond_are_refused():
    for number in (-1, 10_000):
        with pytest.raises(ValueError):
            chinese_number(number)


def test_days_and_document_numbers_are_not_padded():
    assert plain_date(date(2021, 6, 1)) == "2021年6月1日"
    assert date_in_chinese(date(2021, 6, 21)) == "二〇二一年六月二十一日"
    assert date_in_chinese(date(2010, 10, 10)) == "二〇一〇年十月十日"
    assert document_number("插政办发", 2021, 12) == "插政办发〔2021〕12号"
