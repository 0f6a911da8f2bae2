"""Keeping in the audit what a page of the back office, or the command line, just did."""

import json
import os
import pwd
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from kepu.audit.rules import Deed
from kepu.audit.writes import keep_deed
from kepu.console.labels import ACTS
from kepu.console.scope import me
from kepu.kit import clock
from kepu.people import reads as people
from kepu.people.rules import client_network

# The network of the request that is being answered, for what Wagtail does in the middle of it.
ASKED_FROM: ContextVar[str] = ContextVar("kepu_asked_from", default="")
# Whose request that is: 0 outside the back office, where what changes is nobody's act.
ASKED_BY: ContextVar[int] = ContextVar("kepu_asked_by", default=0)
Change = tuple[Mapping[str, Any], Mapping[str, Any]]


def keep(
    request: HttpRequest,
    act: str,
    subject: str,
    division: str,
    now: datetime,
    change: Change = ({}, {}),
) -> None:
    """The act is in the audit with who, from where, and what it changed (before, after).

    Inside the transaction of the act itself: neither stands without the other. `act` has its words in
    `labels.ACTS`. One query.
    """
    name = str(getattr(request.user, "display_name", ""))
    _keep(Deed(act, me(request), name, network_of(request), subject, division, *change), now)


def keep_typed(act: str, subject: str, division: str, now: datetime, change: Change = ({}, {})) -> None:
    """As `keep`, for an act at the command line: account 0, under the name of the operating system's user."""
    _keep(Deed(act, 0, _user_of_system(), "", subject, division, *change), now)


def keep_wagtails(action: str, account: int, label: str, change: Change) -> None:
    """An act in Wagtail's own pages, for the whole site; Wagtail's words for it (`labels.act_text`).

    Two queries.
    """
    row = people.account(account)
    before, after = json.loads(json.dumps(change, default=str))
    name = row.name if row else ""
    keep_deed(Deed(action[:40], account, name, ASKED_FROM.get(), label, "", before, after), clock.now())


def network_of(request: HttpRequest) -> str:
    """The network the request comes from, as `people.rules.client_network` reads it."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_network(request.META.get("REMOTE_ADDR", ""), forwarded, settings.KEPU_PROXIES)


def _keep(deed: Deed, now: datetime) -> None:
    assert connection.in_atomic_block, "an act and its record stand or fall together"
    assert deed.act in ACTS, f"{deed.act} has no words in labels.ACTS"
    keep_deed(deed, now)


def _user_of_system() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number that no user has
        return str(os.getuid())
