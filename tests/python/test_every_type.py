"""Values of every type that DuckDB has, alone and within lists, structs and maps, are those that DuckDB shows."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

import thanosql_kernel
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.python.connection import Connection


@dataclass(frozen=True)
class Case:
    """A value.

    Attributes:
        kind: Its type, as ``duckdb_types()`` calls it.
        sql: It.
        python: What pandas has for it; None for the text that DuckDB shows.
        shown: What the console shows; None for the text that DuckDB shows.
    """

    kind: str
    sql: str
    python: Any = None
    shown: str | None = None


HUGE = 12345678901234567890123456789012345678
CASES = [
    Case("BOOLEAN", "true", True),
    Case("TINYINT", "(-128)::TINYINT", -128),
    Case("SMALLINT", "(-32768)::SMALLINT", -32768),
    Case("INTEGER", "7", 7),
    Case("BIGINT", "1234567890123456789", 1234567890123456789),
    Case("UTINYINT", "255::UTINYINT", 255),
    Case("USMALLINT", "65535::USMALLINT", 65535),
    Case("UINTEGER", "4294967295::UINTEGER", 4294967295),
    Case("UBIGINT", "18446744073709551615::UBIGINT", 18446744073709551615),
    Case("HUGEINT", f"{HUGE}::HUGEINT", HUGE),
    Case("HUGEINT", "6::HUGEINT", 6),
    Case("UHUGEINT", "md5_number('b')", 190532336368564675417118094528692087698),
    Case("BIGNUM", f"{HUGE}{HUGE}::BIGNUM", int(f"{HUGE}{HUGE}")),
    Case("DECIMAL", "1.50::DECIMAL(5,2)", Decimal("1.50")),
    Case("DECIMAL", f"-{HUGE}::DECIMAL(38,0)", -HUGE),
    Case("FLOAT", "0.25::FLOAT", 0.25, "0.2500"),
    Case("DOUBLE", "0.30000000000000004::DOUBLE", 0.30000000000000004, "0.3"),
    Case("VARCHAR", "'가 나'", "가 나"),
    Case("VARCHAR", """'{"a": 1}'::JSON""", '{"a": 1}'),
    Case("BLOB", r"'\xAA'::BLOB", b"\xaa", "<1 bytes>"),
    Case("BIT", "'00101'::BIT"),
    Case("UUID", "'bbd05ae7-1234-4321-8888-0123456789ab'::UUID"),
    Case("ENUM", "'나'::ENUM('가', '나')"),
    Case("DATE", "DATE '2024-02-29'", date(2024, 2, 29)),
    Case("DATE", "'infinity'::DATE"),
    Case("DATE", "'0044-03-15 (BC)'::DATE"),
    Case("TIME", "TIME '12:34:56.5'", time(12, 34, 56, 500_000)),
    Case("TIME", "TIME '24:00:00'"),
    Case("TIME WITH TIME ZONE", "TIMETZ '12:00:00+09'"),
    Case("TIME_NS", "'12:34:56.123456789'::TIME_NS"),
    Case("TIMESTAMP", "TIMESTAMP '2024-01-31 10:00:00.123456'", datetime(2024, 1, 31, 10, 0, 0, 123456)),
    Case("TIMESTAMP", "TIMESTAMP '0044-03-15 (BC) 10:00:00'"),
    Case("TIMESTAMP", "'-infinity'::TIMESTAMP"),
    Case("TIMESTAMP_S", "'2024-01-31 10:00:00'::TIMESTAMP_S", datetime(2024, 1, 31, 10)),
    Case("TIMESTAMP_MS", "'2024-01-31 10:00:00.12'::TIMESTAMP_MS", datetime(2024, 1, 31, 10, 0, 0, 120_000)),
    Case("TIMESTAMP_NS", "'2024-01-31 10:00:00.123456789'::TIMESTAMP_NS"),
    Case(
        "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMPTZ '2024-01-31 10:00:00+09'",
        datetime(2024, 1, 31, 1, tzinfo=UTC),
    ),
    Case("TIMESTAMPTZ_NS", "'2024-01-31 10:00:00.123456789+09'::TIMESTAMPTZ_NS"),
    Case("INTERVAL", "INTERVAL '1 year 2 months 3 days 04:05:06.7'"),
    Case("UNION", "'가'::UNION(n INTEGER, s VARCHAR)"),
    Case("VARIANT", "[1, 2]::VARIANT"),
    Case("GEOMETRY", "'POINT(1 2)'::GEOMETRY"),
    Case("LIST", "[1, NULL]", [1, None]),
    Case("LIST", "[]", []),
    Case("ARRAY", "[1, 2]::INTEGER[2]", [1, 2]),
    Case("ARRAY", "['가', '나']::VARCHAR[2]", ["가", "나"]),
    Case("STRUCT", "{'a': 1, '나': 'x'}", {"a": 1, "나": "x"}),
    Case("STRUCT", "struct_pack()"),
    Case("MAP", "MAP {'k': 1}", {"k": 1}),
    Case("TUPLE", "row(1, 'a')"),
    Case("NULL", "NULL"),
]
ALONE_ONLY = [Case("TYPE", "get_type(1)")]
REFUSED = [
    "170141183460469231731687303715884105727::HUGEINT",
    "[170141183460469231731687303715884105727::HUGEINT]",
]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("types")
    with thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def plain() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def query_of(case: Case) -> str:
    sql = case.sql
    if case in ALONE_ONLY:
        return f"SELECT {sql} AS x"
    return f"SELECT {sql} AS x, [{sql}] AS l, {{'f': {sql}}} AS s, MAP {{'k': {sql}}} AS m"


def texts(run: Callable[[str], Any], relation: str, names: list[str]) -> dict[str, str | None]:
    """DuckDB's text for each value of the last row."""
    items = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in names)
    table = run(f"SELECT {items} FROM {relation}")
    return {name: bare(value) for name, value in table.to_pylist()[-1].items()}


