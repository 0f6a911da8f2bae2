"""Certificates are given out, given anew when the paper was wrong, and taken back."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from kepu.awards import models
from kepu.awards.rules.certificates import (
    CODE_LENGTH,
    CODE_SIGNS,
    Design,
    NoCertificate,
    RevokedFor,
    code_of,
    mark_of,
    serial_text,
)
from kepu.awards.rules.credentials import STATUS_BITS
from kepu.awards.rules.life import FinalWinner
from kepu.campaigns.rules import Published, Round
from kepu.kit import clock
from kepu.people import reads as people

# Half a list's places at most, so that a place drawn by chance is soon a free one.
LIST_ENTRIES_MAX = STATUS_BITS // 2
REASON_MAX = 500


def give_certificates(
    published: Published, round_: Round, winners: Sequence[FinalWinner], by: int, now: datetime
) -> int:
    """Every winner whose tier has one has a certificate, numbered in the order of the list; how many.

    Inside the transaction of the step that awards the round. Five queries an organ.
    """
    sheet = published.sheet
    given = [winner for winner in winners if winner.has_certificate]
    for name in dict.fromkeys(winner.given_by or sheet.issuer for winner in given):
        rows = [
            models.Certificate(
                campaign=sheet.campaign,
                campaign_title=sheet.title[:200],
                round=round_.id,
                round_title=round_.title[:200],
                division=winner.division,
                place=winner.scope_name[:60],
                person=winner.person,
                edition=1,
                name=winner.name[:60],
                unit=winner.unit[:100],
                rank=winner.rank,
                title=winner.title[:100],
            )
            for winner in given
            if (winner.given_by or sheet.issuer) == name
        ]
        _number(_organ(name), rows, by, now)
    return len(given)


@transaction.atomic
def declare_organ(organ: str, mark: str, designs: dict[str, Design]) -> NoCertificate | None:
    """From now on the organ of this name begins its serial numbers with `mark`, and its awards look as
    `designs` (by title) say; certificates given before stay as they are.

    MARK_MISSING: the mark is none, or another organ's.
    """
    plain = mark_of(mark)
    others = models.CertificateOrgan.objects.exclude(name=organ[:100])
    if plain is None or others.filter(mark=plain).exists():
        return NoCertificate.MARK_MISSING
    row = _organ(organ)
    row.mark = plain
    row.save(update_fields=["mark"])
    for title, design in designs.items():
        models.CertificateDesign.objects.update_or_create(
            organ=row, title=title[:100], defaults={"design": design}
        )
    return None


@transaction.atomic
def give_anew(number: int, reason: str, by: int, now: datetime) -> int | NoCertificate:
    """The certificate was wrong: it is revoked, and a new one names the person as they are registered now.

    The new one's number. NOTHING_CHANGED: name and unit are the same and so is the look, so the new one
    would be the old one.
    """
    row = models.Certificate.objects.select_for_update().select_related("organ").filter(pk=number).first()
    if row is None:
        return NoCertificate.UNKNOWN
    if not reason.strip():
        return NoCertificate.REASON_MISSING
    if models.CertificateRevocation.objects.filter(certificate=row).exists():
        return NoCertificate.REVOKED_ALREADY
    profile = people.profile(row.person)
    name, unit = (profile.name, profile.unit_name) if profile is not None else (row.name, row.unit)
    if (name, unit, row.design) == (row.name, row.unit, _design(row.organ, row.title)):
        return NoCertificate.NOTHING_CHANGED
    _revoke(row, RevokedFor.MISTAKE, reason, by, now)
    row.pk, row.edition, row.name, row.unit = None, row.edition + 1, name[:60], unit[:100]
    _number(row.organ, [row], by, now)
    found = models.Certificate.objects.get(code=row.code)
    return int(found.pk)


def carry_revocation_to_certificates(
    campaign: str, round_id: str, award: tuple[int, str], reason: str, by: int, now: datetime
) -> bool:
    """The certificate of a revoked award, (person, division), is revoked too; whether there was a valid one.

    Inside the transaction that revokes the award. Three queries at most.
    """
    person, division = award
    rows = models.Certificate.objects.filter(
        campaign=campaign, round=round_id, person=person, division=division
    )
    list(rows.select_for_update())  # whoever gives one anew holds it: what is valid shows when they are done
    row = rows.filter(revocation=None).first()
    if row is not None:
        _revoke(row, RevokedFor.AWARD, reason, by, now)
    return row is not None


def _revoke(row: models.Certificate, why: RevokedFor, reason: str, by: int, now: datetime) -> None:
    models.CertificateRevocation.objects.create(
        certificate_id=row.pk, revoked_for=why, reason=reason.strip()[:REASON_MAX], by=by, at=now
    )


def _organ(name: str) -> models.CertificateOrgan:
    """The organ of this name; until somebody declares a mark its serial numbers begin with the name."""
    row, _ = models.CertificateOrgan.objects.get_or_create(
        name=name[:100], defaults={"mark": mark_of(name[:27] + "证字") or "证字"}
    )
    return row


def _number(organ: models.CertificateOrgan, rows: list[models.Certificate], by: int, now: datetime) -> None:
    """The rows have the organ's next numbers of this year, codes and places in its status list; kept."""
    year = clock.day_of(now).year
    models.CertificateSeries.objects.get_or_create(organ=organ, year=year, defaults={"last": 0})
    series = models.CertificateSeries.objects.select_for_update().get(organ=organ, year=year)
    designs = dict(
        models.CertificateDesign.objects.filter(organ=organ).values_list("title", "design")[:1_000]
    )
    places = _places(organ, len(rows))
    for row, (status_list, status_index) in zip(rows, places, strict=True):
        series.last += 1
        row.organ, row.year, row.number = organ, year, series.last
        row.serial = serial_text(organ.mark, year, series.last)
        row.design = designs.get(row.title, Design.RED)
        row.code = code_of([secrets.randbelow(len(CODE_SIGNS)) for _ in range(CODE_LENGTH)])
        row.status_list, row.status_index = status_list, status_index
        row.issued_at, row.issued_by = now, by
    models.Certificate.objects.bulk_create(rows)
    series.save(update_fields=["last"])


def _places(organ: models.CertificateOrgan, count: int) -> list[tuple[int, int]]:
    """So many free places in the organ's status list, drawn by chance (Bitstring Status List 1.0 §2.1)."""
    mine = models.Certificate.objects.filter(organ=organ)
    number = mine.aggregate(last=Max("status_list"))["last"] or 1
    taken = set(mine.filter(status_list=number).values_list("status_index", flat=True))
    found: list[tuple[int, int]] = []
    while len(found) < count:
        if len(taken) >= LIST_ENTRIES_MAX:
            number, taken = number + 1, set()
        index = secrets.randbelow(STATUS_BITS)
        if index not in taken:
            taken.add(index)
            found.append((number, index))
    return found


def _design(organ: models.CertificateOrgan, title: str) -> str:
    declared = models.CertificateDesign.objects.filter(organ=organ, title=title).first()
    return declared.design if declared is not None else Design.RED.value
