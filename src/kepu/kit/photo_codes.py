"""What the QR codes on a photo say: looked for by a child process with limits, whatever was sent."""

import json
import logging
import subprocess
import sys
import threading
from enum import StrEnum

# What a member of staff may send at once is 12 MB.
PHOTO_BYTES_MAX = 10 * 1024 * 1024
LOOKING_SECONDS_MAX = 12.0
WAIT_SECONDS_MAX = 4.0
# Two at a time: a queue at a village's table is served one after the other, and pages go on.
_places = threading.BoundedSemaphore(2)
log = logging.getLogger("kepu.photo_codes")


class Unread(StrEnum):
    """Why a photo says nothing."""

    TOO_LARGE = "too_large"
    NO_PHOTO = "no_photo"
    NO_CODE = "no_code"
    BUSY = "busy"


def codes_on(photo: bytes) -> list[str] | Unread:
    """The texts of the QR codes on a photo (JPEG, PNG, WebP), the largest code first; never empty.

    About half a second. Nothing is kept, and a picture that claims to be endless costs its child alone.
    """
    if len(photo) > PHOTO_BYTES_MAX:
        return Unread.TOO_LARGE
    if not _places.acquire(timeout=WAIT_SECONDS_MAX):
        return Unread.BUSY
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "kepu.kit.photo_code_reader"],
            input=photo,
            capture_output=True,
            timeout=LOOKING_SECONDS_MAX,
            check=True,
        )
        said: list[str] | str = json.loads(ended.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as trouble:
        log.warning("a photo could not be read: %s", type(trouble).__name__)
        return Unread.NO_PHOTO
    finally:
        _places.release()
    if isinstance(said, str):
        return Unread(said)
    return said or Unread.NO_CODE
