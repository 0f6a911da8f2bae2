"""The whole number of a person, one at a time; every look is kept in the audit.

Any page may offer it: `{% include "console/_masked_phone.html" with account=… phone=… %}`, where `phone`
is the masked number and `may_unmask` in the context says whether to show the button (`may_unmask(request)`).
"""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kepu.console import deeds
from kepu.console.scope import is_able, scopes_of
from kepu.kit import clock
from kepu.people.reads.contacts import contact_of
from kepu.people.rules import Ability, masked_phone, may


@never_cache
@require_POST
def unmask_page(request: HttpRequest, account: int) -> HttpResponse:
    """The person's whole number, as a part when the script of the page asks; 404 outside my divisions."""
    contact = contact_of(account)
    if contact is None or not may(scopes_of(request), Ability.UNMASK, contact.division):
        raise Http404
    with transaction.atomic():
        subject = f"{contact.name} {masked_phone(contact.phone)}"
        deeds.keep(request, "unmask_phone", subject, contact.division, clock.now())
    back = request.POST.get("back", "")
    local = back.startswith("/admin/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    context = {
        "header_title": _("Mobile number of %(name)s") % {"name": contact.name},
        "phone": f"{contact.phone[:3]} {contact.phone[3:7]} {contact.phone[7:]}",
        "bare_phone": contact.phone,
        "back": back if local else "",
    }
    part_only = request.headers.get("HX-Request") == "true"
    return render(request, "console/_phone.html" if part_only else "console/phone.html", context)


def may_unmask(request: HttpRequest, division: str | None = None) -> bool:
    """Whether to show the button, anywhere or for a person of that division; checked again when asked."""
    if division is None:
        return is_able(request, Ability.UNMASK)
    return may(scopes_of(request), Ability.UNMASK, division)
