"""Which division a notice is of: the place its issuer names, told from namesakes by the places above it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kepu.campaigns.notices.lines import Line
from kepu.campaigns.notices.scopes import SCOPE_OF
from kepu.campaigns.notices.values import Found
from kepu.regions.rules import FILLERS, Level, ancestors_of, is_within

_LEVELS = {2: "province", 4: "city", 6: "county", 9: "town"}
NAMESAKES_SHOWN = 5
_NAME_MAX = 15


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of divisions: by code, and the codes of each name. Towns and above."""

    names: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]

    def full_name(self, code: str) -> str:
        """The names from the province down, without the levels that only fill the scheme."""
        steps = [self.names.get(step, "") for step in [*ancestors_of(code), code]]
        return "".join(step for step in steps if step not in FILLERS)


def gazetteer(rows: Iterable[tuple[str, str]]) -> Gazetteer:
    """A gazetteer of (code, name); towns are known by their short names too (插旗镇, 城关街道)."""
    names = dict(rows)
    codes: dict[str, list[str]] = {}
    for code, name in names.items():
        if name in FILLERS or len(code) > Level.TOWN:
            continue
        for called in {name, *_short(code, name)}:
            codes.setdefault(called, []).append(code)
    return Gazetteer(names, {name: tuple(found) for name, found in codes.items()})


def _short(code: str, name: str) -> list[str]:
    if name.endswith("街道办事处"):
        return [name.removesuffix("办事处")]
    if len(code) == Level.PROVINCE:
        return [re.sub(r"(?:壮族|回族|维吾尔)?自治区$|省$|市$", "", name)]
    if len(code) == Level.COUNTY and name.endswith("自治县"):
        return []
    return []


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """The division, or the namesakes nothing tells apart; neither when no place is named."""

    code: Found[str] | None
    namesakes: tuple[str, ...] = ()


def place_of(namings: Iterable[Found[str]], lines: Iterable[Line], gazetteer: Gazetteer) -> PlaceRead:
    """The division of the first of `namings` (issuer, title, addressee …) that names one.

    Of several names in it the lowest counts and the others tell namesakes apart, as do the places the whole
    text names. Nothing is guessed from part of a name.
    """
    text = "\n".join(line.text for line in lines)
    mentioned: set[str] | None = None
    for naming in namings:
        names = names_in(naming.value, gazetteer)
        if not names:
            continue
        candidates = _lowest(names, gazetteer)
        if mentioned is None:
            mentioned = {code for name in names_in(text, gazetteer) for code in gazetteer.codes[name]}
        own = {code for name in names for code in gazetteer.codes[name]}
        chosen = _told_apart(candidates, own, mentioned)
        if len(chosen) == 1:
            if _speaks_of_others(chosen[0], text, gazetteer):
                return PlaceRead(None, tuple(chosen))
            return PlaceRead(Found(chosen[0], naming.passage))
        return PlaceRead(None, tuple(chosen))
    return PlaceRead(None)


def names_in(text: str, gazetteer: Gazetteer) -> list[str]:
    """Names of divisions in a text, in order, the longest at each place."""
    found: list[str] = []
    at, behind = 0, -1
    while at < len(text):
        if "一" <= text[at] <= "鿿":
            for length in range(min(_NAME_MAX, len(text) - at), 1, -1):
                piece = text[at : at + length]
                # 城区 and 和县 stand inside other words too: they count at the front, or behind a name.
                if piece in gazetteer.codes and (length > 2 or at == 0 or behind == at):
                    found.append(piece)
                    at += length
                    behind = at
                    break
            else:
                at += 1
        else:
            at += 1
    return found


def _lowest(names: list[str], gazetteer: Gazetteer) -> list[str]:
    """The codes of the last name that lies below the others (湖南省, 华容县, 插旗镇 → 插旗镇)."""
    ordered = sorted(names, key=lambda name: max(len(code) for code in gazetteer.codes[name]))
    lowest = ordered[-1]
    depth = max(len(code) for code in gazetteer.codes[lowest])
    return [code for code in gazetteer.codes[lowest] if len(code) == depth] or list(gazetteer.codes[lowest])


def _told_apart(candidates: list[str], own: set[str], mentioned: set[str]) -> list[str]:
    for known in (own, mentioned):
        scores = {code: sum(step in known for step in ancestors_of(code)) for code in candidates}
        best = max(scores.values())
        candidates = [code for code in candidates if scores[code] == best]
    return candidates


def _speaks_of_others(code: str, text: str, gazetteer: Gazetteer) -> bool:
    """Whether the text names counties, none of which is the one above a town."""
    if len(code) != Level.TOWN:
        return False
    named = {
        other
        for name in names_in(text, gazetteer)
        if name.endswith(("县", "区", "市", "旗"))
        for other in gazetteer.codes[name]
        if len(other) in (Level.CITY, Level.COUNTY)
    }
    return bool(named) and not any(is_within(code, other) for other in named)


def own_area(
    code: str | None, inner: str | None, gazetteer: Gazetteer, last: int
) -> Callable[[Found[str] | None], Found[str] | None]:
    """How a notice's words for areas are meant: in a city of the rank of a county, and its towns, 全市 is
    that city, a county. Words of an inner notice, behind passage `last`, are meant as its own place says.
    """

    def meant(scope: Found[str] | None) -> Found[str] | None:
        if scope is None:
            return None
        here = code if scope.passage.number <= last else inner
        county = here[: Level.COUNTY] if here and len(here) >= Level.COUNTY else ""
        is_city = gazetteer.names.get(county, "").endswith("市")
        words = [
            _level_of(word, here, gazetteer) or ("county" if word == "city" and is_city else word)
            for word in scope.value.split(",")
        ]
        return Found(",".join(dict.fromkeys(words)), scope.passage)

    return meant


def _level_of(name: str, here: str | None, gazetteer: Gazetteer) -> str | None:
    """The word for the level of a named place, one above or at `here` first; None for what is a word."""
    if name in SCOPE_OF.values():
        return None
    tails = (name[start:] for start in range(len(name) - 1))
    codes = next((gazetteer.codes[tail] for tail in tails if tail in gazetteer.codes), ())
    own = [code for code in codes if here and is_within(here, code)]
    lengths = {len(code) for code in own or codes}
    if len(lengths) == 1:
        return _LEVELS.get(lengths.pop())
    return next((SCOPE_OF[end] for end in (name[-3:], name[-1:]) if end in SCOPE_OF), None)
