"""Founding a club, changing it, and ending it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from kepu.clubs import pictures
from kepu.clubs.models import Club, Membership
from kepu.clubs.reads.words import all_words
from kepu.clubs.rules import (
    CLUBS_PER_PERSON_MAX,
    NAME_CHARS_MAX,
    TEXT_CHARS_MAX,
    ClubDraft,
    ClubState,
    Deed,
    Effect,
    MemberState,
    Refusal,
    Refused,
    Role,
    folded,
    found_words,
    strictest,
)
from kepu.clubs.writes.standing import founder_of, keep_paced, manager_of, pace_refusal
from kepu.people import reads as people
from kepu.regions.rules import Level, is_within

LEVELS = frozenset({Level.COUNTY, Level.TOWN, Level.VILLAGE})


def found_club(founder: int, draft: ClubDraft, now: datetime) -> int | Refused:
    """The club is asked for; the staff of its division decide. Its number.

    One open request a person; the division is the founder's own village, town or county. At most eleven
    queries.
    """
    refused = _founding_refusal(founder, draft, now)
    if refused is not None:
        return refused
    kept = keep_paced((draft.picture,) if draft.picture else (), founder, now)
    if isinstance(kept, Refused):
        return kept
    made = _asked(founder, draft, kept[0].token if kept else "", now)
    if isinstance(made, Refused):
        pictures.drop_pictures(each.token for each in kept)
    return made


def change_club(club: int, by: int, draft: ClubDraft, now: datetime) -> Refused | None:
    """Text, picture and rule are the manager's; name and division stay as the staff approved them.

    Posts written for members only stay theirs. At most eight queries.
    """
    refused = _text_refusal(draft)
    if refused is not None:
        return refused
    kept = keep_paced((draft.picture,) if draft.picture else (), by, now)
    if isinstance(kept, Refused):
        return kept
    old = _changed(club, by, draft, kept[0].token if kept else "")
    if isinstance(old, Refused):
        pictures.drop_pictures(each.token for each in kept)
        return old
    if old and kept:
        pictures.drop_pictures([old])
    return None


@transaction.atomic
def end_club(club: int, founder: int, now: datetime) -> Refused | None:
    """The founder closes the club for good; nobody sees its posts any more but their authors and staff."""
    seat = founder_of(club, founder)
    if isinstance(seat, Refused):
        return seat
    seat.club.state, seat.club.closed_at, seat.club.closed_by = ClubState.CLOSED, now, founder
    seat.club.save(update_fields=["state", "closed_at", "closed_by"])
    return None


def _founding_refusal(founder: int, draft: ClubDraft, now: datetime) -> Refused | None:
    profile = people.profile(founder)
    if profile is None:
        return Refused(Refusal.NOT_CERTIFIED)
    if len(draft.division) not in LEVELS or not is_within(profile.division, draft.division):
        return Refused(Refusal.DIVISION_WRONG)
    name = draft.name.strip()
    if not 2 <= len(name) <= NAME_CHARS_MAX or not folded(name):
        return Refused(Refusal.NAME_WRONG)
    refused = _text_refusal(draft)
    if refused is not None:
        return refused
    if Club.objects.filter(founder=founder, state=ClubState.ASKED).exists():
        return Refused(Refusal.ALREADY_ASKED)
    if Membership.objects.filter(account=founder, state=MemberState.IN).count() >= CLUBS_PER_PERSON_MAX:
        return Refused(Refusal.TOO_MANY_CLUBS)
    return pace_refusal(Deed.CLUB, founder, now)


def _text_refusal(draft: ClubDraft) -> Refused | None:
    """What a club says of itself is seen by everybody: a word that would be held back is refused as well."""
    text = draft.text.strip()
    if not text:
        return Refused(Refusal.TEXT_MISSING)
    if len(text) > TEXT_CHARS_MAX:
        return Refused(Refusal.TEXT_LONG, str(TEXT_CHARS_MAX))
    word = strictest(found_words(f"{draft.name} {text}", all_words()))
    if word is not None and word.effect is not Effect.MARK:
        return Refused(Refusal.WORD_BARRED, word.word)
    return None


def _asked(founder: int, draft: ClubDraft, picture: str, now: datetime) -> int | Refused:
    try:
        with transaction.atomic():
            made = Club.objects.create(
                name=draft.name.strip(),
                text=draft.text.strip(),
                picture=picture,
                division=draft.division,
                founder=founder,
                posting=draft.rule.posting,
                showing=draft.rule.showing,
                joining=draft.rule.joining,
                asked_at=now,
            )
            Membership.objects.create(
                club=made,
                account=founder,
                role=Role.FOUNDER,
                state=MemberState.IN,
                asked_at=now,
                joined_at=now,
                changed_by=founder,
            )
            return int(made.pk)
    except IntegrityError:
        taken = Club.objects.filter(
            division=draft.division,
            name=draft.name.strip(),
            state__in=(ClubState.ASKED, ClubState.OPEN),
        ).exists()
        return Refused(Refusal.NAME_TAKEN if taken else Refusal.ALREADY_ASKED)


@transaction.atomic
def _changed(club: int, by: int, draft: ClubDraft, picture: str) -> str | Refused:
    """The name of the picture there was."""
    seat = manager_of(club, by)
    if isinstance(seat, Refused):
        return seat
    row, old = seat.club, seat.club.picture
    row.text = draft.text.strip()
    row.picture = picture or old
    row.posting, row.showing, row.joining = draft.rule.posting, draft.rule.showing, draft.rule.joining
    row.save(update_fields=["text", "picture", "posting", "showing", "joining"])
    return old
