"""读取通知: what a notice says, beside its passages; a draft of a campaign only when a person confirms it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kepu.campaigns import writes
from kepu.campaigns.notices import (
    FIELDS,
    TROUBLES,
    NoticeDraft,
    Suggestion,
    entries_of,
    read_notice,
    suggestions,
)
from kepu.campaigns.notices import gazetteer as gazetteer_of
from kepu.campaigns.reads import words
from kepu.campaigns.sheet import SECTIONS, entered, path_of, text_of
from kepu.console import deeds
from kepu.console.pages.campaign_drafts import units_settled
from kepu.console.scope import is_inside, me, within
from kepu.documents.passages import PaperTrouble
from kepu.documents.reading import FILE_BYTES_MAX
from kepu.documents.reading_papers import read_paper
from kepu.kit import clock
from kepu.people.rules import Ability
from kepu.regions import reads as regions

SHOWN_AS_FIELDS = ("rounds", "award_tiers", "tasks")
GROUPS = {
    "basics": "基本信息",
    "daily_caps": "每日上限",
    "rounds": "评选",
    "award_tiers": "奖励",
    "tasks": "任务",
    "tasks_total": "任务合计",
}
BEGINS_WITH: dict[str, Any] = {"policy": "voluntary", "measure": "shares"}


@dataclass(frozen=True, slots=True)
class Box:
    """One field to confirm."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
def notices_page(request: HttpRequest) -> HttpResponse:
    """A notice is sent and read; nothing is kept of it. One query beside those of the frame."""
    divisions = within(request, Ability.CAMPAIGNS)
    context: dict[str, Any] = {"header_title": _("Read a notice"), "header_icon": "doc-full"}
    sent = request.FILES.get("file")
    if request.method != "POST":
        return render(request, "console/notice.html", context)
    draft = _read(sent)
    if isinstance(draft, str):
        return render(request, "console/notice.html", context | {"trouble": draft}, status=422)
    context |= {
        "file_name": str(getattr(sent, "name", ""))[:120],
        "questions": [each.text for each in draft.questions],
        "rows": _rows(suggestions(draft)),
        "others": [
            (FIELDS[name], text, found.passage)
            for name, text, found in entries_of(draft)
            if name == "sanctions"
        ],
        "place": regions.full_name(draft.division.value) if draft.division else "",
        "is_mine": draft.division is None or is_inside(draft.division.value, divisions),
    }
    return render(request, "console/notice.html", context)


@require_POST
def notice_begin_page(request: HttpRequest) -> HttpResponse:
    """What a person confirmed or corrected is a draft of a campaign; it begins as a voluntary one."""
    divisions, now = within(request, Ability.CAMPAIGNS), clock.now()
    typed = {name: value for name, value in request.POST.dict().items() if path_of(name)}
    place, title = typed.get("place", "").strip()[:12], typed.get("title", "").strip()[:80]
    trouble = ""
    if not title:
        trouble = _("Fill in the title.")
    elif not (is_inside(place, divisions) and regions.division(place)):
        trouble = _("Enter the code of one of your divisions as the place.")
    if trouble:
        context: dict[str, Any] = {
            "header_title": _("Read a notice"),
            "header_icon": "doc-full",
            "trouble": trouble,
        }
        context |= {"rows": _typed_rows(typed), "is_mine": True, "questions": []}
        return render(request, "console/notice.html", context, status=422)
    raw = dict(BEGINS_WITH)
    for section in SECTIONS:
        raw |= {
            name: value for name, value in entered({}, section, typed).items() if value not in ("", {}, [])
        }
    raw = units_settled(raw, divisions)
    by = (me(request), str(getattr(request.user, "display_name", "")))
    with transaction.atomic():
        number = writes.begin_draft(text_of(raw), place, 0, by, now)
        deeds.keep(request, "begin_draft", title, place, now, ({}, {"draft": number}))
    messages.success(request, _("A draft is begun. Nothing counts before it is published."))
    return redirect("console_draft", number, "basics")


def _read(sent: Any) -> NoticeDraft | str:
    """The draft, or why there is none, in words."""
    if not isinstance(sent, UploadedFile):
        return _("Choose a file first.")
    if (sent.size or 0) > FILE_BYTES_MAX:
        return TROUBLES[PaperTrouble.TOO_LARGE]
    passages = read_paper(sent.read())
    if isinstance(passages, PaperTrouble):
        return TROUBLES[passages]
    return read_notice(passages, gazetteer_of(regions.packaged_to_town()))


def _rows(found: list[Suggestion]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for each in found:
        is_first = not rows or rows[-1]["group"] != each.group
        boxes = [_box(name, value) for name, value in each.fields]
        rows.append({"group": each.group, "boxes": boxes, "passage": each.passage, "is_first": is_first})
        rows[-1]["heading"] = GROUPS[each.group]
    return rows


def _typed_rows(typed: dict[str, str]) -> list[dict[str, Any]]:
    """What was typed, once more: fields of one row of a list together."""
    rows: dict[str, list[Box]] = {}
    for name, value in typed.items():
        rows.setdefault(name.rpartition(".")[0] or name, []).append(_box(name, value))
    return [{"boxes": boxes, "passage": None, "is_first": False} for boxes in rows.values()]


def _box(name: str, value: str) -> Box:
    field = name.rpartition(".")[2]
    return Box(name, words.field_word(field), value, tuple(words.choices_of(field)))
