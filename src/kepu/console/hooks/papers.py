"""公文."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import papers, papers_beginning
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    begin = papers_beginning
    return [
        path("papers/", papers.papers_page, name="console_papers"),
        path("papers/new/", begin.new_page, name="console_paper_new"),
        path("papers/organs/", begin.organs_page, name="console_paper_organs"),
        path("papers/hearings/<id:campaign>/", begin.hearings_page, name="console_paper_hearings"),
        path("papers/<id:paper>/", papers.paper_page, name="console_paper"),
        path("papers/<id:paper>/file/", papers.paper_file, name="console_paper_file"),
        path("campaigns/<id:campaign>/memo/", begin.memo_file, name="console_campaign_memo"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """公文."""
    to = reverse("console_papers")
    return AbleItem(Ability.CAMPAIGNS, _("Documents"), to, name="papers", icon_name="doc-full", order=165)
