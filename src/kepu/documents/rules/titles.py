"""Where the lines of a title break: at words, in the shape of a trapezoid (GB/T 9704-2012, 7.3.1)."""

from itertools import combinations

import rjieba

from kepu.documents.rules.geometry import MILLIMETRE, TEXT_MM, TITLE_SIZE, width_in_characters

TITLE_CHARACTERS = int(TEXT_MM[0] * MILLIMETRE / TITLE_SIZE)  # 20 in a line
TITLE_LINES_MAX = 6
PLACES_MAX = 30  # 30 over 5 are 142,506 ways, half a second: no title is longer
# 的 closes what stands before it; a bracket keeps to what it holds.
_NEVER_FIRST = frozenset("的和与及、，。：；）》〉」』”’〕！？之")
# Their names are rarely in the dictionary: 插旗 is a word to it, and 镇 another.
_OF_PLACES = frozenset(("省", "市", "区", "县", "镇", "乡", "村", "街道", "社区"))
_NEVER_LAST = frozenset("（《〈「『“‘〔关在为对第")


def title_lines(title: str, characters: int = TITLE_CHARACTERS) -> tuple[str, ...]:
    """The title in as few lines as hold it, `characters` wide at most, lengths alike, no word cut.

    Line ends in the title are kept as they are. A word longer than a line is cut after all.
    """
    lines: list[str] = []
    for part in title.strip().split("\n"):
        lines += _broken(part.strip(), characters)
    return tuple(lines)


def _broken(part: str, characters: int) -> list[str]:
    least = -(-int(width_in_characters(part) * 2) // (characters * 2))
    if least <= 1:
        return [part]
    for within in (False, True):
        places = _places(part, within)
        for count in range(least, min(TITLE_LINES_MAX, least + 1) + 1):
            choices = (_cut(part, chosen) for chosen in combinations(places, count - 1))
            fitting = [lines for lines in choices if max(map(width_in_characters, lines)) <= characters]
            if fitting:
                return min(fitting, key=_unevenness)
    return _anywhere(part, characters)


def _places(part: str, within: bool) -> list[int]:
    """Where a line may end: between words, never before 的, after a figure or an opening bracket.

    Inside 《》 only where `within` says so.
    """
    places, at, depth = [], 0, 0
    words = rjieba.cut(part)
    for word, following in zip(words, [*words[1:], ""], strict=True):
        at += len(word)
        depth += sum(letter in "《（〔" for letter in word) - sum(letter in "》）〕" for letter in word)
        if following and (within or depth <= 0) and not _holds(word[-1], following):
            places.append(at)
    return places[:PLACES_MAX]


def _holds(last: str, following: str) -> bool:
    """Whether a character and the word behind it stay in one line."""
    return following[0] in _NEVER_FIRST or following in _OF_PLACES or last in _NEVER_LAST or last.isdigit()


def _cut(part: str, places: tuple[int, ...]) -> list[str]:
    return [part[start:end] for start, end in zip((0, *places), (*places, len(part)), strict=True)]


def _unevenness(lines: list[str]) -> float:
    """Small where lines are alike; a waist or an hourglass counts as worse than a trapezoid."""
    widths = [width_in_characters(line) for line in lines]
    waist = sum(
        max(0.0, min(before, after) - middle)
        for before, middle, after in zip(widths, widths[1:], widths[2:], strict=False)
    )
    return max(widths) - min(widths) + 3 * waist


def _anywhere(part: str, characters: int) -> list[str]:
    lines, line = [], ""
    for letter in part:
        if width_in_characters(line + letter) > characters:
            lines.append(line)
            line = ""
        line += letter
    return [*lines, line]
