"""The tables of divisions."""

from django.db import models
from django.db.models.functions import Length


class Division(models.Model):
    """行政区划: one node of the tree."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=60)
    level = models.GeneratedField(
        expression=Length("code"), output_field=models.PositiveSmallIntegerField(), db_persist=True
    )

    class Meta:
        indexes = (models.Index(fields=("level", "code"), name="division_by_level"),)

    def __str__(self) -> str:
        return self.name


class LoadedEdition(models.Model):
    """That an edition of the packaged facts was loaded whole, known by the hash of its files."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    divisions = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.sha256[:12]
