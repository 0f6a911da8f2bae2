"""What people tell the site through the entry at the foot of every page."""

from django.conf import settings
from django.db import models


class Complaint(models.Model):
    """投诉与建议. `network_mark` is a keyed digest of the sender's network, kept only to slow floods down."""

    words = models.TextField()
    contact = models.CharField(max_length=80, blank=True)
    path = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    network_mark = models.CharField(max_length=64)
    sent_at = models.DateTimeField(db_index=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("network_mark", "sent_at"), name="complaints_by_network"),)

    def __str__(self) -> str:
        return f"#{self.pk} {self.words[:20]}"
