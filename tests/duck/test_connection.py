"""DuckDB instances of a session: what they may take of the machine."""

import threading

import duckdb
import pyarrow as pa
import pytest

from thanosql_kernel.duck.connection import DuckFactory, SqlFailure
from thanosql_kernel.engine.store.failures import exhausted
from thanosql_kernel.interrupts import never
from thanosql_kernel.machine import memory_bytes


def _limit_gib(factory: DuckFactory) -> float:
    duck = factory.open(never)
    try:
        ((text,),) = duck.execute("SELECT current_setting('memory_limit')")
    finally:
        duck.close()
        factory.close()
    number, unit = text.split()
    return float(number) * {"MiB": 1 / 1024, "GiB": 1, "TiB": 1024}[unit]


def test_an_instance_takes_no_more_than_its_share_of_the_memory(tmp_path):
    whole_gib = memory_bytes() / (1 << 30)
    for share in (0.25, 0.5):
        assert abs(_limit_gib(DuckFactory(lambda: tmp_path, memory_share=share)) - share * whole_gib) < 0.1


def test_the_instances_of_a_database_and_its_vectors_leave_some_memory_for_others(tmp_path):
    from thanosql_kernel.engine.search.blocks import memory_cap_bytes
    from thanosql_kernel.engine.session import Session

    database = Session(tmp_path / "db", working_folder=tmp_path).database
    taken_gib = _limit_gib(database.ducks) + _limit_gib(database.file_ducks) + memory_cap_bytes() / (1 << 30)
    assert taken_gib < 0.95 * memory_bytes() / (1 << 30)


def test_what_still_runs_when_its_statement_ends_is_stopped(tmp_path):
    factory = DuckFactory(lambda: tmp_path)
    duck, begun, closed, ended = factory.open(never), threading.Event(), threading.Event(), []
    batch = pa.record_batch({"a": [1]})

    def batches():
        begun.set()
        closed.wait()
        while True:
            yield batch

    def run():
        try:
            duck.execute("SELECT count(*) FROM rows")
        except SqlFailure as failure:
            ended.append(failure.message)

    duck.register("rows", pa.RecordBatchReader.from_batches(batch.schema, batches()))
    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    duck.close()
    closed.set()
    thread.join()
    factory.close()
    assert "Interrupted" in ended[0]


def test_memory_that_duckdb_lacks_is_told_as_that_wherever_it_shows():
    connection = duckdb.connect(config={"memory_limit": "1MB"})
    with pytest.raises(duckdb.Error) as caught:
        connection.execute("SELECT list(range) FROM range(10000000)").fetchall()
    found = exhausted(caught.value)
    assert found is not None
    assert found.code == "TS504"
