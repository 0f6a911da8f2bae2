"""活动."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import campaign_drafts, campaign_publishing, campaign_trials, campaigns
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    one, draft = "campaigns/<id:campaign>/", "campaigns/drafts/<id:draft>/"
    return [
        path("campaigns/", campaigns.campaigns_page, name="console_campaigns"),
        path("campaigns/new/", campaigns.new_page, name="console_campaign_new"),
        path(one, campaigns.campaign_page, name="console_campaign"),
        path(f"{one}edit/", campaigns.edit_page, name="console_campaign_edit"),
        path(f"{draft}publish/", campaign_publishing.publish_page, name="console_draft_publish"),
        path(f"{draft}drop/", campaign_drafts.drop_page, name="console_draft_drop"),
        path(f"{draft}file/", campaign_drafts.draft_file, name="console_draft_file"),
        path(f"{draft}try/", campaign_trials.try_page, name="console_draft_try"),
        path(f"{draft}<slug:section>/", campaign_drafts.draft_page, name="console_draft"),
        path("campaigns/trials/<id:job>/", campaign_trials.trial_page, name="console_trial"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """活动."""
    to = reverse("console_campaigns")
    return AbleItem(Ability.LOOK, _("Campaigns"), to, name="campaigns", icon_name="calendar", order=160)
