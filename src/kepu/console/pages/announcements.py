"""通知: written or taken from a reminder, seen exactly as it goes out, confirmed once, sent as long work."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.console import announcing, deeds, labels
from kepu.console.announcing import Preview
from kepu.console.scope import is_inside, me, within
from kepu.jobs import reads as jobs
from kepu.jobs.rules import ENDED
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.people.reads.announcements import (
    AnnouncementRow,
    announcement,
    announcement_sealed,
    announcements,
    not_yet_told,
    texts_left_today,
)
from kepu.people.reads.words import audience_text, text_state_text
from kepu.people.rules import Ability, Announced, Audience, TextState, text_pieces
from kepu.people.rules.announcing import ANNOUNCED_LENGTH_MAX, is_night
from kepu.people.writes.announcements import Confirmed, announced_text, keep_announcement, note_job
from kepu.regions import reads as regions
from kepu.regions.rules import is_code

PAGE_SIZE = 25
START_MAX = 100_000
# The same text to the same people within this time is more likely a slip than meant.
ASKED_AGAIN_FOR = timedelta(hours=1)
STILL_TO_SEND = (TextState.WAITING, TextState.OVER_BUDGET)
LINKS = (
    ("/", gettext_noop("Home page")),
    ("/me/certification/", gettext_noop("Certification")),
    ("/me/", gettext_noop("My page")),
    ("/discover/", gettext_noop("Articles")),
)


@require_safe
def announcements_page(request: HttpRequest) -> HttpResponse:
    """What was announced inside my divisions, newest first, with what became of it; the reminders."""
    inside, now = within(request, Ability.ANNOUNCE), clock.now()
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = announcements(inside, start, PAGE_SIZE)
    states = jobs.states([row.job for row in page.rows if row.ended_at is None])
    context = {
        "header_title": _("Announcements"),
        "header_icon": "mail",
        "rows": [_shown(row) | {"is_stopped": announcing.is_stopped(row, states)} for row in page.rows],
        "reminders": announcing.reminders(inside[0], now),
        "left": texts_left_today(clock.day_of(now)),
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/announcements.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_page(request: HttpRequest) -> HttpResponse:
    """The form, empty or from ?reminder=; POST with act=preview shows what would go out."""
    inside, now = within(request, Ability.ANNOUNCE), clock.now()
    if request.method != "POST" or request.POST.get("act") != "preview":
        return _form(request, inside, now, "")
    wanted = _wanted(request, inside, now)
    if isinstance(wanted, str):
        return _form(request, inside, now, wanted)
    return _preview(request, wanted, now, "")


@require_POST
def send_page(request: HttpRequest) -> HttpResponse:
    """What was shown is on its way, once however often this is pressed; other counts are shown first.

    Texts in the night are asked for once more.
    """
    inside, now = within(request, Ability.ANNOUNCE), clock.now()
    preview = announcing.opened(request.POST.get("preview", ""))
    if preview is None:
        return _form(request, inside, now, _("The preview is too old. Look at it again before you send it."))
    announced = preview.announced
    if not _is_inside(announced, inside):
        raise Http404
    known = announcement_sealed(preview.seal)
    if known is not None:
        messages.warning(request, _("This went out already. To send it again, look at it again first."))
        return redirect("console_announcement", known)
    trouble = announcing.trouble_of(announced, now)
    if trouble:
        return _form(request, inside, now, trouble)
    if announced.by_text and is_night(now) and request.POST.get("at_night") != "1":
        return _preview(request, announced, now, _("It is night: say once more that the texts go out now."))
    if announcing.reach_of(announced) != preview.reach:
        return _preview(request, announced, now, _("The counts changed meanwhile. Look again, then send."))
    number = _keep(request, preview, now)
    if number is None:
        return _form(request, inside, now, _("Too much long work of yours waits. Try again later."))
    return redirect("console_announcement", number)


@never_cache
@require_safe
def announcement_page(request: HttpRequest, number: int) -> HttpResponse:
    """One announcement inside my divisions: how far it is, who was told, who not and why.

    If its work stopped: how many are left, and what may be done.
    """
    row = announcement_of(request, number)
    job = jobs.job(row.job, me(request))
    is_stopped = announcing.is_stopped(row, jobs.states([row.job]))
    context = {
        "header_title": _("Announcement %(number)s") % {"number": number},
        "header_icon": "mail",
        **_shown(row),
        "job": job
        and {"job": job, "state_label": labels.JOB_STATES[job.state], "has_ended": job.state in ENDED},
        "place": _place_text(row.announced),
        "texts": [(text_state_text(state), count) for state, count in sorted(row.result.texts.items())],
        "is_stopped": is_stopped,
    }
    if is_stopped:
        context["why_not"] = announcing.trouble_of(row.announced, clock.now())
        context["left"] = not_yet_told(number, announcing.done_with(row.announced))
        context["texts_left"] = sum(row.result.texts.get(state, 0) for state in STILL_TO_SEND)
    return render(request, "console/announcement.html", context)


def announcement_of(request: HttpRequest, number: int) -> AnnouncementRow:
    """An announcement inside the divisions where whoever asks may announce; else 404."""
    inside, row = within(request, Ability.ANNOUNCE), announcement(number)
    if row is None or not _is_inside(row.announced, inside):
        raise Http404
    return row


def _keep(request: HttpRequest, preview: Preview, now: datetime) -> int | None:
    """Announcement, long work and record stand together or not at all; None when too much work waits."""
    announced = preview.announced
    pieces = text_pieces(announced_text(announced.text))
    texts = preview.reach.hearing * pieces if announced.by_text else 0
    confirmed = Confirmed(preview.seal, preview.reach, texts, me(request))
    with transaction.atomic():
        number = keep_announcement(announced, confirmed, now)
        if number is None:  # confirmed a moment ago by the same press
            return announcement_sealed(preview.seal)
        title = f"{_('Announcement')} {number}"
        job = ask_job("send_announcement", title, {"announcement": number}, me(request), now)
        if job is None:
            transaction.set_rollback(True)
            return None
        note_job(number, job)
        after = {
            "text": announced.text,
            "audience": audience_text(announced.audience),
            "people": preview.reach.hearing,
            "texts": texts,
        }
        deeds.keep(request, "send_announcement", f"#{number}", announced.division, now, ({}, after))
    messages.success(request, _("It is being sent."))
    return number


def _wanted(request: HttpRequest, inside: tuple[str, ...], now: datetime) -> Announced | str:
    """The announcement as typed, or what is wrong with it."""
    stated = request.POST
    text = " ".join(stated.get("text", "").replace("\x00", "").split())
    audience = next((each for each in Audience if each.value == stated.get("audience")), None)
    place = _place(stated.get("place", ""))
    if not 0 < len(text) <= ANNOUNCED_LENGTH_MAX:
        return _("Write the text, at most %(most)s characters.") % {"most": ANNOUNCED_LENGTH_MAX}
    if audience is None:
        return _("Choose for whom it is.")
    if place is None:
        return _("Choose the place.")
    link = stated.get("link", "/") if stated.get("link") in dict(LINKS) else "/"
    announced = Announced(text, link, audience, *place, stated.get("by_text") == "1")
    if not _is_inside(announced, inside):
        raise Http404
    goal = announcing.goal_in(announced.division, now) if audience is Audience.BEHIND else None
    if goal is not None and not goal.why_not:
        announced = replace(announced, goal=(goal.campaign, goal.window, goal.volume))
    return announcing.trouble_of(announced, now) or announced


def _place(text: str) -> tuple[str, int] | None:
    """`all`, a division's code, or `u` and a unit's id; as (division, unit)."""
    if text == "all":
        return "", 0
    if text.startswith("u"):
        unit = people.unit(whole_number(text[1:], 0, 2**31 - 1, 0))
        return (unit.division, unit.id) if unit is not None else None
    return (text, 0) if is_code(text) else None


def _is_inside(announced: Announced, inside: tuple[str, ...]) -> bool:
    return is_inside(announced.division, inside)


def _form(request: HttpRequest, inside: tuple[str, ...], now: datetime, trouble: str) -> HttpResponse:
    stated = request.POST if request.method == "POST" else request.GET
    place = stated.get("place", "") or inside[0] or "all"
    picked = _place(place)
    division = picked[0] if picked is not None and is_inside(picked[0], inside) else inside[0]
    offered = announcing.reminders(division, now)
    reminder = next((each for each in offered if each.name == stated.get("reminder")), None)
    trouble = trouble or (reminder.why_not if reminder is not None else "")
    filled = reminder if reminder is not None and not reminder.why_not else None
    behind = next(each for each in offered if each.audience is Audience.BEHIND)
    context = {
        "header_title": _("New announcement"),
        "header_icon": "mail",
        "trouble": trouble,
        "text": stated.get("text") or (filled.text if filled else ""),
        "audience": stated.get("audience") or (filled.audience if filled else Audience.COMMUNICATORS).value,
        "link": stated.get("link") or (filled.link if filled else "/"),
        "by_text": stated.get("by_text") == "1",
        "places": _places(inside, division),
        "place": place,
        "audiences": [
            (each.value, audience_text(each), behind.why_not if each is Audience.BEHIND else "")
            for each in Audience
        ],
        "links": [(to, _(words)) for to, words in LINKS],
        "length_max": ANNOUNCED_LENGTH_MAX,
        "left": texts_left_today(clock.day_of(now)),
    }
    return render(request, "console/announcement_write.html", context, status=422 if trouble else 200)


def _places(inside: tuple[str, ...], division: str) -> list[tuple[str, str]]:
    """Where it may go: my divisions, and what lies in the one picked: divisions, in a town its units."""
    codes = [*inside, *([division] if division not in inside else [])]
    names = regions.full_names(code for code in codes if code)
    found = [(code or "all", names.get(code, code) if code else str(_("Everywhere"))) for code in codes]
    if len(division) >= 9:
        found += [(f"u{unit.id}", f"　{unit.name}") for unit in people.units_within(division)[:500]]
    else:
        found += [(each.code, f"　{each.name}") for each in regions.children(division).rows]
    return found


def _preview(request: HttpRequest, announced: Announced, now: datetime, trouble: str) -> HttpResponse:
    shown, before = announcing.reach_of(announced), announcing.sent_before(announced)
    left = texts_left_today(clock.day_of(now))
    text = announced_text(announced.text)
    pieces = text_pieces(text)
    place = f"u{announced.unit}" if announced.unit else announced.division or "all"
    context = {
        "header_title": _("Look before you send"),
        "header_icon": "mail",
        "trouble": trouble,
        "announced": announced,
        "audience": audience_text(announced.audience),
        "place": _place_text(announced),
        "place_value": place,
        "link": _(dict(LINKS)[announced.link]),
        "reach": shown,
        "unwilling": shown.meant - shown.hearing,
        "sms": text,
        "pieces": pieces,
        "texts": shown.hearing * pieces,
        "left": left,
        "short": max(0, shown.hearing - left // pieces),
        "before": before if before is not None and before[1] > now - ASKED_AGAIN_FOR else None,
        "preview": announcing.sealed(announced, shown, before[0] if before is not None else 0),
        "is_night": announced.by_text and is_night(now),
    }
    return render(request, "console/announcement_preview.html", context, status=409 if trouble else 200)


def _place_text(announced: Announced) -> str:
    if announced.unit:
        unit = people.unit(announced.unit)
        return f"{regions.full_name(announced.division[:9])} {unit.name if unit is not None else ''}"
    return regions.full_name(announced.division) if announced.division else str(_("Everywhere"))


def _shown(row: AnnouncementRow) -> dict[str, Any]:
    return {
        "row": row,
        "audience": audience_text(row.announced.audience),
        "sent": sum(count for state, count in row.result.texts.items() if state.value == "sent"),
        "not_sent": sum(count for state, count in row.result.texts.items() if state.value != "sent"),
    }
