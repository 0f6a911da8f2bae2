"""公文: the list, a new one from kept figures, its words, approval, issue and withdrawal."""

import hashlib
import logging
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kepu.console import deeds
from kepu.console.composing import fallen, previewed
from kepu.console.scope import me, within
from kepu.documents.paper_docx import docx_of
from kepu.documents.paper_pdf import pdf_of
from kepu.documents.rules.paper import Paper
from kepu.documents.typesetting import TypesettingError
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.papers import reads, writes
from kepu.papers.reads import PaperDetail
from kepu.papers.rules import (
    ADDRESSEE_MAX,
    PARAGRAPHS_MAX,
    REASON_MAX,
    TITLE_MAX,
    WITHOUT_PERSONS,
    Issue,
    Kind,
    PaperNo,
    State,
    Texts,
    paper_of,
    typed_text,
)
from kepu.people.rules import Ability

log = logging.getLogger(__name__)
PAGE_SIZE = 25
START_MAX = 100_000
ISSUE_TRIES = 5
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
LENGTHS = {"title": TITLE_MAX, "addressee": ADDRESSEE_MAX, "deadline": 10, "note": 60, "copies": 200}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an act: why not, or "" and what is said instead; where to go on."""

    refusal: str = ""
    told: str = ""
    gone: bool = False


@require_safe
def papers_page(request: HttpRequest) -> HttpResponse:
    """The documents of my divisions, newest first, by ?kind=, ?state= and ?year=. At most 20 queries."""
    divisions = within(request, Ability.CAMPAIGNS)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    year = whole_number(request.GET.get("year"), 0, 9999, 0)
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in tuple(Kind) else ""
    state = request.GET.get("state", "") if request.GET.get("state", "") in tuple(State) else ""
    page = reads.papers(divisions, start, PAGE_SIZE, kind=kind, state=state, year=year)
    this_year = clock.day_of(clock.now()).year
    context = {
        "header_title": _("Documents"),
        "header_icon": "doc-full",
        "rows": [_row(line) for line in page.rows],
        "organs": reads.organs(divisions),
        "kinds": [(each.value, reads.kind_text(each)) for each in Kind],
        "states": [(each.value, reads.state_text(each)) for each in State],
        "years": range(this_year, this_year - 6, -1),
        "kind": kind,
        "state": state,
        "year": year,
        "is_narrowed": bool(kind or state or year),
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/papers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def paper_page(request: HttpRequest, paper: int) -> HttpResponse:
    """One document of my divisions as it reads, and what may be done with it. At most 20 queries.

    A POST does what its `act` names: save, approve, return, drop, issue, withdraw.
    """
    try:
        return _looked_at(request, paper)
    except reads.AlteredPaperError:
        return _altered(request, paper, redirect("console_papers"))


def _looked_at(request: HttpRequest, paper: int) -> HttpResponse:
    found = paper_at(request, paper)
    if request.method != "POST":
        return _shown(request, found)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _shown(request, found, Answer(reads.paper_no_text(PaperNo.NOT_NOW)), 400)
    answer = act(request, found, clock.now())
    if answer.refusal:
        # What stands now is shown, with what was typed still in the form.
        return _shown(request, reads.paper(paper, within(request, Ability.CAMPAIGNS)) or found, answer, 409)
    messages.success(request, answer.told)
    return redirect("console_papers") if answer.gone else redirect("console_paper", paper)


@require_safe
def paper_file(request: HttpRequest, paper: int) -> HttpResponse:
    """The document as ?form=pdf or docx: the kept bytes of an issued one, a draft as it stands."""
    form = request.GET.get("form", "pdf")
    if form not in TYPES:
        raise Http404
    try:
        found = paper_at(request, paper)
        body = reads.copy(paper, form)
    except reads.AlteredPaperError:
        return _altered(request, paper, redirect("console_papers"))
    if body is None and found.line.number:
        raise Http404
    if body is None:
        try:
            body = written(_paper(found), form)
        except TypesettingError:
            return _shown(request, found, Answer(_busy()), 503)
    return file_answer(body, form, f"{found.line.number or _('draft')} {found.texts.title}")


def _altered(request: HttpRequest, paper: int, onwards: HttpResponse) -> HttpResponse:
    """What was written past the system is not shown: the officer is told, and the operator's log."""
    log.error("what is kept of document %d is not what was written", paper)
    messages.error(
        request,
        _("What is kept of this document was changed past the system. It is not shown: tell the operator."),
    )
    return onwards


