"""Editors know ``_`` and ``_3``, results of earlier cells, ``$name``, a value, and that EXPORT takes a name."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.tokens import semantic_tokens
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.catalog import Catalog, Column, Table
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.statements.cell import pieces

PHOTOS = Table("photos", (Column("image_path", "VARCHAR"),), 3, "photos", 1)


def document(text):
    return Document(text, Catalog(tables=MappingProxyType({"photos": PHOTOS})))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a FROM _3 WHERE b",
        "SELECT x FROM _ JOIN photos USING (image_path)",
        "PRINT IMAGE AS SELECT * FROM _",
        "EXPORT _ TO 'x.csv'",
        "EXPORT photos TO $path",
        "SELECT * FROM photos WHERE image_path = $x LIMIT $n",
        "COPY t FROM $path",
        "SET display.rows = $n",
    ],
)
def test_nothing_is_wrong_with_them(text):
    assert list(diagnose(document(text))) == []


def test_an_unknown_table_to_export_is_marked():
    text = "EXPORT fotos TO 'x.csv'"
    (problem,) = diagnose(document(text))
    assert (problem.code, problem.hint) == ("TS201", "did you mean photos?")
    assert text[slice(*problem.span)] == "fotos"


def test_tables_are_completed_behind_export():
    assert [item.text for item in complete(document("EXPORT pho"), 10)] == ["photos"]
    assert "TO" in [item.text for item in complete(document("EXPORT photos "), 14)]


def test_values_of_python_are_coloured_as_variables():
    text = "SEARCH IMAGE text=$wish USING mini AS SELECT * FROM photos WHERE image_path = $이름"
    found = {text[slice(*token.span)]: token.type for token in semantic_tokens(document(text))}
    assert found["$wish"] == found["$이름"] == "variable"


def labels(text, offset=None):
    return [item.label for item in complete(document(text), len(text) if offset is None else offset)]


SET = "SET VARIABLE year = 2024;\nSET VARIABLE 내해 = '바다';\n"


@pytest.mark.parametrize(
    ("above", "typed", "found"),
    [
        (SET, "SELECT * FROM photos WHERE a = $ye", ["$year"]),
        (SET, "SELECT $", ["$year", "$내해"]),
        (SET, "COPY t FROM $내", ["$내해"]),
        (SET, "SEARCH IMAGE text=$", ["$year", "$내해"]),
        (SET, "RESET VARIABLE ", ["year", "내해"]),
        (f"{SET}RESET VARIABLE Year;\n", "SELECT $", ["$내해"]),
        ("SELECT 1;\n", "SELECT $", []),
    ],
)
def test_variables_set_above_are_completed(above, typed, found):
    assert labels(above + typed) == found


def test_a_completed_variable_takes_the_place_of_what_is_typed():
    text = f"{SET}SELECT $ye AS x"
    (item,) = complete(document(text), text.index(" AS x"))
    assert (item.text, text[slice(*item.span)]) == ("$year", "$ye")


def test_a_name_without_a_value_is_marked_in_the_words_of_the_run(tmp_path):
    text = (
        f"SELECT $yera, '$no' -- $no\n;SELECT $YEAR;SET VARIABLE late = $late;{SET}SELECT $YEAR;SELECT $yera;"
        "RESET VARIABLE year;SELECT $year"
    )
    marked = diagnose(Document(text).under(Known.at_start(None, None, has_variables=True)))
    session = Session(tmp_path / "db", working_folder=tmp_path)
    failed = []
    for piece in pieces(text):
        try:
            session.run(text[slice(*piece.span)], emit=lambda result: None)
        except ThanoSQLError as error:
            failed.append((error.code, error.message, error.hint))
    session.close()
    assert [(problem.code, problem.message, problem.hint) for problem in marked] == failed
    assert len(failed) == 5


def test_pythons_values_are_not_known_and_nothing_is_said_of_them():
    assert list(diagnose(document("SELECT $x"))) == []
