"""Bringing a roster in: the file, what each of its rows would do, and entering it whole or not at all."""

import hashlib
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.console import labels, roster_labels
from kepu.console.deeds import network_of
from kepu.console.scope import me, within
from kepu.console.tasks.rosters import preview_rows
from kepu.documents.reading import FILE_BYTES_MAX, Cell, SheetTrouble, read_sheet
from kepu.documents.writing import Column, Form, write_xlsx
from kepu.jobs.reads import folder
from kepu.jobs.writes import ask_job, keep_upload
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people.reads.roster_files import RosterFileRow, roster_file, roster_files
from kepu.people.rules import Ability
from kepu.people.rules.headings import ROSTER_ROWS_MAX, RosterColumn, headings
from kepu.people.rules.rosters import RowVerdict

PAGE_SIZE = 25
START_MAX = ROSTER_ROWS_MAX
NOTES = (
    "第一行是表头，从第二行起每人一行。姓名、手机号、单位必须填写，其余可以空着。",
    "单位：村（社区）名或 12 位代码；全县有同名的，请填写乡镇。",
    "类型：中国科协、省级、市级、区县级、乡镇街道、个人用户；空着为个人用户。",
    "机构：科协全称；空着为本县（市、区）科学技术协会。",
    "骨干：是或否；空着为否，已在册的人空着则不改动。",
    "认证日期：如 2026-03-05；空着为录入当天。",
)


@require_http_methods(["GET", "HEAD", "POST"])
def send_page(request: HttpRequest) -> HttpResponse:
    """A roster is sent; what is no table, or lacks a heading, is said here. My rosters below."""
    within(request, Ability.ROSTERS)
    trouble = ""
    if request.method == "POST":
        answer = _sent(request, request.FILES.get("file"))
        if not isinstance(answer, str):
            return answer
        trouble = answer
    context = {
        "header_title": _("Bring in a roster"),
        "header_icon": "upload",
        "trouble": trouble,
        "files": roster_files(me(request)),
        "notes": NOTES,
    }
    return render(request, "console/roster_send.html", context, status=422 if trouble else 200)


@require_safe
def roster_file_page(request: HttpRequest, file: int) -> HttpResponse:
    """What each row of my roster would do; ?verdict= narrows it. 25 rows a page, no query for them."""
    found = _mine(request, file)
    rows = preview_rows(file)
    asked = next((each for each in RowVerdict if each.value == request.GET.get("verdict")), None)
    chosen = [row for row in rows or () if asked is None or row["verdict"] == asked.value]
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    counts = found.counts
    context = {
        "header_title": found.file_name,
        "header_icon": "table",
        "file": found,
        "rows": [_shown(row) for row in chosen[start : start + PAGE_SIZE]],
        "is_forgotten": rows is None,
        "views": _views(counts, asked),
        "to_enter": counts.get("new", 0) + counts.get("changed", 0),
        "refused": counts.get("refused", 0),
        "asked": asked.value if asked is not None else "",
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": start + PAGE_SIZE if len(chosen) > start + PAGE_SIZE else None,
    }
    return render(request, "console/roster_file.html", context)


@require_POST
def enter_page(request: HttpRequest, file: int) -> HttpResponse:
    """What I saw is entered, as long work; twice changes nothing."""
    found, now = _mine(request, file), clock.now()
    wants = {
        "roster": found.number,
        "seen": request.POST.get("seen", "")[:64],
        "name": str(getattr(request.user, "display_name", "")),
        "network": network_of(request),
        "division": within(request, Ability.ROSTERS)[0],
    }
    title = _("Entering %(name)s") % {"name": found.file_name}
    job = ask_job("enter_roster", title, wants, me(request), now)
    if job is None:
        messages.error(request, _("Too much long work of yours is under way. Wait until some is done."))
        return redirect("console_roster_file", file)
    return redirect("console_job", job)


