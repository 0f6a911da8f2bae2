"""My settings: how pages look, what I hear, whether boards name me, and the ways to everything of mine."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from kepu.app.pages.readers import account_of
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import sheet_covering
from kepu.kit import clock
from kepu.people import reads as people
from kepu.people import writes
from kepu.people.reads import Profile


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    """My settings; a POST changes one and comes back here. Four queries."""
    person = account_of(request)
    profile = people.profile(person)
    may_hide = profile is not None and _lets_hide(profile)
    if request.method == "POST":
        _change(request, person, may_hide)
        return redirect("settings")
    context = {"account": people.account(person), "profile": profile, "may_hide": may_hide}
    return render(request, "app/settings.html", context)


def _lets_hide(profile: Profile) -> bool:
    """Whether the campaign open for this person lets boards leave names out."""
    current = sheet_covering(campaigns.published(), profile.division, clock.now())
    return current is not None and current.sheet.boards_may_hide


def _change(request: HttpRequest, person: int, may_hide: bool) -> None:
    now = clock.now()
    hears, hides = request.POST.get("announcements"), request.POST.get("hides_name")
    if hears in ("0", "1"):
        writes.set_hears_announcements(person, hears == "1", now)
        messages.success(request, gettext("Saved."))
    # To show one's name again needs no campaign.
    if hides == "0" or (hides == "1" and may_hide):
        writes.set_hides_name(person, hides == "1", now)
        messages.success(request, gettext("Saved."))
