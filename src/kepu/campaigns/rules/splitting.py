"""Dividing a total among units so that nothing is lost and nothing made up. Pure."""

import re
from collections.abc import Sequence

WEIGHT_MAX = 1_000_000_000


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts as the weights are, by largest remainder; the parts add up to it exactly.

    A part is its exact share rounded down or up; of two units the one with the larger weight never gets less.
    Equal remainders go to the larger weight, then to the one that stands first. Weights are ≥ 0; where all
    are 0 (or the list is empty) nothing can be divided and every part is 0.
    """
    assert total >= 0
    assert all(0 <= weight <= WEIGHT_MAX for weight in weights)
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    waiting = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), -weights[n], n))
    for number in waiting[:left]:
        parts[number] += 1
    return parts


def pasted_weights(text: str, names: Sequence[str]) -> list[int] | None:
    """The weights a pasted column gives the units: "name number" by name, bare numbers in order; else None.

    A unit that is not named has 0. Thousands may be marked.
    """
    rows = [found for line in text.splitlines() if line.strip() for found in [_LINE.fullmatch(line.strip())]]
    if not rows or any(found is None for found in rows):
        return None
    pairs = [(found.group(1).strip(), int(re.sub(r"[,，\s]", "", found.group(2)))) for found in rows if found]
    if any(weight > WEIGHT_MAX for _name, weight in pairs):
        return None
    if not any(name for name, _weight in pairs):
        numbers = [weight for _name, weight in pairs]
        return numbers if len(numbers) == len(names) else None
    known = dict(pairs)
    return (
        [known.get(name, 0) for name in names]
        if len(known) == len(pairs) and set(known) <= set(names)
        else None
    )


_LINE = re.compile(r"(.*?)[\s,，:：;；]*((?:\d{1,3}(?:[,，]\d{3})+)|\d{1,12})")
