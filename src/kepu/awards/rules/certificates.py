"""What a certificate says and what may become of it. No Django, clock or randomness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

# 20 letters and digits of Crockford's alphabet: 100 bits, nobody guesses one.
CODE_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
CODE_LENGTH = 20
MARK_MAX = 30
PAGES_AT_ONCE_MAX = 100
CHECKS_PER_MINUTE_MAX = 60


class Design(StrEnum):
    """How a certificate looks: red and gold, or plain blue."""

    RED = "red"
    BLUE = "blue"


class RevokedFor(StrEnum):
    """Why a certificate is no longer valid; the public page says this much and no more."""

    AWARD = "award"  # the award was taken back
    MISTAKE = "mistake"  # something on the paper was wrong; a new one was issued


class NoCertificate(StrEnum):
    """Why nothing was issued or changed."""

    UNKNOWN = "unknown"
    REVOKED_ALREADY = "revoked_already"
    REASON_MISSING = "reason_missing"
    MARK_MISSING = "mark_missing"
    NOTHING_CHANGED = "nothing_changed"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate as it was issued. `revoked_for` is None while it is valid.

    `code` opens the public check page; `status_index` is its place in the organ's status list `status_list`.
    """

    number: int
    campaign: str
    campaign_title: str
    round: str
    round_title: str
    division: str
    place: str
    person: int
    name: str
    unit: str
    rank: int
    title: str
    organ: int
    organ_name: str
    serial: str
    design: Design
    code: str
    status_list: int
    status_index: int
    issued_at: datetime
    issued_on: date
    revoked_for: RevokedFor | None
    revoked_on: date | None

    @property
    def is_valid(self) -> bool:
        """Whether it was not revoked."""
        return self.revoked_for is None


def serial_text(mark: str, year: int, number: int) -> str:
    """The serial number of an organ's certificate: 华科协证〔2021〕0001号; numbers begin at 1 each year."""
    assert number >= 1
    return f"{mark}〔{year}〕{number:04d}号"


def mark_of(text: str) -> str | None:
    """A mark for serial numbers as somebody typed it, without spaces; None when it is none."""
    mark = "".join(text.split())
    fits = 1 <= len(mark) <= MARK_MAX and mark.isprintable() and not set(mark) & set("〔〕[]")
    return mark if fits else None


def code_of(draws: Sequence[int]) -> str:
    """The code of a certificate out of CODE_LENGTH drawn numbers below 32."""
    assert len(draws) == CODE_LENGTH
    return "".join(CODE_SIGNS[each] for each in draws)


def is_code(text: str) -> bool:
    """Whether a text could be a code at all: whatever could not is not looked up."""
    return len(text) == CODE_LENGTH and set(text) <= set(CODE_SIGNS)


def paper(certificate: Certificate, check_address: str, picture: str) -> Mapping[str, Any]:
    """What the layout `certificate.typ` shows of a certificate; `picture` names its QR code."""
    issued, revoked = certificate.issued_on, certificate.revoked_on
    return {
        "design": certificate.design.value,
        "heading": "荣誉证书",
        "name": certificate.name,
        "honorific": "同志：",
        "body": (
            f"在《{certificate.campaign_title}》{certificate.round_title}中，积极传播科学知识，按规定完成任务，"
            f"列{certificate.place}第 {certificate.rank} 名，被评为"
        ),
        "award": certificate.title,
        "closing": "特发此证，以资鼓励。",
        "organ": certificate.organ_name,
        "date": day_text(issued),
        "serial_label": "编号",
        "serial": certificate.serial,
        "check_label": "扫码查验这张证书",
        "check_address": check_address,
        "qr": picture,
        "revoked": "" if revoked is None else "已撤销",
        "revoked_note": "" if revoked is None else f"本证书已于{day_text(revoked)}撤销",
    }


def day_text(day: date) -> str:
    """A day as it stands on paper: 2021年12月10日."""
    return f"{day.year}年{day.month}月{day.day}日"
