"""Every setting a site has, with its meaning: docs/settings.md is held against this list."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, what it is when unset, and what it does."""

    name: str
    otherwise: str
    meaning: str


SETTINGS = (
    Setting("KEPU_HOME", "./var", "Folder for the database, the keys, uploads and collected static files."),
    Setting("KEPU_DATABASE_URL", "", "PostgreSQL address (postgresql://…); empty means SQLite in KEPU_HOME."),
    Setting(
        "KEPU_DEVELOPMENT", "0", "1 shows error details and the SMS outbox page; never on a public site."
    ),
    Setting(
        "KEPU_HOSTS", "localhost,127.0.0.1,[::1]", "Host names the site answers to, separated by commas."
    ),
    Setting(
        "KEPU_SITE_URL", "", "Public address, used in links and QR codes; empty means the request's own."
    ),
    Setting("KEPU_DIVISION", "430623", "Six-digit code of the county whose book newcomers are entered in."),
    Setting("KEPU_SECURE", "0", "1 marks cookies Secure and sends HSTS; set it behind HTTPS."),
    Setting(
        "KEPU_PROXIES", "0", "How many trusted proxies stand in front (for the client's network address)."
    ),
    Setting(
        "KEPU_SMS_GATEWAY_URL",
        "",
        "HTTP gateway that sends text messages; empty: none are sent (in development: the outbox).",
    ),
    Setting("KEPU_SMS_GATEWAY_TOKEN", "", "Bearer token for that gateway."),
    Setting("KEPU_SMS_PER_DAY_MAX", "2000", "Text messages the whole site may send in a calendar day."),
    Setting(
        "KEPU_WECHAT_APP_ID", "", "AppID of the WeChat account whose JS-SDK makes share cards; empty: off."
    ),
    Setting("KEPU_WECHAT_SECRET", "", "AppSecret of that account."),
    Setting(
        "KEPU_STAFF_DORMANT_DAYS",
        "90",
        "Days without the back office after which an account of staff is locked until it is opened again.",
    ),
    Setting("KEPU_LINE_MAX", "4096", "Activities that may wait for the ledger before others get 503."),
    Setting("KEPU_CONTACT", "", "Telephone or address for questions about personal data, on /privacy/."),
    Setting("KEPU_BEIAN", "", "ICP filing number shown at the foot of every page."),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def text(name: str) -> str:
    """The value of a declared setting; asking for an undeclared one is a mistake (KeyError)."""
    return os.environ.get(name) or _BY_NAME[name].otherwise


def switch(name: str) -> bool:
    """Whether a declared setting is on ("1")."""
    return text(name) == "1"


def number(name: str) -> int:
    """A declared setting as a whole number."""
    return int(text(name))


def home() -> Path:
    """The site's data folder, created when missing, readable by its owner only.

    One that others could read is closed; a folder that belongs to everybody (/tmp) stays as it is.
    """
    folder = Path(text("KEPU_HOME")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = folder.stat().st_mode
    if mode & 0o077 and not mode & stat.S_ISVTX:
        folder.chmod(0o700)
    return folder
