"""The tables of what was moved out of the books into files (decision 47); `writes.archiving` writes them."""

from django.db import models


class ArchivedPart(models.Model):
    """归档: a stretch of one book that stands in a file; up to `taken_to` the file alone has the entries.

    `before`: the hash of the entry before the first. `expired_to`: the last year of which points expired in
    the stretch (0: none). `file`: its name in the archive's folder.
    """

    book = models.IntegerField()
    year = models.SmallIntegerField()
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    before = models.BinaryField()
    hash = models.BinaryField()
    taken_to = models.BigIntegerField()
    expired_to = models.SmallIntegerField(default=0)
    file = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("book", "first_seq", name="archived_once"),)

    def __str__(self) -> str:
        return self.file


class ArchivedEvents(models.Model):
    """Where archived entries are found by their event: all whose digest begins with the number `bucket`.

    `places`: 12 bytes for each, as `rules.archiving` writes them, in no order.
    """

    bucket = models.IntegerField(primary_key=True)
    places = models.BinaryField()

    def __str__(self) -> str:
        return str(self.bucket)


class ArchivedPerson(models.Model):
    """What one person has in one part: how many entries, and what they add up to."""

    pk = models.CompositePrimaryKey("person", "part")
    person = models.BigIntegerField()
    part = models.BigIntegerField()
    entries = models.IntegerField()
    points = models.BigIntegerField()
    volume = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.person} {self.part}"
