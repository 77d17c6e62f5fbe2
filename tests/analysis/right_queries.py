"""Random right queries, and what editors say about them: ``python -m tests.analysis.right_queries --queries 5000``.

Queries over used databases (see `tests.differential`), which DuckDB binds over plain copies, and calls of all functions
that DuckDB has, in each other, which it binds over tables of the same columns.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import duckdb

from tests.differential.random_queries import Maker
from tests.differential.used_database import UsedDatabase, WrongSimilarities
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, Table

COLUMNS = {
    "id": "BIGINT", "n": "INTEGER", "price": "DOUBLE", "label": "VARCHAR", "이름": "VARCHAR", "ok": "BOOLEAN", "day": "DATE",
    "taken": "TIMESTAMP", "at": "TIME", "tags": "VARCHAR[]", "numbers": "BIGINT[]", "st": "STRUCT(x INTEGER, y VARCHAR)",
    "m": "MAP(VARCHAR, INTEGER)", "v": "FLOAT[3]", "money": "DECIMAL(10,2)", "data": "BLOB",
}  # fmt: skip
CATALOG = Catalog(
    tables={"표": Table("표", tuple(Column(name, kind) for name, kind in COLUMNS.items()), 1, "t", 1)}
)
_OF_ANY = frozenset(("ANY", "T", "K", "V"))
_SIGNATURES = """
SELECT DISTINCT function_name, function_type, parameter_types FROM duckdb_functions()
WHERE function_type IN ('scalar', 'aggregate', 'macro') AND regexp_matches(function_name, '^[a-z_][a-z_0-9]*$')
ORDER BY ALL
"""


def false_alarms_in_queries(folder: Path, seed: int, queries: int) -> Iterator[tuple[str, object]]:
    """Queries over a used database that DuckDB binds, and what is said about them; nothing should be."""
    rng = Random(seed)
    database = UsedDatabase(folder / f"right-{seed}", rng)
    maker = Maker(database, rng)
    for number in range(queries):
        try:
            if number % 50 == 49:
                database.use()
            ours, plain = maker.written(maker.query().sql)
            database.plain.sql(plain)
        except (WrongSimilarities, duckdb.Error):
            continue
        for catalog in (database.ours.session.catalog, None):
            if found := diagnose(Document(ours, catalog)):
                yield ours, found
    database.close()


class Calls:
    """Makes expressions of functions whose arguments are columns, values and other calls."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.plain = duckdb.connect()
        typed = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
        self.plain.execute(f'CREATE TABLE "표" ({typed})')
        self._signatures = self.plain.execute(_SIGNATURES).fetchall()

    def query(self) -> str:
        """Any call, maybe with others in it."""
        name, kind, types = self.rng.choice(self._signatures)
        condition = f" WHERE {self._value('BOOLEAN', 1)}" if self.rng.random() < 0.3 else ""
        call = f"{name}({', '.join(self._value(type_name, 2) for type_name in types)})"
        if kind == "aggregate" and self.rng.random() < 0.3:
            call += " OVER (PARTITION BY label ORDER BY id)"
        return f"SELECT {call} AS x FROM 표{condition}"

    def _value(self, wanted: str | None, depth: int) -> str:
        rng = self.rng
        if wanted in _OF_ANY or wanted is None:
            wanted = rng.choice(list(COLUMNS.values()))
        names = [
            name for name, kind in COLUMNS.items() if kind == wanted or (wanted == "T[]" and "[]" in kind)
        ]
        if depth and rng.random() < 0.3:
            name, _, types = rng.choice([item for item in self._signatures if item[1] == "scalar"])
            return f"{name}({', '.join(self._value(kind, depth - 1) for kind in types)})"
        if names and rng.random() < 0.8:
            return rng.choice(names)
        return rng.choice(("1", "'a'", "DATE '2024-01-02'", "[1, 2]", "0.5", "NULL", "label", "id", "tags"))


def false_alarms_in_calls(seed: int, queries: int) -> Iterator[tuple[str, object]]:
    """Calls that DuckDB binds, and what is said about them."""
    calls = Calls(Random(seed))
    for sql in right_calls(calls, queries):
        if found := diagnose(Document(sql, CATALOG)):
            yield sql, found


def right_calls(calls: Calls, queries: int) -> Iterator[str]:
    """So many calls that DuckDB binds."""
    found = 0
    while found < queries:
        sql = calls.query()
        try:
            calls.plain.sql(sql)
        except duckdb.Error:
            continue
        found += 1
        yield sql


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--queries", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for part in range(0, chosen.queries, 500):
            size = min(500, chosen.queries - part) // 2
            seed = chosen.seed * 1000 + part
            for sql, found in (
                *false_alarms_in_queries(Path(folder), seed, size),
                *false_alarms_in_calls(seed, size),
            ):
                count += 1
                print(f"--- {sql}\n{found}", flush=True)
    print(f"{chosen.queries:,} queries, seed {chosen.seed}: {count} false alarms")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
