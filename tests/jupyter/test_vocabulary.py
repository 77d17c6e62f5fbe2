"""The words that editors colour are those that the statements and DuckDB have."""

from __future__ import annotations

import duckdb
import pytest

from thanosql_kernel.duck.words import is_reserved
from thanosql_kernel.jupyter.vocabulary import CLAUSES, FILE, text, vocabulary
from thanosql_kernel.statements.registry import statement_types

WORDS = vocabulary()


def test_the_committed_words_are_what_the_statements_and_duckdb_give():
    assert FILE.read_text(encoding="utf-8") == text(), "stale: run make docs"


@pytest.mark.parametrize("kind", statement_types())
def test_every_statement_is_in_it_with_its_options(kind):
    assert {" ".join(head) for head in kind.heads} <= set(WORDS["heads"])
    assert {name for option in kind.option_specs for name in (option.name, *option.aliases)} <= set(
        WORDS["options"]
    )


def test_the_words_of_clauses_are_keywords_of_duckdb_that_it_does_not_reserve():
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT keyword_name FROM duckdb_keywords()").fetchall()
    keywords = {name.upper() for (name,) in rows}
    assert set(CLAUSES) <= keywords
    assert [word for word in CLAUSES if is_reserved(word)] == []


def test_what_a_column_may_be_called_is_no_keyword():
    for name in ("TITLE", "NAME", "YEAR", "TEXT", "SEARCH", "COPY", "OPTIONS", "IMAGE", "KEY"):
        assert name not in WORDS["sql"]
