"""The carrier's answer: the file is looked at row by row, and only then applied, once."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kepu.awards.reads import payouts as reads
from kepu.awards.rules.payouts import Unpaid
from kepu.awards.rules.top_ups import ANSWER_ROWS_MAX, APPLIES, JudgedRow, RowVerdict, answer_rows
from kepu.awards.writes.payouts import AnswerFile, Applied, apply_answer
from kepu.console import deeds
from kepu.console import labels as console_labels
from kepu.console import payout_labels as labels
from kepu.console.pages.payouts import asked_list, title_of
from kepu.console.scope import me
from kepu.documents.reading import FILE_BYTES_MAX, SheetTrouble, read_sheet
from kepu.jobs.reads import folder
from kepu.jobs.writes import keep_upload
from kepu.kit import clock
from kepu.people.rules import masked_name

SALT = "kepu.console.payouts"
TOKEN_SECONDS = 3600
SHOWN_ROWS = 200


@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, slug: str, round_id: str, division: str) -> HttpResponse:
    """The answer file is sent; what is no such table is said here. At most ten queries."""
    found = asked_list(request, slug, round_id, division)
    trouble = ""
    if request.method == "POST":
        answer = _looked_at(request.FILES.get("file"))
        if isinstance(answer, AnswerFile):
            # Only what was read is kept till it is applied: the file may hold whole numbers.
            held = {"by": me(request), "upload": keep_upload(msgspec.json.encode(answer))}
            token = signing.dumps(held, salt=SALT)
            return redirect("console_payout_apply", slug, round_id, division, token)
        trouble = str(answer)
    context = {
        "header_title": _("Answer of the carrier"),
        "header_icon": "clipboard-list",
        "title": title_of(found.of),
        "list": found,
        "trouble": trouble,
    }
    return render(request, "console/payout_answer.html", context, status=422 if trouble else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def apply_page(request: HttpRequest, slug: str, round_id: str, division: str, token: str) -> HttpResponse:
    """What each row of the file would do; posted, it is done, once. At most ten queries to look."""
    found, now = asked_list(request, slug, round_id, division), clock.now()
    held = _held(request, token)
    path = folder() / str(held["upload"])
    if not path.is_file():
        raise Http404
    try:
        file = msgspec.json.decode(path.read_bytes(), type=AnswerFile)
    except msgspec.DecodeError:  # kept by a version that kept something else
        raise Http404 from None
    if request.method == "POST":
        with transaction.atomic():
            done = apply_answer(found.of, file, me(request), now)
            if isinstance(done, Applied):
                subject = f"{title_of(found.of)} {file.name} sha256:{file.sha256[:16]}"
                after = {"paid": done.paid, "failed": done.failed}
                deeds.keep(request, "apply_payout_answer", subject, division, now, ({}, after))
        if isinstance(done, Unpaid):
            messages.error(request, labels.trouble_text(done))
        else:
            words = _("Applied: %(paid)s arrived, %(failed)s did not.")
            messages.success(request, words % {"paid": done.paid, "failed": done.failed})
        return redirect("console_payout", slug, round_id, division)
    judged = reads.judged(found.of, file.rows)
    lines = {line.number: line for line in reads.roster(found.of)}
    counts = {verdict: sum(each.verdict is verdict for each in judged) for verdict in RowVerdict}
    context = {
        "header_title": _("Answer of the carrier"),
        "header_icon": "clipboard-list",
        "title": title_of(found.of),
        "list": found,
        "file": file,
        "is_applied": reads.is_applied(found.of, file.sha256),
        "counts": [
            (labels.VERDICTS[verdict], count, verdict in APPLIES)
            for verdict, count in counts.items()
            if count
        ],
        "changes": sum(counts[verdict] for verdict in APPLIES),
        "rows": [_shown(each, lines.get(each.line)) for each in _doubtful_first(judged)[:SHOWN_ROWS]],
        "left_out": max(0, len(judged) - SHOWN_ROWS),
    }
    return render(request, "console/payout_apply.html", context)


def _looked_at(upload: Any) -> AnswerFile | str:
    if upload is None:
        return _("Choose a file.")
    if (upload.size or 0) > FILE_BYTES_MAX:
        return str(console_labels.SHEET_TROUBLES[SheetTrouble.TOO_LARGE])
    name = "".join(sign for sign in (upload.name or "") if sign.isprintable())[-120:]
    return _file(upload.read(), name)


def _file(content: bytes, name: str) -> AnswerFile | str:
    """The answer file, or what is wrong with it."""
    cells = read_sheet(content, ANSWER_ROWS_MAX)
    if isinstance(cells, SheetTrouble):
        return str(console_labels.SHEET_TROUBLES[cells])
    rows = answer_rows(cells)
    if isinstance(rows, Unpaid):
        return labels.trouble_text(rows)
    if not rows:
        return str(console_labels.SHEET_TROUBLES[SheetTrouble.EMPTY])
    return AnswerFile(name, hashlib.sha256(content).hexdigest(), rows)


def _held(request: HttpRequest, token: str) -> Mapping[str, Any]:
    """What the first step kept; 404 for anybody else, and after an hour."""
    try:
        held: Mapping[str, Any] = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    if held["by"] != me(request):
        raise Http404
    return held


def _doubtful_first(judged: list[JudgedRow]) -> list[JudgedRow]:
    """Rows that change nothing first, then failures, then what arrived: that is how they are read."""
    order = {verdict: place for place, verdict in enumerate(reversed(RowVerdict))}
    return sorted(judged, key=lambda each: (order[each.verdict], each.row.row))


def _shown(each: JudgedRow, line: reads.Line | None) -> dict[str, Any]:
    """A row of the file beside whom it is about; nobody where it means no line of this list."""
    look = each.verdict.value if each.verdict in APPLIES else "waiting"
    whose = {"name": masked_name(line.name), "unit": line.unit} if line is not None else {}
    return {"row": each.row, "label": labels.VERDICTS[each.verdict], "look": look, **whose}
