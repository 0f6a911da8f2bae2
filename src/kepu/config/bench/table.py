"""The benchmark's figures as one table, with the machine they were taken on."""

import itertools
import os
import platform
import sqlite3
from pathlib import Path

TIMES = ("p50_ms", "p95_ms", "p99_ms")
HEAD = (
    f"{'figure':<38}{'a second':>10}{'of floor':>10}  {'floor':<14}"
    + "".join(f"{time.replace('_', ' '):>8}" for time in TIMES)
    + f"{'refused':>9}"
)
NAMES = {
    "/bench/noop": "no-op, same body",
    "/v1/activities": "shares recorded",
    "/v1/reads": "reads counted",
    "/s/": "shared pages, opens counted",
    "/bench/plain": "shares by a plain Django view",
    "/boards/": "board, half of the shares beside",
    "/a/": "article, half of the shares beside",
    "raw batches": "raw rows, batches of 100",
    "ledger batches": "acts, batches of 100, no HTTP",
}


def machine() -> str:
    """The processor, how many cores, how busy just now, and the versions that matter."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )
    return (
        f"{model}, {os.cpu_count()} cores shared with the load generator, load average"
        f" {os.getloadavg()[0]:.1f}, {platform.system()} {platform.release()}, Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def table(rows: list[dict[str, object]]) -> str:
    """A line a figure, those of one database after the other."""
    lines: list[str] = []
    for database, of_one in itertools.groupby(rows, key=lambda row: row["database"]):
        lines += [f"\n{database}", HEAD, *map(_line, of_one)]
    return "\n".join(lines)


def _line(row: dict[str, object]) -> str:
    named = NAMES[str(row["figure"])] + (f", {row['connections']} open" if row["connections"] else "")
    floor = NAMES[str(row["floor"])].partition(",")[0] if row["floor"] else ""
    latency = "".join(f"{row.get(key, ''):>8}" for key in TIMES)
    plain = f"   {row['times_plain']} x the plain view" if "times_plain" in row else ""
    of_floor = row["of_floor"] if row["of_floor"] is not None else ""
    rate = f"{row['per_second']:>10}{of_floor:>10}  {floor:<14}"
    return f"{named:<38}{rate}{latency}{row.get('refused', ''):>9}{plain}"
