"""`kepu init`: from an empty data folder to a site that is ready for a county."""

import json
import sys

import click
from django.conf import settings
from django.core.management import call_command

from kepu.content import writes as content
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.people import writes as people
from kepu.people.writes.staff import renew_access
from kepu.regions import reads as regions
from kepu.regions import writes as region_writes
from kepu.regions.facts import DIVISIONS
from kepu.regions.rules import Level, is_code


@click.command()
@click.option(
    "--division",
    default=lambda: settings.KEPU_DIVISION,
    show_default="KEPU_DIVISION",
    help="Six-digit code of the county.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was prepared as JSON.")
def command(division: str, as_json: bool) -> None:
    """Prepare the site for a county: its tables, the divisions, its units, its association, its book.

    Running it again changes nothing. E.g.: kepu init --division 430623
    """
    if not is_code(division) or len(division) != Level.COUNTY:
        raise click.ClickException(f"“{division}”不是县级区划代码。要 6 位数字，例如华容县是 430623。")
    call_command("migrate", verbosity=0)
    loaded = _load_divisions()
    county = regions.division(division)
    if county is None:
        raise click.ClickException(f"没有代码为 {division} 的县（市、区）。{_nearby(division)}")
    now = clock.now()
    prepared = people.prepare_county(division, now)
    content.prepare_content()
    renew_access()
    opened = ledger.open_book(int(division), now)
    if as_json:
        said = {
            "division": division,
            "name": regions.full_name(division),
            "divisions": loaded,
            "association": prepared.association,
            "towns": prepared.towns,
            "units": prepared.units,
            "book": int(division),
            "book_opened_now": opened,
        }
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        counted = f"{prepared.towns} 个乡镇（街道），{prepared.units} 个单位"
        book = f"账本 {division} {'已开' if opened else '早已开好'}"
        click.echo(f"{regions.full_name(division)}准备好了：{counted}，{book}。")


def _load_divisions() -> int:
    with click.progressbar(length=DIVISIONS, label="行政区划", file=sys.stderr) as bar:
        return region_writes.load_divisions(lambda done, _all: bar.update(done - bar.pos))


def _nearby(division: str) -> str:
    """The counties of the same city, as a hint; "" where there is no such city."""
    counties = regions.within(division[:4], Level.COUNTY)
    return "同市的有：" + "、".join(f"{each.name} {each.code}" for each in counties) if counties else ""
