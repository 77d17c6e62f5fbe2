"""Random conditions over paths that are spelt in any way, held against DuckDB over the same paths in one spelling.

``python -m tests.differential.random_spellings 2000`` runs so many.
"""

from __future__ import annotations

import random
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from tests.engine.conftest import World

WORDS = [
    "여름",
    "휴가",
    "바다",
    "산",
    "café",
    "Ångström",
    "Über",
    "ﾊﾟﾘ",
    "한",
    "각",
    "é",
    "Việt",
    "plain",
    "a'b",
]
ROWS = 150
Form = Callable[[str], str]


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


class Maker:
    """Makes rows and queries."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def form(self) -> Form:
        return self.rng.choice([nfc, nfd])

    def path(self) -> str:
        parts = [self.form()("".join(self.rng.sample(WORDS, self.rng.randint(1, 2)))) for _ in range(2)]
        return "/".join(parts) + self.rng.choice([".jpg", ".PNG"])

    def rows(self) -> pa.Table:
        numbers = range(ROWS)
        return pa.table(
            {
                "id": list(numbers),
                "image_path": [None if self.rng.random() < 0.05 else self.path() for _ in numbers],
                "label": [self.rng.choice(["cat", "고양이", None]) for _ in numbers],
                "n": [self.rng.randint(0, 3) for _ in numbers],
                "v": pa.FixedSizeListArray.from_arrays(pa.array(range(2 * ROWS), pa.float32()), 2),
            }
        )

    def text(self, known: list[str]) -> str:
        """A literal with something to spell in two ways: a whole path, a part of one, or a word."""
        whole = nfc(self.rng.choice(known))
        start = self.rng.randrange(len(whole))
        text = self.rng.choice([whole, whole, whole[start : start + 4], self.rng.choice(WORDS)])
        return text.replace("'", "''") if nfd(text) != text else self.text(known)

    def atom(self, column: str, known: list[str]) -> str:
        literal = f"'{self.text(known)}'"
        inside = literal[1:-1]
        made = [
            f"{column} {self.rng.choice(['=', '<>', '<', '>=', 'IS DISTINCT FROM'])} {literal}",
            f"{column} {self.rng.choice(['', 'NOT '])}{self.rng.choice(['LIKE', 'ILIKE'])} '%{inside}%'",
            f"{column} LIKE '{inside}%'",
            f"{column} {self.rng.choice(['', 'NOT '])}IN ('x', {literal}, '{self.text(known)}')",
            f"{column} IN (VALUES ({literal}), ('y'))",
            f"starts_with({column}, {literal}) OR ends_with({column}, '{self.text(known)}')",
            f"contains({column}, {literal})",
            f"instr({column}, {literal}) > 1",
            f"upper({column}) LIKE upper('%{inside}%')",
            f"split_part({column}, '/', 1) = split_part({literal}, '/', 1)",
            f"coalesce({column}, {literal}) = {literal}",
            f"CASE {column} WHEN {literal} THEN n ELSE 1 END = 1",
            f"{column} BETWEEN {literal} AND '힣'",
            "label = 'cat'",
            "n > 1",
            f"{column} LIKE '%.jpg'",
            f"{column} IS NULL",
        ]
        return self.rng.choice(made)

    def condition(self, column: str, known: list[str], depth: int = 2) -> str:
        if depth == 0 or self.rng.random() < 0.4:
            return self.atom(column, known)
        one, other = (self.condition(column, known, depth - 1) for _ in range(2))
        return self.rng.choice([f"({one} AND {other})", f"({one} OR {other})", f"NOT ({one})"])

    def query(self, known: list[str]) -> str:
        ask = self.condition
        return self.rng.choice(
            [
                f"SELECT id FROM t WHERE {ask('image_path', known)} ORDER BY id",
                f"SELECT t.id FROM t WHERE {ask('t.image_path', known)} ORDER BY id LIMIT 7",
                f"SELECT id FROM (SELECT *, image_path AS f FROM t) WHERE {ask('f', known)} ORDER BY id",
                f"WITH x AS (SELECT id, n, label, image_path AS f FROM t) SELECT id FROM x WHERE {ask('f', known)} ORDER BY 1",
                f"SELECT n, count(*) FILTER ({ask('image_path', known)}) FROM t GROUP BY n ORDER BY n",
                f"SELECT id FROM t WHERE id IN (SELECT id FROM t WHERE {ask('image_path', known)}) ORDER BY id",
                f"SELECT id, v FROM t WHERE {ask('image_path', known)} ORDER BY id LIMIT 5",
                f"SELECT x.id FROM t AS x JOIN (SELECT id AS m FROM t) ON m = id AND {ask('image_path', known)} ORDER BY 1",
                f"SELECT id, {ask('image_path', known)} AS fits FROM t ORDER BY id",
                f"SELECT max(id) FROM t GROUP BY {ask('image_path', known)} ORDER BY 1",
            ]
        )


def differences(folder: Path, seed: int, count: int) -> Iterator[str]:
    """What differs, a text each."""
    maker, world, plain = Maker(seed), World(folder), duckdb.connect()
    rows = maker.rows()
    world.put("t", rows)
    world.run(f"SET display.rows = {ROWS}")
    one_spelling = pa.array([path and nfc(path) for path in rows.column("image_path").to_pylist()])
    plain.register("t", rows.set_column(1, "image_path", one_spelling))
    known = [path for path in rows.column("image_path").to_pylist() if path]
    for _ in range(count):
        query = maker.query(known)
        wanted = [tuple(map(_plain, row)) for row in plain.execute(nfc(query)).fetchall()]
        for form in (nfc, nfd):
            found = [tuple(map(_plain, row.values())) for row in world.rows(form(query))]
            if found != wanted:
                yield f"{form.__name__}: {query}\n  {found}\n  {wanted}"
    world.session.close()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def main(count: int) -> int:
    """Run so many queries in both spellings; returns how many results differ."""
    with tempfile.TemporaryDirectory() as folder:
        found = list(differences(Path(folder), random.randrange(10**6), count))
    print(*found[:10], f"{count} queries, typed in two spellings: {len(found)} results differ", sep="\n")
    return len(found)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000) > 0)
