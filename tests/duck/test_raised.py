"""Errors that SQL of ours raises itself."""

import duckdb
import pytest

from thanosql_kernel.duck.errors import Place, failure_of, translate
from thanosql_kernel.duck.raised import raised, raising
from thanosql_kernel.wording import Wording, set_language

WORDING = Wording("{value} is not {what}", "{what} 아님: {value}")


def failure(sql: str):
    with duckdb.connect() as connection:
        connection.execute("SET errors_as_json = true")
        with pytest.raises(duckdb.Error) as caught:
            connection.execute(f"SELECT {sql}").fetchall()
    return failure_of(caught.value)


@pytest.mark.parametrize("what", ["it", "it's", '"it" {b}', "가"])
def test_a_value_stands_in_the_words_of_the_language(what: str):
    found = failure(raising(WORDING, "1.5", subject='n\'s "x"', what=what))
    assert raised(found.message) == ('n\'s "x"', f"1.5 is not {what}")
    set_language("ko")
    try:
        found = failure(raising(WORDING, "1.5", what=what))
    finally:
        set_language("en")
    assert raised(found.message) == ("", f"{what} 아님: 1.5")


def test_it_is_told_as_it_was_said():
    error = translate(failure(raising(WORDING, "'a\nb'", what="it")), Place("SELECT 1", 0))
    assert (error.code, error.message) == ("TS301", "a b is not it")


def test_what_duckdb_says_is_its_own():
    assert raised(failure("CAST('x' AS INTEGER)").message) is None
