"""Every address of the back office, asked by every role, inside and outside its divisions.

The addresses are those the resolver knows. What each role may do stands in `matrix`; an address that does not
stand there fails `test_every_address_stands_in_the_table`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.messages import ERROR, get_messages
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize
from wagtail.fields import StreamField
from wagtail.models import TaskState, get_page_models

from kepu.console.tests.conftest import enter
from kepu.console.tests.made_town import town
from kepu.console.tests.matrix import INSIDE, OURS, OUTSIDE, WHOLE_SITE, WRITERS, Ours, wagtails_roles
from kepu.console.tests.one_no import one_no
from kepu.console.tests.world import COLLEAGUES, SECRETS, STEPS, belongings
from kepu.people.rules import Role
from kepu.people.tests.land import COUNTY

__all__ = ["one_no", "town"]
pytestmark = pytest.mark.django_db
PAGES_OF_SECRETS = (
    *("certifications", "complaints", "staff", "audit", "figures", "rosters"),
    *("announcements", "campaigns", "papers", "certificates/awards-2025/year"),
    *("clubs", "clubs/posts", "clubs/comments"),
    *("mall", "mall/places"),
)
# What these do ends the test's own transaction's rules: attempts are counted durably.
DURABLE = {"console_second_factor", "console_set_up", "console_counter_code", "console_counter_confirm"}
# A page, a way on, a file; or a form that says what is missing. Nobody is let in by anything else.
LET_IN = (200, 302, 307, 400, 409, 422)
# Doors, which lead on to other doors; and acts that what lies in the town is not ready for, or whose form
# here is not whole: they lead back to their page with an error. From any other address that is a no.
DOORS = {"console_login", "console_second_factor"}
NOT_READY = {
    *("console_review_decide", "console_certificate_anew", "console_certificates_issue"),
    *("console_certificates_organ", "console_figures_approve", "console_figures_ask_withdrawal"),
    *("console_figures_keep", "console_figures_turn_down", "console_figures_withdraw"),
    *("console_payout_file", "console_payout_act", "console_payout_close", "console_round_revoke"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """One address: its name in the resolver, with namespaces, and its path with real numbers in it.

    `is_theirs`: it is about what a colleague has for themselves.
    """

    name: str
    path: str
    is_theirs: bool = False


def routes(
    patterns: list[URLPattern | URLResolver], before: str = "", space: str = ""
) -> Iterator[tuple[str, str]]:
    """(name, pattern) of every address under /admin/."""
    for pattern in patterns:
        whole = before + pattern.pattern.regex.pattern.removeprefix("^").removesuffix("\\Z").removesuffix("$")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, whole, inner)
        elif whole.startswith("admin/"):
            yield f"{space}{pattern.name or ''}", whole


def every_route() -> list[tuple[str, str]]:
    """All of them, but Wagtail's last catch-all and our two closed doors (see `test_certifications`)."""
    found = routes(get_resolver().url_patterns)
    return [(name, pattern) for name, pattern in found if ".*" not in pattern and name != "console_not_here"]


@pytest.fixture
def world(town: dict[str, Any], db: None) -> dict[str, Any]:
    """What lies in the town; see `world.town_at_work`."""
    return town


def addresses(world: dict[str, Any]) -> list[Address]:
    """Every address with what lies in the town in it; of what is personal, mine, then a colleague's."""
    found = []
    for name, pattern in every_route():
        template, parameters = normalize(pattern)[0]
        rule = OURS.get(name)
        for whose in ("my", "their") if rule is not None and rule.is_personal else ("",):
            filled = {each: _value(world, each, rule, whose) for each in parameters}
            found.append(Address(name, "/" + template % filled, whose == "their"))
    return found


def _value(world: dict[str, Any], parameter: str, rule: Ours | None, whose: str) -> object:
    if parameter == "section":
        return "basics"
    if rule is not None:
        of = rule.of.replace("my ", f"{whose} ", 1) if rule.is_personal else rule.of
        return world.get(f"{of} {parameter}") or world[of]
    if parameter in _WAGTAILS:
        return _WAGTAILS[parameter]
    return world["parent"] if parameter == "parent_page_id" else world["article"]


_WAGTAILS: dict[str, object] = {
    "action": "delete",
    "action_name": "approve",
    "app_label": "content",
    "app_name": "content",
    "content_type_app_name": "content",
    "content_type_model_name": "articlepage",
    "collection_id": 1,
    "filter_spec": "width-100",
    "image_id": 1,
    "model_name": "articlepage",
    "revision_id": 1,
    "revision_id_a": 1,
    "revision_id_b": 1,
    "session_id": 1,
    "task_id": 1,
    "task_state_id": 1,
    "token": "AAAA",
    "uidb64": "AAAA",
    "uploaded_file_id": 1,
    "workflow_pk": 1,
    "workflow_state_id": 1,
}


def always_sent() -> dict[str, str]:
    """Fields that Wagtail's own forms always send and its pages take for granted."""
    fields = [field for model in get_page_models() for field in model._meta.get_fields()]
    counts = {f"{field.name}-count": "0" for field in fields if isinstance(field, StreamField)}
    return counts | {"external-link-chooser-url": "/"}


def asked(client: Client, address: Address, method: str) -> Any:
    """The answer; whatever the request changed is taken back."""
    rule = OURS.get(address.name)
    form = dict(rule.form) if rule is not None else always_sent()
    ask = getattr(client, method.lower())
    if address.name in DURABLE:
        return ask(address.path, form if method == "POST" else {})
    with transaction.atomic():
        answer = ask(address.path, form if method == "POST" else {})
        transaction.set_rollback(True)
    return answer


