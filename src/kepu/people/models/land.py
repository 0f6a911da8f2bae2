"""Bodies and units: where people belong."""

from django.db import models

from kepu.people import labels


class Association(models.Model):
    """机构（科协）: the body that owns statistics, e.g. 华容县科学技术协会; sits at a division."""

    name = models.CharField(max_length=80, unique=True)
    division = models.CharField(max_length=12, db_index=True)

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """单位: who has tasks. A village or community has its own code; 机关、站所 share their town's."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=labels.UNIT_KINDS)
    division = models.CharField(max_length=12, db_index=True)
    closed_day = models.DateField(null=True, help_text="the first day it is no more")

    class Meta:
        constraints = (models.UniqueConstraint("division", "name", name="unit_once_a_division"),)

    def __str__(self) -> str:
        return self.name
