"""证书 and 补贴发放."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import certificates, payout_answers, payouts
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    one = "payouts/<slug:slug>/<slug:round_id>/<str:division>/"
    round_, paper = "certificates/<slug:slug>/<slug:round_id>/", "certificate/<id:certificate>/"
    return [
        path("payouts/", payouts.payouts_page, name="console_payouts"),
        path(one, payouts.payout_page, name="console_payout"),
        path(f"{one}batch/", payouts.batch_page, name="console_payout_batch"),
        path(f"{one}roster/", payouts.roster_page, name="console_payout_roster"),
        path(f"{one}close/", payouts.close_page, name="console_payout_close"),
        path(f"{one}answer/", payout_answers.answer_page, name="console_payout_answer"),
        path(f"{one}answer/<str:token>/", payout_answers.apply_page, name="console_payout_apply"),
        path("payout-lines/<id:line>/", payouts.line_page, name="console_payout_line"),
        path("payout-lines/<id:line>/act/", payouts.act_page, name="console_payout_act"),
        path("payout-batches/<id:batch>/file/", payouts.batch_file_page, name="console_payout_file"),
        path("certificates/", certificates.certificates_page, name="console_certificates"),
        path(round_, certificates.round_certificates_page, name="console_round_certificates"),
        path(f"{round_}issue/", certificates.issue_page, name="console_certificates_issue"),
        path(f"{round_}print/", certificates.print_page, name="console_certificates_print"),
        path(f"{round_}organs/<id:organ>/", certificates.organ_page, name="console_certificates_organ"),
        path(f"{paper}paper/", certificates.paper_page, name="console_certificate_paper"),
        path(f"{paper}anew/", certificates.anew_page, name="console_certificate_anew"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def certificates_item() -> MenuItem:
    """证书."""
    to = reverse("console_certificates")
    return AbleItem(
        Ability.ROUNDS, _("Certificates"), to, name="certificates", icon_name="doc-full", order=172
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def payouts_item() -> MenuItem:
    """补贴发放."""
    to = reverse("console_payouts")
    return AbleItem(
        Ability.PAY, _("Subsidies to pay"), to, name="payouts", icon_name="clipboard-list", order=174
    )
