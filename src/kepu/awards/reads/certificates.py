"""Questions about certificates: one's own, those of a round, the public check, and their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from io import BytesIO
from operator import or_
from typing import Any

import segno
from django.conf import settings
from django.db.models import Count, Q, QuerySet

from kepu.awards import models
from kepu.awards.rules import Stage, Step
from kepu.awards.rules.certificates import (
    PAGES_AT_ONCE_MAX,
    Certificate,
    Design,
    RevokedFor,
    is_code,
    paper,
)
from kepu.awards.rules.credentials import (
    Credited,
    Issuer,
    credential,
    issuer_document,
    status_credential,
)
from kepu.campaigns.rules import Round, RuleSheet
from kepu.documents.typesetting import layout, pdf_from_typst
from kepu.kit import clock, crypto
from kepu.kit.paging import Page, page_of

CERTIFICATES_OF_PERSON_MAX = 100
ROUNDS_MAX = 200


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ that gives certificates, with the look of each of its awards by title."""

    number: int
    name: str
    mark: str
    designs: dict[str, Design]


@dataclass(frozen=True, slots=True)
class CertifiedRound:
    """A round that gave certificates, and how many of them in the divisions that were asked about."""

    campaign: str
    campaign_title: str
    round: str
    round_title: str
    given: int
    revoked: int


def certified_rounds(divisions: tuple[str, ...]) -> list[CertifiedRound]:
    """Rounds with certificates won in these divisions, newest first. One query."""
    names = ("campaign", "campaign_title", "round", "round_title")
    rows = models.Certificate.objects.filter(_within(divisions)).order_by().values(*names)
    counted = rows.annotate(given=Count("pk"), revoked=Count("revocation"))
    found = sorted(counted[:ROUNDS_MAX], key=lambda row: (row["campaign"], row["round"]), reverse=True)
    return [CertifiedRound(**row) for row in found]


def final_rounds() -> list[tuple[str, str]]:
    """(campaign, round) of the rounds that are final and whose awards were not given yet. Two queries."""
    steps = models.RoundStep.objects.order_by()
    given = set(steps.filter(step=Step.AWARD).values_list("campaign", "round")[: ROUNDS_MAX * 10])
    final = steps.filter(step=Step.SIGN, stage=Stage.FINAL).values_list("campaign", "round").distinct()
    return sorted(set(final[: ROUNDS_MAX * 10]) - given)


def certificates(
    campaign: str, round_id: str, divisions: tuple[str, ...], start: int, size: int
) -> Page[Certificate]:
    """The certificates of a round won in these divisions, by serial number. One query."""
    rows = _rows().filter(_within(divisions), campaign=campaign, round=round_id)
    ordered = rows.order_by("organ", "year", "number")[start : start + size + 1]
    return page_of([_value(row) for row in ordered], start, size)


def how_many(campaign: str, round_id: str, divisions: tuple[str, ...]) -> int:
    """How many certificates of a round were won in these divisions, also revoked ones. One query."""
    return models.Certificate.objects.filter(_within(divisions), campaign=campaign, round=round_id).count()


def certificate(number: int, divisions: tuple[str, ...]) -> Certificate | None:
    """One certificate won in these divisions. One query."""
    row = _rows().filter(_within(divisions), pk=number).first()
    return _value(row) if row is not None else None


def certificate_with(code: str) -> Certificate | None:
    """The certificate with this code, for whoever holds the paper. One query; none for what is no code."""
    row = _rows().filter(code=code).first() if is_code(code) else None
    return _value(row) if row is not None else None


def certificates_of(person: int) -> list[Certificate]:
    """A person's own certificates, newest first, also revoked ones. One query."""
    rows = _rows().filter(person=person).order_by("-pk")
    return [_value(row) for row in rows[:CERTIFICATES_OF_PERSON_MAX]]


def organs_of(campaign: str, round_id: str, divisions: tuple[str, ...]) -> list[Organ]:
    """The organs that gave certificates in a round, each with the looks of its awards there. Two queries."""
    rows = models.Certificate.objects.filter(_within(divisions), campaign=campaign, round=round_id)
    pairs = rows.order_by("organ", "title").values_list("organ", "organ__name", "organ__mark", "title")
    found: dict[int, Organ] = {}
    for number, name, mark, title in pairs.distinct()[:ROUNDS_MAX]:
        found.setdefault(number, Organ(number, name, mark, {})).designs[title] = Design.RED
    for row in models.CertificateDesign.objects.filter(organ__in=found).order_by("pk")[:ROUNDS_MAX]:
        if row.title in found[row.organ_id].designs:
            found[row.organ_id].designs[row.title] = Design(row.design)
    return list(found.values())


def organs_awarding(rounds: Sequence[tuple[RuleSheet, Round]]) -> list[list[Organ]]:
    """For each round the organs that will give certificates, with what they declared; number 0: nothing yet.

    Two queries.
    """
    names = {each.given_by or sheet.issuer for sheet, round_ in rounds for each in round_.tiers}
    rows = {row.name: row for row in models.CertificateOrgan.objects.filter(name__in=names)}
    looks = models.CertificateDesign.objects.filter(organ__name__in=names).order_by("pk")
    declared = {
        (name, title): Design(design)
        for name, title, design in looks.values_list("organ__name", "title", "design")[: ROUNDS_MAX * 10]
    }
    return [
        [
            Organ(
                rows[name].pk if name in rows else 0,
                name,
                rows[name].mark if name in rows else "",
                {title: declared.get((name, title), Design.RED) for title in titles},
            )
            for name, titles in _certified_titles(sheet, round_).items()
        ]
        for sheet, round_ in rounds
    ]


