"""Editors know that ``_`` and ``_3`` are results of earlier cells, ``$name`` a value of Python, and EXPORT takes a name."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.tokens import semantic_tokens
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, Table

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
