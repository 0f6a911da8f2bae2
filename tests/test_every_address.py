"""Walks every address of the site as everybody who might ask, and proves what each may see and change.

Addresses are found in the resolver, so a room that adds one is walked too. A new parameter name must get
a value in VALUES below (real ones where the walk should reach something, any other where not).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize
from pytest_django import DjangoDbBlocker
from wagtail.images.models import Image

from kepu.console.tests.one_no import one_no
from kepu.console.tests.test_matrix import always_sent
from kepu.content import reads as articles
from kepu.content import writes as content
from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.models import Account, Certification, CertificationStep, Communicator, Complaint, StaffScope
from kepu.people.rules import Role
from kepu.people.rules.second_factor import STAFF_COOKIE
from kepu.people.sessions import COOKIE
from kepu.people.writes.complaints import send_complaint
from kepu.people.writes.staff_sessions import open_staff_session
from kepu.regions import writes as divisions
from kepu.simulation import writes as simulation
from tests.applicants import PASSWORD, apply, sign_in

__all__ = ["one_no"]
QUICK = ["kepu.people.tests.hashing.QuickArgon2"]
TOWN, OTHER_TOWN = "430623110", "430623101"
# Words that stand only in the applications of TOWN: whoever may not see those must never read one.
WAITING, RETURNED, REVOKED = "欧阳秘一", "欧阳秘二", "欧阳秘三"
SECRETS = (
    WAITING,
    RETURNED,
    REVOKED,
    "退回缘由甲",
    "撤销缘由乙",
    "138****0011",
    "138****0012",
    "138****0013",
)
# A county officer hears complaints; nobody in this walk is one.
COMPLAINT = "投诉密语"

# Wagtail serves these two to everybody: its icons and the translations of its scripts.
OPEN_IN_ADMIN = {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}

# What stands for each parameter; `account` is walked once for every account below.
VALUES = {
    "account": ["{waiting}", "{returned}", "{revoked}"],
    "action": ["delete"],
    "action_name": ["test"],
    "app_label": ["wagtailcore"],
    "app_name": ["people"],
    "article": ["{article}"],
    "batch": ["1"],
    "campaign": ["{campaign}"],
    "certificate": ["1"],
    "club": ["1"],
    "code": ["0123456789abcdefghjk"],
    "collection_id": ["1"],
    "comment": ["1"],
    "complaint": ["{complaint}"],
    "content_type_app_name": ["people"],
    "content_type_model_name": ["certification"],
    "design": ["frame"],
    "destination_id": ["{article}"],
    "division": [TOWN],
    "draft": ["1"],
    "entry": ["1"],
    "file": ["1"],
    "item": ["1"],
    "job": ["1"],
    "line": ["1"],
    "objection": ["1"],
    "person": ["1"],
    "section": ["tasks"],
    "session": ["1"],
    "signal": ["1"],
    "state": ["1"],
    "feed": ["1"],
    "filter_spec": ["width-100"],
    "id": ["{waiting}"],
    "image_id": ["1"],
    "merge": ["1"],
    "model_name": ["page"],
    "number": ["1"],
    "object_id": ["{waiting}"],
    "order": ["00000000-0000-4000-8000-000000000001"],
    "organ": ["1"],
    "paper": ["1"],
    "page_id": ["{article}"],
    "page_pk": ["{article}"],
    "page_to_move_id": ["{article}"],
    "parent_page_id": ["{article}"],
    "picture": ["1"],
    "pk": ["{waiting}"],
    "post": ["1"],
    "place": ["1"],
    "revision_id": ["1"],
    "revision_id_a": ["1"],
    "revision_id_b": ["1"],
    "round_id": ["annual"],
    "session_id": ["1"],
    "size": ["phone"],
    "slug": ["chaqi-2021"],
    "task_id": ["1"],
    "task_state_id": ["1"],
    "token": ["AAAA"],
    "uidb64": ["AAAA"],
    "unit": ["1"],
    "uploaded_file_id": ["1"],
    "version": ["1"],
    "word": ["1"],
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
        if reads.scopes_of(self.ids.get(who, 0)):
            client.cookies[STAFF_COOKIE] = open_staff_session(self.ids[who], "", "", clock.now())
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
                parameter: VALUES[parameter][turn % len(VALUES[parameter])].format(**ids)
                for parameter in parameters
            }
            found.append(Address("/" + template % filled, name))
    return found


@pytest.fixture(scope="module")
def towns(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world, made once; tests change it inside transactions of their own."""
    with override_settings(PASSWORD_HASHERS=QUICK), django_db_blocker.unblock(), transaction.atomic():
        yield made()
        transaction.set_rollback(True)


