"""A town with certified people, a club, and short ways to write in it: what this room's tests stand on."""

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from PIL import Image

from kepu.clubs import reads, writes
from kepu.clubs.models import Club
from kepu.clubs.rules import (
    ClubDraft,
    Effect,
    Joining,
    MemberState,
    PostDraft,
    Posting,
    Refusal,
    Refused,
    Rule,
    Showing,
)
from kepu.clubs.writes.judging import open_club
from kepu.clubs.writes.words import add_word
from kepu.kit import clock
from kepu.ledger.models import Entry
from kepu.ledger.rules import takes_back
from kepu.people import writes as people
from kepu.people.rules import Role
from kepu.standings.tests import town

DAY = date(2021, 3, 5)
NOON = clock.start_of(DAY) + timedelta(hours=12)
MINUTE = timedelta(minutes=1)
COUNTY, TOWN = "430623", "430623110"
FREE = Rule(Posting.MEMBERS, Showing.AT_ONCE, Joining.OPEN)
_numbers = count(1)


def build(text: str = town.SAMPLE) -> None:
    """The small county of `standings` and its campaign: a post earns 2, a like 1, to be liked 1."""
    town.build(text)


def clerk(division: str = COUNTY, role: Role = Role.COUNTY_OFFICER) -> int:
    """Somebody of the staff there."""
    number = next(_numbers)
    account = people.open_staff_account(f"137{number:08d}", "审核员", None, 430623, NOON)
    assert isinstance(account, int), account
    assert people.grant_scope(account, role, division, NOON) is None
    return account


def draft_of(name: str = "", rule: Rule = FREE, division: str = TOWN) -> ClubDraft:
    """What a founder states."""
    return ClubDraft(name or f"社团{next(_numbers)}", "一起学科学。", division, rule)


def open_one(founder: int, rule: Rule = FREE, division: str = TOWN) -> int:
    """An open club."""
    made = writes.found_club(founder, draft_of(rule=rule, division=division), NOON)
    assert isinstance(made, int), made
    assert open_club(made, clerk(), NOON) is None
    return made


def join(club: int, *accounts: int) -> None:
    """They are in an open club that anybody may join."""
    for account in accounts:
        assert writes.join_club(club, account, NOON) is MemberState.IN


def set_rule(club: int, rule: Rule) -> None:
    """The club's rule is another from now on."""
    Club.objects.filter(pk=club).update(posting=rule.posting, showing=rule.showing, joining=rule.joining)


def post_draft(text: str = "", article: int = 0, pictures: Sequence[bytes] = ()) -> PostDraft:
    """A post that was never sent before."""
    number = next(_numbers)
    return PostDraft(text or f"第{number}条动态", UUID(int=number), article, tuple(pictures))


def post(club: int, author: int, at: datetime = NOON, text: str = "") -> int:
    """The number of a new post."""
    made = writes.write_post(club, author, post_draft(text), at)
    assert isinstance(made, int), made
    return made


def comment(post_: int, author: int, text: str = "写得好", at: datetime = NOON) -> int | Refused:
    """A new comment, or why there is none."""
    return writes.write_comment(post_, author, text, UUID(int=next(_numbers)), at)


def entries(person: int, kind: int) -> list[Entry]:
    """What stands of a person in the ledger of one kind, in order."""
    return list(Entry.objects.filter(person=person, kind=kind).order_by("book", "seq"))


def points(person: int, *kinds: int) -> int:
    """What a person earned by acts of these kinds, less what was taken back of them."""
    rows = list(Entry.objects.filter(person=person))
    mine = {(row.book, row.seq): row.points for row in rows if row.kind in kinds}
    back = sum(row.points for row in rows if takes_back(row) and (row.ref_book, row.ref_seq) in mine)
    return sum(mine.values()) + back


def photo(side: int = 60, form: str = "JPEG", **more: object) -> bytes:
    """A picture as a phone sends it."""
    written = io.BytesIO()
    Image.new("RGB", (side, side // 2), "#d33").save(written, form, **more)
    return written.getvalue()


def no(answer: object) -> Refusal:
    """Why something was refused; its sentence is whole."""
    assert isinstance(answer, Refused), answer
    assert reads.refusal_text(answer)
    assert "{words}" not in reads.refusal_text(answer)
    return answer.refusal


def word(text: str, effect: Effect) -> None:
    """The word is barred."""
    assert isinstance(add_word(text, effect, clerk("", Role.OPERATOR), NOON), int)


def write(club: int, author: int, text: str, at: datetime = NOON) -> int | Refused:
    """A new post, or why there is none."""
    return writes.write_post(club, author, post_draft(text), at)


def found(founder: int) -> int:
    """A club that waits to be opened."""
    made = writes.found_club(founder, draft_of(), NOON)
    assert isinstance(made, int), made
    return made