@require_safe
def refused_page(request: HttpRequest, file: int) -> FileResponse:
    """The refused rows as they were sent, each with its reason, to be mended and sent again."""
    found = _mine(request, file)
    upload, preview = folder() / found.upload, preview_rows(file)
    if preview is None or not upload.is_file():
        raise Http404
    rows = read_sheet(upload.read_bytes(), ROSTER_ROWS_MAX)
    top = headings(rows) if not isinstance(rows, SheetTrouble) else ()
    if isinstance(rows, SheetTrouble) or len(top) != 2 or not isinstance(top[1], dict):
        raise Http404
    days = {place for column, place in top[1].items() if column is RosterColumn.CERTIFIED}
    heads = [str(cell or "") for cell in rows[int(str(top[0]))]]
    columns = [
        *(Column(text, Form.DAY if place in days else Form.TEXT, 16) for place, text in enumerate(heads)),
        Column("原行号", Form.NUMBER, 8),
        Column("原因", width=50),
    ]
    refused = [
        (*_as_sent(rows[row["row"] - 1], days), row["row"], _reason(row))
        for row in preview
        if row["verdict"] == "refused"
    ]
    return _xlsx("需改正", columns, refused, f"需改正-{Path(found.file_name).stem}.xlsx")


@require_safe
def template_page(request: HttpRequest) -> FileResponse:
    """An empty roster with the headings, to be filled in."""
    within(request, Ability.ROSTERS)
    columns = [
        Column(text, Form.DAY if text == "认证日期" else Form.TEXT, 26 if text == "机构" else 16)
        for text in roster_labels.HEADINGS.values()
    ]
    return _xlsx("名册", columns, [], "名册模板.xlsx")


def _sent(request: HttpRequest, upload: Any) -> HttpResponse | str:
    """On to the job that looks at the file, or what is wrong with it."""
    if upload is None:
        return _("Choose a file.")
    if (upload.size or 0) > FILE_BYTES_MAX:
        return str(labels.SHEET_TROUBLES[SheetTrouble.TOO_LARGE])
    content = upload.read()
    rows = read_sheet(content, ROSTER_ROWS_MAX)
    if isinstance(rows, SheetTrouble):
        return str(labels.SHEET_TROUBLES[rows])
    top = headings(rows)
    if len(top) != 2 or not isinstance(top[1], dict):
        missing = "、".join(text for column, text in roster_labels.HEADINGS.items() if column in top)
        return _("These columns were not found: %(names)s. See the template.") % {"names": missing}
    if len(rows) <= int(str(top[0])) + 1:
        return str(labels.SHEET_TROUBLES[SheetTrouble.EMPTY])
    name = (upload.name or "")[-100:].replace("\x00", "")
    wants = {
        "upload": keep_upload(content),
        "file_name": name,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    job = ask_job(
        "look_at_roster", _("Looking at %(name)s") % {"name": name}, wants, me(request), clock.now()
    )
    if job is None:
        return _("Too much long work of yours is under way. Wait until some is done.")
    return redirect("console_job", job)


def _mine(request: HttpRequest, number: int) -> RosterFileRow:
    within(request, Ability.ROSTERS)
    found = roster_file(number, me(request))
    if found is None:
        raise Http404
    return found


def _views(counts: Any, asked: RowVerdict | None) -> list[dict[str, Any]]:
    every = [{"to": "?", "label": _("All rows"), "count": sum(counts.values()), "current": asked is None}]
    return every + [
        {
            "to": f"?verdict={verdict.value}",
            "label": label,
            "count": counts.get(verdict.value, 0),
            "current": verdict is asked,
        }
        for verdict, label in roster_labels.VERDICTS.items()
    ]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    verdict = RowVerdict(row["verdict"])
    return row | {"label": roster_labels.VERDICTS[verdict], "reason": _reason(row)}


def _reason(row: dict[str, Any]) -> str:
    """Why a row is refused: the column, and what to do."""
    if not row["trouble"]:
        return ""
    return f"{row['column']}：{roster_labels.trouble_text(row['trouble'], row['detail'])}"


def _as_sent(row: Sequence[Cell], days: set[int]) -> list[Cell]:
    """The cells as they came; a day outside the column of days is written out."""
    return [
        f"{cell:%Y-%m-%d}" if isinstance(cell, date) and place not in days else cell
        for place, cell in enumerate(row)
    ]


def _xlsx(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], file_name: str
) -> FileResponse:
    with TemporaryDirectory() as place:
        path = Path(place) / "made.xlsx"
        write_xlsx(path, title, columns, rows)
        content = io.BytesIO(path.read_bytes())
    return FileResponse(content, as_attachment=True, filename=file_name)
