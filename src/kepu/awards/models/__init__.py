"""What is kept about rounds; one file an idea."""

from kepu.awards.models.certificates import (
    Certificate,
    CertificateDesign,
    CertificateOrgan,
    CertificateRevocation,
    CertificateSeries,
)
from kepu.awards.models.evaluations import Evaluation, Placing
from kepu.awards.models.life import (
    RoundStep,
)
from kepu.awards.models.objections import (
    Objection,
    ObjectionAnswer,
)
from kepu.awards.models.payouts import PayoutAnswer, PayoutBatch, PayoutEvent, PayoutLine

__all__ = [
    "Certificate",
    "CertificateDesign",
    "CertificateOrgan",
    "CertificateRevocation",
    "CertificateSeries",
    "Evaluation",
    "Objection",
    "ObjectionAnswer",
    "PayoutAnswer",
    "PayoutBatch",
    "PayoutEvent",
    "PayoutLine",
    "Placing",
    "RoundStep",
]
