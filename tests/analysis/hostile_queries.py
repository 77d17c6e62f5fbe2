"""Queries that would compute or read without end if anybody ran them, or wrote out what stands for what in them."""

from __future__ import annotations

CTES = "WITH c0 AS (SELECT 1 AS x), "


def _chain(count: int, body: str) -> str:
    parts = ", ".join(f"c{n} AS ({body.format(n - 1, n - 1)})" for n in range(1, count))
    return f"{CTES}{parts} SELECT * FROM c{count - 1}"


def _nested(count: int, before: str, inside: str, after: str) -> str:
    return f"SELECT {before * count}{inside}{after * count} FROM photos"


def _deep(count: int) -> str:
    sql = "SELECT id FROM photos"
    for _ in range(count):
        sql = f"SELECT id FROM ({sql}) q"
    return sql


HOSTILE = {
    "a long sum": f"SELECT {' + '.join(['id'] * 500)} FROM photos",
    "a sum too long": f"SELECT {' + '.join(['id'] * 5000)} FROM photos",
    "parentheses": _nested(200, "(", "id", ")"),
    "subqueries": _deep(300),
    "a long text": f"SELECT '{'가' * 500_000}' AS s FROM photos",
    "many values": f"SELECT * FROM photos WHERE id IN ({', '.join(map(str, range(10_000)))})",
    "many conditions": f"SELECT * FROM photos WHERE {' OR '.join(f'id = {n}' for n in range(2000))}",
    "a large range": "SELECT * FROM range(100000000000)",
    "a large text": "SELECT repeat('x', 10000000000)",
    "a range of a text": "SELECT * FROM range(len(repeat('x', 4000000000)))",
    "a range of a list": "SELECT * FROM range(len(range(1000000000)))",
    "a range of a sum": "SELECT * FROM range(list_sum(range(1000000000))::BIGINT)",
    "columns of a list": "SELECT COLUMNS(list_transform(range(100000000), lambda x: x::VARCHAR)) FROM photos",
    "columns of a text": "SELECT COLUMNS(c -> len(repeat(c, 1000000000)) > 1) FROM photos",
    "a limit": "SELECT * FROM photos LIMIT len(range(1000000000))",
    "a format": "SELECT strftime(TIMESTAMP '2024-01-01', repeat('%Y', 1000000000))",
    "a field": "SELECT struct_extract({'a': 1}, repeat('a', 2000000000))",
    "a query in a text": "SELECT * FROM query(repeat('x', 1000000000))",
    "values to pivot on": "PIVOT (FROM range(10000000000) t(x)) ON x USING count(*)",
    "an endless recursion": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT * FROM r",
    "rows of CTEs": _chain(40, "SELECT a.x FROM c{} a, c{} b"),
    "columns of CTEs": _chain(31, "SELECT * FROM c{} a, c{} b"),
    "types of CTEs": _chain(40, "SELECT {{'a': x, 'b': x}} AS x FROM c{}"),
    "columns of stars": "SELECT * FROM " + "(SELECT a.*, a.* FROM " * 30 + "photos a" + ") a" * 30,
    "aliases": f"SELECT id AS a0{''.join(f', a{n - 1} + a{n - 1} AS a{n}' for n in range(1, 30))} FROM photos",
    "lambdas": _nested(30, "list_transform([1], lambda x: ", "x", ")"),
    "macros": _nested(30, "array_to_string([", "label", "], ',')"),
    "NULLIF": _nested(40, "nullif(", "id", ", 1)"),
    "BETWEEN": _nested(30, "(", "id", " BETWEEN 1 AND 2)::INT"),
    "groupings": f"SELECT count(*) FROM photos GROUP BY CUBE ({', '.join(f'id + {n}' for n in range(30))})",
    "joins": f"SELECT count(*) FROM {', '.join(f'photos p{n}' for n in range(150))}",
    "an endless file": "SELECT * FROM read_csv('/dev/zero')",
    "a pipe": "SELECT * FROM read_csv('{fifo}')",
    "a pipe as a table": "FROM '{fifo}'",
    "all files": "FROM glob('/**')",
    "another database": "SELECT * FROM (ATTACH '{fifo}')",
}
