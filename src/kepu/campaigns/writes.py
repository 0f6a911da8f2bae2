"""Publishing rule sheets, and keeping those somebody works on."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from kepu.campaigns import policy, reads
from kepu.campaigns.models import Campaign, SheetDraft, SheetTrial, SheetVersion, SiteSwitch
from kepu.campaigns.reads.asking import ask_again
from kepu.campaigns.reads.drafts import DraftRow, TrialRow, draft_troubles
from kepu.campaigns.reads.switches import site_off
from kepu.campaigns.rules import Published, RuleSheet, Switch
from kepu.campaigns.sheet import SheetTrouble, parse_sheet
from kepu.campaigns.sheet.history import check_history
from kepu.campaigns.sheet.parse import plain
from kepu.people import reads as people
from kepu.people.rules import Ability, may

NAME_MAX = 80
WHY_MAX = 200


class DraftNo(StrEnum):
    """Why a draft was neither saved nor published."""

    GONE = "gone"  # published or dropped meanwhile
    CHANGED = "changed"  # somebody saved it meanwhile
    NEWER_VERSION = "newer_version"  # another version was published since the page was shown


@transaction.atomic
def publish_sheet(
    text: str, by: str, signed_off_by: str | None, now: datetime
) -> Published | list[SheetTrouble]:
    """The sheet is the newest version of its campaign (the first makes the campaign); or all its troubles.

    The newest version's text again publishes nothing. Refused is what `reads.checked` and
    `sheet.history.check_history` refuse; the conflicts that were signed off are kept with the version.
    """
    assert by.strip()
    assert max(len(by), len(signed_off_by or "")) <= NAME_MAX
    text = plain(text)
    sheet = reads.checked(text)
    if isinstance(sheet, list):
        return sheet
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    ask_again()
    published = reads.published()
    before = next((each for each in published if each.sheet.campaign == sheet.campaign), None)
    if before is not None and before.sha256 == sha256:
        return before
    troubles = check_history(sheet, text, published, now, is_signed=bool((signed_off_by or "").strip()))
    if troubles:
        return troubles
    stored = _stored(sheet, text, sha256)
    stored.published_by, stored.signed_off_by, stored.published_at = by, (signed_off_by or ""), now
    stored.save(force_insert=True)
    ask_again()
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
        conflicts=[_row(each.clause, each.features) for each in policy.conflicts_of(sheet)],
        tested=[_row(each) for each in policy.clauses()],
        rule_book=policy.edition(),
    )


def _row(clause: policy.Clause, features: Sequence[policy.Feature] = ()) -> dict[str, Any]:
    return {
        "document": clause.document,
        "issued_on": clause.issued_on.isoformat() if clause.issued_on else "",
        "clause": clause.clause,
        "says": clause.says,
        "source": clause.source,
        "features": [feature.value for feature in features],
    }


def begin_draft(text: str, division: str, campaign: int, by: tuple[int, str], now: datetime) -> int:
    """The text is a draft of `division` to work on: its number.

    `campaign`: of which it will be a version, 0 for a new one; `by`: account and name.
    """
    account, name = by
    row = SheetDraft.objects.create(
        campaign_id=campaign or None,
        division=division,
        text=plain(text),
        begun_at=now,
        changed_at=now,
        changed_by=account,
        changed_name=name[:NAME_MAX],
    )
    return row.pk


@transaction.atomic
def save_draft(number: int, revision: int, text: str, by: tuple[int, str], now: datetime) -> int | DraftNo:
    """The draft says this, right or wrong: its new revision. Refused when it is no longer at `revision`."""
    row = SheetDraft.objects.select_for_update().filter(pk=number).first()
    if row is None:
        return DraftNo.GONE
    if row.revision != revision:
        return DraftNo.CHANGED
    row.text, row.revision, row.changed_at = plain(text), revision + 1, now
    row.changed_by, row.changed_name = by[0], by[1][:NAME_MAX]
    row.save(update_fields=["text", "revision", "changed_at", "changed_by", "changed_name"])
    return row.revision


def drop_draft(number: int) -> bool:
    """The draft is gone; False when it was before."""
    return bool(SheetDraft.objects.filter(pk=number).delete()[0])


def keep_trial(trial: TrialRow, draft: int, now: datetime) -> bool:
    """What came of a trial stands with its draft; the same one once. False: the draft is gone."""
    if not SheetDraft.objects.filter(pk=draft).exists():
        return False
    about = asdict(trial) | {"tried_at": now, "tried_name": trial.tried_name[:NAME_MAX]}
    SheetTrial.objects.get_or_create(draft_id=draft, job=about.pop("job"), defaults=about)
    return True


@transaction.atomic
def publish_draft(
    seen: DraftRow, newest: int, divisions: tuple[str, ...], by: tuple[str, str], now: datetime
) -> Published | list[SheetTrouble] | DraftNo:
    """The draft as it was `seen` is its campaign's newest version and no draft any more; or why not.

    `newest`: the version it was compared with (0: none); `divisions`: of whoever publishes; `by`: their name
    and that of whoever signs off what conflicts with today's rules ("": nobody).
    """
    row = SheetDraft.objects.select_for_update().filter(pk=seen.number).first()
    if row is None:
        return DraftNo.GONE
    if row.revision != seen.revision:
        return DraftNo.CHANGED
    if row.campaign_id and Campaign.objects.get(pk=row.campaign_id).newest_version != newest:
        return DraftNo.NEWER_VERSION
    troubles = draft_troubles(seen, row.text, divisions, now, is_signed=bool(by[1].strip()))
    if isinstance(troubles, list):
        return troubles
    done = publish_sheet(row.text, by[0], by[1].strip(), now)
    if isinstance(done, Published):
        row.delete()
    return done


@transaction.atomic
def turn_switch(switch: Switch, why: str, by: tuple[int, str], now: datetime, *, off: bool) -> bool:
    """The whole site does without a part, or has it again, and it is kept who turned it and why.

    False, and nothing is kept, where it stood so already, or where that is not theirs to do. `by`: account
    and name. Three queries.
    """
    assert why.strip()
    if not may(people.scopes_of(by[0]), Ability.SITE, ""):
        return False
    ask_again()
    if (switch in site_off()) is off:
        return False
    SiteSwitch.objects.create(
        switch=switch.value,
        is_off=off,
        why=why.strip()[:WHY_MAX],
        turned_at=now,
        turned_by=by[0],
        turned_name=by[1][:NAME_MAX],
    )
    ask_again()
    return True