def bare(value: object) -> str | None:
    """The text without quotes and blanks, the same for SQL, JSON and Python."""
    if value is None:
        return None
    text = re.sub(r"['\"\\ ]", "", str(value)).replace("=", ":")
    return re.sub(r"\bNULL\b|\bNone\b", "null", text)


def test_the_table_has_every_type() -> None:
    known = {case.kind for case in [*CASES, *ALONE_ONLY]}
    rows = duckdb.execute("SELECT DISTINCT logical_type FROM duckdb_types()").fetchall()
    assert {kind for (kind,) in rows} == known


@pytest.mark.parametrize("case", [*CASES, *ALONE_ONLY], ids=lambda case: f"{case.kind} {case.sql}")
def test_a_value_is_the_one_that_duckdb_shows(
    connection: Connection, plain: duckdb.DuckDBPyConnection, case: Case, tmp_path: Path
) -> None:
    query = query_of(case)

    def by_duckdb(sql: str) -> Any:
        return plain.sql(sql).to_arrow_table()

    def by_us(sql: str) -> Any:
        return connection.sql(sql).arrow()

    names = list(connection.sql(query).columns)
    wanted = texts(by_duckdb, f"({query})", names)
    plain.register("ours", by_us(query))
    assert texts(by_duckdb, "ours", names) == wanted
    plain.unregister("ours")
    connection.sql(query)
    assert texts(by_us, "_", names) == wanted
    connection.sql(f"CREATE OR REPLACE TABLE kept AS {query}; INSERT INTO kept {query}")
    assert texts(by_us, "kept", names) == wanted
    assert files(connection, query, tmp_path) == {"csv": alike(wanted), "json": alike(wanted)}
    connection.sql(f"EXPORT {query} TO '{tmp_path}/o.parquet'")
    assert texts(by_duckdb, f"'{tmp_path}/o.parquet'", names) == wanted


