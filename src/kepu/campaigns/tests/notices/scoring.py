"""What was read against what is to be read: precision and recall per field, over all samples."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

FIELDS = (
    "title", "doc_number", "issuer", "issued_on", "basis_doc", "division", "deadline",
    "rounds", "round_words", "award_tiers", "daily_caps", "tasks", "sanctions", "questions",
)  # fmt: skip
Facts = Counter[tuple[Any, ...]]


@dataclass
class Score:
    """Counts of one field: right, read though not there, there though not read."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def precision(self) -> float:
        """The share of what was read that is right; 1 when nothing was read."""
        return self.right / (self.right + len(self.wrong)) if self.right or self.wrong else 1.0

    def recall(self) -> float:
        """The share of what is there that was read; 1 when nothing is there."""
        return self.right / (self.right + len(self.missed)) if self.right or self.missed else 1.0


def compare(name: str, plain: dict[str, Any], expected: dict[str, Any], scores: dict[str, Score]) -> None:
    """The sample's facts are counted into the scores."""
    read, wanted = facts_read(plain), facts_wanted(expected)
    for each in FIELDS:
        score = scores.setdefault(each, Score())
        score.right += (read[each] & wanted[each]).total()
        extra = (
            read[each] - wanted[each] if each != "questions" else Counter()
        )  # more may be asked than listed
        score.wrong += [f"{name}: {fact}" for fact in extra.elements()]
        score.missed += [f"{name}: {fact}" for fact in (wanted[each] - read[each]).elements()]


def facts_read(plain: dict[str, Any]) -> dict[str, Facts]:
    """The facts of a plain draft by field."""
    facts: dict[str, Facts] = {
        each: Counter([(plain[each],)] if plain[each] is not None else [])
        for each in FIELDS[:4] + FIELDS[5:7]
    }
    facts["basis_doc"] = Counter(pair for pair in plain["basis_doc"].items() if pair[1] is not None)
    facts["rounds"] = Counter(
        (each["name"], each["window"]["from"] or "", each["window"]["to"] or "", each["scope"] or "")
        for each in plain["rounds"]
    )
    facts["round_words"] = Counter(
        (each["name"], kind, each[kind] or "") for each in plain["rounds"] for kind in ("condition", "reward")
    )
    facts["award_tiers"] = Counter(
        (each["rank_from"], each["rank_to"], each["amount"] or 0, each["scope"] or "")
        for each in plain["award_tiers"]
    )
    facts["daily_caps"] = Counter((each["what"] or "", each["per_day"]) for each in plain["daily_caps"])
    facts["tasks"] = _tasks(plain["tasks"])
    facts["sanctions"] = Counter((each,) for each in plain["sanctions"])
    facts["questions"] = Counter(
        {(each.partition(": ")[0] if ": " in each else "",) for each in plain["questions"]}
    )
    return facts


def facts_wanted(expected: dict[str, Any]) -> dict[str, Facts]:
    """The facts a sample's table expects, by field."""
    facts: dict[str, Facts] = {
        each: Counter([(expected[each],)] if each in expected else []) for each in FIELDS[:4] + FIELDS[5:7]
    }
    facts["basis_doc"] = Counter(expected.get("basis_doc", {}).items())
    facts["rounds"] = Counter(tuple(each[:4]) for each in expected["rounds"])
    facts["round_words"] = Counter(
        (each[0], kind, words)
        for each in expected["rounds"]
        for kind, words in zip(("condition", "reward"), each[4:], strict=True)
    )
    facts["award_tiers"] = Counter(map(tuple, expected["tiers"]))
    facts["daily_caps"] = Counter(map(tuple, expected["caps"]))
    facts["tasks"] = _tasks(expected.get("tasks"))
    facts["sanctions"] = Counter((each,) for each in expected["sanctions"])
    facts["questions"] = Counter((each,) for each in expected["asks"])
    return facts


def _tasks(tasks: dict[str, Any] | None) -> Facts:
    if not tasks:
        return Counter()
    facts: Facts = Counter([("columns", *tasks["columns"])])
    facts.update(tuple("" if cell is None else cell for cell in row) for row in tasks["rows"])
    facts.update([("totals", *(tasks.get("totals_stated") or [])), ("adds_up", tasks.get("adds_up"))])
    return facts


def table(scores: dict[str, Score]) -> str:
    """The scores as a table for people."""
    lines = [f"{'field':<12} precision  recall  right"]
    for each in FIELDS:
        score = scores[each]
        lines.append(f"{each:<12} {score.precision():>9.3f} {score.recall():>7.3f} {score.right:>6}")
    return "\n".join(lines)