def paper_at(request: HttpRequest, number: int) -> PaperDetail:
    """A document of my divisions; else 404. Two queries. Raises AlteredPaperError."""
    found = reads.paper(number, within(request, Ability.CAMPAIGNS))
    if found is None:
        raise Http404
    return found


def written(paper: Paper, form: str) -> bytes:
    """The paper's bytes in a form of TYPES. Raises TypesettingError."""
    return pdf_of(paper) if form == "pdf" else docx_of(paper)


def file_answer(body: bytes, form: str, name: str) -> HttpResponse:
    """A file to save under a name."""
    answer = HttpResponse(body, content_type=TYPES[form])
    plain = "".join(each for each in name.strip() if each not in '\\/:*?"<>|\r\n')[:100]
    header = content_disposition_header(as_attachment=True, filename=f"{plain}.{form}")
    answer.headers["Content-Disposition"] = header or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def by_of(request: HttpRequest) -> tuple[int, str]:
    """Who asks: account and name."""
    return me(request), str(getattr(request.user, "display_name", ""))


def texts_from(request: HttpRequest) -> Texts:
    """What was typed, each field cut to its length."""
    typed = {
        field.name: typed_text(request.POST.get(field.name, ""))[: LENGTHS.get(field.name, PARAGRAPHS_MAX)]
        for field in fields(Texts)
    }
    return Texts(**typed)


def _save(request: HttpRequest, found: PaperDetail, now: datetime) -> Answer:
    texts = texts_from(request)
    changed = [
        each.name for each in fields(Texts) if getattr(texts, each.name) != getattr(found.texts, each.name)
    ]
    before = {name: getattr(found.texts, name) for name in changed}
    after = {name: getattr(texts, name) for name in changed}
    with transaction.atomic():
        done = writes.change_paper(found.line.id, _revision(request), texts, by_of(request), now)
        if not isinstance(done, PaperNo):
            _keep(request, "change_paper", found, now, (before, after))
    return _answer(done if isinstance(done, PaperNo) else None, _("Saved."))


def _approve(request: HttpRequest, found: PaperDetail, now: datetime) -> Answer:
    no = fallen(found)
    if no is not None:
        return _answer(no, "")
    with transaction.atomic():
        refused = writes.approve_paper(found.line.id, _revision(request), by_of(request), now)
        if refused is None:
            _keep(request, "approve_paper", found, now, ({}, {"revision": found.revision}))
    if refused is PaperNo.PERSON_NAMED:
        names = "、".join(reads.persons_named(found.line.id))
        return Answer(reads.paper_no_text(refused) % {"names": names})
    return _answer(refused, _("Approved. It can be issued now."))


def _return(request: HttpRequest, found: PaperDetail, now: datetime) -> Answer:
    with transaction.atomic():
        refused = writes.return_paper(found.line.id, _revision(request))
        if refused is None:
            _keep(request, "return_paper", found, now)
    return _answer(refused, _("It is a draft again."))


def _drop(request: HttpRequest, found: PaperDetail, now: datetime) -> Answer:
    with transaction.atomic():
        refused = writes.drop_paper(found.line.id, _revision(request))
        if refused is None:
            _keep(request, "drop_paper", found, now)
    return _answer(refused, _("The draft is thrown away."), gone=True)


