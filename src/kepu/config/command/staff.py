"""`kepu staff`: who works in the back office, and where."""

import json
import sys
from collections.abc import Callable
from datetime import datetime

import click
from django.conf import settings
from django.db import transaction

from kepu.console import deeds
from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.rules import Refused, Role, outermost
from kepu.people.writes.second_factor import reset_second_factor
from kepu.people.writes.staff_sessions import wake_staff
from kepu.regions import reads as regions

ROLES = click.Choice([role.value for role in Role])


@click.group()
def command() -> None:
    """Give people a role within a division, take it away, or list who has one."""


@command.command()
@click.option("--phone", required=True, help="Mobile number, 11 digits.")
@click.option("--name", required=True, help="Real name, as colleagues see it.")
@click.option("--role", required=True, type=ROLES)
@click.option("--division", required=True, help='Division code, e.g. 430623; "" for the whole site.')
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input (one line).")
def grant(phone: str, name: str, role: str, division: str, password_stdin: bool) -> None:
    """Make someone staff; an account is opened when the number has none.

    Without a password a new member of staff signs in by code. The password comes from standard input,
    so that neither the shell's history nor the list of processes shows it.
    E.g.: echo "$PASSWORD" | kepu staff grant --phone 13800001234 --name 王建国 --role county_officer
    --division 430623 --password-stdin
    """
    now = clock.now()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with transaction.atomic():
        account = _done(writes.open_staff_account(phone, name, password, _book(division), now))
        assert account is not None
        _done(writes.grant_scope(account, Role(role), division, now))
        deeds.keep_typed("grant_scope", name, division, now, ({}, {"role": role, "division": division}))
    place = regions.full_name(division) or division or "*"
    click.echo(f"{name} · {reads.role_text(Role(role))} · {place}")


@command.command()
@click.option("--phone", required=True, help="Mobile number, 11 digits.")
@click.option("--role", required=True, type=ROLES)
@click.option("--division", required=True, help="Division code of the scope to take away.")
def revoke(phone: str, role: str, division: str) -> None:
    """Take one scope away; the person's sessions end. Exits 1 where there is no such scope.

    E.g.: kepu staff revoke --phone 13800001234 --role county_officer --division 430623
    """
    account = reads.account_with_phone(phone)
    if account is None:
        raise click.ClickException("没有用这个手机号的账号，没有可收回的。")
    what = f"{reads.role_text(Role(role))} · {regions.full_name(division) or division or '*'}"
    now = clock.now()
    with transaction.atomic():
        outcome = writes.revoke_scope(account, Role(role), division)
        if not isinstance(outcome, Refused):
            row = reads.account(account)
            change: deeds.Change = ({"role": role, "division": division}, {})
            deeds.keep_typed("revoke_scope", row.name if row else f"#{account}", division, now, change)
    if isinstance(outcome, Refused):
        raise click.ClickException(
            f"此人没有这项职务（{what}），没有可收回的。kepu staff list 列出各人的职务。"
        )
    click.echo(f"已收回：{what}")


@command.command("second-factor")
@click.option("--reset", "phone", required=True, help="Mobile number of whoever lost the phone.")
def second_factor(phone: str) -> None:
    """Take somebody's second factor off: a new one is set up at the next sign-in, and all sessions end.

    E.g.: kepu staff second-factor --reset 13800001234
    """
    _keep_below(phone, "reset_second_factor", reset_second_factor)
    click.echo("已取消动态码。下次进入后台时重新设置。")


@command.command("open")
@click.option("--phone", required=True, help="Mobile number of the account that was away too long.")
def open_(phone: str) -> None:
    """Open an account of staff again that was locked because nobody used it for long.

    E.g.: kepu staff open --phone 13800001234
    """
    _keep_below(phone, "unlock_staff", wake_staff)
    click.echo("账号已重新开启。")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def list_(as_json: bool) -> None:
    """List every scope: name, masked number, role, division.

    E.g.: kepu staff list --json
    """
    rows = reads.staff()
    if as_json:
        members = [
            {
                "account": row.account,
                "name": row.name,
                "phone": row.phone_masked,
                "role": row.role.value,
                "division": row.division,
            }
            for row in rows
        ]
        click.echo(json.dumps(members, ensure_ascii=False))
        return
    names = regions.full_names(row.division for row in rows)
    for row in rows:
        place = names.get(row.division, row.division or "*")
        click.echo(f"{row.name}\t{row.phone_masked}\t{reads.role_text(row.role)}\t{place}")


def _keep_below(phone: str, act: str, write: Callable[[int, datetime], object]) -> None:
    """The write is done for the member of staff with this number, and kept."""
    account, now = reads.account_with_phone(phone), clock.now()
    scopes = reads.scopes_of(account) if account is not None else frozenset()
    if account is None or not scopes:
        raise click.ClickException("这个手机号不是工作人员。kepu staff list 列出各人的职务。")
    row = reads.account(account)
    with transaction.atomic():
        write(account, now)
        place = outermost({division for _role, division in scopes})[0]
        deeds.keep_typed(act, row.name if row else f"#{account}", place, now)


def _book(division: str) -> int:
    """The county whose book a new account is entered in: the division's, or the site's."""
    return int(division[:6] if len(division) >= 6 else settings.KEPU_DIVISION)


def _done(outcome: int | Refused | None) -> int | None:
    """What a write returned; a refusal ends the command with its sentence and status 1."""
    if isinstance(outcome, Refused):
        raise click.ClickException(reads.refusal_text(outcome.refusal))
    return outcome
