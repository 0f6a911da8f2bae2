"""`kepu sample`: a town that is already at work."""

import hashlib
import importlib
from importlib.metadata import version
from pathlib import Path

import click
from django.conf import settings

import kepu

REAL_SITE = (
    "这是正式站点（设了 KEPU_SMS_GATEWAY_URL）。示例里的管理员用的是编出来的手机号，"
    "谁有那个号码，谁就能用验证码登录。试用请另设 KEPU_HOME 并去掉短信网关。"
)


@click.command()
@click.option("--communicators", default=200, show_default=True, help="How many people take part.")
@click.option("--seed", default=7, show_default=True, help="The same seed plays the same history.")
def command(communicators: int, seed: int) -> None:
    """Load the reference campaign with history and this year's edition of it, open today.

    Prepares the site first where that was not done; leaves a site with entries as it is.
    E.g.: kepu sample --communicators 200
    """
    if settings.KEPU_SMS_GATEWAY_URL and not settings.KEPU_DEVELOPMENT:
        raise click.ClickException(REAL_SITE)
    mark = _home() / "sample.version"
    if not _is_prepared(mark):
        importlib.import_module("django").setup()
        importlib.import_module("kepu.config.sample_site").load(communicators, seed)
        mark.write_text(edition())
    click.echo(_who_signs_in())


def edition() -> str:
    """What prepares a site: our version, the frameworks' and our migrations, as a short text."""
    names = sorted("/".join(file.parts[-3:]) for file in settings.PACKAGE.glob("*/migrations/*.py"))
    parts = [kepu.__version__, version("django"), version("wagtail"), *names]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def _is_prepared(mark: Path) -> bool:
    """Whether this version prepared this site already: said without starting Django, which takes seconds.

    Of PostgreSQL, which is not in the folder, nothing is known here.
    """
    if settings.DATABASE_URL or not (_home() / "kepu.sqlite3").exists():
        return False
    return mark.exists() and mark.read_text() == edition()


def _who_signs_in() -> str:
    """The sample's staff as they stand in the data folder, "" when the site is no sample."""
    path = _home() / "sample-staff.txt"
    return f"\n{path.read_text('utf-8')}（写在 {path}）" if path.is_file() else ""


def _home() -> Path:
    folder: Path = settings.HOME
    return folder
