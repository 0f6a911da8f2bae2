"""Trying a draft's rules on the last 90 days or on a past campaign before publishing them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kepu.campaigns import reads
from kepu.campaigns.reads import drafts
from kepu.campaigns.reads.drafts import DraftRow
from kepu.campaigns.rules import Published, RuleSheet, last_day_of
from kepu.campaigns.sheet import parse_sheet
from kepu.console import deeds
from kepu.console.pages.campaign_drafts import draft_of, tabs_of, title_of
from kepu.console.scope import is_inside, me, within
from kepu.console.trials import BANDS
from kepu.jobs import reads as jobs
from kepu.jobs.rules import ENDED
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people.rules import Ability
from kepu.ui.charts import percent

DAYS = 90


@require_http_methods(["GET", "HEAD", "POST"])
def try_page(request: HttpRequest, draft: int) -> HttpResponse:
    """Which entries to try the draft's rules on, and what was tried before; ?trial= shows one of these.

    A POST begins a trial as long work. It changes nothing. At most 14 queries.
    """
    found, now = draft_of(request, draft), clock.now()
    divisions, today = within(request, Ability.CAMPAIGNS), clock.day_of(now)
    asked = whole_number(request.GET.get("trial"), 0, 2**53, 0)
    if request.method != "POST" and asked:
        return _kept_trial(request, found, asked)
    sources = [
        each
        for each in reads.published()
        if is_inside(each.sheet.place, divisions) and each.sheet.opens_at <= now
    ]
    is_sheet = isinstance(parse_sheet(found.text), RuleSheet)
    if request.method == "POST" and is_sheet:
        number = whole_number(request.POST.get("source"), 0, 2**31 - 1, 0)
        source = next((each for each in sources if each.number == number), None)
        if source is None:
            raise Http404
        whole = request.POST.get("days") != str(DAYS)
        first, last = clock.day_of(source.sheet.opens_at), min(last_day_of(source.sheet.closes_at), today)
        first = first if whole else max(first, last - timedelta(days=DAYS - 1))
        wants = {"text": found.text, "source": number, "first": f"{first}", "last": f"{last}", "whole": whole}
        wants |= {"draft": draft, "revision": found.revision, "source_title": source.sheet.title}
        with transaction.atomic():
            job = ask_job(
                "try_rules", _("Trial: %(title)s") % {"title": title_of(found)}, wants, me(request), now
            )
            if job is not None:
                about = {"campaign": source.sheet.title, "first_day": f"{first}", "last_day": f"{last}"}
                deeds.keep(request, "try_rules", title_of(found), found.division, now, ({}, about))
        if job is not None:
            return redirect("console_job", job)
        messages.error(request, _("Too much long work of yours is under way. Wait until some is done."))
    context = {
        "header_title": _("Try the rules: %(title)s") % {"title": title_of(found)},
        "header_icon": "view",
        "draft": found,
        "tabs": tabs_of(found, "try", ()),
        "sources": [(each, _first_choice(each, found.campaign)) for each in sources],
        "is_sheet": is_sheet,
        "days": DAYS,
        "kept": drafts.trials(draft),
        "draft_revision": found.revision,
    }
    return render(request, "console/draft_try.html", context)


@require_safe
def trial_page(request: HttpRequest, job: int) -> HttpResponse:
    """What a trial of mine came to. One query beside the session's."""
    within(request, Ability.CAMPAIGNS)
    found = jobs.job(job, me(request))
    if found is None or found.kind != "try_rules":
        raise Http404
    if found.state not in ENDED or "trial" not in found.words:
        return redirect("console_job", job)
    wants = found.wants
    about = {name: wants.get(name, "") for name in ("draft", "source_title", "first", "last")}
    return _shown(request, found.title, found.words["trial"], about | {"file_of": found.file and job})


def _kept_trial(request: HttpRequest, draft: DraftRow, number: int) -> HttpResponse:
    """What came of a trial, whoever of us asked for it, and whether the draft is still the same."""
    kept = drafts.trial(draft.number, number)
    if kept is None:
        raise Http404
    job = jobs.job(number, me(request))
    about = {
        "draft": draft.number,
        "source_title": kept.source_title,
        "first": kept.first_day.isoformat(),
        "last": kept.last_day.isoformat(),
        "tried_at": kept.tried_at,
        "tried_name": kept.tried_name,
        "is_old": kept.revision != draft.revision,
        "file_of": number if job is not None and job.file else 0,
    }
    return _shown(request, _("Trial: %(title)s") % {"title": title_of(draft)}, kept.summary, about)


def _shown(request: HttpRequest, title: str, trial: dict[str, Any], about: dict[str, Any]) -> HttpResponse:
    context = {
        "header_title": title,
        "header_icon": "view",
        "about": about,
        "trial": trial,
        "points_change": trial["points"][1] - trial["points"][0],
        "bars": _bars(trial["kinds"]),
        "bands": _band_bars(trial.get("bands", ())),
    }
    return render(request, "console/trial.html", context)


def _band_bars(bands: Sequence[list[int]]) -> list[dict[str, Any]]:
    """How many people gain or lose how much: bands of points with the width of their bar."""
    most = max((count for _least, _most, count in bands), default=0)
    out = []
    for low, high, count in bands:
        least, greatest = sorted((abs(low), abs(high)))
        out.append(
            {
                "least": least,
                "most": greatest,
                "is_open": greatest == BANDS[-1],
                "is_loss": high < 0,
                "count": count,
                "width": percent(count, most or 1),
            }
        )
    return out


def _bars(kinds: list[list[Any]]) -> list[dict[str, Any]]:
    most = max((max(before, after) for _kind, before, after in kinds), default=0)
    return [
        {
            "kind": kind,
            "before": before,
            "after": after,
            "change": after - before,
            "widths": [percent(before, most or 1), percent(after, most or 1)],
        }
        for kind, before, after in kinds
    ]


def _first_choice(each: Published, campaign: int) -> bool:
    return each.number == campaign
