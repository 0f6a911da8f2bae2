"""What the worker counts for clubs, each with its moment: no page counts anything itself."""

from django.db import models

from kepu.clubs.models.clubs import Club


class MemberLine(models.Model):
    """A member's volume this month and rank in the club, as of `Club.counted_at`."""

    club = models.ForeignKey(Club, models.CASCADE, related_name="member_lines", db_index=False)
    account = models.PositiveBigIntegerField()
    volume = models.IntegerField()
    rank = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("club", "account", name="club_line_once"),)
        indexes = (models.Index(fields=("club", "rank", "account"), name="board_of_a_club"),)

    def __str__(self) -> str:
        return f"{self.club_id} {self.account}"


class ClubLine(models.Model):
    """A club's place among the clubs of its county; all of a county are of one moment."""

    club = models.OneToOneField(Club, models.CASCADE, primary_key=True, related_name="line")
    county = models.CharField(max_length=6)
    month = models.CharField(max_length=7)
    members = models.PositiveIntegerField()
    volume = models.IntegerField()
    hundredths = models.IntegerField(help_text="volume a member, times a hundred")
    rank = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("county", "rank", "club"), name="clubs_board"),)

    def __str__(self) -> str:
        return f"{self.county} {self.rank}"


class ClubTask(models.Model):
    """社团任务: what the club wants to reach together by a day. No points; nobody is named who did little."""

    club = models.ForeignKey(Club, models.CASCADE, related_name="tasks", db_index=False)
    kind = models.CharField(max_length=10)
    target = models.PositiveIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    set_by = models.PositiveBigIntegerField()
    set_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    reached = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("club", "last_day"), name="tasks_of_a_club"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
