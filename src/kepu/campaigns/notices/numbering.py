"""Document numbers: 插政办发〔2021〕12号 in whatever brackets, alone on a line or within a sentence."""

import re
from dataclasses import dataclass

from kepu.campaigns.notices.figures import whole

_OPEN, _CLOSE = r"[〔\[【（(［〈<{﹝〖]", r"[〕\]】）)］〉>}﹞〗]"
_WHOLE = re.compile(
    rf"(?P<organ>[一-鿿]{{1,24}})\s*{_OPEN}\s*(?P<year>(?:19|20)\d{{2}})\s*年?\s*{_CLOSE}\s*第?(?P<number>\d{{1,5}}|[一二三四五六七八九十百]{{1,5}})\s*号"
)
# The brackets got lost: 插政办发202112号, 插政办发2021年12号.
_BARE = re.compile(
    r"(?P<organ>[一-鿿]{1,24}[发函字办文通])\s*(?P<year>20[0-4]\d)年?\s*(?:第)?(?P<number>\d{1,3})\s*号"
)
_TORN = re.compile(
    rf"(?P<organ>[一-鿿]{{1,24}}[发函字办文通协]){_OPEN}?\s*(?:(?:19|20)\d{{2}})?\s*{_CLOSE}?\s*第?\d{{0,5}}\s*号"
)
_LEADING = re.compile(
    r".*(?:根据|按照|依据|依照|遵照|贯彻|落实|转发|印发|执行|发布|文件|文号|字号|编号|通知|精神|要求|同意|以及|参照|依|经|见|和|及|与|由|现将|的)"
)
ORGAN_LETTERS_MAX = 12


@dataclass(frozen=True, slots=True)
class Number:
    """A document number in its official form and its place in the text; `is_mended`: brackets put back."""

    value: str
    year: int
    start: int
    end: int
    is_mended: bool = False


def numbers_in(text: str) -> list[Number]:
    """The document numbers of a text, in order."""
    found = [_number(match, is_mended=False) for match in _WHOLE.finditer(text)]
    if not found:
        found = [_number(match, is_mended=True) for match in _BARE.finditer(text)]
    return [each for each in found if each is not None]


def own_number(text: str) -> Number | None:
    """The number that a line is about: it stands alone, behind the name of a paper, or before 签发人."""
    if len(text) > 60 or "《" in text or "。" in text or "附件" in text[:3]:
        return None
    found = numbers_in(text)
    if len(found) != 1:
        return None
    before, after = text[: found[0].start], text[found[0].end :]
    named = re.fullmatch(r".{0,6}(?:文号|字号|编号)[】\]]?[：:]?", before)
    headed = re.fullmatch(r".{2,30}文件", before)
    if before.strip("（([【") and not named and not headed:
        return None
    if re.sub(r"^[）)\]】]|(?:[（(]?签发人?.*)$", "", after):
        return None
    return found[0]


def torn_number(text: str) -> bool:
    """Whether a line is a document number with its year or its figure lost."""
    return len(text) < 30 and _TORN.fullmatch(text.strip("（）()")) is not None and not numbers_in(text)


def _number(match: re.Match[str], *, is_mended: bool) -> Number | None:
    organ = match["organ"]
    lead = _LEADING.match(organ)
    kept = organ[lead.end() :] if lead else organ
    # 重庆市科学技术协会渝科协发: the organ's name before the number is not part of it.
    kept = re.sub(r"^.*(?:科学技术协会|人民政府|办公室|办公厅|委员会)(?=.{2})", "", kept)
    if not kept or len(kept) > ORGAN_LETTERS_MAX or kept.startswith(("第", "年")):
        return None
    start = match.start() + len(organ) - len(kept)
    value = f"{kept}〔{match['year']}〕{whole(match['number'])}号"
    return Number(value, int(match["year"]), start, match.end(), is_mended)
