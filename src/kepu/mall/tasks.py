"""What the worker does for the mall."""

from kepu.kit import clock
from kepu.mall import writes


def each_minute() -> None:
    """Orders that a crash cut off are finished; addresses that were kept long enough are gone."""
    now = clock.now()
    writes.settle_orders(now)
    writes.forget_contacts(now)
