"""写文章: a new article at one press, and what I wrote with where it is."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kepu.console import labels
from kepu.console.scope import is_able, me, within
from kepu.content.reads.writing import Stand, Written, article_list, written_by
from kepu.people.rules import Ability

SHOWN_MAX = 50
HEADINGS = (
    (Stand.RETURNED, gettext_lazy("Came back to me")),
    (Stand.DRAFT, gettext_lazy("My drafts")),
    (Stand.WAITING, gettext_lazy("Under review")),
)


@require_safe
def writing_page(request: HttpRequest) -> HttpResponse:
    """What I wrote that is not published as it stands: came back, drafts, under review. Three queries."""
    within(request, Ability.WRITE)
    context = {"header_title": _("My articles"), "header_icon": "edit", "shelves": shelves(request)}
    return render(request, "console/writing.html", context)


@require_safe
def write_page(request: HttpRequest) -> HttpResponse:
    """On to the form of a new article."""
    within(request, Ability.WRITE)
    under = article_list()
    if under is None:
        raise Http404
    return redirect("wagtailadmin_pages:add", "content", "articlepage", under)


def shelves(request: HttpRequest) -> list[dict[str, Any]]:
    """My articles under a heading each, for whoever writes; empty for the others. Three queries."""
    if not is_able(request, Ability.WRITE):
        return []
    rows = written_by(me(request), SHOWN_MAX)
    return [
        {
            "heading": heading,
            "stand": stand.value,
            "rows": [_shown(row) for row in rows if row.stand is stand],
        }
        for stand, heading in HEADINGS
    ]


def _shown(row: Written) -> dict[str, Any]:
    return {"row": row, "step": labels.STEPS.get(row.step, "")}
