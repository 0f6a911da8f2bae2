"""Numbers and days as Chinese papers write them."""

from datetime import date
from decimal import Decimal

DIGITS = "〇一二三四五六七八九"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"
NUMBER_MAX = 9_999
YUAN_MAX = Decimal("999999999999.99")


def chinese_number(number: int) -> str:
    """0 to NUMBER_MAX as counted: 零, 十, 十二, 一百零五, 二千零二十. ValueError beyond."""
    if not 0 <= number <= NUMBER_MAX:
        raise ValueError(f"0 to {NUMBER_MAX}, not {number}")
    spoken = _section(number, "零" + DIGITS[1:], ("", "十", "百", "千")) or "零"
    return spoken.removeprefix("一") if 10 <= number < 20 else spoken


def date_in_chinese(day: date) -> str:
    """A day in Chinese figures: 二〇二一年六月二十一日."""
    year = "".join(DIGITS[int(figure)] for figure in str(day.year))
    return f"{year}年{chinese_number(day.month)}月{chinese_number(day.day)}日"


def plain_date(day: date) -> str:
    """A day in Arabic figures without padding: 2021年6月1日 (GB/T 9704-2012, 成文日期)."""
    return f"{day.year}年{day.month}月{day.day}日"


def document_number(organ: str, year: int, number: int) -> str:
    """A document number: 插政办发〔2021〕12号. No padding, no 第 (GB/T 9704-2012, 7.2.5)."""
    assert number > 0
    return f"{organ}〔{year}〕{number}号"


def money_in_capitals(yuan: int | Decimal) -> str:
    """An amount as vouchers write it: 贰万伍仟元整, 壹仟陆佰捌拾元零叁角贰分, 零元整.

    As in the annex of 支付结算办法 (1997) on figures in capitals: 整 after 元 and 角 and not after 分, one 零
    for any zeros between two figures, none where only the place of ten thousand is empty (壹拾万柒仟元).
    ValueError below nothing, above YUAN_MAX or with parts of a 分.
    """
    amount = Decimal(yuan)
    if not 0 <= amount <= YUAN_MAX or amount * 100 != int(amount * 100):
        raise ValueError(f"0 to {YUAN_MAX} in whole 分, not {yuan}")
    whole, cents = divmod(int(amount * 100), 100)
    tenths, hundredths = divmod(cents, 10)
    said = f"{_in_sections(whole)}元" if whole else ""
    if tenths:
        said += "零" if whole and whole % 10 == 0 else ""
        said += f"{CAPITALS[tenths]}角"
    if hundredths:
        said += "零" if whole and not tenths else ""
        said += f"{CAPITALS[hundredths]}分"
    return (said or "零元") + ("" if hundredths else "整")


def _in_sections(whole: int) -> str:
    """Four figures at a time: 亿, 万, and the rest; 零 where what follows has no thousands."""
    said, rest, skipped = "", whole, False
    for power, name in ((2, "亿"), (1, "万"), (0, "")):
        section, rest = divmod(rest, 10_000**power)
        if section:
            said += "零" if said and (skipped or section < 1_000) else ""
            said += _section(section, CAPITALS, ("", "拾", "佰", "仟")) + name
        skipped = not section
    return said


def _section(number: int, digits: str, places: tuple[str, str, str, str]) -> str:
    """Up to four figures with their places, zeros between two figures said once; "" for nothing."""
    said, skipped = "", False
    for place in (3, 2, 1, 0):
        figure = number // 10**place % 10
        if figure:
            said += (digits[0] if said and skipped else "") + digits[figure] + places[place]
        skipped = not figure
    return said
