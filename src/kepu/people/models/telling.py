"""What people told the site, and the site them."""

from django.db import models
from django.db.models import Q

from kepu.people import labels
from kepu.people.models.accounts import Account
from kepu.people.rules import Audience, TextState


class Notice(models.Model):
    """消息: what the site tells one person, on their page alone; its sentence is made when it is shown."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=labels.NOTICE_KINDS)
    words = models.JSONField(help_text="what the sentence of this kind names")
    link = models.CharField(max_length=200, help_text="path on this site")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("account", "-id"), name="notices_newest"),
            models.Index(fields=("account",), condition=Q(read_at=None), name="notices_unread"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Complaint(models.Model):
    """投诉与建议. `network_mark` is a keyed digest of the sender's network, kept only to slow floods down."""

    words = models.TextField()
    contact = models.CharField(max_length=80, blank=True)
    path = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey("people.Account", models.SET_NULL, null=True, related_name="+")
    division = models.CharField(max_length=12, help_text="county whose officers hear it")
    network_mark = models.CharField(max_length=64)
    sent_at = models.DateTimeField(db_index=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = (
            models.Index(fields=("network_mark", "sent_at"), name="complaint_by_network"),
            models.Index(fields=("division", "settled_at"), name="complaint_by_division"),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.words[:20]}"


class Announcement(models.Model):
    """通知: one text to many, exactly as somebody of the staff saw it before they confirmed.

    `reached` is how far its work came in the order of accounts; `result` is kept when the deliveries go.
    """

    seal = models.CharField(max_length=64, unique=True, help_text="of the preview: each is sent once")
    text = models.CharField(max_length=400)
    link = models.CharField(max_length=200)
    audience = models.CharField(max_length=16, choices=labels.AUDIENCES, default=Audience.COMMUNICATORS)
    division = models.CharField(max_length=12, help_text="empty: everywhere")
    unit = models.IntegerField(default=0)
    goal = models.JSONField(help_text="for those behind: campaign, round and its basic task")
    by_text = models.BooleanField(help_text="as a text message too")
    shown = models.JSONField(help_text="the counts of the preview")
    asked_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    job = models.BigIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("division", "-id"), name="announced_in_a_division"),)

    def __str__(self) -> str:
        return self.text[:40]


class Delivery(models.Model):
    """What became of an announcement for one person: one row each, so that nobody is told twice."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="deliveries")
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+")
    is_told = models.BooleanField(help_text="in the app; not when they want no announcements")
    text_state = models.CharField(
        max_length=10, choices=labels.TEXT_STATES, default=TextState.NONE, blank=True
    )

    class Meta:
        constraints = (models.UniqueConstraint("announcement", "account", name="delivered_once"),)
        indexes = (models.Index(fields=("announcement", "text_state"), name="deliveries_by_text"),)

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.account_id}"
