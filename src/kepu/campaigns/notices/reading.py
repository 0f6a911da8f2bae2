"""From passages to a draft."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kepu.campaigns.notices import header
from kepu.campaigns.notices.asking import questions_of
from kepu.campaigns.notices.basis import basis_in
from kepu.campaigns.notices.caps import caps_in
from kepu.campaigns.notices.deadlines import deadline_in, last_of_rounds, opening_in
from kepu.campaigns.notices.header import Signature, TitleRead
from kepu.campaigns.notices.lines import Line, is_misread, lines_of
from kepu.campaigns.notices.numbering import own_number, torn_number
from kepu.campaigns.notices.places import Gazetteer, PlaceRead, own_area, place_of
from kepu.campaigns.notices.rounds import rounds_in
from kepu.campaigns.notices.tasks import bare_table, tasks_in
from kepu.campaigns.notices.tiers import tiers_in
from kepu.campaigns.notices.values import Found, NoticeDraft, Question
from kepu.documents.passages import Passage

_SANCTION = re.compile(
    r"通报批评|书面批评|批评通报|约谈|问责|追责|追究[^，。；]{0,8}责任|一票否决|取消[^，。；]{0,16}(?:资格|评先|评优|奖励|成绩|名次|荣誉)|黄牌|予以扣分"
    r"|扣[除减]?[^，。；]{0,12}分|作出?检讨|书面检查|谈话|诫勉|表态发言|责令|追回|清退|不得(?:参评|参加|评优|评先|评为|推荐为|申报|享受)"
    r"|(?:未|没有|没|完不成|不力|滞后|落后|末位|靠后|不严|不到位|弄虚作假|缓慢|倒数|刷量|作弊)[^。；]{0,40}通报(?!表[扬彰])"
)
_PRAISE = re.compile(r"通报表[扬彰]|答错不?扣|不扣分")
_TORN_SPAN = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:19|20)\d{2}年\d{1,2}月\d{1,2}日")
SANCTIONS_MAX = 10


def read_notice(passages: Sequence[Passage], gazetteer: Gazetteer) -> NoticeDraft:
    """What a notice says, each value with its passage, and what it leaves open as questions.

    Of two notices in one the outer is the notice and the inner its basis; rules are read from both.
    """
    lines = lines_of(passages)
    title = header.title_in(lines) or header.table_title_in(lines)
    inner = header.second_title(lines, title) if title else None
    outer = lines[: inner.first] if inner else lines
    doubts: list[Question] = []
    number, number_doubts = _number(outer, title)
    doubts += number_doubts
    signature, red = _signature(lines, len(outer), title), header.red_head(lines, title)
    issuer = _issuer(lines, title, signature, red)
    issued_on = _issued_on(lines, outer, signature)
    year = _year(issued_on, number, title)
    inner_number = _number(lines[inner.first - 3 :], None)[0] if inner else None
    basis, basis_doubts = basis_in(outer, title, number.value if number else None, inner, inner_number)
    place = _place(lines, title, issuer, red, gazetteer)
    deadline, deadline_doubts = deadline_in(lines, year)
    tiers = tiers_in(lines, title.found if title else None)
    rounds = rounds_in(lines, year)
    from_rounds = deadline is None and not deadline_doubts
    if from_rounds:
        deadline, deadline_doubts = last_of_rounds(rounds)
    opening = opening_in(lines, year, deadline) if not from_rounds else None
    area = own_area(
        place.code.value if place.code else None,
        _inner_code(lines, inner, gazetteer),
        gazetteer,
        outer[-1].passage.number if outer else 0,
    )
    if any(is_misread(each.text) for each in passages):
        told = "文中有把数字认成字母、把连字符认成“一”的地方（如 2O21 年），已按数字读，请核对。"
        doubts.append(Question("", told))
    torn = next((found for line in lines if (found := _TORN_SPAN.search(line.text))), None)
    if torn is not None:
        doubts.append(Question("deadline", f"“{torn.group()}”之间的连字符可能丢失，读作起止，请核对。"))
    tasks = tasks_in(lines)
    if tasks is None and (bare := bare_table(lines)) is not None:
        told = f"“{bare.value}”开头的表看不出表头，没有读作任务，请核对。"
        doubts.append(Question("tasks", told))
    doubts += [*basis_doubts, *deadline_doubts, *tiers.questions]
    draft = NoticeDraft(
        title=title.found if title else None,
        doc_number=number,
        issuer=issuer,
        issued_on=issued_on,
        basis=basis,
        division=place.code,
        deadline=deadline,
        opening=opening,
        rounds=tuple(replace(each, scope=area(each.scope)) for each in rounds),
        tiers=tuple(replace(each, scope=area(each.scope)) for each in tiers.tiers),
        caps=caps_in(lines),
        tasks=tasks,
        sanctions=_sanctions(lines),
    )
    return questions_of(draft, doubts, _namesakes(place, gazetteer), "".join(line.text for line in lines))


def _number(lines: Sequence[Line], title: TitleRead | None) -> tuple[Found[str] | None, list[Question]]:
    """The number that stands by itself near the title, or behind a label (文号：)."""
    stop = title.last + 6 if title else 12
    for line in (*lines[:stop], *lines[-8:]):
        found = None if line.cells and len(line.cells) > 3 else own_number(line.text)
        if found is None:
            continue
        asked = (
            [Question("doc_number", f"文号的括号丢失，读作 {found.value}，请核对。")]
            if found.is_mended
            else []
        )
        return Found(found.value, line.passage), asked
    for line in lines[:stop]:
        if torn_number(line.text):
            return None, [Question("doc_number", f"文号“{line.text}”不完整，请补全。")]
    return None, []


def _signature(lines: Sequence[Line], stop: int, title: TitleRead | None) -> Signature | None:
    """The notice's own signature: the last before the inner notice, else of all if not the inner's."""
    foot = title.last + 1 if title else 1
    found = [each for each in header.signatures_in(lines, None) if each.at >= foot]
    own = [each for each in found if each.at < stop]
    signed = [each for each in own if each.organ is not None]
    if signed or own:
        return (signed or own)[-1]
    covering = (
        [each for each in header.signatures_in(lines[: title.first], None) if each.organ] if title else []
    )
    if covering:  # a paper sent out by a line above it: 现将《…》印发给你们
        return covering[-1]
    if len(found) > 1:
        return found[-1]
    if found and found[0].organ is not None:
        organ = header.organ_of_title(title)
        red = header.red_head(lines, title)
        known = organ or red
        if known is None or _same_organ(known.value, found[0].organ.value):
            return found[0]
    return None


def _same_organ(one: str, other: str) -> bool:
    return one in other or other in one


def _issuer(
    lines: Sequence[Line], title: TitleRead | None, signature: Signature | None, red: Found[str] | None
) -> Found[str] | None:
    if signature is not None and signature.organ is not None:
        return signature.organ
    printed = header.printed_by(lines)
    labelled = header.labelled(
        lines, "发布机构|发文机关|发文单位|制发机关|发布单位|主办单位|填表单位|填报单位|制表单位|制表"
    )
    foot = _unsigned_foot(lines)
    return red or header.organ_of_title(title) or foot or labelled or (printed[0] if printed else None)


def _unsigned_foot(lines: Sequence[Line]) -> Found[str] | None:
    """An organ alone on one of the last lines, its day lost."""
    for line in reversed(lines[-6:]):
        if not line.cells and len(line.text) >= 5 and header.ORGAN_LINE.match(line.text):
            return Found(line.text, line.passage)
    return None


def _issued_on(
    lines: Sequence[Line], outer: Sequence[Line], signature: Signature | None
) -> Found[date] | None:
    if signature is not None:
        return signature.day
    printed = header.printed_by(outer) or header.printed_by(lines)
    if printed is not None:
        return printed[1]
    return header.labelled_day(lines)


def _year(issued_on: Found[date] | None, number: Found[str] | None, title: TitleRead | None) -> int | None:
    """The year that days without one are of: of the issue, else of the number, else of the title."""
    if issued_on is not None:
        return issued_on.value.year
    for said in (number, title.found if title else None):
        matched = re.search(r"(?:19|20)\d{2}", said.value) if said else None
        if matched:
            return int(matched.group())
    return None


def _place(
    lines: Sequence[Line],
    title: TitleRead | None,
    issuer: Found[str] | None,
    red: Found[str] | None,
    gazetteer: Gazetteer,
) -> PlaceRead:
    namings = [each for each in (issuer, red, title.found if title else None) if each is not None]
    namings += [Found(line.text, line.passage) for line in lines[:12] if header.is_addressee(line.text)]
    return place_of(namings, lines, gazetteer)


def _inner_code(lines: Sequence[Line], inner: TitleRead | None, gazetteer: Gazetteer) -> str | None:
    """The division of a notice that stands whole inside, where its title or its signature names one."""
    if inner is None:
        return None
    signed = [each.organ for each in header.signatures_in(lines, None) if each.at > inner.last and each.organ]
    read = place_of([inner.found, *signed[-1:]], lines, gazetteer)
    return read.code.value if read.code else None


def _namesakes(place: PlaceRead, gazetteer: Gazetteer) -> tuple[str, ...]:
    return tuple(gazetteer.full_name(code) for code in place.namesakes)


def _sanctions(lines: Sequence[Line]) -> tuple[Found[str], ...]:
    found: list[Found[str]] = []
    for line in lines:
        if line.cells:
            continue
        for sentence in re.split(r"(?<=[。；;])", line.without_mark()):
            said = re.sub(r"^[^，。：；]{2,8}：", "", sentence.strip("。；; "))
            if sentence == line.without_mark() and len(said) <= 8:
                continue  # a heading: 监督问责
            if _SANCTION.search(_PRAISE.sub("", said)) and said not in [each.value for each in found]:
                found.append(Found(said, line.passage))
    return tuple(found[:SANCTIONS_MAX])
