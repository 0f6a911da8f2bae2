"""Certificates as they were issued. Nothing here is changed later; a revocation is a row of its own."""

from django.db import models


class CertificateOrgan(models.Model):
    """An organ that gives certificates: its name, and the mark its serial numbers begin with."""

    name = models.CharField(max_length=100, unique=True)
    mark = models.CharField(max_length=30)

    def __str__(self) -> str:
        return self.name


class CertificateSeries(models.Model):
    """The last number an organ gave in a year; its row is locked while more are given."""

    organ = models.ForeignKey(CertificateOrgan, models.PROTECT, db_index=False)
    year = models.IntegerField()
    last = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("organ", "year", name="series_once"),)

    def __str__(self) -> str:
        return f"{self.organ_id} {self.year} {self.last}"


class CertificateDesign(models.Model):
    """How certificates of one award of an organ look from now on."""

    organ = models.ForeignKey(CertificateOrgan, models.PROTECT, db_index=False)
    title = models.CharField(max_length=100)
    design = models.CharField(max_length=8)

    class Meta:
        constraints = (models.UniqueConstraint("organ", "title", name="design_once"),)

    def __str__(self) -> str:
        return f"{self.title} {self.design}"


class Certificate(models.Model):
    """One certificate. `edition` counts the papers for one award from 1: another only when one was wrong."""

    campaign = models.CharField(max_length=60)
    campaign_title = models.CharField(max_length=200)
    round = models.CharField(max_length=60)
    round_title = models.CharField(max_length=200)
    division = models.CharField(max_length=12)
    place = models.CharField(max_length=60)
    person = models.BigIntegerField()
    edition = models.IntegerField()
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=100)
    rank = models.IntegerField()
    title = models.CharField(max_length=100)
    organ = models.ForeignKey(CertificateOrgan, models.PROTECT, db_index=False)
    year = models.IntegerField()
    number = models.IntegerField()
    serial = models.CharField(max_length=60)
    design = models.CharField(max_length=8)
    code = models.CharField(max_length=20, unique=True)
    status_list = models.IntegerField()
    status_index = models.IntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("organ", "year", "number", name="certificate_number_once"),
            models.UniqueConstraint("serial", name="certificate_serial_once"),
            models.UniqueConstraint("organ", "status_list", "status_index", name="certificate_status_once"),
            models.UniqueConstraint(
                "campaign", "round", "division", "person", "edition", name="certificate_once_an_award"
            ),
        )
        indexes = (models.Index(fields=("person",), name="certificates_of_person"),)

    def __str__(self) -> str:
        return self.serial


class CertificateRevocation(models.Model):
    """A certificate is no longer valid: the class of reason everybody may read, and the reason for staff."""

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="revocation")
    revoked_for = models.CharField(max_length=8)
    reason = models.TextField()
    by = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.revoked_for}"
