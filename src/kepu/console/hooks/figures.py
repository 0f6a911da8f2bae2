"""官方数据."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import figures, figures_sending
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    one = "figures/<id:file>/"
    return [
        path("figures/", figures.figures_page, name="console_figures"),
        path("figures/send/", figures_sending.send_page, name="console_figures_send"),
        path("figures/send/<str:token>/", figures_sending.layout_page, name="console_figures_layout"),
        path(one, figures.file_page, name="console_figures_file"),
        path(f"{one}approve/", figures.approve_page, name="console_figures_approve"),
        path(f"{one}turn-down/", figures.turn_down_page, name="console_figures_turn_down"),
        path(f"{one}ask-withdrawal/", figures.ask_withdrawal_page, name="console_figures_ask_withdrawal"),
        path(f"{one}keep/", figures.keep_entered_page, name="console_figures_keep"),
        path(f"{one}withdraw/", figures.withdraw_page, name="console_figures_withdraw"),
        path(f"{one}go-on/", figures.go_on_page, name="console_figures_go_on"),
        path(f"{one}differences/", figures.differences_page, name="console_figures_differences"),
        path(f"{one}report/", figures.report_page, name="console_figures_report"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """官方数据."""
    return AbleItem(
        Ability.FIGURES,
        _("Official figures"),
        reverse("console_figures"),
        name="figures",
        icon_name="table",
        order=150,
    )
