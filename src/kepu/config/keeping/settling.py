"""The second half of a restore, with Django: the tables are those of this version, the books are checked."""

from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

import kepu
from kepu.config.command.verify import books
from kepu.config.keeping.databases import pour
from kepu.config.keeping.manifests import NEWER, Book, Manifest, version_of
from kepu.config.keeping.marks import DUMP
from kepu.config.keeping.telling import Trouble
from kepu.ledger import reads as ledger

OTHER_HEADS = "恢复出来的账本和备份清单写的不一样，没有启用。请换一份备份。"


def settle(manifest: Manifest, folder: Path, url: str) -> list[str]:
    """The database has all migrations of this version and the very heads of the manifest.

    What of the books' chains does not fit, in words: it was so when the backup was made. `url`: the empty
    PostgreSQL that the dump in `folder` goes into, "" where the database lies in `folder` already.
    """
    _refuse_newer(manifest)
    if url:
        pour(url, folder / DUMP)
        (folder / DUMP).unlink()
    call_command("migrate", verbosity=0)
    heads = [Book(head.book, head.seq, head.hash.hex()) for head in ledger.heads()]
    if heads != sorted(manifest.books, key=lambda each: each.book):
        raise Trouble(OTHER_HEADS)
    checks = books()
    if not url:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return [
        f"账本 {each.book} 第 {each.first_bad or each.entries} 条起不符"
        for each in checks
        if each.first_bad or not each.head_fits
    ]


def _refuse_newer(manifest: Manifest) -> None:
    """A site under the same version may still be ahead of this one: it follows the source."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    is_older = version_of(manifest.kepu) < version_of(kepu.__version__)
    if not is_older and not set(manifest.migrations) <= known:
        raise Trouble(NEWER.format(manifest.kepu, kepu.__version__))
