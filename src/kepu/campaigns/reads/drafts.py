"""Questions about sheets somebody works on, and about a campaign's versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from kepu.campaigns import reads
from kepu.campaigns.models import Campaign, SheetDraft, SheetTrial, SheetVersion
from kepu.campaigns.rules import Published, RuleSheet
from kepu.campaigns.sheet import Allowed, SheetTrouble
from kepu.campaigns.sheet.history import check_history
from kepu.campaigns.sheet.lines import line_of, lines_of

DRAFTS_MAX = 100
VERSIONS_MAX = 200
TRIALS_MAX = 20


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft; `campaign` is 0 for one that becomes a new campaign."""

    number: int
    campaign: int
    slug: str
    division: str
    text: str
    revision: int
    changed_at: datetime
    changed_by: int
    changed_name: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One published version and how it came to be."""

    version: int
    text: str
    sha256: str
    published_at: datetime
    published_by: str
    signed_off_by: str


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What came of trying a draft as it stood at `revision`; `summary` is the trial's own."""

    job: int
    revision: int
    source_title: str
    first_day: date
    last_day: date
    tried_at: datetime
    tried_name: str
    summary: dict[str, Any]


def trials(draft: int) -> list[TrialRow]:
    """What was tried of a draft, newest first, at most TRIALS_MAX, without summaries. One query."""
    rows = SheetTrial.objects.filter(draft=draft).defer("summary").order_by("-pk")[:TRIALS_MAX]
    return [_trial(row, {}) for row in rows]


def trial(draft: int, job: int) -> TrialRow | None:
    """One trial of a draft. One query."""
    row = SheetTrial.objects.filter(draft=draft, job=job).first()
    return None if row is None else _trial(row, row.summary)


def drafts(divisions: tuple[str, ...]) -> list[DraftRow]:
    """The drafts of these divisions, the newest change first, at most DRAFTS_MAX. One query."""
    rows = _inside(divisions).order_by("-changed_at", "-pk")[:DRAFTS_MAX]
    return [_draft(row) for row in rows]


def draft(number: int, divisions: tuple[str, ...]) -> DraftRow | None:
    """One draft of these divisions. One query."""
    row = _inside(divisions).filter(pk=number).first()
    return _draft(row) if row is not None else None


def versions(campaign: int) -> list[VersionRow]:
    """A campaign's versions, newest first, at most VERSIONS_MAX. One query."""
    rows = SheetVersion.objects.filter(campaign=campaign).order_by("-version")[:VERSIONS_MAX]
    return [
        VersionRow(row.version, row.text, row.sha256, row.published_at, row.published_by, row.signed_off_by)
        for row in rows
    ]


def newest_text(campaign: int) -> str:
    """The text of a campaign's newest version; "" where there is none. One query."""
    newest = SheetVersion.objects.filter(campaign=campaign, version=F("campaign__newest_version"))
    return newest.values_list("text", flat=True).first() or ""


def draft_troubles(
    found: DraftRow, text: str, divisions: tuple[str, ...], now: datetime, *, is_signed: bool = True
) -> RuleSheet | list[SheetTrouble]:
    """The rules of a draft that may be published as it is; or everything that speaks against it.

    Beside what the file's own checks and `check_history` refuse: a new campaign under a published one's
    name, a version under another name than its campaign's, and a new campaign whose place or counting
    division lies outside `divisions`, those of whoever would publish. All are told together. Four queries.
    """
    told, sheet = reads.checked(text), reads.readable(text)
    if sheet is None:
        return told
    published = reads.published()
    troubles = told if isinstance(told, list) else []
    troubles = troubles + _scope_troubles(found, sheet, text, published, divisions)
    troubles += check_history(sheet, text, published, now, is_signed=is_signed)
    return sorted(troubles, key=lambda each: (each.line, each.field)) or sheet


def _scope_troubles(
    found: DraftRow, sheet: RuleSheet, text: str, published: Sequence[Published], divisions: tuple[str, ...]
) -> list[SheetTrouble]:
    lines = lines_of(text)
    out = []

    def add(field: str, value: str, allowed: Allowed, *values: str) -> None:
        out.append(SheetTrouble(line_of(lines, (field,)), field, f'"{value}"', allowed, values))

    if found.campaign and sheet.campaign != found.slug:
        add("campaign", sheet.campaign, Allowed.AS_PUBLISHED, found.slug)
    if not found.campaign and any(each.sheet.campaign == sheet.campaign for each in published):
        add("campaign", sheet.campaign, Allowed.FREE_NAME)
    asked = (
        {"place": sheet.place}
        if found.campaign
        else {"place": sheet.place, "counts_within": sheet.counts_within}
    )
    for field, code in asked.items():
        if not code.startswith(divisions):
            add(field, code, Allowed.OWN_DIVISION)
    return out


def _trial(row: SheetTrial, summary: dict[str, Any]) -> TrialRow:
    days = (row.first_day, row.last_day)
    return TrialRow(row.job, row.revision, row.source_title, *days, row.tried_at, row.tried_name, summary)


def _inside(divisions: tuple[str, ...]) -> QuerySet[SheetDraft]:
    inside = Q(pk__in=())
    for division in divisions:
        inside |= Q(division__startswith=division)
    return SheetDraft.objects.filter(inside).select_related("campaign")


def _draft(row: SheetDraft) -> DraftRow:
    campaign: Campaign | None = row.campaign
    return DraftRow(
        row.pk,
        campaign.pk if campaign else 0,
        campaign.slug if campaign else "",
        row.division,
        row.text,
        row.revision,
        row.changed_at,
        row.changed_by,
        row.changed_name,
    )
