"""One bad or deep statement hides no other, is neither computed nor read, and takes seconds at most."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import MappingProxyType

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from hostile_queries import HOSTILE

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.meaning.scope import Names
from thanosql_kernel.catalog import Catalog, Column, Table
from thanosql_kernel.sql.lexer import read_tokens

COLUMNS = (Column("id", "BIGINT"), Column("label", "VARCHAR"), Column("price", "DOUBLE"))
CATALOG = Catalog(tables=MappingProxyType({"photos": Table("photos", COLUMNS, 3, "photos", 1)}))
MISTAKES = "SELECT pricee FROM photos;\nSELECT lenght(label) FROM photos;\nDROP TABLE 없다"
#: Far more than any takes on two busy cores, and nothing beside what running them would.
MOST_SECONDS = 20.0


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_hides_no_mistake_and_does_not_hang(name, tmp_path):
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)  # nobody writes into it: whoever opened it to read would wait for ever
    text = f"{HOSTILE[name].replace('{fifo}', str(fifo))};\n{MISTAKES}"
    start = time.monotonic()
    document = Document(text, CATALOG)
    found = [text[slice(*mark.span)] for mark in diagnose(document)]
    assert found[-3:] == ["pricee", "lenght", "없다"]
    complete(document, text.index(";\n") - 1)
    hover(document, text.index(";\n") - 1)
    assert time.monotonic() - start < MOST_SECONDS


@pytest.mark.parametrize(
    "query",
    [
        f"{'SELECT * FROM (' * 20}SELECT a FROM x{') q' * 20}",
        f"WITH c AS (SELECT a FROM x) {'SELECT * FROM (' * 20}SELECT a FROM c{') q' * 20}",
    ],
)
def test_each_of_the_queries_in_each_other_is_bound_once(query):
    bound = []

    def bind(tokens, ctes):
        bound.append((tokens[0].start, tokens[-1].end))

    names = Names(lambda name: (Column("a", "INTEGER"),), lambda tokens: (False, None), bind)
    tokens = tuple(read_tokens(query))
    names.scopes(tokens)
    assert len(bound) == len(set(bound)) >= 20
    assert [column.name for column in names.output(tokens)] == ["a"]


def test_what_with_names_anew_is_not_taken_for_what_it_named_before():
    query = "WITH c AS (SELECT a FROM c), d AS (SELECT * FROM c), c AS (SELECT a AS b FROM d), e AS (SELECT * FROM c) "
    names = Names(
        lambda name: (Column("a", "INTEGER"),), lambda tokens: (False, None), lambda tokens, ctes: None
    )
    given = names.given(tuple(read_tokens(query + "SELECT 1")))
    assert [given[name][0].name for name in "cde"] == ["b", "a", "b"]
