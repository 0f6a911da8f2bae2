"""Walks every address of the site as everybody who might ask, and proves what each may see and change.

Addresses are found in the resolver, so a room that adds one is walked too. A new parameter name must get
a value in VALUES below (real ones where the walk should reach something, any other where not).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.models import Account, Certification, CertificationStep, Communicator, StaffScope
from kepu.people.rules import Application, ApplicantType, Role, SignedIn
from kepu.people.sessions import COOKIE
from kepu.regions.models import Division

PASSWORD = "wanwan-2021"
TOWN, OTHER_TOWN = "430623110", "430623101"
DIVISIONS = {
    "43": "湖南省",
    "4306": "岳阳市",
    "430623": "华容县",
    TOWN: "插旗镇",
    OTHER_TOWN: "三封寺镇",
    "430623110215": "同福村",
    "430623101200": "华一村",
}
# Words that stand only in the applications of TOWN: whoever may not see those must never read one.
WAITING, RETURNED, REVOKED = "欧阳秘一", "欧阳秘二", "欧阳秘三"
SECRETS = (WAITING, RETURNED, REVOKED, "退回缘由甲", "撤销缘由乙", "138****0011", "138****0012", "138****0013")

# Wagtail serves these two to everybody: its icons and the translations of its scripts.
OPEN_IN_ADMIN = {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}

# What stands for each parameter; `account` is walked once for every account below.
VALUES = {
    "account": ["{waiting}", "{returned}", "{revoked}"],
    "action": ["delete"],
    "action_name": ["test"],
    "app_label": ["wagtailcore"],
    "app_name": ["people"],
    "article": ["1"],
    "campaign": ["1"],
    "collection_id": ["1"],
    "content_type_app_name": ["people"],
    "content_type_model_name": ["certification"],
    "destination_id": ["1"],
    "division": [TOWN],
    "doc_id": ["1"],
    "document_id": ["1"],
    "filter_spec": ["width-100"],
    "id": ["{waiting}"],
    "image_id": ["1"],
    "model_name": ["page"],
    "number": ["1"],
    "object_id": ["{waiting}"],
    "page_id": ["1"],
    "page_pk": ["1"],
    "page_to_move_id": ["1"],
    "parent_page_id": ["1"],
    "pk": ["{waiting}"],
    "revision_id": ["1"],
    "revision_id_a": ["1"],
    "revision_id_b": ["1"],
    "round_id": ["annual"],
    "session_id": ["1"],
    "slug": ["chaqi-2021"],
    "task_id": ["1"],
    "task_state_id": ["1"],
    "token": ["AAAA"],
    "uidb64": ["AAAA"],
    "unit": ["1"],
    "uploaded_file_id": ["1"],
    "version": ["1"],
    "workflow_pk": ["1"],
    "workflow_state_id": ["1"],
}


@dataclass(frozen=True, slots=True)
class Address:
    """One concrete address and the name it has in the resolver."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class World:
    """Who is there."""

    ids: dict[str, int]
    tokens: dict[str, str]
    addresses: list[Address]

    def client(self, who: str) -> Client:
        """A browser of one of them; a fresh one for each request, since an address may sign it out."""
        client = Client(raise_request_exception=False)
        if who in self.tokens:
            client.cookies[COOKIE] = self.tokens[who]
        return client


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    """(pattern, name) of every address below `patterns`."""
    for pattern in patterns:
        whole = before + pattern.pattern.regex.pattern.removeprefix("^").removesuffix("\\Z").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, whole)
        else:
            yield whole, pattern.name or ""


def addresses(ids: dict[str, int]) -> list[Address]:
    """Every address with its parameters filled in from VALUES."""
    found = []
    for pattern, name in routes(get_resolver().url_patterns):
        template, parameters = normalize(pattern)[0]
        unknown = [parameter for parameter in parameters if parameter not in VALUES]
        assert not unknown, (
            f"/{pattern} has a parameter this walk does not know: {unknown}. "
            f"Add a value for it to VALUES in {__file__}."
        )
        choices = max((VALUES[parameter] for parameter in parameters), key=len, default=[""])
        for turn in range(len(choices)):
            filled = {
                parameter: VALUES[parameter][turn % len(VALUES[parameter])].format(**ids) for parameter in parameters
            }
            found.append(Address("/" + template % filled, name))
    return found


@pytest.fixture
def world(db: None, settings: pytest.FixtureRequest) -> World:
    """Two towns; in one of them three applications; a clerk of each, an editor and a plain communicator."""
    settings.PASSWORD_HASHERS = ["kepu.people.tests.hashing.QuickArgon2"]  # type: ignore[attr-defined]
    now = clock.now() - timedelta(days=1)
    Division.objects.bulk_create(Division(code=code, name=name) for code, name in DIVISIONS.items())
    writes.prepare_county("430623", now)

    def account(number: int, name: str, *scopes: tuple[Role, str]) -> int:
        opened = writes.open_staff_account(f"138{number:08}", name, PASSWORD, 430623, now)
        assert isinstance(opened, int)
        for role, division in scopes:
            assert writes.grant_scope(opened, role, division, now) is None
        return opened

    ids = {
        "clerk": account(1, "周审", (Role.TOWN_CLERK, TOWN)),
        "reviewer": account(2, "吴审", (Role.TOWN_CLERK, OTHER_TOWN)),
        "editor": account(3, "郑编", (Role.EDITOR, "430623")),
        "plain": account(4, "李新"),
        "waiting": account(11, "甲乙"),
        "returned": account(12, "丙丁"),
        "revoked": account(13, "戊己"),
    }
    for who, name in (("waiting", WAITING), ("returned", RETURNED), ("revoked", REVOKED)):
        apply(ids[who], name, TOWN)
    apply(ids["plain"], "李新", OTHER_TOWN)
    assert isinstance(writes.approve_certification(ids["plain"], ids["reviewer"], now), int)
    assert isinstance(writes.return_certification(ids["returned"], ids["clerk"], "退回缘由甲", now), int)
    assert isinstance(writes.approve_certification(ids["revoked"], ids["clerk"], now), int)
    assert isinstance(writes.revoke_certification(ids["revoked"], ids["clerk"], "撤销缘由乙", now), int)
    numbers = {"clerk": 1, "reviewer": 2, "editor": 3, "plain": 4}
    tokens = {who: sign_in(number) for who, number in numbers.items()}
    return World(ids, tokens, addresses(ids))


