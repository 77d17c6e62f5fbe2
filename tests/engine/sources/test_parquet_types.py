"""Every type that a parquet file can have is kept, told or refused: no value comes out as another."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

DAY, NOON = dt.date(2024, 1, 2), dt.datetime(2024, 1, 2, 12, 0, 0, 6)
UTC = NOON.replace(tzinfo=dt.UTC)
#: 2024-01-02 03:04:05.000000007 in nanoseconds since 1970.
FINE = 1_704_164_645_000_000_007
LONG = "가나다라마바사" * 20

KEPT = [
    (pa.bool_(), "BOOLEAN", [True, None, False]),
    (pa.int8(), "TINYINT", [-(2**7), None, 2**7 - 1]),
    (pa.int16(), "SMALLINT", [-(2**15), None, 2**15 - 1]),
    (pa.int32(), "INTEGER", [-(2**31), None, 2**31 - 1]),
    (pa.int64(), "BIGINT", [-(2**63), None, 2**63 - 1]),
    (pa.uint8(), "UTINYINT", [0, None, 2**8 - 1]),
    (pa.uint16(), "USMALLINT", [0, None, 2**16 - 1]),
    (pa.uint32(), "UINTEGER", [0, None, 2**32 - 1]),
    (pa.uint64(), "UBIGINT", [0, None, 2**64 - 1]),
    (pa.float16(), "FLOAT", [1.5, None, -65504.0]),
    (pa.float32(), "FLOAT", [0.5, None, -(2.0**-149)]),
    (pa.float64(), "DOUBLE", [0.1, None, 5e-324]),
    (pa.decimal32(5, 2), "DECIMAL(5,2)", [Decimal("1.50"), None, Decimal("-999.99")]),
    (pa.decimal128(38, 10), "DECIMAL(38,10)", [Decimal(10**27) + Decimal("1E-10"), None]),
    (pa.string(), "VARCHAR", ["가", None, ""]),
    (pa.large_string(), "VARCHAR", ["가", None]),
    (pa.string_view(), "VARCHAR", ["가", None, LONG]),
    (pa.dictionary(pa.int8(), pa.string()), "VARCHAR", ["a", None, "가", "a"]),
    (pa.binary(), "BLOB", [b"\0\xff", None, b""]),
    (pa.large_binary(), "BLOB", [b"a", None]),
    (pa.binary_view(), "BLOB", [LONG.encode(), None]),
    (pa.binary(3), "BLOB", [b"abc", None]),
    (pa.date32(), "DATE", [DAY, None]),
    (pa.date64(), "DATE", [DAY, None]),
    (pa.time32("s"), "TIME", [dt.time(1, 2, 3), None]),
    (pa.time32("ms"), "TIME", [dt.time(1, 2, 3, 4000), None]),
    (pa.time64("us"), "TIME", [dt.time(23, 59, 59, 999_999), None]),
    (pa.timestamp("s"), "TIMESTAMP", [NOON.replace(microsecond=0), None]),
    (pa.timestamp("ms"), "TIMESTAMP", [NOON.replace(microsecond=0), None]),
    (pa.timestamp("us"), "TIMESTAMP", [NOON, None]),
    (pa.timestamp("us", "UTC"), "TIMESTAMP WITH TIME ZONE", [UTC, None]),
    (pa.timestamp("us", "Asia/Seoul"), "TIMESTAMP WITH TIME ZONE", [UTC, None]),
    (pa.list_(pa.int32()), "INTEGER[]", [[1, None], None, []]),
    (pa.large_list(pa.string()), "VARCHAR[]", [["가"], None]),
    (pa.list_view(pa.int32()), "INTEGER[]", [[1, 2], None]),
    (pa.list_(pa.float32(), 3), "FLOAT[3]", [[1.0, 2.0, 3.0], None]),
    (
        pa.struct({"a": pa.int32(), "나": pa.string()}),
        'STRUCT(a INTEGER, "나" VARCHAR)',
        [{"a": 1, "나": "x"}, None],
    ),
    (pa.map_(pa.string(), pa.int32()), "MAP(VARCHAR, INTEGER)", [[("a", 1)], None]),
    (pa.list_(pa.struct({"a": pa.float16()})), "STRUCT(a FLOAT)[]", [[{"a": 1.5}], None]),
    (pa.list_(pa.map_(pa.string(), pa.uint64())), "MAP(VARCHAR, UBIGINT)[]", [[[("a", 2**64 - 1)]], None]),
    (pa.null(), "VARCHAR", [None, None]),
]


@pytest.fixture
def copied(copies):
    """Copies a column of a parquet file: its type in the table, its values, and what was told."""

    def copy(values: Any, kind: pa.DataType) -> tuple[str, list[Any], list[str]]:
        pq.write_table(pa.table({"x": pa.array(values, kind)}), copies.folder / "표.parquet")
        read = [row["x"] for row in copies.copy("표.parquet")]
        told = [line for line in copies.notices if not line.startswith("not shown")]
        return copies.rows("SELECT typeof(x) AS kind FROM t LIMIT 1")[0]["kind"], read, told

    return copy


@pytest.mark.parametrize(("kind", "expected", "values"), KEPT, ids=[str(kind) for kind, _, _ in KEPT])
def test_a_type_is_kept_with_its_values(copied, kind, expected, values):
    found, read, told = copied(values, kind)
    assert (found, read, told) == (expected, values, [])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(pa.timestamp("ns"), "TIMESTAMP_NS"), (pa.timestamp("ns", "UTC"), "TIMESTAMPTZ_NS")],
    ids=str,
)
def test_nanoseconds_are_kept(copied, copies, kind, expected):
    found, _, told = copied([FINE, None], kind)
    assert (found, told) == (expected, [])
    column = copies.connection.sql("SELECT x FROM t").arrow().column("x")
    assert column.cast(pa.int64()).to_pylist() == [FINE, None]


def test_times_of_the_day_to_the_nanosecond_are_kept_as_text_and_told(copied):
    kind, values, told = copied([3_723_000_000_004, None], pa.time64("ns"))
    assert (kind, values) == ("VARCHAR", ["01:02:03.000000004", None])
    assert told == ["표.parquet: times of the day in x are kept as text: they are written to the nanosecond"]


def test_durations_are_told_with_their_unit(copied):
    kind, values, told = copied([5, None], pa.duration("ms"))
    assert (kind, values) == ("BIGINT", [5, None])
    assert told == ["표.parquet: durations in x are read as whole numbers, in ms"]


def test_numbers_of_more_digits_than_any_type_are_refused(copies):
    values = pa.array([Decimal("1.50")], pa.decimal256(60, 2))
    pq.write_table(pa.table({"긴 수": values}), copies.folder / "a.parquet")
    error = copies.error("a.parquet")
    assert (error.code, "긴 수" in error.message, "60" in error.message) == ("TS501", True, True)