@pytest.fixture
def world(towns: World, db: None, settings: Any) -> World:
    """Two towns, as `made` leaves them, and the sessions of those who walk."""
    settings.PASSWORD_HASHERS = QUICK
    numbers = {"clerk": 1, "reviewer": 2, "editor": 3, "plain": 4}
    return replace(towns, tokens={who: sign_in(number) for who, number in numbers.items()})


def made() -> World:
    """Two towns; in one of them three applications; a clerk of each, an editor and a plain communicator."""
    now = clock.now() - timedelta(days=1)
    divisions.load_divisions(only_within=(TOWN, OTHER_TOWN))
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
        "editor": account(3, "郑编", (Role.EDITOR, "")),
        "plain": account(4, "李新"),
        "waiting": account(11, "甲乙"),
        "returned": account(12, "丙丁"),
        "revoked": account(13, "戊己"),
    }
    for who, name in (("waiting", WAITING), ("returned", RETURNED), ("revoked", REVOKED)):
        apply(ids[who], name, TOWN)
    apply(ids["plain"], "李新", OTHER_TOWN)
    content.load_sample_articles(now)
    ids["article"] = min(articles.published_ids())
    ids["campaign"] = simulation.publish_reference(now).number
    assert isinstance(writes.approve_certification(ids["plain"], ids["reviewer"], now), int)
    assert isinstance(writes.return_certification(ids["returned"], ids["clerk"], "退回缘由甲", now), int)
    assert isinstance(writes.approve_certification(ids["revoked"], ids["clerk"], now), int)
    assert isinstance(writes.revoke_certification(ids["revoked"], ids["clerk"], "撤销缘由乙", now), int)
    ids["complaint"] = int(
        send_complaint(COMPLAINT, "", path="", account=ids["waiting"], network_mark="", now=now)
    )
    return World(ids, {}, addresses(ids))


def kept(world: World) -> list[object]:
    """Everything an outsider might change about the town's applications, its people and the staff."""
    applicants = [world.ids[who] for who in ("waiting", "returned", "revoked")]
    return [
        list(Certification.objects.filter(account__in=applicants).order_by("pk").values()),
        list(CertificationStep.objects.filter(certification__account__in=applicants).order_by("pk").values()),
        list(Communicator.objects.filter(account__in=applicants).order_by("pk").values()),
        list(StaffScope.objects.order_by("pk").values()),
        list(Complaint.objects.filter(words=COMPLAINT).values()),
        list(
            Account.objects.order_by("pk").values("pk", "password", "is_active", "is_staff", "is_superuser")
        ),
        [
            (group.name, sorted(group.user_set.values_list("pk", flat=True)))
            for group in Group.objects.order_by("pk")
        ],
    ]


def asked(world: World, who: str) -> Iterator[tuple[Address, str, Any]]:
    """(address, method, answer) for a GET and a POST of every address."""
    step = reads.certification_of(world.ids["waiting"])
    assert step is not None
    form = {"seen": str(step.step), "reason": "越权", "is_backbone": "1", "next": "/"} | always_sent()
    form["new_parent_page"] = "1"
    ends_sessions_last = sorted(world.addresses, key=lambda address: address.path == "/sign-out/")
    for address in ends_sessions_last:
        yield address, "GET", world.client(who).get(address.path)
        yield address, "POST", world.client(who).post(address.path, form)
        if address.path.startswith("/v1/"):
            token = {"Authorization": f"Bearer {world.tokens[who]}"} if who in world.tokens else {}
            body = {"decision": "approve", "seen": step.step, "reason": "越权"}
            sent = world.client(who).post(address.path, body, content_type="application/json", headers=token)
            yield address, "POST as JSON", sent


