"""The tables of the ledger. Only `store` writes them; entries are never changed or removed.

Every key begins with the book (decision 46): on PostgreSQL the tables lie in a partition a book
(`partitions`), on SQLite they are clustered on their primary keys (WITHOUT ROWID). Django makes neither: a
migration that changes one of these tables on SQLite must see to it.
"""

from django.db import models

from kepu.campaigns.rules import Kind
from kepu.ledger.parts import ArchivedEvents, ArchivedPart, ArchivedPerson

__all__ = [
    "ArchivedEvents",
    "ArchivedPart",
    "ArchivedPerson",
    "ArticleTally",
    "Book",
    "DayTally",
    "Entry",
    "Lot",
    "LotLine",
    "PersonBook",
]


class Book(models.Model):
    """One county's book: the head that orders it. Locked for the length of a batch."""

    code = models.IntegerField(primary_key=True)
    last_seq = models.BigIntegerField(default=0)
    last_hash = models.BinaryField()
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.code)


class Entry(models.Model):
    """活动记录: columns in the order of `rules.Entry`, which says what each means."""

    pk = models.CompositePrimaryKey("book", "seq")
    book = models.IntegerField()
    seq = models.BigIntegerField()
    person = models.BigIntegerField()
    event_id = models.BinaryField()
    kind = models.SmallIntegerField()
    article = models.BigIntegerField()
    at_ms = models.BigIntegerField()
    day = models.IntegerField()
    campaign = models.IntegerField()
    version = models.IntegerField()
    points = models.IntegerField()
    volume = models.IntegerField()
    reason = models.SmallIntegerField()
    left_today = models.IntegerField()
    unit = models.IntegerField()
    division = models.IntegerField()
    channel = models.SmallIntegerField()
    ref_book = models.IntegerField()
    ref_seq = models.BigIntegerField()
    author = models.BigIntegerField()
    note = models.TextField()
    hash = models.BinaryField()

    class Meta:
        # Once for the person over all books: `PersonBook` says in which ones a batch has to look. On SQLite,
        # which has one table, the index leaves the book out (migration 0008).
        constraints = (models.UniqueConstraint("book", "person", "event_id", name="event_once"),)
        # Partial, so that a share does not pay for it.
        indexes = (
            models.Index(
                fields=("book", "person", "-at_ms"),
                condition=models.Q(kind=int(Kind.BROWSE)),
                name="browsed_last",
            ),
            # What came of a share: opens, reads and shares of others. A share nobody led to is not in it.
            # It begins with the book of the share: what came of it may stand in any.
            # Not `ref_seq > 0`: where a question repeats that, SQLite walks a range instead of seeking.
            models.Index(
                fields=("ref_book", "ref_seq", "kind"), condition=~models.Q(ref_seq=0), name="came_of"
            ),
            # What was stated after a round had closed.
            models.Index(
                fields=("book", "campaign", "at_ms"),
                condition=models.Q(kind__in=[int(Kind.ADJUSTMENT), int(Kind.IMPORT)]),
                name="stated_later",
            ),
            # The last year that has expired.
            models.Index(
                fields=("book", "day"), condition=models.Q(kind=int(Kind.EXPIRY)), name="expired_years"
            ),
        )

    def __str__(self) -> str:
        return f"{self.book}/{self.seq}"


class PersonBook(models.Model):
    """That a book holds entries of a person: nobody's are looked for elsewhere. Written with the first.

    Asked by person, so its key begins with that; a distributed database keeps it whole in every place.
    """

    pk = models.CompositePrimaryKey("person", "book")
    person = models.BigIntegerField()
    book = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.person} in {self.book}"


class DayTally(models.Model):
    """What the entries of one book add up to for one person's day in one campaign for one kind.

    Caps, volume and evaluation add the books of a person up; most have one.
    """

    pk = models.CompositePrimaryKey("book", "person", "day", "campaign", "kind")
    book = models.IntegerField()
    person = models.BigIntegerField()
    day = models.IntegerField()
    campaign = models.IntegerField()
    kind = models.SmallIntegerField()
    credited = models.IntegerField()
    points = models.IntegerField()
    volume = models.IntegerField()
    reached_ms = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.person} {self.day}"


class ArticleTally(models.Model):
    """How often one article was credited in one book to one person on a day, where a sheet caps that.

    Day 0 stands for the whole campaign, where a sheet caps that.
    """

    pk = models.CompositePrimaryKey("book", "person", "day", "campaign", "kind", "article")
    book = models.IntegerField()
    person = models.BigIntegerField()
    day = models.IntegerField()
    campaign = models.IntegerField()
    kind = models.SmallIntegerField()
    article = models.BigIntegerField()
    credited = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.person} {self.day} {self.article}"


class Lot(models.Model):
    """积分 of one person and one year from one book: the points of their entries there; spends and refunds
    name their years.

    What a person has of a year is the sum over their books. `points` may be below zero (`rules.lots` says
    what that means); `earned` leaves out spends, refunds and expiry.
    """

    pk = models.CompositePrimaryKey("book", "person", "year")
    book = models.IntegerField()
    person = models.BigIntegerField()
    year = models.IntegerField()
    points = models.BigIntegerField()
    earned = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.person} {self.year}: {self.points}"


class LotLine(models.Model):
    """The points of one year that a spend took (below zero) or a refund gave back; no other entry has any."""

    pk = models.CompositePrimaryKey("book", "seq", "year")
    book = models.IntegerField()
    seq = models.BigIntegerField()
    year = models.IntegerField()
    points = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.book}/{self.seq} {self.year}: {self.points}"
