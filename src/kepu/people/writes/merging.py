"""Two accounts of one person: one is kept, the other closed into it, and can be opened again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from kepu.people.models import Account, Certification, Communicator, Merge, StaffScope
from kepu.people.reads import scopes_of
from kepu.people.rules import Ability, CertificationState, Scopes, may
from kepu.people.rules.registers import RegisterNo
from kepu.people.writes.holding import lock_accounts, lock_units
from kepu.people.writes.moves import drop_waiting_move, keep_steps


@transaction.atomic
def merge_accounts(kept: int, closed: int, by: int, now: datetime) -> int | RegisterNo:
    """The account `closed` is one with `kept` (the merge's number): nobody signs in to it, it has no place on
    boards and in counts, and its entries stay its own (decision 22).

    SAME_ACCOUNT, OWN, UNKNOWN unless both lie in divisions where `by` keeps rosters, NOT_CERTIFIED unless the
    kept one is a communicator, IS_STAFF for the closed one, MERGED_ALREADY for either.
    """
    if kept == closed:
        return RegisterNo.SAME_ACCOUNT
    if by in (kept, closed):
        return RegisterNo.OWN
    rows = {row.pk: row for row in _locked(kept, closed)}
    scopes = scopes_of(by)
    if len(rows) < 2 or not all(_may_keep(scopes, row) for row in rows.values()):
        return RegisterNo.UNKNOWN
    if not Communicator.objects.filter(account=kept, revoked_at=None).exists():
        return RegisterNo.NOT_CERTIFIED
    if rows[closed].is_staff or StaffScope.objects.filter(account=closed).exists():
        return RegisterNo.IS_STAFF
    standing = Merge.objects.filter(undone_at=None, closed__in=(kept, closed))
    if standing.exists():
        return RegisterNo.MERGED_ALREADY
    merge = Merge.objects.create(
        kept_id=kept, closed_id=closed, before=_before(rows[closed]), merged_by_id=by, merged_at=now
    )
    drop_waiting_move(closed)
    Communicator.objects.filter(account=closed, revoked_at=None).update(revoked_at=now, is_backbone=False)
    Certification.objects.filter(account=closed).update(state=CertificationState.REVOKED, decided_at=now)
    keep_steps([closed], by, now, {"merged_into": kept})
    Account.objects.filter(pk=closed).update(is_active=False, session_version=F("session_version") + 1)
    return merge.pk


@transaction.atomic
def undo_merge(merge: int, by: int, now: datetime) -> RegisterNo | None:
    """The closed account stands as it stood before, without a move that waited; UNKNOWN where it cannot be,
    by `by` or any more, UNIT_CLOSED when it would be certified in a unit that was closed meanwhile.
    """
    row = Merge.objects.select_for_update().filter(pk=merge, undone_at=None).first()
    if row is None or by in (row.kept_id, row.closed_id):
        return RegisterNo.UNKNOWN
    rows = _locked(row.kept_id, row.closed_id)
    scopes = scopes_of(by)
    closed = next((each for each in rows if each.pk == row.closed_id), None)
    if closed is None or not _may_keep(scopes, closed):
        return RegisterNo.UNKNOWN
    before = row.before
    communicator, _certification = _parts(closed)
    unit = communicator.unit_id if communicator is not None else 0
    if before.get("revoked_at", "") is None and lock_units([unit])[unit].closed_day is not None:
        return RegisterNo.UNIT_CLOSED
    Account.objects.filter(pk=closed.pk).update(is_active=before["is_active"])
    if "revoked_at" in before:
        Communicator.objects.filter(account=closed).update(
            revoked_at=_moment(before["revoked_at"]), is_backbone=before["is_backbone"]
        )
    if "state" in before:
        Certification.objects.filter(account=closed).update(
            state=before["state"], decided_at=_moment(before["decided_at"])
        )
        keep_steps([closed.pk], by, now, {"merged_into": 0})
    Merge.objects.filter(pk=merge).update(undone_by_id=by, undone_at=now)
    return None


def _locked(*accounts: int) -> list[Account]:
    """The open accounts among these, held until the end of the transaction."""
    lock_accounts(accounts)  # first: a joined row would be as it was before another let go of the account
    held = Account.objects.filter(pk__in=accounts, closed_at=None).order_by("pk")
    return list(held.select_related("communicator", "certification"))


def _may_keep(scopes: Scopes, account: Account) -> bool:
    communicator, certification = _parts(account)
    if communicator is not None:
        return may(scopes, Ability.ROSTERS, communicator.division)
    town = certification.town if certification is not None else ""
    return may(scopes, Ability.ROSTERS, town or str(account.book))


def _before(account: Account) -> dict[str, Any]:
    """What undoing restores: flags and moments, nothing that names anybody."""
    communicator, certification = _parts(account)
    before: dict[str, Any] = {"is_active": account.is_active}
    if communicator is not None:
        before |= {"revoked_at": _text(communicator.revoked_at), "is_backbone": communicator.is_backbone}
    if certification is not None:
        before |= {"state": certification.state, "decided_at": _text(certification.decided_at)}
    return before


def _parts(account: Account) -> tuple[Communicator | None, Certification | None]:
    return getattr(account, "communicator", None), getattr(account, "certification", None)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
