"""A draft as plain values for JSON, with the passage of each value beside it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kepu.campaigns.notices.values import Found, NoticeDraft
from kepu.documents.passages import Passage


def as_plain(draft: NoticeDraft) -> dict[str, Any]:
    """The draft with plain values, ISO days and whole yuan; missing ones None, missing lists empty.

    `passages` maps the path of every value that is not None (award_tiers[0].amount), and of every element
    of a list, to {text, place}. `questions` are sentences; the field a sentence is about stands before it.
    """
    passages: dict[str, dict[str, str]] = {}

    def said(path: str, found: Found[Any] | None) -> Any:
        if found is None or found.value is None:
            return None
        passages[path] = {"text": found.passage.text, "place": found.passage.place}
        above = path.rpartition(".")[0] or path.rpartition("[")[0]
        if above and above not in passages:
            passages[above] = passages[path]
        return found.value.isoformat() if isinstance(found.value, date) else found.value

    basis = draft.basis
    plain: dict[str, Any] = {
        name: said(name, getattr(draft, name)) for name in ("title", "doc_number", "issuer", "issued_on")
    }
    plain["basis_doc"] = {
        "title": said("basis_doc.title", basis.title),
        "number": said("basis_doc.number", basis.number),
    }
    plain["division"] = said("division", draft.division)
    plain["deadline"] = said("deadline", draft.deadline)
    plain["rounds"] = [
        {
            "name": said(f"rounds[{number}].name", each.name),
            "window": {
                "from": said(f"rounds[{number}].window.from", each.first_day),
                "to": said(f"rounds[{number}].window.to", each.last_day),
            },
            "scope": said(f"rounds[{number}].scope", each.scope),
            "condition": said(f"rounds[{number}].condition", each.condition),
            "reward": said(f"rounds[{number}].reward", each.reward),
        }
        for number, each in enumerate(draft.rounds)
    ]
    plain["award_tiers"] = [
        {
            name: said(f"award_tiers[{number}].{name}", getattr(each, name))
            for name in ("rank_from", "rank_to", "amount", "scope")
        }
        for number, each in enumerate(draft.tiers)
    ]
    plain["daily_caps"] = [
        {name: said(f"daily_caps[{number}].{name}", getattr(each, name)) for name in ("what", "per_day")}
        for number, each in enumerate(draft.caps)
    ]
    plain["tasks"] = _tasks(draft, said, passages)
    plain["sanctions"] = [said(f"sanctions[{number}]", each) for number, each in enumerate(draft.sanctions)]
    plain["questions"] = [
        f"{each.about}: {each.text}" if each.about else each.text for each in draft.questions
    ]
    plain["passages"] = passages
    return plain


def _tasks(draft: NoticeDraft, said: Any, passages: dict[str, dict[str, str]]) -> dict[str, Any] | None:
    tasks = draft.tasks
    if tasks is None:
        return None
    plain = {
        "columns": [said(f"tasks.columns[{at}]", each) for at, each in enumerate(tasks.columns)],
        "rows": [
            [said(f"tasks.rows[{number}][{at}]", cell) for at, cell in enumerate(row)]
            for number, row in enumerate(tasks.rows)
        ],
        "totals_stated": [
            said(f"tasks.totals_stated[{at}]", each) for at, each in enumerate(tasks.totals_stated)
        ]
        or None,
        "totals_computed": list(tasks.totals_computed()),
        "adds_up": tasks.adds_up(),
    }
    # Computed, not read: their passages are the heading summed up, and the row of stated totals.
    for at, column in enumerate(tasks.columns[1:]):
        passages[f"tasks.totals_computed[{at}]"] = _shown(column.passage)
    if tasks.totals_stated:
        passages["tasks.adds_up"] = _shown(tasks.totals_stated[0].passage)
    return plain


def _shown(passage: Passage) -> dict[str, str]:
    return {"text": passage.text, "place": passage.place}


def leaves(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Path → value of everything a plain draft says, without questions and passages; Nones left out."""
    found: dict[str, Any] = {}

    def walk(path: str, value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(f"{path}.{name}" if path else name, inner)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                walk(f"{path}[{number}]", inner)
        elif value is not None:
            found[path] = value

    for name, value in plain.items():
        if name not in ("questions", "passages"):
            walk(name, value)
    return found
