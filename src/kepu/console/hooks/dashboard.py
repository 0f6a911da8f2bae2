"""首页看板, and its lines of what waits."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.pages.articles import STEP_ABILITIES
from kepu.console.scope import is_able, me, within
from kepu.console.waiting import Waiting, newest_complaints, of_people, stopped_count, waits
from kepu.content.reads.reviewing import waiting_count
from kepu.figures.reads.waiting import waiting_for_second
from kepu.people.rules import Ability


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """首页看板."""
    return MenuItem(_("Dashboard"), reverse("console_home"), name="dashboard", icon_name="home", order=100)


@waits(110)
def applications(request: HttpRequest) -> Waiting | None:
    """Applications to decide on. One query, shared with the other lines about people."""
    if not is_able(request, Ability.CERTIFY):
        return None
    found = of_people(request)
    to = reverse("console_certifications")
    return Waiting(_("Applications to decide on"), found.applications, to, found.overdue)


@waits(120)
def complaints(request: HttpRequest) -> Waiting | None:
    """Complaints to deal with. One query."""
    if not is_able(request, Ability.COMPLAINTS):
        return None
    waiting, _newest = newest_complaints(request)
    return Waiting(_("Complaints to deal with"), waiting, reverse("console_complaints"))


@waits(130)
def rosters(request: HttpRequest) -> Waiting | None:
    """My rosters that were looked at and not entered, where there are any."""
    count = of_people(request).rosters
    return Waiting(_("My rosters not entered yet"), count, reverse("console_roster_send")) if count else None


@waits(150)
def figures(request: HttpRequest) -> Waiting | None:
    """Official figures that a colleague sent or wants to withdraw, and I may decide on. Two queries."""
    if not is_able(request, Ability.FIGURES):
        return None
    count = waiting_for_second(within(request, Ability.FIGURES), me(request))
    return Waiting(_("Official figures for me to approve or to withdraw"), count, reverse("console_figures"))


@waits(170)
def announcements(request: HttpRequest) -> Waiting | None:
    """Announcements whose work stopped halfway, where there are any. One query for them alone."""
    works = of_people(request).announcements
    count = stopped_count(works) if works else 0
    to = reverse("console_announcements")
    return Waiting(_("Announcements that stopped halfway"), count, to, count) if count else None


@waits(180)
def reviews(request: HttpRequest) -> Waiting | None:
    """Articles at my steps of the review. One query."""
    if not any(is_able(request, ability) for ability in STEP_ABILITIES):
        return None
    return Waiting(_("Articles for me to review"), waiting_count(me(request)), reverse("console_reviews"))
