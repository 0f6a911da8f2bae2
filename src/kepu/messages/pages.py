"""The outbox page, for development only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kepu.messages import reads


@never_cache
@require_GET
def outbox_page(request: HttpRequest) -> HttpResponse:
    """The newest text messages that would have gone out; 404 unless KEPU_DEVELOPMENT is on. One query."""
    if not settings.KEPU_DEVELOPMENT:
        raise Http404
    rows = [
        {"phone": f"{row.phone[:3]}****{row.phone[-4:]}", "text": row.text, "sent_at": row.sent_at}
        for row in reads.outbox()
    ]
    return render(request, "messages/outbox.html", {"rows": rows})
