"""`kepu columns`: a round's lists ranked by DuckDB, for as many people as a province or the country has."""

from pathlib import Path

import click

from kepu.awards.rules import NoRound, evaluation_bytes

try:
    from kepu.analysis import reads
except ModuleNotFoundError as missing:
    raise click.ClickException(f"缺少 {missing.name}：请先运行 make columns 装上。") from missing


@click.command()
@click.argument("campaign")
@click.argument("round_id", metavar="ROUND")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def command(campaign: str, round_id: str, folder: Path) -> None:
    """Write a round's tallies and register into FOLDER as Parquet, rank them there and print the list.

    The same bytes as `kepu round evaluate --json`, without keeping the list. Whoever has the two files, or
    those of many counties, ranks them with the same expression on DuckDB or PySpark, e.g.:
    kepu columns chaqi-2021 annual ./columns
    """
    evaluation = reads.evaluate_round(campaign, round_id, folder, _told)
    if isinstance(evaluation, NoRound):
        raise click.ClickException(f"没有活动 {campaign} 的轮次 {round_id}。")
    click.echo(evaluation_bytes(evaluation))


def _told(written: int) -> None:
    click.echo(f"\r{written:,}", err=True, nl=False)
