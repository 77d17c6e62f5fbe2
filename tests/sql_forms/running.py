"""Forms of DuckDB's statements, run here over stored tables and in DuckDB over its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.statements.cell import pieces

FORMS = Path(__file__).with_name("forms.sql")
_LINE = re.compile(r"-- (section|form|then): (.*)")
_CHANGES = re.compile(r"(SELECT|FROM|WITH|VALUES|TABLE|PIVOT|UNPIVOT|SUMMARIZE|DESCRIBE|SHOW|EXPLAIN|\()")

TABLES = """
CREATE OR REPLACE TABLE photos AS SELECT * FROM (VALUES
  (1, 'a/1.jpg', 'cat', 0.5::DOUBLE, DATE '2023-05-01', ['sea', 'boat'], {'city': '부산', 'lat': 35.1}),
  (2, 'a/2.jpg', 'dog', 0.25, DATE '2024-01-31', ['house'], {'city': '서울', 'lat': 37.5}),
  (3, 'b/3.JPG', 'cat', NULL, DATE '2024-02-29', [], {'city': NULL, 'lat': NULL}),
  (4, 'c/4.png', NULL, 1.0, NULL, NULL, NULL),
  (5, 'd/5.jpg', 'bird', 0.125, DATE '2024-02-01', ['sea'], {'city': '제주', 'lat': 33.5}),
  (6, 'e/6.jpg', 'dog', 0.75, DATE '2023-12-31', ['sea', 'dog'], {'city': '부산', 'lat': 35.2})
) AS t(id, path, label, score, taken, tags, place);
CREATE OR REPLACE TABLE labels AS
SELECT * FROM (VALUES ('cat', 'pet'), ('dog', 'pet'), ('lion', 'wild')) AS t(label, kind);
CREATE OR REPLACE TABLE visits AS SELECT * FROM (VALUES
  (1, TIMESTAMP '2024-03-01 10:00', 3), (1, TIMESTAMP '2024-03-02 09:00', 1), (5, TIMESTAMP '2024-03-05 12:30', 2)
) AS t(photo, seen, n);
CREATE OR REPLACE TABLE rates AS
SELECT * FROM (VALUES (TIMESTAMP '2024-03-01', 1.5), (TIMESTAMP '2024-03-02', 2.0)) AS t(since, rate);
"""


@dataclass(frozen=True)
class Form:
    """A form of a statement.

    Attributes:
        section: What it belongs to.
        name: What it is called.
        cell: Statements; the last one is of that form.
        then: A query that shows what the cell has done; "" where its own rows do.
        own_rows: Whether what it shows is not what DuckDB does.
    """

    section: str
    name: str
    cell: str
    then: str = ""
    own_rows: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a form.

    Attributes:
        form: Which.
        answer: The error that a user gets; "" where it runs.
        difference: How the rows differ from DuckDB's; "" where they do not.
    """

    form: Form
    answer: str = ""
    difference: str = ""

    @property
    def runs(self) -> bool:
        return not self.answer and not self.difference


def forms() -> Iterator[Form]:
    """All forms, in the order of the file."""
    section, name, then, lines = "", "", "", []  # type: str, str, str, list[str]
    for line in [*FORMS.read_text("utf-8").splitlines(), "-- form: "]:
        match = _LINE.fullmatch(line)
        if match is None:
            lines.append(line)
        elif match[1] == "then":
            then = match[2]
        else:
            if name:
                title, _, own = name.partition(" | ")
                yield Form(section, title, "\n".join(lines), then, bool(own))
            section = match[2] if match[1] == "section" else section
            name, then, lines = match[2] if match[1] == "form" else "", "", []


def outcomes(folder: Path, chosen: Iterable[Form]) -> Iterator[Outcome]:
    """Run forms over fresh tables."""
    session = Session(folder / "db", working_folder=folder)
    session.settings["display.rows"] = 1000
    is_fresh = False
    try:
        for form in chosen:
            if not is_fresh:
                _make_tables(session)
            yield _outcome(session, form)
            is_fresh = _CHANGES.match(form.cell) is not None and not form.then
    finally:
        session.close()


def _make_tables(session: Session) -> None:
    for kind, names in (("VIEW", session.catalog.views), ("TABLE", session.catalog.tables)):
        for name in list(names):
            session.run(f"DROP {kind} {name}", emit=lambda result: None)
    session.run(TABLES, emit=lambda result: None)
    session.variables.clear()


def _outcome(session: Session, form: Form) -> Outcome:
    wanted = None if form.own_rows else _in_duckdb(form)
    try:
        got = _here(session, form)
    except ThanoSQLError as error:
        return Outcome(
            form, answer=f"{error.code}: {error.message}" + (f"; {error.hint}" if error.hint else "")
        )
    if form.own_rows or not _is_query(form) or got == wanted:
        return Outcome(form)
    return Outcome(form, difference=f"{got}\nis not\n{wanted}")


def _is_query(form: Form) -> bool:
    """Whether there are rows to compare."""
    last = form.cell[slice(*pieces(form.cell)[-1].span)]
    return bool(form.then) or _CHANGES.match(last) is not None or "RETURNING" in last


def _here(session: Session, form: Form) -> Any:
    shown: list[Any] = []
    session.run(f"{form.cell};\n{form.then}", emit=shown.append)
    rows = getattr(shown[-1], "rows", None)
    return None if rows is None else _plain(rows, form)


def _in_duckdb(form: Form) -> Any:
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(TABLES)
        return _plain(connection.sql(f"{form.cell};\n{form.then}"), form)
    finally:
        connection.close()


def _plain(rows: Any, form: Form) -> Any:
    """Names and rows, in an order if the form has one."""
    if rows is None:
        return None
    table: pa.Table = rows if isinstance(rows, pa.Table) else rows.to_arrow_table()
    found = [repr(tuple(row.values())) for row in table.to_pylist()]
    in_order = "ORDER BY" in (form.then or form.cell).rpartition(")")[2]
    return table.column_names, found if in_order else sorted(found)
