"""One byte string for one value, so that hashes and lists agree on every machine."""

import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys, no spaces and no escapes for Chinese.

    Floats are refused (`TypeError`): their text differs between languages and is never a count.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a canonical value holds no float")
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise TypeError("a canonical object has text keys")
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)
