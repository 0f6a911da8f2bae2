"""Sending an export in two steps: the file, then what its columns mean and which period it covers."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kepu.campaigns.rules import Published
from kepu.console import deeds, labels
from kepu.console.scope import me, within
from kepu.documents.reading import FILE_BYTES_MAX, SheetTrouble
from kepu.figures import reads, writes
from kepu.figures.reads import FileRow
from kepu.figures.rules import (
    Headings,
    Layout,
    Match,
    Period,
    Refused,
    Role,
    Span,
    Trouble,
    day_of,
    guessed_columns,
    guessed_match,
    guessed_span,
    layout_digest,
    plain_heading,
)
from kepu.jobs import reads as jobs
from kepu.jobs import writes as job_writes
from kepu.jobs.rules import ENDED, Job
from kepu.kit import clock
from kepu.people.rules import Ability, masked_name

SALT = "kepu.console.figures"
TOKEN_SECONDS = 3600


@require_http_methods(["GET", "HEAD", "POST"])
def send_page(request: HttpRequest) -> HttpResponse:
    """First step: the campaign and the file. Nothing is parsed here; the worker reads it."""
    divisions = within(request, Ability.FIGURES)
    offered = reads.campaigns_for(divisions)
    trouble = ""
    if request.method == "POST":
        chosen = next((each for each in offered if str(each.number) == request.POST.get("campaign")), None)
        upload = request.FILES.get("file")
        answer = _kept(request, chosen, upload)
        if not isinstance(answer, str):
            return answer
        trouble = answer
    context = {
        "header_title": _("Bring in official figures"),
        "campaigns": [(each.number, each.sheet.title) for each in offered],
        "chosen": request.POST.get("campaign", ""),
        "trouble": trouble,
    }
    return render(request, "console/figures_send.html", context, status=422 if trouble else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def layout_page(request: HttpRequest, token: str) -> HttpResponse:
    """Second step, once the worker has read the file: what its columns mean (remembered for these headings),
    how rows match, the period. Until then how far it is; htmx asks again for the part alone.
    """
    divisions = within(request, Ability.FIGURES)
    held = _held(request, token)
    published = next((p for p in reads.campaigns_for(divisions) if p.number == held["campaign"]), None)
    job = jobs.job(held["job"], me(request))
    if published is None or job is None:
        raise Http404
    if "read" not in job.words:
        return _not_read(request, token, str(held["name"]), job)
    draft = reads.draft(str(job.words["read"]))
    if draft is None:
        raise Http404
    known = reads.remembered(divisions, layout_digest(draft.found.texts))
    trouble = ""
    if request.method == "POST":
        layout = _stated_layout(request.POST, draft.found)
        what = (str(held["name"]), draft.sha256, _stated_period(request.POST))
        file = _sent(request, published, layout, what, str(job.words["read"]))
        if not isinstance(file, Refused):
            return redirect("console_figures_file", file.number)
        if file.trouble is Trouble.SAME_FILE:
            messages.warning(request, reads.trouble_text(file))
            return redirect("console_figures_file", file.other)
        known, trouble = layout, reads.trouble_text(file)
    context = {
        "header_title": _("What the columns mean"),
        "token": token,
        "name": held["name"],
        "campaign": published.sheet.title,
        "is_remembered": known is not None and known.number > 0,
        "enters": published.sheet.measure == "imported",
        "rows": draft.rows,
        "heading_row": draft.found.first_row,
        **_fields(request.POST, known or _guessed(draft.found), draft.found),
        "samples": _names_masked(draft.samples, known or _guessed(draft.found)),
        "trouble": trouble,
    }
    return _in_place(request, "layout", context, 422 if trouble else 200)


def _not_read(request: HttpRequest, token: str, name: str, job: Job) -> HttpResponse:
    """How far the reading is, or what is wrong with the file."""
    context = {
        "header_title": _("What the columns mean"),
        "token": token,
        "name": name,
        "has_ended": job.state in ENDED,
        "trouble": job.words.get("said", ""),
    }
    return _in_place(request, "reading", context, 200)


def _in_place(request: HttpRequest, what: str, context: dict[str, Any], status: int) -> HttpResponse:
    """The page, or only the part that takes the place of the one that waits."""
    part_only = request.headers.get("HX-Request") == "true"
    template = f"console/_figures_{what}.html" if part_only else "console/figures_layout.html"
    part = f"console/_figures_{what}.html"
    response = render(request, template, {**context, "part": part}, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _kept(request: HttpRequest, chosen: Published | None, upload: Any) -> HttpResponse | str:
    """On to the second step, or what is wrong already; the worker reads the file."""
    if chosen is None:
        return reads.trouble_text(Refused(Trouble.NO_CAMPAIGN))
    if upload is None:
        return _("Choose a file.")
    if (upload.size or 0) > FILE_BYTES_MAX:
        return str(labels.SHEET_TROUBLES[SheetTrouble.TOO_LARGE])
    name = (upload.name or "")[-120:]
    title = _("Reading %(name)s") % {"name": name}
    wants = {"upload": writes.keep_export(upload.read())}
    job = job_writes.ask_job("parse_figures", title, wants, me(request), clock.now())
    if job is None:
        writes.forget_draft(wants["upload"])
        return _("Too much of your long work is under way. Wait until some of it has ended.")
    held = {"by": me(request), "campaign": chosen.number, "job": job, "name": name}
    return redirect("console_figures_layout", signing.dumps(held, salt=SALT))


def _held(request: HttpRequest, token: str) -> Mapping[str, Any]:
    """What the first step kept; 404 for anybody else, and after an hour."""
    try:
        held: Mapping[str, Any] = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    if held["by"] != me(request):
        raise Http404
    return held


def _sent(
    request: HttpRequest,
    published: Published,
    layout: Layout,
    what: tuple[str, str, Period],
    read: str,
) -> FileRow | Refused:
    """The layout is remembered, the file kept and its reading asked for, all or nothing."""
    division, now = reads.division_for(published, within(request, Ability.FIGURES)), clock.now()
    with transaction.atomic():
        kept = writes.keep_layout(layout, division, me(request), now)
        if isinstance(kept, Refused):
            return kept
        file = writes.send_file(published, division, kept, what, me(request), now)
        if isinstance(file, Refused):
            transaction.set_rollback(True)
            return file
        _ask(request, file, read, now)
        subject = f"{file.number} {file.name} sha256:{file.sha256[:16]}"
        after = {"first_day": file.period.first_day, "last_day": file.period.last_day, "layout": kept.name}
        deeds.keep(request, "send_figures", subject, division, now, ({}, after))
    return file


def _ask(request: HttpRequest, file: FileRow, read: str, now: datetime) -> None:
    title = _("Official figures, file %(number)s") % {"number": file.number}
    wants = {"file": file.number, "read": read}
    writes.keep_job(file.number, job_writes.ask_job("read_figures", title, wants, me(request), now) or 0)


def _stated_layout(form: QueryDict, found: Headings) -> Layout:
    places = {role: form.get(f"column_{role.value}", "") for role in Role}
    columns = {
        role: int(place)
        for role, place in places.items()
        if place.isascii() and place.isdigit() and len(place) < 4 and int(place) < len(found.texts)
    }
    return Layout(
        name=form.get("name", "").strip()[:40] or _("Monthly report"),
        headings=found.texts,
        columns=columns,
        match=next((each for each in Match if each == form.get("match")), Match.PHONE),
        span=next((each for each in Span if each == form.get("span")), Span.PERIOD),
        figure=form.get("figure", "").strip()[:20],
    )


def _stated_period(form: QueryDict) -> Period:
    """The month, or the days; for what is no day a period that is refused."""
    month = day_of(form.get("month", "") + "-01")
    if month is not None:
        year, number = month // 10_000, month // 100 % 100
        return Period(month, month - 1 + monthrange(year, number)[1])
    first, last = day_of(form.get("first_day", "")), day_of(form.get("last_day", ""))
    return Period(first or last or 1, last or 0)


def _guessed(found: Headings) -> Layout:
    columns = guessed_columns(found.texts)
    volume = columns.get(Role.VOLUME)
    figure = plain_heading(found.texts[volume]).rpartition("/")[2] if volume is not None else ""
    match, span = guessed_match(columns), guessed_span(columns, found.texts)
    return Layout("", found.texts, columns, match, span, figure.removeprefix("累计"))


def _fields(form: QueryDict, layout: Layout, found: Headings) -> dict[str, Any]:
    """The form's choices, with what is chosen."""
    places = [(str(place), text or f"({place + 1})") for place, text in enumerate(found.texts)]
    columns = {role.value: str(place) for role, place in layout.columns.items()}
    return {
        "roles": [
            {"name": f"column_{role}", "label": label, "chosen": columns.get(role, ""), "places": places}
            for role, label in reads.choices(Role)
        ],
        "matches": [(value, label, value == layout.match) for value, label in reads.choices(Match)],
        "spans": [(value, label, value == layout.span) for value, label in reads.choices(Span)],
        "layout": layout,
        "month": form.get("month", _last_month(clock.day_of(clock.now()))),
        "first_day": form.get("first_day", ""),
        "last_day": form.get("last_day", ""),
    }


def _last_month(today: date) -> str:
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year}-{month:02d}"


def _names_masked(samples: Sequence[Sequence[str]], layout: Layout) -> list[list[str]]:
    column = layout.columns.get(Role.NAME)
    return [[masked_name(cell) if n == column else cell for n, cell in enumerate(row)] for row in samples]
