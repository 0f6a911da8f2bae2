"""One thing of many, by itself: what goes wrong with it is logged with its name, and the others go on."""

from collections.abc import Callable
from typing import TypeVar

import structlog

Done = TypeVar("Done")
log = structlog.get_logger("kepu.apart")


def by_itself(
    name: str, act: Callable[[], Done], *, but: tuple[type[Exception], ...] = (), **about: object
) -> Done | None:
    """What `act` returns; None where it raised, which is logged under `name` with what it was about.

    `but`: what concerns the others as well, such as a database out of reach, is raised.
    """
    try:
        return act()
    except but:
        raise
    except Exception:
        log.exception(name, **about)
        return None
