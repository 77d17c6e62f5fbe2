"""What is nested hundreds deep gives the right rows or one clear error, and hides nothing else."""

from __future__ import annotations

import itertools

import pytest

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.engine.query import evaluate
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Interrupted, ThanoSQLError, Unsupported
from thanosql_kernel.statements.cell import completeness


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    opened = Session(tmp_path_factory.mktemp("깊은") / "db")
    opened.run(
        "CREATE TABLE 표 AS SELECT 2::BIGINT AS a, [1.0, 0.0]::FLOAT[2] AS v", emit=lambda result: None
    )
    yield opened
    opened.close()


def total(terms):
    return f"SELECT {'+'.join(['a'] * terms)} AS n FROM 표"


def wrapped(before, after, depth):
    return f"SELECT {before * depth}a{after * depth} AS n FROM 표"


def nested(depth):
    search = "(CONVERT USING mini OPTIONS(text_col='a') AS "
    return f"SELECT * FROM {search * depth}SELECT * FROM 표{')' * depth}"


def ran(session, text):
    results = []
    session.run(text, emit=results.append)
    return results[-1].rows.to_pylist()


@pytest.mark.parametrize(
    ("query", "value"),
    [
        (total(500), 1000),
        (total(900), 1800),
        (wrapped("(", ")", 900), 2),
        (wrapped("abs(", ")", 600), 2),
        (wrapped("CASE WHEN a = 2 THEN ", " END", 400), 2),
        (f"SELECT a AS n FROM 표 WHERE {' AND '.join(['a = 2'] * 5000)}", 2),
        (f"SELECT a AS n FROM 표 WHERE a = 2 AND {'+'.join(['a'] * 300)} = 600 ORDER BY v[1] LIMIT 1", 2),
        (f"{'SELECT * FROM (' * 60}SELECT a AS n FROM 표{')' * 60}", 2),
    ],
)
def test_deep_queries_give_their_rows(session, query, value):
    assert ran(session, query) == [{"n": value}]


def test_deep_conditions_and_values_change_what_they_say(session):
    session.run(f"CREATE OR REPLACE TABLE 둘 AS {total(500)}", emit=print)
    session.run(f"UPDATE 둘 SET n = {'+'.join(['n'] * 500)} WHERE {'+'.join(['n'] * 500)} > 0", emit=print)
    session.run(f"INSERT INTO 둘 SELECT {'+'.join(['a'] * 250)} FROM 표", emit=print)
    assert ran(session, "SELECT n FROM 둘 ORDER BY n") == [{"n": 500}, {"n": 500_000}]
    session.run(f"DELETE FROM 둘 WHERE {'+'.join(['n'] * 500)} = 250000", emit=print)
    assert ran(session, "SELECT n FROM 둘") == [{"n": 500_000}]


@pytest.mark.parametrize(
    "query",
    [
        total(5000),
        wrapped("(", ")", 5000),
        wrapped("-(", ")", 2000),
        wrapped("[", "]", 1500),
        f"UPDATE 표 SET a = {'+'.join(['a'] * 5000)}",
        f"DELETE FROM 표 WHERE {'+'.join(['a'] * 5000)} > 1",
        f"INSERT INTO 표 (a) VALUES ({'+'.join(['1'] * 5000)})",
        nested(100),
    ],
)
def test_what_is_too_deep_is_told_in_one_line(session, query):
    with pytest.raises(ThanoSQLError) as caught:
        session.run(query, emit=print)
    assert caught.value.code == "TS105"
    assert "nested" in caught.value.message
    assert ran(session, "SELECT a FROM 표") == [{"a": 2}]


@pytest.mark.parametrize(
    ("query", "is_told"),
    [
        (total(500), False),
        (total(5000), True),
        pytest.param(wrapped("(", ")", 5000), True, marks=pytest.mark.e2e),
        (wrapped("abs(", ")", 600), False),
        pytest.param(nested(100), True, marks=pytest.mark.e2e),
        (f"{'SELECT * FROM (' * 100}SELECT a FROM 표{')' * 100}", False),
    ],
)
def test_a_deep_statement_does_not_hide_what_is_wrong_with_others(session, query, is_told):
    cell = f"SELECT 하나 FROM 표;\n{query};\nSELECT 둘 FROM 표"
    document = Document(cell, session.catalog)
    messages = [found.message for found in diagnose(document)]
    assert [messages[0], messages[-1]] == ["no column named 하나", "no column named 둘"]
    assert ["nested" in message for message in messages[1:-1]] == [True] * is_told
    middle = len(cell) // 2
    complete(document, middle)
    hover(document, middle)
    assert completeness(cell) == ("invalid" if query == nested(100) else "complete")


@pytest.mark.parametrize(
    "cell",
    [
        "PIVOT (FROM range(10000000000) t(x)) ON x USING count(*)",
        "SELECT * FROM (PIVOT (FROM range(10000000000) t(x)) ON x USING count(*))",
    ],
)
def test_what_takes_long_before_it_runs_can_be_stopped(session, cell):
    asked = itertools.count()
    with pytest.raises(Interrupted):
        session.run(cell, emit=lambda result: None, cancelled=lambda: next(asked) > 20)
    assert ran(session, "SELECT 1 AS one") == [{"one": 1}]


def doubled(columns, levels):
    query = "SELECT 1 AS a"
    for _ in range(levels):
        query = f"SELECT {columns} FROM ({query}) q"
    return query


@pytest.mark.parametrize(
    "query",
    [
        doubled("{'x': a, 'y': a} AS a", 40),
        doubled("row(a, a) AS a", 40),
        doubled("q.*, q.*", 40),
        "WITH c0 AS (SELECT 1 AS x)"
        + "".join(f", c{i + 1} AS (SELECT {{'a': x, 'b': x}} AS x FROM c{i})" for i in range(40))
        + " SELECT * FROM c40",
        f"SELECT 1 AS a0, {', '.join(f'a{i} + a{i} AS a{i + 1}' for i in range(40))}",
    ],
)
def test_what_doubles_itself_is_refused_before_it_is_written_out(session, query):
    with pytest.raises(Unsupported) as caught:
        session.run(query, emit=print)
    assert caught.value.code == "TS600"
    assert caught.value.hint
    assert ran(session, "SELECT a FROM 표") == [{"a": 2}]


def test_columns_that_double_from_table_to_table_are_refused_in_the_end(session):
    session.run("CREATE OR REPLACE TABLE 큰 AS SELECT {'x': a, 'y': a} AS a FROM 표", emit=print)
    with pytest.raises(Unsupported, match="written out"):
        session.run(
            doubled("{'x': a, 'y': a} AS a", 15).replace("SELECT 1 AS a", "SELECT a FROM 큰"), emit=print
        )


@pytest.mark.parametrize(
    ("query", "value"),
    [
        (doubled("{'x': a, 'y': a} AS a", 6) + " WHERE 1 = 0 UNION ALL BY NAME SELECT 7 AS n", 7),
        (f"SELECT count(*) AS n FROM ({doubled('q.*, q.*', 9)})", 1),
        (f"SELECT (a IN ({', '.join(map(str, range(2_000)))}))::INT AS n FROM 표", 1),
        (f"SELECT {'(SELECT ' * 25}a{')' * 25} AS n, {', '.join(['a'] * 20)} FROM 표", 2),
    ],
)
def test_what_is_long_but_does_not_grow_runs(session, query, value, monkeypatch):
    monkeypatch.setattr(evaluate, "_MOST_WRITTEN_OUT", 1_000)
    assert ran(session, query)[-1]["n"] == value
