"""The photo widget and the engine: what can be searched again, glances and stored rows."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from browser_cases import WAIT_S

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ParseError, ThanoSQLError


@pytest.fixture
def engine(tmp_path):
    opened = Session(tmp_path / "db", working_folder=tmp_path)
    yield opened
    opened.close()


def run(session, text):
    results = []
    session.run(text, emit=results.append)
    return results[-1]


SEARCH = (
    "-- a comment\nSELECT 1; PRINT IMAGE OPTIONS(format='widget', limit=7) INTO 고른것 AS SELECT * FROM "
    "(SEARCH IMAGE text='빨간 사과' USING mini AS SELECT * FROM photos) WHERE image_path <> ';'"
)


def test_the_words_of_a_search_are_found_in_the_statement(engine):
    from thanosql_kernel.statements.cell import parse_cell
    from thanosql_kernel.statements.print_media import find_search_box

    box = find_search_box(parse_cell(SEARCH)[1])
    assert box.text == "빨간 사과"
    assert box.before.startswith("PRINT IMAGE")
    assert parse_cell(box.statement("it's"))[0].query.nested[0].statement.search_inputs()[0].value == "it's"


@pytest.mark.parametrize(
    "search",
    [
        "SEARCH IMAGE image='a.jpg' USING mini AS SELECT * FROM photos",
        "SEARCH IMAGE texts=['a', 'b'] USING mini AS SELECT * FROM photos",
        "SEARCH IMAGE text='a' USING mini OPTIONS(table_name='t') AS SELECT * FROM photos",
        "SEARCH IMAGE text='a' USING mini AS (CONVERT USING mini OPTIONS(table_name='v') AS SELECT * FROM t)",
        "SEARCH IMAGE text='a' USING mini AS SELECT * FROM _",
        "SEARCH IMAGE text='a' USING mini AS SELECT * FROM photos WHERE n IN (SELECT n FROM _3)",
    ],
)
def test_other_searches_have_no_box(search):
    from thanosql_kernel.statements.cell import parse_cell
    from thanosql_kernel.statements.print_media import find_search_box

    assert find_search_box(parse_cell(f"PRINT IMAGE AS ({search})")[0]) is None


def test_a_widget_browses_more_rows_than_a_grid_shows(engine):
    result = run(
        engine, "PRINT IMAGE OPTIONS(format='widget') AS SELECT range || '.png' AS image_path FROM range(300)"
    )
    assert len(result.items) == result.browsing.rows.num_rows == 300


def test_stored_rows_are_a_table_and_glances_leave_nothing_behind(engine):
    run(engine, "CREATE TABLE t AS SELECT 'a.png' AS image_path, [1.0, 2.0]::FLOAT[2] AS v")
    kept = run(engine, "SELECT 5 AS five")
    result = engine.glance("PRINT IMAGE OPTIONS(format='widget') AS SELECT * FROM t")
    assert engine.store("고른 것", result.browsing.rows, result.browsing.columns, replace=False) == 1
    assert run(engine, 'SELECT * FROM "고른 것"').rows.to_pylist() == [
        {"image_path": "a.png", "v": [1.0, 2.0]}
    ]
    assert run(engine, "SELECT 5 AS five").rows == kept.rows


def test_rows_that_must_not_replace_a_table_leave_it_alone(engine):
    run(engine, "CREATE TABLE 사진 AS SELECT 'a.png' AS image_path, 1 AS n")
    result = engine.glance("PRINT IMAGE OPTIONS(format='widget') AS SELECT image_path FROM 사진")
    with pytest.raises(ThanoSQLError) as caught:
        engine.store("사진", result.browsing.rows, result.browsing.columns, replace=False)
    assert caught.value.code == "TS204"
    assert run(engine, "SELECT * FROM 사진").rows.column_names == ["image_path", "n"]


def test_a_glance_needs_no_turn(engine):
    run(engine, "CREATE TABLE t AS SELECT 'a.png' AS image_path")
    found = []
    with engine._turn_taken(lambda: False):
        thread = threading.Thread(
            target=lambda: found.append(engine.glance("PRINT IMAGE AS SELECT * FROM t").total)
        )
        thread.start()
        thread.join(WAIT_S)
    assert found == [1]


def test_a_bug_in_a_glance_is_logged_and_told_in_a_line(engine, monkeypatch):
    monkeypatch.setattr("thanosql_kernel.engine.session.parse_statement", lambda text: 1 / 0)
    with pytest.raises(ThanoSQLError) as caught:
        engine.glance("PRINT IMAGE AS SELECT 1")
    assert caught.value.code == "TS900"


def test_into_needs_the_widget(engine):
    with pytest.raises(ParseError, match="INTO stores what is chosen in a widget"):
        run(engine, "PRINT IMAGE INTO t AS SELECT 'a.png' AS image_path")
