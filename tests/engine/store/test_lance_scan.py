"""What DuckDB reads of a data set with a filter, beside the same rows in memory."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import lance
import numpy as np
import pyarrow as pa
import pytest

from thanosql_kernel.engine.store import lance_scan

ROWS = 400
CONDITIONS = (
    "id = {n}",
    "id <> {n}",
    "id IN ({n}, {n} + 1, 9999)",
    "id BETWEEN {n} AND {n} + 30",
    "id < {n} AND score > 0",
    "id < 5 OR label = '고양이'",
    "score = 'NaN'::DOUBLE",
    "score > {n} / 400.0",
    "score IS NULL",
    "score IS NOT NULL AND id >= {n}",
    "label IS NULL",
    "label = '고양이'",
    "label >= '나'",
    "label LIKE '강%'",
    "label IN ('강아지', 'Cat') AND id % 7 = 0",
    "NOT (label = 'Cat')",
    "taken < TIMESTAMP '2024-01-01' + INTERVAL ({n}) MINUTE",
    "price = {n}.25",
    "price > {n}",
    "v IS NOT NULL AND id = {n}",
    "place.x = {n}",
    "flag",
)
COLUMNS = (
    "*",
    "id",
    "label, id",
    "v",
    "id, v, label",
    "place, price",
    "taken, score, flag",
    "count(*)",
    "max(label)",
)
JOINS = (
    "SELECT big.id, label, kind FROM big JOIN small USING (label)",
    "SELECT big.id, label, kind FROM small JOIN big USING (label) WHERE score > .5",
    "SELECT big.id, kind FROM big LEFT JOIN small ON big.label = small.label AND big.id % 2 = 0",
    "SELECT big.id, small.label FROM small LEFT JOIN big ON big.label = small.label AND big.id < 40",
    "SELECT big.id, kind FROM big FULL JOIN small ON big.label = small.label AND kind > 1",
    "SELECT id FROM big WHERE label NOT IN (SELECT label FROM small WHERE kind > 1)",
    "SELECT kind FROM small WHERE EXISTS (SELECT 1 FROM big WHERE big.label = small.label AND id > 390)",
    "SELECT kind, count(*), sum(id), max(price) FROM big JOIN small USING (label) GROUP BY kind",
    "SELECT a.id, b.id FROM big a JOIN big b ON b.id = a.id + 7 JOIN small ON small.label = a.label",
    "SELECT big.id, small.label FROM big, small WHERE big.id < 5",
)
ENDS = ("", "", " LIMIT 3", " LIMIT 3 OFFSET 2", " OFFSET 1")


def rows() -> pa.Table:
    rng = random.Random(7)
    numbers = range(ROWS)
    vectors = np.arange(ROWS * 4, dtype=np.float32)
    score = [rng.choice((None, float("nan"), rng.random(), rng.random(), -0.0, 1.0)) for _ in numbers]
    return pa.table(
        {
            "v": pa.FixedSizeListArray.from_arrays(pa.array(vectors), 4),
            "label": [rng.choice(("고양이", "강아지", "Cat", "", None)) for _ in numbers],
            "id": pa.array(numbers, pa.int64()),
            "score": pa.array(score, pa.float64()),
            "taken": pa.array([1_704_067_200_000_000 + n * 60_000_000 for n in numbers], pa.timestamp("us")),
            "price": pa.array([None if n % 11 == 0 else Decimal(f"{n}.25") for n in numbers]),
            "place": pa.array([{"x": n, "y": str(n)} for n in numbers]),
            "flag": pa.array([rng.choice((True, False, None)) for _ in numbers]),
        }
    )


@pytest.fixture(params=["whole", "used"])
def dataset(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Rows in fragments of 60; used: some deleted, at the ends of fragments too, and one fragment gone."""
    made = lance.write_dataset(rows(), str(tmp_path / "t.lance"), max_rows_per_file=60)
    if request.param == "used":
        made.delete("id % 13 = 0 OR id = 59 OR id = 60 OR (id >= 180 AND id < 240)")
    return lance.dataset(str(tmp_path / "t.lance"))


@pytest.mark.parametrize("rare", [0, 4], ids=["late", "by what is found"])
def test_a_filter_keeps_the_rows_that_it_keeps_in_memory(
    rare: int, dataset: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lance_scan, "_RARE", rare)
    monkeypatch.setattr(lance_scan, "_TAKEN_ROWS", 8)
    monkeypatch.setattr(lance_scan, "_NARROW_ROWS", 50)
    monkeypatch.setattr(lance_scan, "_FEW", 5)
    monkeypatch.setattr(lance_scan, "_MOST_FRAGMENTS", 4)
    rng = random.Random(rare)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.register("stored", lance_scan.scannable(dataset))
        connection.register("memory", dataset.to_table())
        for condition in CONDITIONS:
            for columns in rng.sample(COLUMNS, 2):
                end = rng.choice(ENDS) if "(" not in columns else ""
                text = f"SELECT {columns} FROM {{}} WHERE {condition.format(n=rng.randrange(ROWS))}{end}"
                found, expected = (
                    connection.sql(text.format(name)).to_arrow_table() for name in ("stored", "memory")
                )
                assert repr(found.to_pylist()) == repr(expected.to_pylist()), text


