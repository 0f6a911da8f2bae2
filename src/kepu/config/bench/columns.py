"""A year's lists from columns: our expression beside the same question written by hand, in one DuckDB.

The tallies are made up in bulk: 334 days, each person with a chance of their own to be active on a day (most
seldom, few nearly daily: a third of all days in the mean), up to 40 acts a day.
"""

import resource
import statistics
import tempfile
import time
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import ibis

from kepu.analysis.rules import asked, lists, outcomes
from kepu.analysis.writes import REGISTER_FILE, TALLIES_FILE
from kepu.awards.rules import NearMiss, ScopeOutcome, Winner
from kepu.campaigns.rules import RuleSheet
from kepu.campaigns.sheet import parse_sheet
from kepu.kit import clock

DAYS, TIMES, MEMORY_MAX = 334, 5, "1500MB"


def run(people: int) -> str:
    """Make the columns of so many people, ask both ways in turn, and say what was found as a table.

    Fails when the two find different lists.
    """
    sheet = parse_sheet(files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8"))
    assert isinstance(sheet, RuleSheet), sheet
    what = asked(1, sheet, sheet.rounds[-1])
    with tempfile.TemporaryDirectory(prefix="kepu-columns-") as folder:
        engine = ibis.duckdb.connect(memory_limit=MEMORY_MAX)
        rows = make(engine, Path(folder), people)
        tallies = engine.read_parquet(Path(folder) / TALLIES_FILE)
        register = engine.read_parquet(Path(folder) / REGISTER_FILE)
        ours = lists(tallies, register, what)
        by_hand = _BY_HAND.format(folder=folder)
        took: list[tuple[float, float]] = []
        for _time in range(TIMES):
            started = time.perf_counter()
            raw = engine.raw_sql(by_hand).fetchall()
            between = time.perf_counter()
            found = outcomes(engine.to_pyarrow(ours).to_pylist(), what)
            took.append((between - started, time.perf_counter() - between))
        size = (Path(folder) / TALLIES_FILE).stat().st_size
    _same(raw, found)
    hand, expression = (statistics.median(each) for each in zip(*took, strict=True))
    ratio = statistics.median(ours / raw for raw, ours in took)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{people:,} communicators x {DAYS} days: {rows:,} tallies, {size / rows:.1f} bytes each as Parquet\n"
        f"by hand {hand:.2f} s, expression {expression:.2f} s, ratio {ratio:.2f} (aim 1.3);"
        f" memory at most {most:,} MB (aim 2,048); medians of {TIMES}"
    )


def make(engine: ibis.BaseBackend, folder: Path, people: int) -> int:
    """Write the columns of so many people into the folder; how many tallies there are."""
    first = date(2021, 1, 1)
    days = ", ".join(
        f"({n}, {(first + timedelta(n)):%Y%m%d}, {clock.milliseconds(clock.start_of(first + timedelta(n)))})"
        for n in range(DAYS)
    )
    engine.raw_sql(_TALLIES.format(people=people, days=days, to=folder / TALLIES_FILE))
    engine.raw_sql(_REGISTER.format(people=people, to=folder / REGISTER_FILE))
    return int(engine.raw_sql(f"SELECT count(*) FROM '{folder / TALLIES_FILE}'").fetchone()[0])  # noqa: S608


def _same(raw: list[tuple[object, ...]], found: tuple[ScopeOutcome, ...]) -> None:
    by_hand = {(str(scope), person, rank, volume) for scope, person, rank, volume in raw}
    ours = set()
    for outcome in found:
        lines: list[Winner | NearMiss] = [*outcome.winners, *outcome.near_misses]
        ours |= {(outcome.scope, line.communicator, line.rank, line.volume) for line in lines}
    assert by_hand == ours, "the expression and the question by hand found different lists"


_TALLIES = """
COPY (
  SELECT p.person, d.day::INT AS day, 1::INT AS campaign,
    (1 + hash(p.person * 1000 + d.n) % 40)::BIGINT AS volume,
    (d.start + hash(d.n * 7 + p.person) % 86400000)::BIGINT AS reached_ms
  FROM (
      SELECT range::BIGINT AS person, pow((hash(range) % 1000) / 1000.0, 2) AS chance FROM range({people})
    ) p, (VALUES {days}) d(n, day, start)
  WHERE (hash(p.person * 31 + d.n * 17) % 1000) / 1000.0 < p.chance
) TO '{to}' (FORMAT parquet, COMPRESSION zstd)
"""
_REGISTER = """
COPY (
  SELECT range::BIGINT AS person, '科普员' || range AS name, '单位' || (range % 300) AS unit,
    CASE WHEN range % 4 = 0 THEN '430602' ELSE '430623' END || lpad((range % 20)::VARCHAR, 3, '0') || '001'
      AS division, hash(range) % 10 < 9 AS is_certified
  FROM range({people})
) TO '{to}' (FORMAT parquet, COMPRESSION zstd)
"""
_BY_HAND = """
WITH sums AS (
  SELECT person, sum(volume) AS volume, max(reached_ms) AS reached_ms FROM '{folder}/tallies.parquet'
  WHERE campaign = 1 AND day BETWEEN 20210101 AND 20211130 GROUP BY person HAVING sum(volume) > 0
), people AS MATERIALIZED (
  SELECT * FROM sums JOIN '{folder}/register.parquet' USING (person) WHERE is_certified
)
SELECT 'city', person, place, volume FROM (
  SELECT *, row_number() OVER (ORDER BY volume DESC, reached_ms, person) AS place FROM people
  WHERE starts_with(division, '4306')) WHERE place <= 110
UNION ALL
SELECT 'county', person, place, volume FROM (
  SELECT *, row_number() OVER (ORDER BY volume DESC, reached_ms, person) AS place FROM people
  WHERE starts_with(division, '430623')) WHERE place <= 110
"""