def _issue(request: HttpRequest, found: PaperDetail, now: datetime) -> Answer:
    """The pages are set before the number is taken, so that nobody waits for them; then again if it moved."""
    refused: PaperNo | None = PaperNo.NUMBER_MOVED
    for _try in range(ISSUE_TRIES):
        issue = reads.next_issue(found.organ.number, clock.day_of(now))
        paper = _paper(found, issue)
        try:
            copies = {form: written(paper, form) for form in writes.FORMS}
        except TypesettingError:
            return Answer(_busy())
        no = fallen(found)
        if no is not None:
            return _answer(no, "")
        with transaction.atomic():
            seen = (found.line.id, _revision(request))
            refused = writes.issue_paper(seen, issue, copies, by_of(request), now)
            if refused is None:
                digests = {form: hashlib.sha256(body).hexdigest() for form, body in copies.items()}
                _keep(request, "issue_paper", found, now, ({}, {"number": issue.number, "sha256": digests}))
                return Answer(told=_("Issued as %(number)s.") % {"number": issue.number})
        if refused is not PaperNo.NUMBER_MOVED:
            break
    return _answer(refused, "")


def _withdraw(request: HttpRequest, found: PaperDetail, now: datetime) -> Answer:
    reason = typed_text(request.POST.get("reason", ""))
    with transaction.atomic():
        refused = writes.withdraw_paper(found.line.id, reason, by_of(request), now)
        if refused is None:
            kept = {"number": found.line.number, "reason": reason[:REASON_MAX]}
            _keep(request, "withdraw_paper", found, now, ({}, kept))
    return _answer(refused, _("Withdrawn. The document stays on record as it was issued."))


_ACTS = {
    "save": _save,
    "approve": _approve,
    "return": _return,
    "drop": _drop,
    "issue": _issue,
    "withdraw": _withdraw,
}


def _busy() -> str:
    return _("The pages could not be set just now. Try again in a minute.")


def _answer(refused: PaperNo | None, told: str, *, gone: bool = False) -> Answer:
    return Answer(reads.paper_no_text(refused)) if refused is not None else Answer("", told, gone)


def _keep(
    request: HttpRequest, act: str, found: PaperDetail, now: datetime, change: deeds.Change = ({}, {})
) -> None:
    subject = f"{reads.kind_text(found.line.kind)} {found.texts.title}"
    deeds.keep(request, act, subject, found.organ.division, now, change)


def _revision(request: HttpRequest) -> int:
    return whole_number(request.POST.get("revision"), 0, 2**31 - 1, 0)


def _paper(found: PaperDetail, issue: Issue | None = None) -> Paper:
    return paper_of(found.line.kind, found.organ.organ, found.facts, found.texts, issue)


def _row(line: reads.PaperLine) -> dict[str, Any]:
    return {"line": line, "kind": reads.kind_text(line.kind), "state": reads.state_text(line.state)}


def _shown(
    request: HttpRequest, found: PaperDetail, answer: Answer | None = None, status: int = 200
) -> HttpResponse:
    line, now = found.line, clock.now()
    typed = texts_from(request) if request.POST.get("act") == "save" else found.texts
    day = line.issued_day
    issue = Issue(line.number, day) if day is not None else None
    names = reads.persons_named(line.id) if line.kind in WITHOUT_PERSONS and not issue else ()
    context = {
        "header_title": found.texts.title or _("Without a title"),
        "header_icon": "doc-full",
        "found": found,
        "line": line,
        "kind": reads.kind_text(line.kind),
        "state": reads.state_text(line.state),
        "is_mine": me(request) in found.writers,
        "typed": typed,
        "lengths": {**LENGTHS, "paragraphs": PARAGRAPHS_MAX, "reason": REASON_MAX},
        "has_deadline": line.kind in WITHOUT_PERSONS,
        "refusal": answer.refusal if answer is not None else "",
        "named": "、".join(names),
        "next": reads.next_issue(found.organ.number, clock.day_of(now)).number
        if line.state is State.APPROVED
        else "",
        **previewed(_paper(found, issue)),
    }
    return render(request, "console/paper.html", context, status=status)
