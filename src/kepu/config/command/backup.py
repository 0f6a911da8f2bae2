"""`kepu backup`: the whole site in one file, while it runs."""

import json
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from kepu.config import environment
from kepu.config.keeping.manifests import Manifest
from kepu.config.keeping.marks import HALF_RESTORED, is_half_restored, note_backup
from kepu.config.keeping.packing import dated, in_words, pack, thin_out
from kepu.config.keeping.sealing import PASSPHRASE_MIN
from kepu.config.keeping.telling import Trouble, told_plainly
from kepu.kit import clock

PLAIN = "注意：文件里有钥匙和个人信息，没有加密。要离开这台机器的，请用 --encrypt 或 --passphrase-file。"


@click.command()
@click.argument("place", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Leave only so many dated backups in the folder.")
@click.option("--encrypt", is_flag=True, help="Ask for a passphrase and seal the file with it.")
@click.option(
    "--passphrase-file", type=click.File("r"), help="Seal with the first line of a file (-: input)."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
@told_plainly()
def command(
    place: Path | None, keep: int | None, encrypt: bool, passphrase_file: IO[str] | None, as_json: bool
) -> None:
    """Put the whole site into one new file: database, keys, pictures, files of long work. The site goes on.

    FILE is a file that ends in .tar.gz (sealed: .tar.gz.sealed), or a folder, made where it is missing, in
    which the file is named by county, day and time; KEPU_HOME/backups when left out.
    E.g.: kepu backup /mnt/disk/kepu --keep 14
    """
    home, now = environment.home(), clock.now()
    if is_half_restored(home):
        raise Trouble(HALF_RESTORED.format(home))
    passphrase = _passphrase(encrypt, passphrase_file)
    target = _target(place or home / "backups", bool(passphrase), now)
    if keep and target == place:
        raise click.UsageError("--keep 要配文件夹用，不配文件名。")
    manifest = pack(home, environment.text("KEPU_DATABASE_URL"), target, passphrase, now)
    note_backup(home, target.resolve(), now)
    gone = thin_out(target.parent, keep) if keep else []
    if as_json:
        click.echo(json.dumps(_said(manifest, target, bool(passphrase), gone), ensure_ascii=False))
        return
    click.echo(f"备份好了：{target}（{in_words(target.stat().st_size)}）")
    entries = "，".join(f"账本 {each.book} 有 {each.seq:,} 条" for each in manifest.books)
    click.echo(f"{entries}；文件 {len(manifest.parts) - 1:,} 个。")
    if gone:
        click.echo(f"按 --keep {keep} 删去旧备份：{'、'.join(path.name for path in gone)}")
    if not passphrase:
        click.echo(PLAIN)


def _passphrase(encrypt: bool, file: IO[str] | None) -> str:
    """What to seal with, "" for nothing."""
    if not encrypt and file is None:
        return ""
    given = (
        file.readline().strip()
        if file is not None
        else click.prompt("口令（忘了就打不开）", hide_input=True, confirmation_prompt="再输一遍")
    )
    if len(given) < PASSPHRASE_MIN:
        raise Trouble(f"口令至少 {PASSPHRASE_MIN} 个字。")
    return str(given)


def _target(place: Path, is_sealed: bool, now: datetime) -> Path:
    if place.suffix and not place.is_dir():
        if not place.parent.is_dir():
            raise Trouble(f"没有文件夹 {place.parent}。")
        return place
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return dated(place, is_sealed, now)


def _said(manifest: Manifest, target: Path, is_sealed: bool, gone: list[Path]) -> dict[str, object]:
    return {
        "file": str(target.resolve()),
        "bytes": target.stat().st_size,
        "encrypted": is_sealed,
        "made_at": manifest.made_at.isoformat(),
        "database": manifest.database,
        "books": [{"book": each.book, "seq": each.seq, "hash": each.hash} for each in manifest.books],
        "parts": len(manifest.parts),
        "removed": [str(path) for path in gone],
    }
