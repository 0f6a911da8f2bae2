"""Reads one feed or web page of another site and ends: the child behind `read_apart`.

A page of two megabytes can be made so that a parser of HTML or XML works on it for minutes.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from typing import Literal

from kepu.content.importing import Item, item_of_page, items_of_feed

WORK_SECONDS_MAX = 5
SECONDS_MAX = 20.0
ADDRESS_SPACE_BYTES_MAX = 1024 * 1024 * 1024
TOO_COSTLY = "too_costly"
Kind = Literal["feed", "page"]


def read_apart(
    kind: Kind, content: bytes, address: str, more: str, seconds: int = WORK_SECONDS_MAX
) -> list[Item] | str | None:
    """What `items_of_feed` finds, or `item_of_page` as a list of one; None for nothing, or TOO_COSTLY.

    `more`: the name of the source for a feed, the stated type for a page. Read by another process of at most
    `seconds` of work and ADDRESS_SPACE_BYTES_MAX of memory, about a third of a second with its start.
    """
    limits = (str(seconds), str(ADDRESS_SPACE_BYTES_MAX))
    try:
        ended = subprocess.run(  # noqa: S603 our own module
            [sys.executable, "-m", "kepu.content.import_reader", kind, address, more, *limits],
            input=content,
            capture_output=True,
            timeout=SECONDS_MAX,
            check=True,
        )
        said = json.loads(ended.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        return TOO_COSTLY
    return None if said is None else [Item(**each | {"keys": tuple(each["keys"])}) for each in said]


def main() -> None:
    """Standard input: the content; output as JSON: items, or null. Arguments as `read_apart` gives them."""
    os.nice(5)
    kind, address, more, seconds, space = sys.argv[1:6]
    resource.setrlimit(resource.RLIMIT_AS, (int(space), int(space)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    if kind == "feed":
        found = items_of_feed(content, address, more)
    else:
        item = item_of_page(content, more, address)
        found = None if item is None else [item]
    json.dump(None if found is None else [asdict(each) for each in found], sys.stdout)


if __name__ == "__main__":
    main()
