"""How much a test tries: all there is with $KEPU_DEEP=1 (`make test-deep`), else enough for every day."""

import os

DEEP = os.environ.get("KEPU_DEEP") == "1"


def cases(most: int, otherwise: int = 0) -> int:
    """`most` with $KEPU_DEEP=1, else `otherwise`; where that is not stated a quarter, four at least."""
    return most if DEEP else otherwise or max(4, most // 4)
