"""What of a notice fits the fields of a rule sheet, for a person to confirm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kepu.campaigns.notices.values import NoticeDraft, RoundRead, TasksRead, TierRead
from kepu.documents.passages import Passage

_SHEET_SCOPES = ("city", "county", "town")
# 关于开展2026年科普传播活动的通知: the campaign is what is held.
_HELD = re.compile(r"关于(?:组织|继续|联合|深入|广泛)*(?:开展|举办)(?:好)?(?P<name>.{2,60}?)的通知$")
_SHARED = re.compile(r"^(?:分享|转发|传播)$")
_TARGETS = (
    ("backbones", re.compile(r"骨干")),
    ("registrations", re.compile(r"注册|新增|新发展|发展|人数|科普员|信息员|志愿者")),
    ("volume", re.compile(r"传播|分享|转发|次数|篇数")),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Fields of a rule sheet that one passage fills: `group` for the heading, (name of the field, value)."""

    group: str
    fields: tuple[tuple[str, str], ...]
    passage: Passage | None


def suggestions(draft: NoticeDraft) -> list[Suggestion]:
    """The fields to confirm, in the order of a notice; what is not said is an empty field without a passage.

    Names are those the forms of `campaigns.sheet` use (rounds[1].tiers[2].amount).
    """
    based = draft.basis.number or draft.basis.title
    single = [
        ("title", draft.title),
        ("issuer", draft.issuer),
        ("document", draft.doc_number),
        ("based_on", based),
        ("place", draft.division),
        ("opens_on", draft.opening),
        ("closes_on", draft.deadline),
    ]
    found = []
    for name, value in single:
        said = "" if value is None else str(value.value)
        if name == "title":
            said = campaign_name(said)
        # A sheet's own bounds: 80 characters of a title. The whole stands in the passage.
        found.append(Suggestion("basics", ((name, said[:80]),), value.passage if value else None))
    caps = [cap for cap in draft.caps if cap.what and _SHARED.match(cap.what.value)]
    if len({cap.per_day.value for cap in caps}) == 1:
        fields = (("earnings.share.per_day_max", str(caps[0].per_day.value)),)
        found.append(Suggestion("daily_caps", fields, caps[0].per_day.passage))
    return [*found, *_rounds(draft), *(_tasks(draft.tasks) if draft.tasks else ())]


def campaign_name(title: str) -> str:
    """What a notice of this title holds (关于开展…的通知), else the title itself."""
    held = _HELD.search(title)
    return held["name"].strip() if held else title


def _rounds(draft: NoticeDraft) -> Iterator[Suggestion]:
    belongs = [_round_of(tier, draft.rounds) for tier in draft.tiers]
    for number, each in enumerate(draft.rounds):
        path = f"rounds[{number + 1}]"
        first = each.first_day.value.isoformat() if each.first_day else ""
        last = each.last_day.value.isoformat() if each.last_day else ""
        named = (f"{path}.title", each.name.value[:60])
        days = ((f"{path}.opens_on", first), (f"{path}.closes_on", last), (f"{path}.judged_on", last))
        yield Suggestion("rounds", (named, *days), each.name.passage)
        own = [tier for tier, at in zip(draft.tiers, belongs, strict=True) if at == number]
        yield from _tiers(own, path)
    if not draft.rounds and draft.tiers:
        empty = tuple((f"rounds[1].{name}", "") for name in ("title", "opens_on", "closes_on", "judged_on"))
        yield Suggestion("rounds", empty, None)
        yield from _tiers(list(draft.tiers), "rounds[1]")


def _round_of(tier: TierRead, rounds: tuple[RoundRead, ...]) -> int:
    """The round that speaks of a tier in its own passages; else the last, whose list is the final one."""
    here = tier.rank_from.passage
    for number, each in enumerate(rounds):
        if here in [part.passage for part in (each.reward, each.condition, each.name) if part]:
            return number
    return len(rounds) - 1


def _tiers(tiers: list[TierRead], path: str) -> Iterator[Suggestion]:
    for number, tier in enumerate(tiers, 1):
        place = f"{path}.tiers[{number}]"
        scope = tier.scope.value if tier.scope and tier.scope.value in _SHEET_SCOPES else ""
        fields = (
            (f"{place}.scope", scope),
            (f"{place}.rank_from", str(tier.rank_from.value)),
            (f"{place}.rank_to", str(tier.rank_to.value)),
            (f"{place}.amount", str(tier.amount.value) if tier.amount else ""),
        )
        yield Suggestion("award_tiers", fields, tier.rank_from.passage)


def _tasks(tasks: TasksRead) -> Iterator[Suggestion]:
    places = _columns(tasks)
    for number, row in enumerate(tasks.rows, 1):
        path = f"tasks.units[{number}]"
        fields = [(f"{path}.unit", str(row[0].value)[:80])]
        fields += [(f"{path}.{target}", _whole(row[at].value)) for target, at in places]
        yield Suggestion("tasks", tuple(fields), row[0].passage)
    if tasks.totals_stated and places:
        fields = [
            (f"tasks.total.{target}", _whole(tasks.totals_stated[at - 1].value)) for target, at in places
        ]
        yield Suggestion("tasks_total", tuple(fields), tasks.totals_stated[0].passage)


def _columns(tasks: TasksRead) -> list[tuple[str, int]]:
    """Which column is which target, where its heading says so; each once."""
    found: list[tuple[str, int]] = []
    for target, words in _TARGETS:
        taken = {at for _target, at in found}
        at = next(
            (
                at
                for at, each in enumerate(tasks.columns)
                if at and at not in taken and words.search(each.value)
            ),
            None,
        )
        if at is not None:
            found.append((target, at))
    return found


def _whole(value: object) -> str:
    return str(value) if isinstance(value, int) else ""
