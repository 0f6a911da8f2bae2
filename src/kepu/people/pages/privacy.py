"""The privacy notice."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kepu.people import notice, reads


@require_safe
def privacy_page(request: HttpRequest) -> HttpResponse:
    """Who handles what, for what, how long, and one's rights (个人信息保护法第十七条). One query."""
    near = reads.associations("", 1, near=settings.KEPU_DIVISION)
    handler = near[0].name if near else _("the science association that runs this site")
    contact = settings.KEPU_CONTACT or _("the office of %(handler)s") % {"handler": handler}
    context = {"sections": notice.sections(handler, contact), "edition": notice.EDITION}
    return render(request, "people/privacy.html", context)
