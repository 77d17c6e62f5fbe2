"""Random right queries have no diagnostics; ``python -m tests.analysis.right_queries`` makes thousands."""

from __future__ import annotations

from random import Random

import pytest

from tests.analysis.right_queries import (
    CATALOG,
    Calls,
    false_alarms_in_calls,
    false_alarms_in_queries,
    right_calls,
)
from tests.hunts import rounds
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.sql.lexer import read_tokens


@pytest.mark.hunt
def test_random_queries_over_a_used_database_have_no_diagnostics(tmp_path):
    assert list(false_alarms_in_queries(tmp_path, seed=1, queries=rounds(80, 1000))) == []


@pytest.mark.hunt
def test_random_calls_of_all_functions_have_no_diagnostics():
    assert list(false_alarms_in_calls(seed=1, queries=rounds(150, 2000))) == []


def test_the_types_of_random_calls_are_those_that_duckdb_gives():
    calls = Calls(Random(2))
    for sql in right_calls(calls, 50):
        known = Known(CATALOG).names.output(tuple(read_tokens(sql)))
        assert known is not None
        assert [column.type for column in known] == [str(kind) for kind in calls.plain.sql(sql).types], sql
