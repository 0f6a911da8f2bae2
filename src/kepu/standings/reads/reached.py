"""Who reached a volume in a window of a campaign: for reminders to everybody else."""

from kepu.standings.models import Score


def reached(campaign: int, window: str, volume: int) -> frozenset[int]:
    """Everybody whose volume in the window ("all", a round's id, a month) is at least that. One query.

    Not bounded: a number a person, of one campaign.
    """
    found = Score.objects.filter(window__campaign=campaign, window__name=window, volume__gte=volume)
    return frozenset(found.values_list("person", flat=True))
