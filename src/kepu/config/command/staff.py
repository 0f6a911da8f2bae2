"""`kepu staff`: who works in the back office, and where."""

import json
import sys

import click
from django.conf import settings
from django.db import transaction

from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.rules import Refused, Role
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
    place = regions.full_name(division) or division or "*"
    click.echo(f"{name} · {reads.role_text(Role(role))} · {place}")


@command.command()
@click.option("--phone", required=True, help="Mobile number, 11 digits.")
@click.option("--role", required=True, type=ROLES)
@click.option("--division", required=True, help="Division code of the scope to take away.")
def revoke(phone: str, role: str, division: str) -> None:
    """Take one scope away; the person's sessions end.

    E.g.: kepu staff revoke --phone 13800001234 --role county_officer --division 430623
    """
    account = reads.account_with_phone(phone)
    if account is None:
        raise click.ClickException("no account has this number")
    _done(writes.revoke_scope(account, Role(role), division))
    click.echo("ok")


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


def _book(division: str) -> int:
    """The county whose book a new account is entered in: the division's, or the site's."""
    return int(division[:6] if len(division) >= 6 else settings.KEPU_DIVISION)


def _done(outcome: int | Refused | None) -> int | None:
    """What a write returned; a refusal ends the command with its sentence and status 1."""
    if isinstance(outcome, Refused):
        raise click.ClickException(reads.refusal_text(outcome.refusal))
    return outcome
