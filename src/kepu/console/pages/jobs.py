"""Long work of whoever asks: how far it is, stopping it, and the file it made."""

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds, job_labels, labels
from kepu.console.scope import me, my_place
from kepu.jobs import reads, writes
from kepu.jobs.rules import ENDED, Job, JobState
from kepu.kit import clock


@require_safe
def jobs_page(request: HttpRequest) -> HttpResponse:
    """My long work, newest first."""
    context = {
        "header_title": _("Long work"),
        "jobs": [_shown(job) for job in reads.jobs_of(me(request), 50)],
    }
    return render(request, "console/jobs.html", context)


@require_safe
def job_page(request: HttpRequest, job: int) -> HttpResponse:
    """One job of mine; htmx asks again for the part that moves until it has ended. One query."""
    found = _mine(request, job)
    part_only = request.headers.get("HX-Request") == "true"
    template = "console/_job.html" if part_only else "console/job.html"
    context = {"header_title": found.title, "shown": _shown(found)}
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_POST
def stop_page(request: HttpRequest, job: int) -> HttpResponse:
    """The job stops as soon as it can."""
    found, now = _mine(request, job), clock.now()
    with transaction.atomic():
        if writes.stop_job(job, me(request), now):
            deeds.keep(request, "stop_work", f"#{job} {found.title}", my_place(request), now)
    return redirect("console_job", job)


@require_safe
def job_file_page(request: HttpRequest, job: int) -> FileResponse:
    """The file the job made, for who asked for it alone; that they took it is kept."""
    found = _mine(request, job)
    path = reads.folder() / found.file
    if not found.file or not path.is_file():
        raise Http404
    if request.method == "GET":
        with transaction.atomic():
            change: deeds.Change = ({}, {"file": found.file_name})
            deeds.keep(
                request, "take_work_file", f"#{job} {found.title}", my_place(request), clock.now(), change
            )
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.file_name)


def _mine(request: HttpRequest, number: int) -> Job:
    found = reads.job(number, me(request))
    if found is None:
        raise Http404
    return found


def _shown(job: Job) -> dict[str, object]:
    return {
        "job": job,
        "state_label": labels.JOB_STATES[job.state],
        "has_ended": job.state in ENDED,
        "unit": job_labels.COUNTED.get(job.kind, ""),
        "asked_on": job_labels.asked_on(job),
        "is_undone": job.state in (JobState.FAILED, JobState.CANCELLED),
    }
