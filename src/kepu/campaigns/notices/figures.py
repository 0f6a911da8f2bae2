"""Numbers as notices write them: 300, 1,000, ３００, 五百, 伍佰, 二十, 1.5万."""

import re

HAN = r"[零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]"
NUMBER = rf"(?:\d{{1,3}}(?:[,，]\d{{3}})+|\d+)(?:\.\d+)?|{HAN}+"
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_UNITS = {"十": 10, "百": 100, "千": 1000}


def whole(text: str, times: int = 1) -> int | None:
    """The whole number `text` says, times `times` (万: 10000); None when it says none."""
    text = text.replace(",", "").replace("，", "").strip().translate(_PLAIN)
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        left, _dot, right = text.partition(".")
        value = int(left + right) * times
        quotient, rest = divmod(value, 10 ** len(right))
        return quotient if rest == 0 and len(left) <= 9 else None
    value_of_han = _han(text)
    return None if value_of_han is None else value_of_han * times


def _han(text: str) -> int | None:
    if not text or not re.fullmatch(rf"{HAN}+", text):
        return None
    if not any(letter in _UNITS for letter in text):
        if len(text) > 1 and text[0] in "零〇":
            return None
        return int("".join(str(_DIGITS[letter]) for letter in text))
    total, current, last_unit = 0, 0, 1
    for letter in text:
        if letter in _UNITS:
            total += (current or 1) * _UNITS[letter]
            current, last_unit = 0, _UNITS[letter]
        else:
            current = _DIGITS[letter]
            if current == 0:
                last_unit = 1
    if current and last_unit >= 100:  # 三百五 says 350
        current *= last_unit // 10
    return total + current