def _certified_titles(sheet: RuleSheet, round_: Round) -> dict[str, list[str]]:
    """The awards of a round that come with a certificate, by the organ that gives them."""
    titles: dict[str, dict[str, None]] = {}
    for tier in round_.tiers:
        if tier.certificate:
            titles.setdefault(tier.given_by or sheet.issuer, {})[tier.title] = None
    return {name: list(each) for name, each in titles.items()}


def certificates_pdf(given: Sequence[Certificate], base: str) -> bytes:
    """The certificates as PDF, one to a page (A4 landscape); `base` is the site's address for the QR codes.

    At most PAGES_AT_ONCE_MAX. Raises documents.typesetting.TypesettingError. No query.
    """
    assert 0 < len(given) <= PAGES_AT_ONCE_MAX
    papers, pictures = [], {}
    for each in given:
        name, address = f"{each.code}.svg", check_address(base, each.code)
        papers.append(paper(each, address, name))
        pictures[name] = _qr(address)
    return pdf_from_typst(layout("awards", "certificate.typ"), {"certificates": papers}, pictures)


def check_address(base: str, code: str) -> str:
    """Where anybody can check a certificate."""
    return f"{base}/certificates/{code}/"


def signed_credential(given: Certificate, base: str) -> dict[str, Any]:
    """The certificate as an Open Badges 3.0 credential, signed with the site's key. No query."""
    key = settings.KEPU_KEYS.credential
    said = Credited(
        address=check_address(base, given.code),
        serial=given.serial,
        title=given.title,
        description=f"{given.campaign_title} {given.round_title}：{given.place}第 {given.rank} 名",
        criteria=f"{base}/campaigns/{given.campaign}/",
        achievement=f"{base}/rounds/{given.campaign}/{given.round}/?scope={given.division}#{given.organ}",
        name=given.name,
        salt=crypto.blind_index(key, f"salt {given.code}").hex()[:32],
        issued_at=given.issued_at,
        status_list=f"{base}/credentials/status/{given.organ}/{given.status_list}/",
        status_index=given.status_index,
    )
    return credential(said, _issuer(given.organ, given.organ_name, base), key)


def issuer(organ: int, base: str) -> dict[str, Any] | None:
    """The public document of an organ that signs credentials. One query."""
    row = models.CertificateOrgan.objects.filter(pk=organ).first()
    if row is None:
        return None
    return issuer_document(_issuer(row.pk, row.name, base), settings.KEPU_KEYS.credential)


def status_list(organ: int, number: int, base: str) -> dict[str, Any] | None:
    """An organ's status list with what is revoked in it, signed; None when there is none. Two queries."""
    listed = models.Certificate.objects.filter(organ=organ, status_list=number)
    first = listed.select_related("organ").order_by("pk").first()
    if first is None:
        return None
    gone = listed.exclude(revocation=None).values_list("status_index", "revocation__at")
    revoked: list[tuple[int, datetime]] = list(gone)
    changed_at = max((at for _, at in revoked), default=first.issued_at)
    return status_credential(
        f"{base}/credentials/status/{organ}/{number}/",
        _issuer(organ, first.organ.name, base),
        [index for index, _ in revoked],
        changed_at,
        settings.KEPU_KEYS.credential,
    )


def _issuer(organ: int, name: str, base: str) -> Issuer:
    return Issuer(name, f"{base}/credentials/issuers/{organ}/")


def _qr(address: str) -> bytes:
    written = BytesIO()
    # Level M: it still reads with a smudge of 15 %. The quiet zone of four modules is part of the picture.
    segno.make(address, error="m", micro=False).save(written, kind="svg", border=4, light="#fff")
    return written.getvalue()


def _rows() -> QuerySet[models.Certificate]:
    return models.Certificate.objects.select_related("organ", "revocation")


def _within(divisions: tuple[str, ...]) -> Q:
    """Certificates won in one of these divisions; in none when there are none."""
    return reduce(or_, (Q(division__startswith=each) for each in divisions), Q(pk=None))


def _value(row: models.Certificate) -> Certificate:
    gone = getattr(row, "revocation", None)
    return Certificate(
        number=row.pk,
        campaign=row.campaign,
        campaign_title=row.campaign_title,
        round=row.round,
        round_title=row.round_title,
        division=row.division,
        place=row.place,
        person=row.person,
        name=row.name,
        unit=row.unit,
        rank=row.rank,
        title=row.title,
        organ=row.organ_id,
        organ_name=row.organ.name,
        serial=row.serial,
        design=Design(row.design),
        code=row.code,
        status_list=row.status_list,
        status_index=row.status_index,
        issued_at=row.issued_at,
        issued_on=clock.day_of(row.issued_at),
        revoked_for=RevokedFor(gone.revoked_for) if gone is not None else None,
        revoked_on=clock.day_of(gone.at) if gone is not None else None,
    )
