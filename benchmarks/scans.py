"""COPY, queries and EXPORT beside DuckDB, which reads and writes the same rows as Parquet.

    python benchmarks/scans.py [--rows 10000000] [--dim 16] [--folder DIR] [--only queries …]

The rows hold numbers, texts (Korean too), times and a vector column that no query reads. Both sides have the same
threads and the same memory. Ours is what a cell costs: its first rows, and how many there are; DuckDB is asked for both
as well. Needs about 500 bytes of disk a row.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from report import Report, Sample, apart, growth, in_turns, options

import thanosql_kernel
from thanosql_kernel.machine import available_cores, memory_bytes

GROUP = "scans"
SHOWN = 20
ROWS = """
SELECT
  range AS id,
  'photos/' || (range * 7919 % 1000) || '/' || lpad(range::VARCHAR, 9, '0') || '.jpg' AS image_path,
  ['고양이', '강아지', 'bicycle', '바다', '산', 'street', '음식', 'night', '사람', 'chair', '꽃', '기차']
    [1 + (hash(range) % 12)::INT] AS label,
  CASE WHEN range % 97 <> 0 THEN (hash(range + 1) % 1000000) / 1000000.0 END::DOUBLE AS score,
  TIMESTAMP '2020-01-01' + INTERVAL 1 SECOND * (hash(range + 2) % 100000000)::BIGINT AS taken,
  '사진 ' || (hash(range + 3) % 100000) || ' 설명: '
    || ['맑은 날 오후', '비 오는 저녁', '눈 덮인 아침'][1 + (hash(range) % 3)::INT] AS note
  {vector}
