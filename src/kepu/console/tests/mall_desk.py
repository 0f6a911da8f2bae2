"""The mall's back office in tests: an officer, a clerk at a pick-up point, buyers, and what is kept of it."""

from typing import Any

from django.conf import settings
from django.test import Client

from kepu.audit.models import Kept
from kepu.console.tests.conftest import enter
from kepu.mall.rules import pick_up_token
from kepu.mall.tests import shop
from kepu.people.rules import Role

COUNTY, TOWN = shop.COUNTY, shop.TOWN
OTHER_COUNTY, OTHER_TOWN = "430602", "430602001"


def officer(client: Client) -> Client:
    """The county's officer: runs items, their stock and orders."""
    enter(client, 9001, Role.COUNTY_OFFICER, COUNTY, "周管")
    return client


def clerk(number: int = 9002, division: str = TOWN, role: Role = Role.TOWN_CLERK) -> Client:
    """Somebody who hands out in a division, with a browser of their own."""
    client = Client()
    enter(client, number, role, division, "吴发")
    return client


def acts(*only: str) -> list[str]:
    """The acts kept in the audit, in order; those named alone."""
    kept = Kept.objects.order_by("pk").values_list("act", flat=True)
    return [act for act in kept if not only or act in only]


def last_kept() -> Any:
    """The newest record of the audit."""
    return Kept.objects.order_by("pk").last()


def code_path(order: Any) -> str:
    """Where the QR code of an order leads."""
    return f"/admin/mall/pick-up/{pick_up_token(settings.KEPU_KEYS.link, order.id)}/"


def page(answer: Any) -> str:
    """What an answer says."""
    return answer.content.decode()
