"""Nothing that is said repeats data: a picture of 65,000 letters in a statement stays where it was written."""

from __future__ import annotations

import pytest

import thanosql_kernel
from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.features.inlay import hints
from thanosql_kernel.analysis.features.signature import signature
from thanosql_kernel.analysis.features.symbols import symbols
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, GeneratedColumn, Table, Weights
from thanosql_kernel.errors import Span, ThanoSQLError, UnknownName
from thanosql_kernel.models.spec import builtin_models
from thanosql_kernel.sql.lexer import tokenize

URL = "data:image/jpeg;base64," + "/9j4AAQSkZJRgABAQ" * 4000
TEXT = "고양이 a cat " * 6000
LONGEST = 4_000

CELLS = {
    "a picture that is none": f"SEARCH IMAGE image='{URL}' USING mini AS SELECT * FROM t",
    "of several": f"SEARCH IMAGE images=['{URL}', '{URL}'] USING mini AS SELECT * FROM t",
    "a slip behind it": f"SEARCH IMAGE image='{URL}' USNG mini AS SELECT * FROM t",
    "a slip before it": f"SEARHC IMAGE image='{URL}' USING mini AS SELECT * FROM t",
    "an option that is none": f"SEARCH IMAGE imag='{URL}' USING mini AS SELECT * FROM t",
    "no quote at its end": f"SEARCH IMAGE image='{URL} USING mini AS SELECT * FROM t",
    "a model that is none": f"SEARCH IMAGE text='x' USING '{URL}' AS SELECT * FROM t",
    "a text": f"SEARCH IMAGE text='{TEXT}' USIN mini AS SELECT * FROM t",
    "a search without vectors": f"SEARCH IMAGE text='{TEXT}' USING mini AS SELECT * FROM u WHERE a = '{URL}'",
    "a name": f'SELECT "{URL}" FROM t',
    "a table": f'SELECT * FROM "{URL}"',
    "a cast": f"SELECT CAST('{URL}' AS INTEGER)",
    "a cast of a column": f"SELECT '{URL}' + 1",
    "a function": f"SELECT nosuch('{URL}') FROM t",
    "a place": f"COPY x FROM '{URL}'",
    "a target": f"EXPORT t TO '{URL}'",
    "a setting": f"SET display.rows = '{URL}'",
    "a setting's name": f'SET "{URL}" = 1',
    "a value": f"INSERT INTO t VALUES ('{URL}', 2, 3)",
    "a condition": f"DELETE FROM t WHERE '{URL}'",
    "an update": f"UPDATE t SET a = '{URL}'",
    "an option's value": f"PRINT IMAGE OPTIONS(image_col='{URL}') AS SELECT * FROM t",
    "a format": f"PRINT IMAGE OPTIONS(format='{URL}') AS SELECT * FROM t",
    "a conversion": f"CONVERT USING mini OPTIONS(image_col='{URL}') AS SELECT * FROM t",
    "a word": f"SELECT {'x' * 65_000} FROM t",
}
MADE = GeneratedColumn("mini", "clipmini", "image", "a", Weights("mini", "", ""), 512)
KNOWN = Catalog(
    tables={
        "t": Table("t", (Column("a", "VARCHAR"), Column("mini_clipmini", "FLOAT[512]", MADE)), 1, "t", 1),
        "u": Table("u", (Column("a", "VARCHAR"),), 1, "u", 1),
    },
    models={name: thanosql_kernel.catalog.Model(name, spec) for name, spec in builtin_models().items()},
)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> thanosql_kernel.Connection:
    folder = tmp_path_factory.mktemp("long")
    connection = thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False)
    connection.sql("CREATE TABLE u AS SELECT 'x' AS a")
    connection.sql("CREATE TABLE t AS SELECT 1 AS a")
    return connection


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_an_error_says_what_is_wrong_without_it(connection: thanosql_kernel.Connection, cell: str) -> None:
    with pytest.raises(ThanoSQLError) as caught:
        connection.sql(cell)
    for drawn in (caught.value.render(cell), str(caught.value), caught.value.hint or ""):
        assert len(drawn) < LONGEST
    assert "^" in caught.value.render(cell) or caught.value.span is None


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_an_editor_shows_nothing_of_it(cell: str) -> None:
    document = Document(cell, KNOWN)
    said: list[str] = []
    for found in diagnose(document):
        said += [found.message, *(fix.title for fix in found.fixes)]
    said += [hint.label for hint in hints(document)]
    said += [symbol.name for symbol in symbols(document)]
    for token in tokenize(cell)[:8]:
        shown = hover(document, token.span.start)
        said.append("" if shown is None else str(shown.markdown))
        help_of = signature(document, token.span.end)
        said.append("" if help_of is None else str(help_of.label))
    said += [item.label + str(item.detail) for item in complete(document, len(cell))]
    assert max(map(len, said)) < LONGEST, max(said, key=len)[:200]


def test_a_caret_stays_under_its_place_on_a_long_line() -> None:
    source = f"SELECT '{URL}', colum, '{URL}'"
    start = source.index("colum")
    _, line, carets, *_ = (
        UnknownName("no column colum", span=Span(start, start + 5)).render(source).splitlines()
    )
    assert line[carets.index("^") : carets.rindex("^") + 1] == "colum"
    assert len(line) < 300


def test_a_result_shows_the_beginning(connection: thanosql_kernel.Connection) -> None:
    assert len(str(connection.sql(f"SELECT '{URL}' AS p"))) < LONGEST


def test_results_of_python_show_bytes_in_short(connection: thanosql_kernel.Connection) -> None:
    assert "<3 bytes>" in str(connection.sql(r"SELECT '\xAA\xBB\xCC'::BLOB AS p"))
