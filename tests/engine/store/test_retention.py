"""What a wrong statement took away can be brought back for a day, whatever is written meanwhile; then its space is given
back."""

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stored_rows import versions

from thanosql_kernel.engine.store import retention
from thanosql_kernel.engine.store.maintenance import Maintenance
from thanosql_kernel.engine.store.retention import KEEP_S, Retention


@pytest.fixture
def later(world):
    """Lets upkeep see another time than the present: seconds from now."""
    moved = [0.0]
    database = world.session.database
    kept = Retention(database.tables.store, lambda: time.time() + moved[0])
    database.maintenance = Maintenance(database.tables.store, retention=kept)

    def move(seconds):
        moved[0] = seconds

    return move


def numbers(world, name="t"):
    tables = world.session.database.tables
    return versions(tables.store, tables.catalog.table(name).storage_name)[::-1]


def sums(world, numbers):
    return [world.rows(f"SELECT coalesce(sum(n), -1) AS s FROM t VERSION {it}")[0]["s"] for it in numbers]


def test_what_a_wrong_delete_took_an_hour_and_a_hundred_statements_ago_comes_back(world, later):
    world.run("CREATE TABLE t AS SELECT range AS n FROM range(1000)")
    world.run("DELETE FROM t")
    for step in range(100):
        world.run(f"INSERT INTO t VALUES ({step}), ({step})" if step % 3 else "DELETE FROM t WHERE n % 7 = 3")
    later(3600.0)
    world.run("INSERT INTO t VALUES (-1)")
    assert 499_500 in sums(world, numbers(world))
    whole = next(it for it in numbers(world) if sums(world, [it]) == [499_500])
    world.run(f"INSERT INTO t SELECT * FROM t VERSION {whole}")
    assert world.rows("SELECT count(DISTINCT n) AS n FROM t WHERE n >= 0") == [{"n": 1000}]


def test_it_is_gone_a_day_later_but_for_what_was_there_before_the_last_change(world, later):
    world.run("CREATE TABLE t AS SELECT range AS n FROM range(1000)")
    for step in range(30):
        world.run(f"DELETE FROM t WHERE n = {step}")
    assert len(numbers(world)) >= 30
    later(KEEP_S + 60)
    world.run("DELETE FROM t WHERE n = 999")
    left = numbers(world)
    assert len(left) <= 3
    assert sums(world, left[1:2])[0] - sums(world, left[:1])[0] == 999


def test_rows_that_were_only_added_keep_no_versions(world):
    world.run("CREATE TABLE t AS SELECT 1 AS n")
    for step in range(60):
        world.run(f"INSERT INTO t VALUES ({step})")
    assert len(numbers(world)) < 20


def test_of_many_changes_the_newest_stay_and_one_in_each_quarter_of_an_hour_before(world, later, monkeypatch):
    monkeypatch.setattr(retention, "_NEWEST", 5)
    world.run("CREATE TABLE t AS SELECT range AS n FROM range(200)")
    for step in range(60):
        world.run(f"DELETE FROM t WHERE n = {step}")
    assert len(numbers(world)) < 40
    assert 19_900 in sums(world, numbers(world))


def test_they_take_no_more_than_there_is_room_for(world, monkeypatch):
    monkeypatch.setattr(retention, "LEAST_BYTES", 0)
    monkeypatch.setattr(retention, "_PART_OF_DISK", 1 << 50)
    for step in range(12):
        world.run(f"CREATE OR REPLACE TABLE t AS SELECT range + {step} AS n, uuid() AS s FROM range(20000)")
    store = world.session.database.tables.store
    assert len(versions(store)) <= 4


def test_a_table_made_anew_has_none_of_the_earlier_one(world):
    world.run("CREATE TABLE t AS SELECT 1 AS n; DELETE FROM t; DELETE FROM t; DROP TABLE t")
    world.run("CREATE TABLE t AS SELECT 'b' AS other")
    assert numbers(world) == [1]
    assert world.rows("SELECT * FROM t VERSION 1") == [{"other": "b"}]


def test_vacuum_removes_them_and_show_versions_says_so(world):
    world.run("CREATE TABLE 사진 AS SELECT 1 AS n; DELETE FROM 사진")
    (shown,) = world.run("SHOW VERSIONS 사진")
    assert "24 hours" in shown.notices[0]
    assert "VACUUM 사진" in shown.notices[0]
    world.run("VACUUM 사진")
    assert numbers(world, "사진") == [2]
