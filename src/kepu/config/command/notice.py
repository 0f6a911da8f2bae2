"""`kepu notice`: read a campaign notice."""

import json
from pathlib import Path
from typing import Any

import click

from kepu.campaigns.notices import as_plain, read_notice
from kepu.campaigns.notices.labels import TROUBLES, told
from kepu.campaigns.notices.places import gazetteer
from kepu.documents.passages import PaperTrouble
from kepu.documents.reading import FILE_BYTES_MAX
from kepu.documents.reading_papers import read_paper
from kepu.regions import reads as regions

_WHY: dict[type[OSError], str] = {
    FileNotFoundError: "没有这个文件",
    IsADirectoryError: "这是一个文件夹",
    PermissionError: "没有权限",
}


@click.group()
def command() -> None:
    """Read campaign notices, e.g.: kepu notice read notice.docx"""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def read(file: Path, as_json: bool) -> None:
    """Print what a notice (docx, pdf, xlsx, xls, txt) says, where it says so, and what it leaves open.

    Nothing is created or changed. Exits 1 when the file cannot be read.
    E.g.: kepu notice read notice.docx --json
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        told_why = _WHY.get(type(error), "磁盘或权限有问题")
        raise click.ClickException(f"读不了 {file}：{told_why}。") from error
    passages = read_paper(content)
    if isinstance(passages, PaperTrouble):
        raise click.ClickException(TROUBLES[passages])
    draft = read_notice(passages, gazetteer(regions.packaged_to_town()))
    plain: dict[str, Any] = as_plain(draft)
    click.echo(json.dumps(plain, ensure_ascii=False, indent=2) if as_json else "\n".join(told(draft)))
