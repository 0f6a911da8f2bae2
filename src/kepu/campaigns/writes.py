"""Publishing rule sheets."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from kepu.campaigns import policy, reads
from kepu.campaigns.models import Campaign, SheetVersion
from kepu.campaigns.rules import Policy, Published, RuleSheet
from kepu.campaigns.sheet import Allowed, SheetTrouble, parse_sheet
from kepu.campaigns.sheet.lines import lines_of
from kepu.campaigns.sheet.parse import plain
from kepu.campaigns.sheet.troubles import Troubles

NAME_MAX = 80
# Volumes of two measures are never added (SPEC, rule of honesty 1), and a board's people stay the same.
UNCHANGING = ("measure", "place", "counts_within")


@transaction.atomic
def publish_sheet(
    text: str, by: str, signed_off_by: str | None, now: datetime
) -> Published | list[SheetTrouble]:
    """The sheet is the newest version of its campaign (the first makes the campaign); or all its troubles.

    The newest version's text again publishes nothing. Refused beside what `reads.checked` refuses: policy
    `notice` without a name that signs off its conflicts, which are kept with it; a new version with
    another measure, place or counting division; a campaign that would count where and when another does.
    """
    assert by.strip()
    assert max(len(by), len(signed_off_by or "")) <= NAME_MAX
    text = plain(text)
    sheet = reads.checked(text)
    if isinstance(sheet, list):
        return sheet
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    others = {each.sheet.campaign: each for each in reads.published()}
    before = others.pop(sheet.campaign, None)
    if before is not None and before.sha256 == sha256:
        return before
    troubles = Troubles(lines_of(text))
    if sheet.policy is Policy.NOTICE and not (signed_off_by or "").strip():
        troubles.add(("policy",), sheet.policy.value, Allowed.SIGN_OFF)
    if before is not None:
        _check_unchanged(sheet, before.sheet, troubles)
    _check_alone(sheet, list(others.values()), troubles)
    if troubles.found:
        return troubles.in_order()
    stored = _stored(sheet, text, sha256)
    stored.published_by, stored.signed_off_by, stored.published_at = by, (signed_off_by or ""), now
    stored.save(force_insert=True)
    final = parse_sheet(text, stored.version)
    assert isinstance(final, RuleSheet)
    return Published(stored.campaign_id, final, sha256)


def _stored(sheet: RuleSheet, text: str, sha256: str) -> SheetVersion:
    campaign, _made = Campaign.objects.select_for_update().get_or_create(slug=sheet.campaign)
    campaign.newest_version += 1
    campaign.save(update_fields=["newest_version"])
    return SheetVersion(
        campaign=campaign,
        version=campaign.newest_version,
        text=text,
        sha256=sha256,
        conflicts=[_conflict(each) for each in policy.conflicts_of(sheet)],
    )


def _conflict(conflict: policy.Conflict) -> dict[str, Any]:
    clause = conflict.clause
    return {
        "document": clause.document,
        "issued_on": clause.issued_on.isoformat(),
        "clause": clause.clause,
        "says": clause.says,
        "source": clause.source,
        "features": [feature.value for feature in conflict.features],
    }


def _check_unchanged(sheet: RuleSheet, before: RuleSheet, troubles: Troubles) -> None:
    for field in UNCHANGING:
        now_stated, stated = str(getattr(sheet, field)), str(getattr(before, field))
        if now_stated != stated:
            troubles.add((field,), now_stated, Allowed.AS_PUBLISHED, stated)


def _check_alone(sheet: RuleSheet, others: list[Published], troubles: Troubles) -> None:
    """Two campaigns that count in the same division on the same day would take each other's volume."""
    for other in others:
        apart = sheet.closes_at <= other.sheet.opens_at or other.sheet.closes_at <= sheet.opens_at
        if other.sheet.counts_within == sheet.counts_within and not apart:
            troubles.add(("counts_within",), sheet.counts_within, Allowed.FREE_PERIOD, other.sheet.campaign)
