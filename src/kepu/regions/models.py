"""The table of divisions."""

from django.db import models


class Division(models.Model):
    """行政区划: one node of the tree."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=60, db_index=True)

    def __str__(self) -> str:
        return self.name
