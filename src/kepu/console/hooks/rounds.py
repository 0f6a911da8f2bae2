"""评选."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import rounds, rounds_objections
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    one = "rounds/<slug:slug>/<slug:round_id>/"
    return [
        path("rounds/", rounds.rounds_page, name="console_rounds"),
        path("rounds/objections/<id:objection>/", rounds_objections.objection_page, name="console_objection"),
        path(one, rounds.round_page, name="console_round"),
        path(f"{one}step/", rounds.step_page, name="console_round_step"),
        path(f"{one}revoke/", rounds.revoke_page, name="console_round_revoke"),
        path(f"{one}objections/new/", rounds_objections.file_page, name="console_objection_file"),
        path(f"{one}persons/<id:person>/", rounds_objections.person_page, name="console_round_person"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """评选."""
    to = reverse("console_rounds")
    return AbleItem(Ability.ROUNDS, _("Rounds"), to, name="rounds", icon_name="pick", order=155)