def test_columns_that_the_filter_does_not_name_are_read_of_the_kept_rows_alone(
    dataset: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[list[str]] = []
    kind = type(dataset)
    original = kind.scanner

    def scanner(self: Any, columns: Any = None, **options: Any) -> Any:
        if options.get("fragments") != []:
            read.append(list(columns))
        return original(self, columns=columns, **options)

    monkeypatch.setattr(lance_scan, "_RARE", 0)  # a fragment here is small
    scanned = lance_scan.scannable(dataset)
    monkeypatch.setattr(kind, "scanner", scanner)
    with duckdb.connect() as connection:
        connection.register("t", scanned)
        assert connection.sql("SELECT id, label, v FROM t WHERE id = 331").fetchall()[0][0] == 331
    assert read
    assert {name for names in read for name in names} == {"id"}


def test_a_limit_ends_the_reading(dataset: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[int] = set()
    kind = type(dataset)
    original = kind.scanner
    monkeypatch.setattr(lance_scan, "_MOST_FRAGMENTS", 1)

    def scanner(self: Any, fragments: Any = (), **options: Any) -> Any:
        read.update(fragment.fragment_id for fragment in fragments)
        return original(self, fragments=fragments, **options)

    scanned = lance_scan.scannable(dataset)
    monkeypatch.setattr(kind, "scanner", scanner)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("t", scanned)
        assert len(connection.sql("SELECT label FROM t WHERE id > 61 LIMIT 1").fetchall()) == 1
    assert 0 < len(read) <= 4 < len(dataset.get_fragments())


@pytest.mark.parametrize("is_counted", [True, False], ids=["counts known", "counts unknown"])
def test_joins_give_the_rows_that_they_give_in_memory(
    is_counted: bool, dataset: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_counted:
        monkeypatch.setattr(lance_scan, "_adapters", lambda: ())
        monkeypatch.setattr(lance_scan, "_scannable_type", lance_scan._scannable_type.__wrapped__)
    with duckdb.connect(config={"threads": 2}) as stored, duckdb.connect() as memory:
        for name, data in (("big", dataset), ("small", kinds(tmp_path))):
            stored.register(name, lance_scan.scannable(data))
            memory.register(name, data.to_table())
        for text in JOINS:
            found, expected = (sorted(map(repr, each.sql(text).fetchall())) for each in (stored, memory))
            assert found == expected, text
            assert found, text


def test_the_hash_table_is_made_of_the_smaller_table(dataset: Any, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.register("big", lance_scan.scannable(dataset))
        connection.register("small", lance_scan.scannable(kinds(tmp_path)))
        for names in ("big JOIN small", "small JOIN big"):
            text = f"SELECT kind, count(*), avg(score) FROM {names} USING (label) GROUP BY kind"
            assert list(scanned_rows(connection, text)) == [dataset.count_rows(), 3]


def test_rows_that_were_deleted_do_not_count(dataset: Any) -> None:
    with duckdb.connect() as connection:
        connection.register("t", lance_scan.scannable(dataset))
        assert list(scanned_rows(connection, "SELECT id FROM t")) == [dataset.count_rows()]
        dataset.delete("id < 100")
        connection.register("t", lance_scan.scannable(dataset))
        assert list(scanned_rows(connection, "SELECT id FROM t")) == [len(dataset.to_table())]


def kinds(folder: Path) -> Any:
    """A data set of three rows."""
    rows = pa.table({"label": ["고양이", "Cat", "none"], "kind": pa.array([1, 2, 3], pa.int64())})
    return lance.write_dataset(rows, str(folder / "kinds.lance"), mode="overwrite")


def scanned_rows(connection: duckdb.DuckDBPyConnection, text: str) -> Iterator[int]:
    """How many rows DuckDB expects of each scan; of a join, those of the side that it makes a hash table of last."""
    ((_, plan),) = connection.execute(f"EXPLAIN (FORMAT json) {text}").fetchall()
    nodes = json.loads(plan)
    while nodes:
        node, *nodes = nodes
        nodes = [*node["children"], *nodes]
        if "ARROW_SCAN" in node["name"]:
            yield int(node["extra_info"]["Estimated Cardinality"])
