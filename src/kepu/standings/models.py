"""What the follower keeps of the ledger. Every table can be thrown away and rebuilt; only `store` adds up."""

from django.db import models


class Cursor(models.Model):
    """How far one book has been followed, and when its last followed entry happened."""

    book = models.IntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    at_ms = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.book}/{self.seq}"


class FollowedCampaign(models.Model):
    """The windows a campaign's scores were built for, and its newest counted day (yyyymmdd)."""

    campaign = models.IntegerField(primary_key=True)
    rounds = models.TextField(help_text="canonical JSON of [id, first day, last day] each")
    latest_day = models.IntegerField(default=0)
    counted_day = models.IntegerField(default=0, help_text="the newest day with any entry")

    def __str__(self) -> str:
        return str(self.campaign)


class Window(models.Model):
    """A period that has boards: "all", a round's id, a month ("2021-03"), one of the latest days.

    `version` grows with every transaction that changes a score of it; ids are never used again.
    """

    campaign = models.IntegerField()
    name = models.CharField(max_length=60)
    version = models.BigIntegerField(default=0, db_default=0)
    scores = models.IntegerField(default=0, db_default=0, help_text="how many rows it has, placed or not")

    class Meta:
        constraints = (models.UniqueConstraint("campaign", "name", name="window_once_a_campaign"),)

    def __str__(self) -> str:
        return f"{self.campaign} {self.name}"


class Change(models.Model):
    """How many people came to each volume and left it, on the boards of one level of a large window.

    Processes that keep trees follow these (decision 33); `body` is that of `rules.ranks.pack_changes`.
    Only the latest versions are kept.
    """

    window = models.ForeignKey(Window, models.CASCADE, db_index=False)
    version = models.BigIntegerField()
    level = models.SmallIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint("window", "level", "version", name="change_once"),)

    def __str__(self) -> str:
        return f"{self.window_id} {self.level} {self.version}"


class Score(models.Model):
    """One person's volume in a window; unit and divisions are those of the act that counted last.

    `shown` is False for someone who is no certified communicator (any more): they have no place. There is one
    order, that of a county, from which all boards are read (decision 45). On SQLite rows lie in the order of
    their key: one person's are beside one another, and an act changes one place of the file, not five.
    """

    pk = models.CompositePrimaryKey("person", "window_id")
    window = models.ForeignKey(Window, models.CASCADE, db_index=False)
    person = models.BigIntegerField()
    volume = models.IntegerField()
    reached_ms = models.BigIntegerField()
    unit = models.IntegerField()
    town = models.IntegerField()
    county = models.IntegerField()
    city = models.IntegerField()
    shown = models.BooleanField(default=True, db_default=True)

    class Meta:
        indexes = (
            models.Index(
                # With all that is asked for in it SQLite reads the index alone, without the table.
                fields=("window", "county", "-volume", "reached_ms", "person", "town", "unit", "shown"),
                name="board_of_county",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.volume}"


class UnitVolume(models.Model):
    """What the people of one unit brought together over a whole campaign."""

    campaign = models.IntegerField()
    unit = models.IntegerField()
    volume = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("campaign", "unit", name="unit_volume_once"),)

    def __str__(self) -> str:
        return f"{self.unit}: {self.volume}"


class UnitCount(models.Model):
    """What the people of one unit did in a span: a whole campaign (0), a week (its Monday, negative), a day.

    Only the latest days are kept; `active` people are known for days and the whole, not for weeks.
    """

    campaign = models.IntegerField()
    span = models.IntegerField()
    county = models.IntegerField()
    town = models.IntegerField()
    unit = models.IntegerField()
    shares = models.BigIntegerField(default=0)
    opens = models.BigIntegerField(default=0)
    reads = models.BigIntegerField(default=0)
    volume = models.BigIntegerField(default=0)
    active = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint("campaign", "span", "county", "town", "unit", name="unit_count_once"),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.span}"


class ArticleCount(models.Model):
    """What was done with one article on one day (yyyymmdd), by anybody anywhere, as it happened."""

    article = models.BigIntegerField()
    day = models.IntegerField()
    shares = models.BigIntegerField(default=0)
    opens = models.BigIntegerField(default=0)
    reads = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint("article", "day", name="article_count_once"),)

    def __str__(self) -> str:
        return f"{self.article} {self.day}"


class ActivePerson(models.Model):
    """One person's own acts in a span, and where the latest of them was: who is active is counted once."""

    pk = models.CompositePrimaryKey("campaign", "span", "person")
    campaign = models.IntegerField()
    span = models.IntegerField()
    person = models.BigIntegerField()
    acts = models.IntegerField()
    reached_ms = models.BigIntegerField()
    town = models.IntegerField()
    county = models.IntegerField()
    unit = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.person} {self.span}"
