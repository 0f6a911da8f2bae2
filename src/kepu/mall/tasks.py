"""What the worker does for the mall."""

from functools import partial

from kepu.kit import clock
from kepu.kit.apart import by_itself
from kepu.mall import writes


def each_minute() -> None:
    """Orders that a crash cut off are finished, what nobody came for is called off; addresses that were kept
    long enough are gone.
    """
    now = clock.now()
    for act in (writes.settle_orders, writes.call_off_uncollected, writes.forget_contacts):
        by_itself(f"{act.__name__}_failed", partial(act, now))
