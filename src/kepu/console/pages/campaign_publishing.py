"""Publishing a draft: what speaks against it, what it changes, and who signs off its conflicts."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kepu.campaigns import reads, writes
from kepu.campaigns.reads import drafts, words
from kepu.campaigns.reads.drafts import DraftRow
from kepu.campaigns.rules import Policy, Published, RuleSheet, budget_of, tasks_total
from kepu.campaigns.sheet import SheetTrouble, table_of
from kepu.campaigns.writes import NAME_MAX, DraftNo
from kepu.console import deeds
from kepu.console.pages.campaign_drafts import draft_of, tabs_of, title_of
from kepu.console.pages.campaigns import compared
from kepu.console.scope import me, within
from kepu.console.sheet_boxes import section_of
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people.reads.members import staff_able
from kepu.people.rules import Ability

DRAFT_NOS: dict[DraftNo, str | Promise] = {
    DraftNo.GONE: gettext_lazy("This draft was published or thrown away meanwhile."),
    DraftNo.CHANGED: gettext_lazy(
        "This draft was changed since you looked. Look at it again before you publish."
    ),
    DraftNo.NEWER_VERSION: gettext_lazy(
        "Another version was published since you looked. See what you would change."
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def publish_page(request: HttpRequest, draft: int) -> HttpResponse:
    """What publishing would do; a POST does it, as I saw it and no other way. At most 20 queries."""
    found = draft_of(request, draft)
    if request.method != "POST":
        return _shown(request, found)
    if whole_number(request.POST.get("revision"), 0, 2**31 - 1, 0) != found.revision:
        return _shown(request, found, str(DRAFT_NOS[DraftNo.CHANGED]), 409)
    newest = whole_number(request.POST.get("newest"), 0, 2**31 - 1, 0)
    now = clock.now()
    signer = whole_number(request.POST.get("sign_off"), 0, 2**53, 0)
    sign_off = next((name for account, name in _signers(request, found) if account == signer), "")
    name = str(getattr(request.user, "display_name", ""))[:NAME_MAX]
    with transaction.atomic():
        done = writes.publish_draft(found, newest, within(request, Ability.CAMPAIGNS), (name, sign_off), now)
        if isinstance(done, Published):
            after = {"version": done.sheet.version, "sha256": done.sha256, "sign_off": sign_off}
            after |= {"account": signer} if sign_off else {}
            deeds.keep(request, "publish_sheet", done.sheet.campaign, done.sheet.place, now, ({}, after))
    if isinstance(done, Published):
        told = _("Version %(version)s is published and counts from now on.")
        if done.sheet.opens_at > now:
            told = _("Version %(version)s is published and counts from %(day)s on.")
        said = {"version": done.sheet.version, "day": clock.day_of(done.sheet.opens_at).isoformat()}
        messages.success(request, told % said)
        return redirect("console_campaign", done.number)
    if isinstance(done, DraftNo):
        return _shown(request, found, str(DRAFT_NOS[done]), 409)
    only_name = all(each.allowed == "sign_off" for each in done)
    told = _("Choose the colleague who has read these points and signs them off.") if only_name else ""
    return _shown(request, found, told, 422)


def _signers(request: HttpRequest, found: DraftRow) -> list[tuple[int, str]]:
    """The colleagues who may keep the campaign of a draft as well, (account, name). One query."""
    place = str(table_of(found.text).get("place", ""))
    return [each for each in staff_able(Ability.CAMPAIGNS, place) if each[0] != me(request)]


def _shown(request: HttpRequest, found: DraftRow, refusal: str = "", status: int = 200) -> HttpResponse:
    divisions, now = within(request, Ability.CAMPAIGNS), clock.now()
    checked = drafts.draft_troubles(found, found.text, divisions, now)
    troubles = checked if isinstance(checked, list) else []
    newest = next((each for each in reads.published() if each.number == found.campaign), None)
    before = drafts.newest_text(found.campaign) if newest is not None else ""
    context = {
        "header_title": _("Publish: %(title)s") % {"title": title_of(found)},
        "header_icon": "upload",
        "draft": found,
        "tabs": tabs_of(found, "publish", troubles),
        "troubles": [_trouble(each) for each in troubles],
        "newest": newest.sheet.version if newest is not None else 0,
        "compared": compared(before, found.text) if newest is not None else None,
        "refusal": refusal,
        **(_ready(checked, now) if not isinstance(checked, list) else {}),
    }
    if context.get("is_notice"):
        context["signers"] = _signers(request, found)
    return render(request, "console/draft_publish.html", context, status=status)


def _ready(sheet: RuleSheet, now: datetime) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "begins_on": clock.day_of(sheet.opens_at) if sheet.opens_at > now else None,
        "is_notice": sheet.policy is Policy.NOTICE,
        "conflicts": words.conflicts(sheet),
        "totals": tasks_total(sheet),
        "budget": sum(budget_of(each.tiers) for each in sheet.rounds),
    }


def _trouble(each: SheetTrouble) -> dict[str, str]:
    where, words_ = words.trouble_text(each)
    return {"where": where, "words": words_, "section": section_of(each.field)}
