"""Clubs and who is in them."""

from django.db import models
from django.db.models import Q

from kepu.clubs.rules import (
    NAME_CHARS_MAX,
    REASON_CHARS_MAX,
    TEXT_CHARS_MAX,
    ClubState,
    Joining,
    MemberState,
    Posting,
    Role,
    Showing,
)

LIVING = (ClubState.ASKED.value, ClubState.OPEN.value)


class Club(models.Model):
    """社团: asked for by a communicator, opened by the staff of its division."""

    name = models.CharField(max_length=NAME_CHARS_MAX)
    text = models.CharField(max_length=TEXT_CHARS_MAX)
    picture = models.CharField(max_length=40, blank=True, help_text="name of its file, without an ending")
    division = models.CharField(max_length=12, help_text="6, 9 or 12 digits: where it belongs")
    founder = models.PositiveBigIntegerField(help_text="who asked for it; the founder now is a member's role")
    state = models.CharField(max_length=10, default=ClubState.ASKED.value)
    posting = models.CharField(max_length=10, default=Posting.MEMBERS.value)
    showing = models.CharField(max_length=10, default=Showing.AT_ONCE.value)
    joining = models.CharField(max_length=10, default=Joining.OPEN.value)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(max_length=REASON_CHARS_MAX, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, help_text="when its board was last counted")
    counted_month = models.CharField(max_length=7, blank=True)
    volume = models.PositiveIntegerField(default=0, help_text="of all members in that month")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "division", "name", condition=Q(state__in=LIVING), name="club_name_once_a_division"
            ),
            models.UniqueConstraint(
                "founder", condition=Q(state=ClubState.ASKED.value), name="one_club_asked"
            ),
        )
        indexes = (models.Index(fields=("state", "division", "id"), name="clubs_of_a_division"),)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a club, or who was, or who asks to be. `muted_until`: may read, not write, until then."""

    club = models.ForeignKey(Club, models.CASCADE, related_name="memberships", db_index=False)
    account = models.PositiveBigIntegerField()
    role = models.CharField(max_length=10, default=Role.MEMBER.value)
    state = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON_CHARS_MAX, blank=True)
    changed_by = models.PositiveBigIntegerField(default=0)
    muted_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("club", "account", name="member_once_a_club"),
            models.UniqueConstraint(
                "club",
                condition=Q(role=Role.FOUNDER.value, state=MemberState.IN.value),
                name="one_founder_a_club",
            ),
        )
        indexes = (
            models.Index(fields=("account", "state"), name="clubs_of_a_person"),
            models.Index(fields=("club", "state", "id"), name="members_of_a_club"),
        )

    def __str__(self) -> str:
        return f"{self.club_id} {self.account}"
