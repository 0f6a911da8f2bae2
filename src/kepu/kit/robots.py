"""Who is certainly no human reader, by what a request says of itself."""

from functools import lru_cache

import crawleruseragents


def is_robot(user_agent: str, purpose: str) -> bool:
    """Whether a request is a preview, a prefetch or a known robot; one without a user agent is.

    `purpose`: the Purpose, X-Purpose or Sec-Purpose header. The list is the package crawler-user-agents.
    """
    if not user_agent or "prefetch" in purpose.lower() or "preview" in purpose.lower():
        return True
    return _is_known(user_agent[:400])


@lru_cache(4096)
def _is_known(user_agent: str) -> bool:
    return bool(crawleruseragents.is_crawler(user_agent))
