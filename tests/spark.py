"""The lists of a round from columns, found by PySpark on a local cluster of two workers: `make spark`.

Not in the suite: it needs Java and half a gigabyte of packages.
"""

import os
import sys
import warnings

import ibis
import pytest

from kepu.analysis.rules import asked, lists, outcomes
from kepu.campaigns.tests.samples import reference
from kepu.config.bench import columns

CLUSTER = "local-cluster[2,1,1024]"
PEOPLE = 20_000


@pytest.fixture(scope="module")
def spark():
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with warnings.catch_warnings(action="ignore"):
        from pyspark.sql import SparkSession

        built = SparkSession.builder.master(CLUSTER).config("spark.ui.enabled", "false")
        session = built.config("spark.sql.shuffle.partitions", "4").getOrCreate()
    yield session
    session.stop()


def workers(session) -> int:
    """How many executors there are beside the driver."""
    return session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1


def test_two_workers_find_the_lists_of_duckdb(spark, tmp_path):
    sheet = reference()
    what = asked(1, sheet, sheet.rounds[-1])
    duck = ibis.duckdb.connect()
    columns.make(duck, tmp_path, PEOPLE)
    found = {}
    for name, engine in (("spark", ibis.pyspark.connect(spark)), ("duckdb", duck)):
        tallies = engine.read_parquet(str(tmp_path / "tallies.parquet"))
        register = engine.read_parquet(str(tmp_path / "register.parquet"))
        found[name] = outcomes(engine.to_pyarrow(lists(tallies, register, what)).to_pylist(), what)
    assert workers(spark) == 2
    assert found["spark"] == found["duckdb"]
    assert [len(outcome.winners) for outcome in found["spark"]] == [100, 100]
