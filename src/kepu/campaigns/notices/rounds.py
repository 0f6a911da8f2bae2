"""Rounds: the evaluations a notice announces, with window, area, condition and reward."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kepu.campaigns.notices.days import days_in, spans_in
from kepu.campaigns.notices.lines import HEADING, Line
from kepu.campaigns.notices.rule_tables import table_rounds
from kepu.campaigns.notices.scopes import scopes_in, shared_scope
from kepu.campaigns.notices.values import Found, RoundRead
from kepu.documents.passages import Passage

_HAN = "一二三四五六七八九十"
_JUDGED = r"(?:评选|评比|评奖|奖励|表彰|考核|评定|考评|总评|评优|评价|通报表扬)"
_NUMBER = rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})"
_MONTH = rf"(?:(?:\d{{4}}|今|本)年)?{_NUMBER}月(?:份)?(?:底|末|{_NUMBER}日)?(?:前|之前|以前)?"
_NAMED = re.compile(
    rf"第[{_HAN}1-6](?:轮|期|次|批|季度|阶段)(?:{_JUDGED})?|[首次末]轮(?:{_JUDGED})?"
    rf"|(?:上半年度?|下半年度?|年中|半年度?|年终|年末|年底|全年度?|年度|中期|终期|季度|月度|每月|每季度?|每周)(?:{_JUDGED}|奖(?![项品金状牌]))"
    rf"|(?:[周月季]|季度|总决?|初|复|决|预)赛(?!道|制|事|区|程|题|场)|(?:[周月季年总]|季度|年度|月度)榜(?!单|样|首|上|眼|前)|{_MONTH}{_JUDGED}"
)
_DATED = re.compile(
    rf"^(?:[（(]?[{_HAN}\d]{{1,2}}[）).、．])?(?:对|到|在|于|截至|截止|截止到|至|凡|凡是|对于)?(?P<name>{_MONTH}(?:[-—~至到](?:\d{{1,2}}|[{_HAN}]{{1,3}})月(?:份)?(?:底|末)?)?(?:前|止)?)"
)
_RANKS = re.compile(
    r"第\d+名?[-—~至到]|前[\d一二三四五六七八九十百]+(?:名|位|强)|排名|名次|第[\d一二三四五六七八九十百]+名|等奖"
)
_GIVES = re.compile(r"奖励|表彰|颁发|授予|发放|奖金|补贴|话费|证书|评选|评出")
_REWARD = re.compile(
    r"(?:的)?[，,]?(?:将|分别|并|可)?(?:由(?![^，。；]{0,12}排)[^，。；]{2,28}?(?:给予|予以|进行|颁发|发放|发给|奖给|兑现|奖励|表彰|授予)|授予|给予|予以|[冠亚季]军(?=奖|各|每)|(?:每人|各)?(?:奖励|颁发|发放|补贴\d)|可?获得?(?=[^，。]{0,12}(?:证书|奖|称号|补贴))|获评|评为|评定为|享受|设[一特]等奖)"
)
_CONDITION = re.compile(
    r"完成|达到|排名|排在|位列|位居|进入|前[\d一二三四五六七八九十百]+(?:名|位)|名列|不少于|不低于|第\d+名?(?:[-—~至到]|名)"
)


# The next prize of a list that began in the sentence before: 二等奖20名，奖金600元.
_GOES_ON = re.compile(
    r"^(?:[特一二三四五]等奖|优[秀胜]奖|鼓励奖|入围奖|第?[\d一二三四五六七八九十百]+名?[-—~至到]|第[\d一二三四五六七八九十百]+名).*[\d十百千万]元"
)
_PERIODS = re.compile(r"^(?:第.{1,2}|[首次末])(?:轮|期|次|批|季度|阶段)")
_WORK = re.compile(r"动员|部署|启动|筹备|准备|宣传发动|组织实施|自查|验收|总结|报名|推进|整改")


@dataclass(frozen=True, slots=True)
class _Piece:
    name: str
    text: str
    passages: tuple[tuple[int, Passage], ...]
    line: Line

    def passage_at(self, place: int) -> Passage:
        return next(passage for start, passage in reversed(self.passages) if start <= place)


def rounds_in(lines: Sequence[Line], year: int | None) -> tuple[RoundRead, ...]:
    """The evaluations announced, in order; none when the notice names none."""
    found: list[RoundRead] = []
    for read in [*(_read(piece, year) for piece in _pieces(lines)), *table_rounds(lines, year)]:
        if not any(each.name.value == read.name.value for each in found):
            found.append(read)
    return tuple(found)


def _pieces(lines: Sequence[Line]) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    is_contest = any(_RANKS.search(line.text) and _GIVES.search(line.text) for line in lines)
    while at < len(lines):
        line = lines[at]
        marks = [] if line.cells else _marks(line.text)
        if not marks:
            at += 1
            continue
        ends = [start for start, _name in marks[1:]] + [len(line.text)]
        for number, ((start, name), end) in enumerate(zip(marks, ends, strict=True)):
            text = line.text[start:end]
            passages = [(0, line.passage)]
            if number == len(marks) - 1:
                for below in _below(lines, at):
                    passages.append((len(text) + 1, below.passage))
                    text += "\n" + below.text
            gives = (
                _RANKS.search(text) and _GIVES.search(text.replace(name, "", 1)) and len(text) > len(name) + 6
            )
            if gives or (is_contest and _is_period(name, text)):
                pieces.append(_Piece(name, text, tuple(passages), line))
        at += 1
    return pieces


def _is_period(name: str, text: str) -> bool:
    """Whether an ordinal stands with its days and no stage of mere work (动员部署)."""
    said = re.split(r"[。；;\n]", text, maxsplit=1)[0]
    return bool(_PERIODS.match(name) and spans_in(said, 2000)) and not _WORK.search(said) and len(said) <= 60


def _marks(text: str) -> list[tuple[int, str]]:
    """Where evaluations begin in a paragraph, with what each is called."""
    found: list[tuple[int, str]] = []
    for match in _NAMED.finditer(text):
        before = text[: match.start()]
        opens = (
            not before
            or re.search(r"(?:[。；;：:，,（(、]|[一二三四五六七八九十\d][）)、.．是])$", before)
            or HEADING.fullmatch(before)
        )
        if opens and not re.match(r"[，,]?(?:和|与|及|、第)", text[match.end() :]):
            found.append((match.start(), match.group()))
    if found:
        return [
            each for number, each in enumerate(found) if not number or each[0] - found[number - 1][0] > 14
        ]
    places = [0, *(match.end() for match in re.finditer(r"[。；;]", text))]
    for start in places:
        dated = _DATED.match(text[start:])
        sentence = re.split(r"[。；;]", text[start:], maxsplit=1)[0]
        if dated and _RANKS.search(sentence) and _GIVES.search(sentence):
            found.append((start + dated.start("name"), dated["name"]))
    return found


def _below(lines: Sequence[Line], at: int) -> list[Line]:
    """The lines that go on about the evaluation a line begins: to the next mark, heading or table."""
    own = HEADING.match(lines[at].text)
    taken: list[Line] = []
    is_heading = len(lines[at].text) <= 30
    for line in lines[at + 1 : at + 9]:
        mark = HEADING.match(line.text)
        if line.cells or _marks(line.text) or re.match(r"^[一二三四五六七八九十]{1,3}[、.．]", line.text):
            break
        if mark and (not own or _level(mark.group()) <= _level(own.group()) or not is_heading):
            if not own and is_heading and _RANKS.search(line.text):
                taken.append(line)
                continue
            break
        if not is_heading and not (_RANKS.search(line.text) and _GIVES.search(line.text + lines[at].text)):
            break
        taken.append(line)
    return taken


def _level(mark: str) -> int:
    if re.match(r"^第?[一二三四五六七八九十]", mark):
        return 1
    if re.match(r"^[（(][一二三四五六七八九十]", mark):
        return 2
    return 4 if re.match(r"^[（(①-⑳]", mark) else 3


def _read(piece: _Piece, year: int | None) -> RoundRead:
    text = piece.text
    first: Found[date] | None = None
    last: Found[date] | None = None
    spans = spans_in(text, year)
    if spans:
        here = piece.passage_at(spans[0].start)
        first, last = Found(spans[0].first, here), Found(spans[0].last, here)
    else:
        days = days_in(text, year)
        if days:
            last = Found(days[0].value, piece.passage_at(days[0].start))
    scopes = scopes_in(text)
    words = list(dict.fromkeys(scope for _at, scope in scopes))
    scope = Found(",".join(words), piece.passage_at(scopes[0][0])) if words else None
    if scope is None and (shared := shared_scope(piece.line.text)):
        scope = Found(shared, piece.line.passage)
    condition, reward = _terms(piece)
    return RoundRead(Found(piece.name, piece.passage_at(0)), first, last, scope, condition, reward)


def _terms(piece: _Piece) -> tuple[Found[str] | None, Found[str] | None]:
    """What is asked and what is given, in the notice's words; several sentences joined by ；."""
    asked: list[tuple[str, int]] = []
    given: list[tuple[str, int]] = []
    at = 0
    for sentence in re.split(r"(?<=[。；;\n])", piece.text):
        start, at = at, at + len(sentence)
        bare = sentence.strip("。；;\n ")
        if given and _GOES_ON.match(bare):
            given.append((bare, start))
            continue
        match = _REWARD.search(bare)
        if match is None:
            if spans_in(bare, 2000) and len(bare) <= 60 and not _RANKS.search(bare):
                continue  # the window, no condition
            if _CONDITION.search(bare):
                asked.append((_trimmed(bare, piece.name), start))
            continue
        condition = _trimmed(bare[: match.start()], piece.name)
        reward = re.sub(r"^(?:的)?[，,]?", "", bare[match.start() :])
        if _CONDITION.search(condition) and not re.match(r"^其中", condition):
            asked.append((condition, start))
            given.append((reward, start))
        else:
            given.append(((condition + reward).strip(), start))
    return _joined(asked, piece), _joined(given, piece)


def _trimmed(text: str, name: str) -> str:
    text = text.replace(name, "", 1).lstrip() if text.startswith(name) else text
    text = re.sub(r"^[（(][^（）()]{0,30}[）)]", "", text)
    text = re.sub(r"^[^：:]{0,20}[：:]", "", text) if re.match(r"^[^，。完排达]{0,20}[：:]", text) else text
    text = HEADING.sub("", text, count=1).lstrip("，,。：:、前")
    text = re.sub(r"^(?:期满|活动结束|届时|结束)[^，。]*[，,]", "", text)
    text = re.sub(rf"^{_MONTH}[，,](?=.*(?:前|排名|完成|达到))", "", text)
    opening = spans_in(text, 2000)
    if opening and opening[0].start == 0:
        text = text[opening[0].end :].lstrip("，,。：:、 期间")
    return re.sub(r"^(?:对于?|凡是?|将对)(?=.*(?:完成|达到|排名|前|进入))", "", text).strip("，, ")


def _joined(parts: list[tuple[str, int]], piece: _Piece) -> Found[str] | None:
    said = [text.rstrip("：:") for text, _at in parts if text]
    return Found("；".join(said), piece.passage_at(parts[0][1])) if said else None
