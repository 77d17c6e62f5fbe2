"""DuckDB instances of a session: what they may take of the machine."""

from thanosql_kernel.duck.connection import DuckFactory
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
