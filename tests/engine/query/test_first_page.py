"""The first page of a million rows: nothing is fetched that is not shown."""

from __future__ import annotations

import pytest

from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.engine.relations.stored import StoredRelation

ROWS = 1_000_000
SHOWN = 20


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    from thanosql_kernel.engine.session import Session

    folder = tmp_path_factory.mktemp("million")
    opened = Session(folder / "db", working_folder=folder)
    opened.run(
        f"CREATE TABLE big AS SELECT range AS n, 'photo ' || range AS name, [range, 1.0]::FLOAT[2] AS v FROM range({ROWS})",
        emit=lambda result: None,
    )
    yield opened
    opened.close()


@pytest.fixture
def fetched(monkeypatch):
    """How many rows left the database, read by read; reading a stream of them is not allowed."""
    counts = []

    def counted(owner, name):
        real = getattr(owner, name)

        def count(self, *arguments, **options):
            rows = real(self, *arguments, **options)
            counts.append(rows.num_rows)
            return rows

        monkeypatch.setattr(owner, name, count)

    def refuse(self, *arguments, **options):
        raise AssertionError("a stream of rows was opened")

    counted(Duck, "table")
    counted(StoredRelation, "fetch")
    counted(StoredRelation, "take")
    monkeypatch.setattr(Duck, "reader", refuse)
    monkeypatch.setattr(StoredRelation, "batches", refuse)
    return counts


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("SELECT * FROM big", ROWS),
        ("SELECT n, v FROM big", ROWS),
        ("SELECT n * 2 AS twice, name FROM big", ROWS),
        ("SELECT * FROM big WHERE n % 2 = 0", ROWS // 2),
        ("SELECT * FROM big ORDER BY n DESC", ROWS),
        ("SELECT * FROM big LIMIT 500000", 500_000),
        ("WITH few AS (SELECT * FROM big WHERE n >= 10) SELECT * FROM few", ROWS - 10),
        ("SELECT name, count(*) AS c FROM big GROUP BY name", ROWS),
    ],
)
def test_a_select_fetches_no_more_than_it_shows(session, fetched, query, total):
    results = []
    session.run(query, emit=results.append)
    assert (results[0].rows.num_rows, results[0].total) == (SHOWN, total)
    # At most: the positions of the rows, the rows there (twice), and how many there are in all.
    assert max(fetched) == SHOWN
    assert sum(fetched) <= 3 * SHOWN + 1


def test_a_page_of_pictures_fetches_no_more_than_it_shows(session, fetched):
    results = []
    session.run("PRINT IMAGE OPTIONS(limit=7) AS SELECT name AS image_path, n FROM big", emit=results.append)
    assert (len(results[0].items), results[0].total) == (7, ROWS)
    assert sum(fetched) <= 7 + 1