def apply(account: int, name: str, town: str) -> None:
    """An application from a village of `town` waits."""
    unit = next(unit.id for unit in reads.units_within(town) if len(unit.division) == 12)
    association = reads.associations("华容", 1)[0].id
    stated = Application(name, town, unit, ApplicantType.COUNTY.value, association)
    assert isinstance(writes.submit_certification(account, stated, clock.now() - timedelta(days=1)), int)


def sign_in(number: int) -> str:
    """A session token."""
    signed_in = writes.sign_in_with_password(f"138{number:08}", PASSWORD, "", clock.now())
    assert isinstance(signed_in, SignedIn)
    return signed_in.token


def kept(world: World) -> list[object]:
    """Everything an outsider might change about the town's applications, its people and the staff."""
    applicants = [world.ids[who] for who in ("waiting", "returned", "revoked")]
    return [
        list(Certification.objects.filter(account__in=applicants).order_by("pk").values()),
        list(CertificationStep.objects.filter(certification__account__in=applicants).order_by("pk").values()),
        list(Communicator.objects.filter(account__in=applicants).order_by("pk").values()),
        list(StaffScope.objects.order_by("pk").values()),
        list(Account.objects.order_by("pk").values("pk", "password", "is_active", "is_staff", "is_superuser")),
        [(group.name, sorted(group.user_set.values_list("pk", flat=True))) for group in Group.objects.order_by("pk")],
    ]


def asked(world: World, who: str) -> Iterator[tuple[Address, str, object]]:
    """(address, method, answer) for a GET and a POST of every address."""
    step = reads.certification_of(world.ids["waiting"])
    assert step is not None
    form = {"seen": str(step.step), "reason": "越权", "is_backbone": "1", "next": "/"}
    for address in world.addresses:
        yield address, "GET", world.client(who).get(address.path)
        yield address, "POST", world.client(who).post(address.path, form)
        if address.path.startswith("/v1/"):
            token = {"Authorization": f"Bearer {world.tokens[who]}"} if who in world.tokens else {}
            body = {"decision": "approve", "reason": "越权"}
            sent = world.client(who).post(address.path, body, content_type="application/json", headers=token)
            yield address, "POST as JSON", sent


def text(answer: object) -> str:
    """The body of an answer, streamed or not."""
    if getattr(answer, "streaming", False):
        return b"".join(answer).decode("utf-8", "replace")  # type: ignore[call-overload]
    return answer.content.decode("utf-8", "replace")  # type: ignore[attr-defined]


def test_the_walk_knows_the_site(world):
    paths = {address.path for address in world.addresses}
    for sure in ("/", "/sign-in/", "/me/certification/", f"/admin/certifications/{world.ids['waiting']}/approve/"):
        assert sure in paths
    assert len(paths) > 200


@pytest.mark.parametrize("who", ["anonymous", "plain"])
def test_outsiders_get_nothing_of_the_back_office_and_change_nothing(world, who):
    before = kept(world)
    for address, method, answer in asked(world, who):
        where = f"{method} {address.path}"
        assert answer.status_code < 500 or answer.status_code == 503, where
        assert not [secret for secret in SECRETS if secret in text(answer)], where
        if address.path.startswith("/admin/") and address.name not in OPEN_IN_ADMIN:
            shut = answer.status_code in (403, 404, 405)
            sent_away = answer.status_code in (302, 307) and re.match(
                r"/(sign-in|sign-out|me)/", answer.headers["Location"]
            )
            assert shut or sent_away, f"{where}: {answer.status_code}"
    assert kept(world) == before


@pytest.mark.parametrize("who", ["reviewer", "editor"])
def test_staff_neither_see_nor_change_what_lies_outside_their_scope(world, who):
    before = kept(world)
    for address, method, answer in asked(world, who):
        where = f"{method} {address.path}"
        assert answer.status_code < 500 or answer.status_code == 503, where
        assert not [secret for secret in SECRETS if secret in text(answer)], where
        if re.match(r"/admin/certifications/\d+/", address.path) and method == "POST":
            assert answer.status_code in (404, 405), where
    assert kept(world) == before


def test_the_towns_own_clerk_sees_them_and_may_decide(world):
    seen = set()
    for address, method, answer in asked(world, "clerk"):
        where = f"{method} {address.path}"
        assert answer.status_code < 500 or answer.status_code == 503, where
        if method == "GET":
            seen |= {secret for secret in SECRETS if secret in text(answer)}
    assert seen == set(SECRETS)
    assert Certification.objects.get(account=world.ids["waiting"]).state == "approved"
