"""Questions about published rule sheets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, Case, F, Max, QuerySet, TextField, Value, When

from kepu.campaigns import labels
from kepu.campaigns.models import SheetVersion, SiteSwitch
from kepu.campaigns.reads.asking import once
from kepu.campaigns.rules import Measure, Published, RuleSheet, Switch, TieRule
from kepu.campaigns.sheet import SheetTrouble, parse_sheet
from kepu.campaigns.sheet.checks import check_divisions
from kepu.regions import reads as regions


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A clause the sheet conflicts with, as it was shown to whoever signed it off.

    `issued_on` is "" where no day of the paper is known.
    """

    document: str
    issued_on: str
    clause: str
    says: str
    source: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuardOutcome:
    """What the policy guard said of one version, as it was kept when the version was published.

    `tested` is empty and `rule_book` "" for versions from before these were kept.
    """

    version: int
    sha256: str
    published_at: datetime
    published_by: str
    signed_off_by: str
    tested: tuple[ConflictRow, ...]
    conflicts: tuple[ConflictRow, ...]
    rule_book: str


@dataclass(frozen=True, slots=True)
class Publication:
    """One version of a campaign's sheet with its text and how it came to be published."""

    published: Published
    text: str
    published_at: datetime
    published_by: str
    signed_off_by: str
    conflicts: tuple[ConflictRow, ...]
    newest_version: int


def published() -> tuple[Published, ...]:
    """The newest sheet of every campaign, by number; parsed once per version in a process.

    One query; none where the request that is being answered has asked before.
    """
    return published_and_off()[0]


def published_and_off() -> tuple[tuple[Published, ...], frozenset[Switch]]:
    """The newest sheet of every campaign, and what the whole site does without. Asked as `published`."""
    return once("published_and_off", _published_and_off)


def published_in(rows: Sequence[tuple[int, int, str]]) -> tuple[Published, ...]:
    """The sheets that the rows of `NEWEST_SHEETS` tell of, by number.

    For whoever asks several things at once. A query for each version that this process has not met.
    """
    return tuple(
        Published(number, _version(number, version, sha256), sha256) for number, version, sha256 in rows
    )


def campaign(slug: str) -> Published | None:
    """The newest sheet of one campaign. One query."""
    return next(iter(_published(_newest().filter(campaign__slug=slug[:60]))), None)


def sheet(number: int, version: int) -> RuleSheet:
    """The sheet that judged entries of this campaign and version; it must exist. One query."""
    (found,) = _published(SheetVersion.objects.filter(campaign=number, version=version))
    return found.sheet


def publication(slug: str, version: int = 0) -> Publication | None:
    """The newest sheet of one campaign, or one version, with all kept about its publication. One query."""
    found = SheetVersion.objects.filter(version=version) if version else _newest()
    row = found.filter(campaign__slug=slug[:60]).select_related("campaign").first()
    if row is None:
        return None
    return Publication(
        published=Published(row.campaign_id, _parsed(row.sha256, row.version, row.text), row.sha256),
        text=row.text,
        published_at=row.published_at,
        published_by=row.published_by,
        signed_off_by=row.signed_off_by,
        conflicts=_clause_rows(row.conflicts),
        newest_version=row.campaign.newest_version,
    )


def guard_outcome(number: int, version: int) -> GuardOutcome | None:
    """What the policy guard said of one version of a campaign. One query."""
    row = SheetVersion.objects.filter(campaign=number, version=version).defer("text").first()
    if row is None:
        return None
    return GuardOutcome(
        version=row.version,
        sha256=row.sha256,
        published_at=row.published_at,
        published_by=row.published_by,
        signed_off_by=row.signed_off_by,
        tested=_clause_rows(row.tested),
        conflicts=_clause_rows(row.conflicts),
        rule_book=row.rule_book,
    )