def files(connection: Connection, query: str, folder: Path) -> dict[str, dict[str, str | None]]:
    """What is in a csv and in a JSON file."""
    connection.sql(f"EXPORT {query} TO '{folder}/o.csv'; EXPORT {query} TO '{folder}/o.json'")
    with (folder / "o.csv").open(encoding="utf-8-sig", newline="") as stream:
        names, cells = csv.reader(stream)
    content = json.loads((folder / "o.json").read_text("utf-8"), parse_int=str, parse_float=str)[0]
    found = {"csv": {name: bare(cell or None) for name, cell in zip(names, cells, strict=True)}}
    return {
        **{key: alike(value) for key, value in found.items()},
        "json": alike({n: bare(v) for n, v in content.items()}),
    }


def alike(values: dict[str, str | None]) -> dict[str, str | None]:
    """JSON writes 1.5 for 1.50, and Python True for true."""
    return {
        name: None if text is None else text.replace("True", "true").replace("1.50", "1.5")
        for name, text in values.items()
    }


@pytest.mark.parametrize("case", [*CASES, *ALONE_ONLY], ids=lambda case: f"{case.kind} {case.sql}")
def test_a_value_is_shown_as_duckdb_shows_it(
    connection: Connection, plain: duckdb.DuckDBPyConnection, case: Case
) -> None:
    ((text,),) = plain.execute(f"SELECT CAST({case.sql} AS VARCHAR)").fetchall()
    result = connection.sql(f"SELECT {case.sql} AS x")
    bundle = result._repr_mimebundle_()
    line = bundle["text/plain"].split("\n")[2].strip()
    wanted = case.shown or text or "NULL"
    assert bare(line) == bare(wanted)
    cell = unescape(re.findall(r"<td[^>]*>(?:<[^>]*>)*([^<]*)", bundle["text/html"])[-1])
    assert str(bare(cell)).startswith(str(bare(wanted.rstrip("…"))))


@pytest.mark.parametrize("case", [*CASES, *ALONE_ONLY], ids=lambda case: f"{case.kind} {case.sql}")
def test_a_value_in_python_is_it_or_the_text_that_duckdb_shows(
    connection: Connection, plain: duckdb.DuckDBPyConnection, case: Case
) -> None:
    ((text,),) = plain.execute(f"SELECT CAST({case.sql} AS VARCHAR)").fetchall()
    result = connection.sql(f"SELECT {case.sql} AS x")
    for value in (result.df()["x"].astype(object)[0], result.rows()[0]["x"]):
        value = value.tolist() if hasattr(value, "tolist") else value
        if case.python is not None:
            assert value == case.python
        elif text is not None:
            assert re.sub(r"\+00:00$", "+00", str(value)) == text
        else:
            assert value is None or value != value


@pytest.mark.parametrize("sql", REFUSED)
def test_what_cannot_be_carried_is_refused_by_name(connection: Connection, sql: str) -> None:
    for cell in (f"SELECT {sql} AS x", f"CREATE TABLE refused AS SELECT {sql} AS x"):
        with pytest.raises(ThanoSQLError) as caught:
            connection.sql(cell)
        assert caught.value.code == "TS301"
        assert "170141183460469231731687303715884105727" in caught.value.message


def test_sums_of_integers_are_integers(connection: Connection) -> None:
    result = connection.sql("SELECT sum(n) AS s FROM (VALUES (1), (2), (3)) AS t(n)")
    assert str(result.df()["s"].dtype) == "int64"
    assert result.rows() == [{"s": 6}]


def test_integers_beside_null_are_not_rounded(connection: Connection) -> None:
    result = connection.sql(
        "SELECT unnest([1234567890123456789, NULL]) AS n, unnest([6::HUGEINT, NULL]) AS h"
    )
    frame = result.df()
    assert (str(frame["n"].dtype), str(frame["h"].dtype)) == ("Int64", "Int64")
    assert frame["n"][0] == 1234567890123456789
    assert frame["n"].isna().tolist() == [False, True]
    assert result.rows() == [{"n": 1234567890123456789, "h": 6}, {"n": None, "h": None}]