FROM range({rows})
"""
#: A text, for the first rows and the count are asked for with each.
QUERIES: Mapping[str, str] = {
    "COUNT(*)": "SELECT count(*) FROM t",
    "LIMIT 5": "SELECT * EXCLUDE (v) FROM t LIMIT 5",
    "LIMIT 5 OFFSET half of the rows": "SELECT * EXCLUDE (v) FROM t LIMIT 5 OFFSET {half}",
    "LIMIT 5 of a subquery": "SELECT * FROM (SELECT id, label, note FROM t) LIMIT 5",
    "WHERE … LIMIT 5": "SELECT id, image_path, label FROM t WHERE label = 'night' AND score > .5 LIMIT 5",
    "WHERE … LIMIT 5 OFFSET 1000": "SELECT id, image_path FROM t WHERE label = 'night' LIMIT 5 OFFSET 1000",
    "WHERE on a number, one row of a thousand": "SELECT id, image_path, score FROM t WHERE score < .001",
    "WHERE on a label and a number": "SELECT id, image_path, score FROM t WHERE label = '바다' AND score > .9",
    "WHERE note LIKE": "SELECT id, note FROM t WHERE note LIKE '%비 오는%' AND id % 50 = 0",
    "one row by its id": "SELECT * EXCLUDE (v) FROM t WHERE id = {half}",
    "count and average, WHERE on a time": "SELECT count(*), avg(score) FROM t WHERE taken < TIMESTAMP '2020-06-01'",
    "GROUP BY label": "SELECT label, count(*), avg(score), max(taken) FROM t GROUP BY label",
    "GROUP BY day": "SELECT taken::DATE AS day, count(*) FROM t GROUP BY day ORDER BY day",
    "DISTINCT label": "SELECT DISTINCT label FROM t",
    "COUNT(DISTINCT image_path)": "SELECT count(DISTINCT image_path) FROM t",
    "ORDER BY number LIMIT 10": "SELECT id, image_path, score FROM t ORDER BY score DESC, id LIMIT 10",
    "ORDER BY text LIMIT 10": "SELECT id, note FROM t ORDER BY note, id LIMIT 10",
    "JOIN with 12 rows, GROUP BY": "SELECT kind, count(*), avg(score) FROM t JOIN labels USING (label) GROUP BY kind",
    "JOIN with 10,000 rows by id": "SELECT t.id, image_path, weight FROM t JOIN chosen USING (id) WHERE weight > .5",
    "a window over labels": "SELECT label, id FROM t "
    "QUALIFY row_number() OVER (PARTITION BY label ORDER BY score DESC, id) = 1",
}
LABELS = """SELECT label, CASE WHEN label < 'a' THEN 'ascii' ELSE 'other' END AS kind
FROM (SELECT DISTINCT label FROM t)"""
CHOSEN = "SELECT (n * {step})::BIGINT AS id, (n % 100) / 100.0 AS weight FROM range(10000) AS _(n)"


class Both:
    """The same rows in a database of ours and in Parquet."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.folder, self.rows = folder, rows
        self.ours = thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False)
        self.theirs = other(folder)

    def prepare(self) -> None:
        """What queries join with, on both sides."""
        chosen = CHOSEN.format(step=max(1, self.rows // 10000))
        for name, sql in (("labels", LABELS), ("chosen", chosen)):
            self.ours.sql(f"CREATE OR REPLACE TABLE {name} AS {sql}")
            self.theirs.execute(f"COPY ({sql}) TO '{self.folder / name}.parquet'")
            self.theirs.execute(f"CREATE OR REPLACE VIEW {name} AS FROM '{self.folder / name}.parquet'")

    def shown(self, sql: str) -> Any:
        """What a cell shows of a query, from DuckDB: the first rows, and how many there are."""
        first = self.theirs.sql(f"SELECT * FROM ({sql}) LIMIT {SHOWN}").to_arrow_table()
        count = len(first)
        if count == SHOWN:
            ((count,),) = self.theirs.execute(f"SELECT count(*) FROM ({sql})").fetchall()
        return first, count

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()


def other(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with as much memory as our queries get, and the rows if they are there."""
    config = {"memory_limit": f"{int(0.4 * memory_bytes())}B", "threads": available_cores()}
    connection = duckdb.connect(config=config)
    connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
    if (folder / "t.parquet").exists():
        connection.execute(f"CREATE VIEW t AS FROM '{folder / 't.parquet'}'")
    return connection


def make(folder: Path, rows: int, dim: int) -> None:
    """The rows as Parquet and as csv without the vectors."""
    numbers = ", ".join(f"(hash(range * {dim} + {at}) % 1000) / 1000.0" for at in range(dim))
    vector = f", [{numbers}]::FLOAT[{dim}] AS v" if dim else ""
    with other(folder) as connection:
        connection.execute(f"COPY ({ROWS.format(rows=rows, vector=vector)}) TO '{folder / 't.parquet'}'")
        connection.execute(
            f"COPY (SELECT * EXCLUDE (v) FROM '{folder / 't.parquet'}') TO '{folder / 't.csv'}'"
        )


# -- parts ---------------------------------------------------------------------------------------------------
def queries(both: Both, report: Report, turns: int, only: str) -> dict[str, Sample]:
    """Each query on both sides; their rows are the same."""
    found = {}
    for what, text in QUERIES.items():
        if only.lower() in what.lower():
            sql = text.format(half=both.rows // 2)
            check(both, what, sql)
            works: dict[str, Callable[[], object]] = {
                "ours": lambda sql=sql: both.ours.sql(sql),
                "other": lambda sql=sql: both.shown(sql),
            }
            samples = in_turns(works, turns)
            found[what] = samples["ours"]
            report.compare(
                f"{what}, {both.rows:,} rows", samples["ours"], samples["other"], "DuckDB on Parquet"
            )
    return found


def check(both: Both, what: str, sql: str) -> None:
    """Both sides count the same rows, and where all are shown they are the same.

    Raises:
        AssertionError: They do not.
    """
    ours, (first, count) = both.ours.sql(sql), both.shown(sql)
    if len(ours) != count:
        raise AssertionError(f"{what}: {len(ours)} rows, DuckDB has {count}")
    if count <= SHOWN and rounded(ours.arrow()) != rounded(first):
        raise AssertionError(f"{what}: other rows than DuckDB's")


def rounded(rows: pa.Table) -> list[str]:
    """The rows in an order of their own; of sums of floating point numbers what does not depend on the order."""
    values = ([round(v, 9) if isinstance(v, float) else v for v in row.values()] for row in rows.to_pylist())
    return sorted(map(repr, values))


def reading(both: Both, report: Report, turns: int) -> None:
    """COPY from csv and Parquet; DuckDB makes Parquet of both."""
    folder, connection = both.folder, both.theirs
    out = folder / "out.parquet"
    pairs = {
        "COPY from csv": ("t.csv", f"SELECT * FROM read_csv('{folder / 't.csv'}')"),
        "COPY from Parquet, with vectors": ("t.parquet", f"SELECT * FROM '{folder / 't.parquet'}'"),
    }
    for what, (file, sql) in pairs.items():
        samples = in_turns(
            {
                "ours": lambda file=file: both.ours.sql(
                    f"COPY copied OPTIONS(if_exists='replace') FROM '{file}'"
                ),
                "other": lambda sql=sql: connection.execute(f"COPY ({sql}) TO '{out}'"),
            },
            turns,
            warm=0,
        )
        report.compare(f"{what}, {both.rows:,} rows", samples["ours"], samples["other"], "DuckDB to Parquet")
    both.ours.sql("DROP TABLE copied")
    out.unlink()


def writing(both: Both, report: Report, turns: int) -> None:
    """EXPORT to csv and Parquet beside COPY … TO."""
    for kind in ("csv", "parquet"):
        ours, theirs = both.folder / f"ours.{kind}", both.folder / f"theirs.{kind}"
        samples = in_turns(
            {
                "ours": lambda ours=ours: both.ours.sql(
                    f"EXPORT SELECT * EXCLUDE (v) FROM t TO '{ours.name}' OPTIONS(overwrite=True)"
                ),
                "other": lambda theirs=theirs: both.theirs.execute(
                    f"COPY (SELECT * EXCLUDE (v) FROM t) TO '{theirs}'"
                ),
            },
            turns,
            warm=0,
        )
        report.compare(
            f"EXPORT to {kind}, {both.rows:,} rows", samples["ours"], samples["other"], "DuckDB COPY TO"
        )
        ours.unlink()
        theirs.unlink()


def memory(both: Both, report: Report) -> None:
    """The most memory of a kernel that does one thing, each in a process of its own."""
    cells = {
        "COPY from csv": "COPY copied OPTIONS(if_exists='replace') FROM 't.csv'",
        "COPY from Parquet, with vectors": "COPY copied OPTIONS(if_exists='replace') FROM 't.parquet'",
        "GROUP BY label": QUERIES["GROUP BY label"],
        "ORDER BY text LIMIT 10": QUERIES["ORDER BY text LIMIT 10"],
        "CREATE TABLE AS, all rows": "CREATE OR REPLACE TABLE copied AS SELECT * FROM t WHERE id >= 0",
        "EXPORT to csv": "EXPORT t TO 'out.csv' OPTIONS(overwrite=True)",
        "EXPORT to parquet": "EXPORT t TO 'out.parquet' OPTIONS(overwrite=True)",
    }
    for what, cell in cells.items():
        _, peak = apart(run_cells, str(both.folder), [cell])
        report.add(f"most memory: {what}, {both.rows:,} rows", str(Sample((peak,), "B")))
    _, peak = apart(run_cells, str(both.folder), ["SELECT 1"])
    report.add("most memory: SELECT 1", str(Sample((peak,), "B")), note="what the libraries take")


def run_cells(folder: str, cells: list[str]) -> None:
    """Cells in a database."""
    with thanosql_kernel.connect(f"{folder}/db", working_folder=folder, progress=False) as connection:
        for cell in cells:
            connection.sql(cell)


PARTS = ("queries", "reading", "writing", "memory")


def measure(folder: Path, rows: int, given: argparse.Namespace, report: Report) -> dict[str, Sample]:
    """All parts at one size; the queries' times."""
    if not (folder / "t.parquet").exists():
        report.say(f"making {rows:,} rows")
        make(folder, rows, given.dim)
    both, found = Both(folder, rows), {}
    try:
        if both.ours.session.catalog.find_table("t") is None:
            both.ours.sql("COPY t FROM 't.parquet'")
        both.prepare()
        report.say(f"{rows:,} rows of {given.dim} numbers and six other columns")
        if "queries" in given.only:
            found = queries(both, report, given.turns, given.query)
        if "reading" in given.only:
            reading(both, report, max(1, given.turns // 2))
        if "writing" in given.only:
            writing(both, report, max(1, given.turns // 2))
        if "memory" in given.only:
            memory(both, report)
    finally:
        both.close()
    return found


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--rows", type=int, nargs="+", help="sizes; growth is told for more than one")
    parser.add_argument("--dim", type=int, default=16, help="numbers of a vector")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the rows are kept for another time")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--query", default="", help="only queries with this in their name")
    given = parser.parse_args()
    sizes = given.rows or ([20_000, 100_000] if given.quick else [1_000_000, 10_000_000])
    report = Report(GROUP, markdown=given.markdown)
    found: list[dict[str, Sample]] = []
    for rows in sizes:
        root = given.folder or Path(tempfile.mkdtemp())
        folder = root / str(rows)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            found.append(measure(folder, rows, given, report))
        finally:
            if given.folder is None:
                shutil.rmtree(root, ignore_errors=True)
    if len(sizes) > 1:
        for what in found[0]:
            exponent = growth(sizes, [samples[what] for samples in found])
            report.add(f"growth with the rows: {what}", f"{exponent:.2f}", note="1 is as the rows do")


if __name__ == "__main__":
    main()