def checked(text: str) -> RuleSheet | list[SheetTrouble]:
    """The rules a sheet states, its codes held against the divisions too; or all its troubles by line.

    Broken clauses and wrong codes are told together. Codes are checked where the tree is loaded, whole or
    around the place. Two queries, when it parses.
    """
    told, sheet = parse_sheet(text), readable(text)
    if sheet is None:
        return told
    names = regions.names({sheet.place, sheet.counts_within, *(task.division for task in sheet.tasks)})
    can_tell = sheet.place in names or regions.is_whole()
    troubles = told if isinstance(told, list) else []
    troubles = troubles + (check_divisions(sheet, text, names) if can_tell else [])
    return sorted(troubles, key=lambda each: (each.line, each.field)) or sheet


def readable(text: str) -> RuleSheet | None:
    """The rules a sheet states, whatever clauses or codes speak against them; None where it states none."""
    sheet = parse_sheet(text, version=1)
    return replace(sheet, version=0) if isinstance(sheet, RuleSheet) else None


def volume_words(measure: Measure) -> str:
    """What a campaign's volume is, in a word or two, for above a number: 分享次数."""
    return str(labels.VOLUME[measure])


def tie_words(tie_rule: TieRule) -> str:
    """What becomes of equal volumes, in a short sentence for under a board or list."""
    return str(labels.TIES[tie_rule])


def _clause_rows(kept: Sequence[dict[str, Any]]) -> tuple[ConflictRow, ...]:
    return tuple(ConflictRow(**{**each, "features": tuple(each["features"])}) for each in kept)


def _newest() -> QuerySet[SheetVersion]:
    return SheetVersion.objects.filter(version=F("campaign__newest_version")).order_by("campaign")


def _published_and_off() -> tuple[tuple[Published, ...], frozenset[Switch]]:
    newest_turns = SiteSwitch.objects.values("switch").annotate(newest=Max("pk")).values("newest")
    nothing = Value(0, BigIntegerField()), Value(0, BigIntegerField())
    off = SiteSwitch.objects.filter(pk__in=newest_turns, is_off=True)
    switches = off.values_list(*nothing, "switch", Value("", TextField()))
    rows = sorted(_rows(_newest().order_by()).union(switches, all=True))
    sheets = [row for row in rows if row[0]]
    return tuple(_told(sheets)), frozenset(Switch(row[2]) for row in rows if not row[0])


def _published(found: QuerySet[SheetVersion]) -> Sequence[Published]:
    return _told(_rows(found))


def _rows(found: QuerySet[SheetVersion]) -> QuerySet[Any]:
    # The ledger asks at every batch: a text this process has parsed already stays in the database.
    known = When(sha256__in=list(_SHEETS), then=Value(""))
    text = Case(known, default=F("text"), output_field=TextField()) if _SHEETS else F("text")
    return found.annotate(unread=text).values_list("campaign", "version", "sha256", "unread")


def _told(rows: Iterable[tuple[int, int, str, str]]) -> list[Published]:
    return [Published(number, _parsed(sha, version, text), sha) for number, version, sha, text in rows]


@lru_cache(256)
def _version(number: int, version: int, _sha256: str) -> RuleSheet:
    return sheet(number, version)


def _parsed(sha256: str, version: int, text: str) -> RuleSheet:
    if sha256 not in _SHEETS:
        parsed = parse_sheet(text, version)
        # Stricter checks are for sheets still to be published: one that judged entries must stay readable.
        assert isinstance(parsed, RuleSheet), f"published sheet {sha256} no longer parses: {parsed}"
        _SHEETS[sha256] = parsed
    return replace(_SHEETS[sha256], version=version)


NEWEST_SHEETS = """
SELECT v.campaign_id, v.version, v.sha256 FROM campaigns_campaign c
JOIN campaigns_sheetversion v ON v.campaign_id = c.number AND v.version = c.newest_version
ORDER BY v.campaign_id
"""
# By hash, never emptied: a query that leaves a known text out must find it here afterwards.
_SHEETS: dict[str, RuleSheet] = {}
