"""What becomes of points: each function is one use case."""

from kepu.points.writes.certifying import credit_certifications
from kepu.points.writes.declaring import declare_badges, declare_expiry, declare_levels
from kepu.points.writes.expiring import expire_due, tell_of_expiry
from kepu.points.writes.forgetting import forget
from kepu.points.writes.quizzes import answer_quiz, book_passed

__all__ = [
    "answer_quiz",
    "book_passed",
    "credit_certifications",
    "declare_badges",
    "declare_expiry",
    "declare_levels",
    "expire_due",
    "forget",
    "tell_of_expiry",
]
