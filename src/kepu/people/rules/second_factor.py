"""Second factor and sessions of staff: how long, how often, what may be typed."""

import re
import unicodedata
from datetime import datetime, timedelta

STEP_SECONDS = 30  # RFC 6238, 5.2
SKEW_STEPS = 1
KEY_BYTES = 20  # RFC 4226, 4: R6
FACTOR_FAILURES_MAX = 5
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
RECOVERY_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look like another

STAFF_COOKIE = "kepu_staff"
WORKING_DAY = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
DEVICE_LENGTH_MAX = 80


def recovery_of(text: str) -> str | None:
    """A recovery code as typed (small letters, hyphens, spaces, full-width) as it is kept, or None."""
    if len(text) > 40:
        return None
    bare = re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", text)).upper()
    return bare if re.fullmatch(f"[{RECOVERY_LETTERS}]{{{RECOVERY_LENGTH}}}", bare) else None


def has_lapsed(opened_at: datetime, now: datetime) -> bool:
    """Whether a session of staff has lived its working day."""
    return not opened_at <= now < opened_at + WORKING_DAY


def is_asleep(awake_at: datetime | None, now: datetime, days: int) -> bool:
    """Whether an account of staff was not in the back office for so many days; None: it never was awake."""
    return awake_at is None or now - awake_at >= timedelta(days=days)


def device_of(user_agent: str) -> str:
    """What browser that is, in words a person knows: "Windows · Edge"; "" when nobody can say."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    return " · ".join(word for word in (system, browser) if word)


# In this order: what comes later also stands in what comes before.
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQBrowser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
