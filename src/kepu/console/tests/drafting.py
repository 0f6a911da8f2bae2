"""A campaign whose rules are drafted in the back office: what its tests have in common."""

from django.test import Client

from kepu.campaigns.models import SheetDraft
from kepu.campaigns.rules import Published
from kepu.campaigns.sheet import table_of, typed_of
from kepu.campaigns.tests.samples import reference_text
from kepu.people.models import Unit
from kepu.people.rules import UnitKind
from kepu.standings.tests import town

LIST, COUNTY, CITY = "/admin/campaigns/", "430623", "4306"


def published_reference() -> Published:
    """The reference campaign, published, with its units."""
    published = town.build(reference_text())
    here = set(Unit.objects.values_list("division", flat=True))
    for task in published.sheet.tasks:
        if task.division not in here:
            Unit.objects.create(name=task.unit, kind=UnitKind.VILLAGE, division=task.division)
    return published


def text(response) -> str:
    return response.content.decode()


def begun(client: Client, campaign: Published) -> SheetDraft:
    """A draft of the campaign's next version."""
    done = client.post(f"{LIST}{campaign.number}/edit/")
    assert done.status_code == 302
    return SheetDraft.objects.latest("pk")


def page_of(draft: SheetDraft, section: str) -> str:
    return f"{LIST}drafts/{draft.pk}/{section}/"


def save(client: Client, draft: SheetDraft, section: str, act: str = "save", **typed: str):
    """The section as it stands with some fields typed anew; the draft is read again."""
    draft.refresh_from_db()
    fields = typed_of(table_of(draft.text), section) | {"revision": str(draft.revision), "act": act}
    done = client.post(page_of(draft, section), fields | typed)
    draft.refresh_from_db()
    return done


def field(name: str, value: str) -> dict[str, str]:
    return {name: value}


def last_year(client: Client, campaign: Published, kind: str = "voluntary") -> SheetDraft:
    form = {"source": campaign.number, "years": 5, "campaign": "chaqi-2026", "title": "插旗镇2026年活动"}
    form["kind"] = kind
    assert client.post(f"{LIST}new/", form).status_code == 302
    return SheetDraft.objects.latest("pk")
