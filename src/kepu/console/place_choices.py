"""The divisions somebody can choose as a campaign's place, by name."""

from collections.abc import Iterable

from kepu.regions import reads as regions
from kepu.regions.rules import Level, ancestors_of, is_code

CHOICES_MAX = 400
INDENT = "　"
Choices = tuple[tuple[str, str], ...]


def place_choices(divisions: tuple[str, ...], chosen: Iterable[str]) -> Choices:
    """(code, name) of divisions down to the towns, each below its own and indented.

    Those of `divisions` with everything below where that is not more than CHOICES_MAX; else the next level,
    and further down along what is `chosen` already. What is chosen stands there wherever it lies: nothing
    that was saved disappears from a form. Three queries in a county, at most twelve.
    """
    kept = [code for code in chosen if is_code(code)]
    codes: set[str] = set()
    for division in divisions:
        codes |= _below(division, kept)
    names = regions.names({*codes, *kept})
    least = min((len(code) for code in names), default=0)
    depth = [level for level in Level if level >= least]
    return tuple((code, INDENT * depth.index(Level(len(code))) + names[code]) for code in sorted(names))


def _below(division: str, chosen: list[str]) -> set[str]:
    found = {division} if division else set()
    for level in Level:
        if not len(division) < level <= Level.TOWN:
            continue
        here = {each.code for each in regions.within(division, level)} if len(division) >= 4 else set()
        if not here or len(found) + len(here) > CHOICES_MAX:
            steps = {division, *(step for code in chosen for step in [*ancestors_of(code), code])}
            inside = [step for step in steps if step.startswith(division) and len(step) < Level.TOWN]
            return found | {each.code for step in inside for each in regions.children(step).rows}
        found |= here
    return found