def text(answer: Any) -> str:
    """The body of an answer, streamed or not."""
    body = b"".join(answer) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


def troubles(world: World, who: str, judge: Callable[[Address, str, Any], str]) -> list[str]:
    """What `judge` found wrong with the answers `who` got, and every 500 (503 is an answer), one a line."""
    found = []
    for address, method, answer in asked(world, who):
        broken = answer.status_code >= 500 and answer.status_code != 503
        wrong = f"answered {answer.status_code}" if broken else judge(address, method, answer)
        if wrong:
            found.append(f"{method} {address.path} {wrong}")
    return found


def leaked(answer: Any) -> str:
    """Which of the town's words an answer shows."""
    return ", ".join(secret for secret in (*SECRETS, COMPLAINT) if secret in text(answer))


def test_the_walk_knows_the_site(world):
    paths = {address.path for address in world.addresses}
    for sure in (
        "/",
        "/sign-in/",
        "/me/certification/",
        f"/admin/certifications/{world.ids['waiting']}/approve/",
    ):
        assert sure in paths
    assert len(paths) > 200


# One who is led everywhere asks on both databases; the others, by whom less is reached, on one.
CLERK = pytest.param("clerk", marks=pytest.mark.both_databases)


@pytest.mark.parametrize("who", ["anonymous", "plain"])
def test_outsiders_get_nothing_of_the_back_office_and_change_nothing(world, one_no, who):
    def judge(address: Address, method: str, answer: Any) -> str:
        in_admin = address.path.startswith("/admin/") and address.name not in OPEN_IN_ADMIN
        if not in_admin or answer.status_code in (403, 404, 405):
            return leaked(answer)
        to = answer.headers.get("Location", "")
        sent_away = answer.status_code in (302, 307) and re.match(r"/(sign-in|sign-out|me|admin/login)/", to)
        return leaked(answer) if sent_away else f"answered {answer.status_code} {to}"

    before = kept(world)
    assert troubles(world, who, judge) == []
    assert kept(world) == before


@pytest.mark.parametrize("who", ["reviewer", "editor"])
def test_staff_neither_see_nor_change_what_lies_outside_their_scope(world, one_no, who):
    def judge(address: Address, method: str, answer: Any) -> str:
        decides = re.match(r"/admin/certifications/\d+/", address.path) and method == "POST"
        if decides and answer.status_code not in (404, 405):
            return f"answered {answer.status_code}"
        return leaked(answer)

    before = kept(world)
    assert troubles(world, who, judge) == []
    assert kept(world) == before


@pytest.mark.both_databases
def test_the_towns_own_clerk_sees_them_and_may_decide(world, one_no):
    seen = set()

    def judge(address: Address, method: str, answer: Any) -> str:
        seen.update(secret for secret in SECRETS if method == "GET" and secret in text(answer))
        return ""

    assert troubles(world, "clerk", judge) == []
    assert seen == set(SECRETS)
    assert Certification.objects.get(account=world.ids["waiting"]).state == "approved"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("x.html", b"<script>document.title='mine'</script>"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("x.jpg", b"<html><script>alert(1)</script></html>"),
    ],
)
def test_an_editor_can_leave_nothing_here_but_pictures(world, settings, tmp_path, name, body):
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile(name, body, "image/png")
    for path in ("/admin/images/add/", "/admin/images/multiple/add/", "/admin/documents/add/"):
        world.client("editor").post(path, {"title": "x", "file": upload, "files[]": upload})
    assert not Image.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [address for address in world.addresses if address.path.startswith("/admin/documents/")]


@pytest.mark.parametrize("who", [CLERK, "editor"])
def test_no_number_is_too_large(world, one_no, who):
    huge = str(10**22)
    found = []
    for pattern, name in routes(get_resolver().url_patterns):
        template, parameters = normalize(pattern)[0]
        if not parameters:
            continue
        given = {
            each: huge if VALUES[each][0].strip("{}") in {*world.ids, "1"} else VALUES[each][0]
            for each in parameters
        }
        for method in ("get", "post"):
            answer = getattr(world.client(who), method)("/" + template % given)
            if answer.status_code >= 500:
                found.append(f"{method} /{template % given} {name}")
    assert found == []
