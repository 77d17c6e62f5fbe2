"""Random queries run here and by DuckDB over plain copies: `differences` gives those whose rows differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa

from tests.differential.random_queries import Maker, Query
from tests.differential.used_database import UsedDatabase, WrongSimilarities
from thanosql_kernel.errors import ThanoSQLError

QUERIES_BETWEEN_CHANGES = 25
QUERIES_A_DATABASE = 250
CHANGES_AT_FIRST = 6


def differences(folder: Path, seed: int, queries: int) -> Iterator[str]:
    """Run so many queries; yields a report of each whose rows are not DuckDB's."""
    for number, count in parts(queries):
        yield from of_one_database(folder, seed, number, count)


def parts(queries: int) -> list[tuple[int, int]]:
    """Number of each database, and how many queries it gets."""
    starts = range(0, queries, QUERIES_A_DATABASE)
    return [(start // QUERIES_A_DATABASE, min(QUERIES_A_DATABASE, queries - start)) for start in starts]


def of_one_database(folder: Path, seed: int, number: int, queries: int) -> list[str]:
    """Make a database, use it, run queries over it; the reports."""
    rng = Random(f"{seed} {number}")
    database = UsedDatabase(folder / f"{seed}-{number}", rng)
    reports = list(_used(database, CHANGES_AT_FIRST))
    maker = Maker(database, rng)
    for query in range(queries):
        if query % QUERIES_BETWEEN_CHANGES == QUERIES_BETWEEN_CHANGES - 1:
            reports += _used(database, 1)
        reports += filter(None, [difference(database, maker)])
    database.close()
    return reports


def _used(database: UsedDatabase, changes: int) -> Iterator[str]:
    """Change a database; yields what its searches give wrongly meanwhile."""
    for _ in range(changes):
        try:
            database.use()
        except WrongSimilarities as error:
            yield str(error)


def difference(database: UsedDatabase, maker: Maker) -> str:
    """Run one query; "" if its rows are DuckDB's."""
    try:
        query = maker.query()
    except WrongSimilarities as error:
        return str(error)
    ours, plain = maker.written(query.sql)
    database.ours.session.settings["display.rows"] = maker.rng.choice((1, 3, 20))
    try:
        expected = database.plain.sql(plain).to_arrow_table()
    except duckdb.Error as error:
        return _unless_refused(database, ours, str(error))
    try:
        reason = _compared(database, maker, query, ours, expected)
    except ThanoSQLError as error:
        reason = error.render(ours)
    return f"{reason}\n  ours:  {ours}\n  plain: {plain}" if reason else ""


def _unless_refused(database: UsedDatabase, ours: str, error: str) -> str:
    """What DuckDB refuses, we refuse too, and not as a bug."""
    try:
        database.ours.sql(ours)
    except ThanoSQLError as found:
        return f"TS900: {found}\n  ours: {ours}" if found.code == "TS900" else ""
    return f"DuckDB refuses it: {error}\n  ours: {ours}"


def _compared(database: UsedDatabase, maker: Maker, query: Query, ours: str, expected: pa.Table) -> str:
    """Why our rows are not the expected ones; "" if they are."""
    result = database.ours.sql(ours)
    shown = result.shown[-1]
    rows, first, wanted = tuples(result.arrow()), tuples(shown.rows), tuples(expected)
    if shown.total != len(rows):
        return f"{shown.total} rows are told, {len(rows)} given"
    if query.compare == "part":
        whole = tuples(database.plain.sql(maker.written(query.whole)[1]).to_arrow_table())
        if query.exact_count and len(rows) != len(wanted):
            return f"{len(rows)} rows, not {len(wanted)}"
        wanted = whole
        return "" if _is_part(rows, wanted) and _is_part(first, rows) else "rows that are not there"
    if query.compare == "list":
        return (
            "" if rows == wanted and first == rows[: len(first)] else f"{_told(rows)} is not {_told(wanted)}"
        )
    same = Counter(rows) == Counter(wanted) and _is_part(first, rows)
    return "" if same else f"{_told(sorted(rows, key=str))} is not {_told(sorted(wanted, key=str))}"


def tuples(table: pa.Table) -> list[tuple[Any, ...]]:
    """The rows as values that can be counted."""
    columns = [[plain_value(value) for value in column.to_pylist()] for column in table.columns]
    return list(zip(*columns, strict=True)) if columns else [()] * table.num_rows


def plain_value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(plain_value(item) for item in value)
    if isinstance(value, dict):
        return tuple((key, plain_value(item)) for key, item in value.items())
    return value


def _is_part(rows: list[Any], whole: list[Any]) -> bool:
    return not Counter(rows) - Counter(whole)


def _told(rows: list[Any]) -> str:
    return f"{len(rows)} rows {str([tuple(str(v)[:20] for v in row) for row in rows[:4]])[:400]}"
