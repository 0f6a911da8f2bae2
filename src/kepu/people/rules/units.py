"""What a village's division says of the unit it is."""

from kepu.people.rules.values import UnitKind


def unit_kind(code: str) -> UnitKind:
    """What a 12-digit division is: the last three digits say it (县以下行政区划代码: 001–199 and, alike,
    400–499 residents' committees; 200–399 and, alike, 500–599 villagers' committees)."""
    tail = int(code[9:])
    return UnitKind.COMMUNITY if tail < 200 or 400 <= tail < 500 else UnitKind.VILLAGE


def unit_name(name: str, kind: UnitKind) -> str:
    """A village's or community's everyday name: 同福村民委员会 → 同福村, 向阳街社区居委会 → 向阳街社区.

    Names that do not end in a committee are kept as they are.
    """
    base = next((name.removesuffix(end) for end in _COMMITTEES if name.endswith(end)), name)
    if base in ("", name):
        return name
    if base.endswith(("村", "社区", "嘎查", "队")):
        return base
    return base + ("社区" if kind is UnitKind.COMMUNITY else "村")


_COMMITTEES = ("村民委员会", "居民委员会", "村民居委会", "居民居委会", "居民委会", "村委会", "居委会", "居委")