def is_refused(answer: Any) -> bool:
    """Whether the answer is a no: Wagtail also says it by leading to its first page."""
    if answer.status_code in (403, 404, 405):
        return True
    return answer.status_code == 302 and answer.headers["Location"] in ("/admin/", "/sign-in/")


def is_led_away(answer: Any, name: str) -> bool:
    """Whether a redirect is a no in disguise: to a door, or with an error to be shown."""
    if answer.status_code not in (302, 307) or name in DOORS:
        return False
    if answer.headers["Location"].startswith(("/sign-in/", "/admin/login/", "/admin/second-factor/")):
        return True
    said = get_messages(answer.wsgi_request)
    return name not in NOT_READY and any(message.level >= ERROR for message in said._queued_messages)


def trouble_with_ours(answer: Any, address: Address, role: Role, method: str, inside: bool) -> str:
    """What is wrong with an answer of ours; "" when it is as the table has it."""
    rule = OURS[address.name]
    if method not in rule.methods.split():
        return "" if answer.status_code in (404, 405) else f"takes a {method}: {answer.status_code}"
    able = rule.lets(role, INSIDE.get(role, "") if inside else OUTSIDE[role])
    expected = able and not address.is_theirs and (inside or not rule.of or rule.anywhere)
    if expected and (answer.status_code not in LET_IN or is_led_away(answer, address.name)):
        return f"refused: {answer.status_code} {answer.headers.get('Location', '')}"
    return "" if expected or answer.status_code == 404 else f"let in: {answer.status_code}"


def trouble_with(answer: Any, address: Address, role: Role, method: str, inside: bool) -> str:
    """What is wrong with an answer; "" when it is as the table has it."""
    if answer.status_code >= 500 and (address.name, method) != ("wagtailadmin_pages:copy", "POST"):
        return f"answered {answer.status_code}"
    if address.name in OURS:
        return trouble_with_ours(answer, address, role, method, inside)
    roles = wagtails_roles(address.name)
    may = roles is not None and role in roles and (inside or len(roles) == len(Role))
    return "" if may or is_refused(answer) else f"let in: {answer.status_code}"


def walked(world: dict[str, Any], client: Client, role: Role, *, inside: bool) -> list[str]:
    """Every trouble of a walk through all addresses, one a line."""
    found = []
    client.raise_request_exception = False
    own = belongings(world, enter(client, 90, role, INSIDE.get(role, "") if inside else OUTSIDE[role]))
    for address in addresses(world | own):
        for method in ("GET", "POST"):
            answer = asked(client, address, method)
            trouble = trouble_with(answer, address, role, method, inside)
            body = b"".join(answer) if answer.streaming else answer.content
            hidden = COLLEAGUES if inside else SECRETS + COLLEAGUES
            leaked = [word for word in hidden if word in body.decode("utf-8", "replace")]
            if leaked:
                trouble += f" shows {leaked}"
            if trouble:
                found.append(f"{method} {address.path} ({address.name}): {trouble}")
    return found


def on_both(role: Role, chosen: Role) -> Any:
    """A parameter: the walk of one role is enough to show that every page's questions suit PostgreSQL too."""
    return pytest.param(role, marks=pytest.mark.both_databases if role is chosen else ())


def test_every_address_stands_in_the_table():
    names = {name for name, _pattern in every_route()}
    missing = sorted(name for name in names if name not in OURS and wagtails_roles(name) is None)
    assert missing == [], "enter them in console/tests/matrix.py, one line each"
    assert sorted(set(OURS) - names) == [], "these are gone"


@pytest.mark.parametrize("role", [on_both(role, Role.OPERATOR) for role in Role if role not in WHOLE_SITE])
def test_inside_its_divisions_a_role_may_do_what_the_table_says(client, world, one_no, role):
    troubles = walked(world, client, role, inside=True)
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize("role", [on_both(role, Role.TOWN_CLERK) for role in Role if role not in WHOLE_SITE])
def test_outside_its_divisions_a_role_sees_and_changes_nothing(client, world, one_no, role):
    troubles = walked(world, client, role, inside=False)
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize("role", [on_both(role, Role.EDITOR) for role in sorted(WHOLE_SITE)])
def test_those_who_write_and_review_have_articles_alone(client, world, one_no, role):
    troubles = walked(world, client, role, inside=True)
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize("role", sorted(WRITERS))
def test_those_who_write_can(client, world, role):
    enter(client, 90, role, "")
    for path in (
        f"/admin/pages/{world['parent']}/",
        f"/admin/pages/{world['article']}/edit/",
        "/admin/images/",
    ):
        assert client.get(path).status_code == 200, path


def test_the_town_s_own_officer_reads_every_one_of_the_secrets(client, world):
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    read = "".join(client.get(f"/admin/{page}/").content.decode() for page in PAGES_OF_SECRETS)
    assert [word for word in SECRETS if word not in read] == []


@pytest.mark.parametrize("role", [*STEPS, Role.EDITOR])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_article_under_review_opens_at_its_own_step_alone(client, world, role, step):
    enter(client, 90, role, "")
    path = f"/admin/articles/reviews/{world[f'review {step}']}/"
    is_mine = role is STEPS[step - 1] if role in STEPS else False
    assert client.get(path).status_code == (200 if is_mine else 404)
    before = TaskState.objects.get(pk=world[f"review {step}"]).status
    client.post(f"{path}decide/", {"action": "approve"})
    after = TaskState.objects.get(pk=world[f"review {step}"]).status
    assert (after != before) is is_mine
