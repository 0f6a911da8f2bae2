"""The list of barred words, kept by whoever keeps the site."""

from datetime import datetime

from django.db import IntegrityError, transaction

from kepu.clubs.models import BarredWord
from kepu.clubs.rules import WORD_CHARS_MAX, WORDS_MAX, Effect, Refusal, Refused, folded
from kepu.people import reads as people
from kepu.people.rules import Ability, may


@transaction.atomic
def add_word(word: str, effect: Effect, by: int, now: datetime) -> int | Refused:
    """The word is barred from now on; its number. What stands already is not looked through again."""
    refused = _word_refusal(word, by)
    if refused is not None:
        return refused
    if BarredWord.objects.count() >= WORDS_MAX:
        return Refused(Refusal.WORDS_MANY, str(WORDS_MAX))
    try:
        with transaction.atomic():
            made = BarredWord.objects.create(
                word=word.strip(), folded=folded(word), effect=effect, added_at=now, added_by=by
            )
    except IntegrityError:
        return Refused(Refusal.WORD_KNOWN)
    return int(made.pk)


@transaction.atomic
def change_word(number: int, effect: Effect, by: int, now: datetime) -> Refused | None:
    """The word does something else from now on."""
    if not _may(by):
        return Refused(Refusal.UNKNOWN)
    changed = BarredWord.objects.filter(pk=number).update(effect=effect, added_at=now, added_by=by)
    return None if changed else Refused(Refusal.UNKNOWN)


@transaction.atomic
def drop_word(number: int, by: int) -> Refused | None:
    """The word is barred no more."""
    if not _may(by):
        return Refused(Refusal.UNKNOWN)
    gone, _ = BarredWord.objects.filter(pk=number).delete()
    return None if gone else Refused(Refusal.UNKNOWN)


def _word_refusal(word: str, by: int) -> Refused | None:
    if not _may(by):
        return Refused(Refusal.UNKNOWN)
    # A single character would stand in every second text.
    fits = 2 <= len(folded(word)) <= 3 * WORD_CHARS_MAX and len(word.strip()) <= WORD_CHARS_MAX
    return None if fits else Refused(Refusal.WORD_WRONG, str(WORD_CHARS_MAX))


def _may(by: int) -> bool:
    return may(people.scopes_of(by), Ability.SITE, "")
