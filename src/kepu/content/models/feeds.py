"""Where articles are imported from, and what was imported."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kepu.content.models.articles import ArticlePage, Topic


class Feed(models.Model):
    """A source of articles, RSS or Atom. `trouble` is the last fetch's, empty when it went well."""

    name = models.CharField(_("name of the source"), max_length=40)
    address = models.URLField(_("address of the feed"), max_length=500, unique=True)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+", verbose_name=_("topic"))
    added_by = models.PositiveBigIntegerField()
    added_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    imported = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class ImportedItem(models.Model):
    """A name by which a source called something that was imported: it is never imported again."""

    key = models.CharField(max_length=64, unique=True)
    article = models.ForeignKey(ArticlePage, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
