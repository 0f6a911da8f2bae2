"""What goes when somebody closes their account."""

from kepu.points.models import KeptBadge, QuizResult, Telling


def forget(account: int) -> None:
    """Nothing of this room names the account any more: announcements, quizzes, kept badges. Three queries."""
    Telling.objects.filter(person=account).delete()
    QuizResult.objects.filter(person=account).delete()
    KeptBadge.objects.filter(person=account).delete()
