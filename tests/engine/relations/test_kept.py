"""Results of earlier cells: ``_`` and ``_3`` are the rows as they were shown."""

from __future__ import annotations

import pyarrow as pa
import pytest
from PIL import Image

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations import results as kept
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.store.names import storage_name


def numbers(world, cell):
    return [row["id"] for row in world.rows(cell)]


def test_the_last_result_is_underscore(photos):
    photos.run("SELECT id FROM t WHERE label = 'cat'")
    assert numbers(photos, "SELECT * FROM _") == [1, 3]
    assert numbers(photos, "SELECT id + 10 AS id FROM _ WHERE id > 1") == [13]
    assert numbers(photos, "FROM _") == [13]


def test_a_cell_without_rows_leaves_the_last_result(photos):
    photos.run("SELECT id FROM t LIMIT 2")
    photos.run("CREATE TABLE other AS SELECT 7 AS id")
    assert numbers(photos, "SELECT id FROM _") == [1, 2]


def test_later_statements_of_a_cell_see_the_results_of_earlier_ones(photos):
    assert numbers(photos, "SELECT id FROM t LIMIT 3; SELECT max(id) AS id FROM _") == [3]


def test_numbered_results_stay_when_others_follow(photos):
    photos.run("SELECT id FROM t WHERE id > 4", number=3)
    photos.run("SELECT id FROM t WHERE id < 3", number=4)
    assert numbers(photos, "SELECT * FROM _3 UNION ALL SELECT * FROM _4") == [5, 6, 1, 2]
    assert numbers(photos, "SELECT a.id FROM t a JOIN _3 b ON a.id = b.id ORDER BY a.id") == [5, 6]


def test_a_cell_run_again_replaces_its_result(photos):
    photos.run("SELECT 1 AS id; SELECT 2 AS id", number=3)
    assert numbers(photos, "SELECT * FROM _3") == [2]
    photos.run("SELECT 5 AS id", number=3)
    assert numbers(photos, "SELECT * FROM _3") == [5]


def test_a_cell_that_asks_not_to_be_kept_leaves_no_trace(photos):
    photos.run("SELECT 1 AS id")
    photos.run("SELECT 2 AS id", number=9, keep=False)
    assert numbers(photos, "SELECT * FROM _") == [1]
    assert photos.marked("SELECT * FROM _9") == ("TS208", "_9")


def test_an_unknown_number_is_told_with_those_there_are(photos):
    assert photos.fail("SELECT * FROM _7").hint == "a statement that shows rows comes first"
    photos.run("SELECT 1 AS id", number=2)
    photos.run("SELECT 1 AS id", number=5)
    error = photos.fail("SELECT id\nFROM _7 AS q")
    assert (error.code, error.message, error.hint) == ("TS208", "no result _7 is kept", "there are _, _5, _2")
    assert photos.marked("SELECT id\nFROM _7 AS q") == ("TS208", "_7")


def test_a_table_a_cte_and_a_lambda_win_over_results(photos):
    photos.run("SELECT 1 AS id", number=3)
    assert numbers(photos, "WITH _ AS (SELECT 42 AS id) SELECT * FROM _") == [42]
    assert photos.rows("SELECT list_transform([1, 2], lambda _: _ + 1) AS l") == [{"l": [2, 3]}]
    photos.run('CREATE TABLE "_3" AS SELECT 77 AS id')
    assert numbers(photos, "SELECT * FROM _3") == [77]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM t",
        "SELECT id, v FROM t WHERE id > 1",
        "SELECT id FROM t ORDER BY score DESC NULLS LAST",
        "SELECT label, count(*) AS id FROM t GROUP BY ALL ORDER BY ALL",
        "WITH c AS (FROM t) SELECT id FROM c",
        "PIVOT t ON label USING count(*) GROUP BY id ORDER BY id",
    ],
)
def test_results_longer_than_what_is_shown_are_whole(photos, query):
    expected = photos.rows(query)
    photos.run("SET display.rows = 1")
    photos.run(query)
    photos.run("SET display.rows = 20")
    assert photos.rows("SELECT * FROM _") == expected
    assert photos.rows("SELECT * FROM _ WHERE true") == expected
    assert photos.rows("SELECT count(*) AS n FROM _, _ AS other") == [{"n": len(expected) ** 2}]


def test_results_are_the_rows_of_then_when_the_table_changes(photos):
    photos.run("SET display.rows = 1")
    photos.run("SELECT * FROM t", number=1)
    photos.run("SELECT id FROM t WHERE score > 0.2", number=2)
    photos.run("DELETE FROM t WHERE id < 6; SET display.rows = 20")
    assert numbers(photos, "SELECT id FROM t") == [6]
    assert numbers(photos, "SELECT id FROM _1") == [1, 2, 3, 4, 5, 6]
    assert numbers(photos, "SELECT id FROM _2") == [1, 2, 4, 6]


def test_a_table_is_put_back_from_a_result(photos):
    photos.run("SET display.rows = 1; SELECT * FROM t")
    photos.run("DELETE FROM t")
    photos.run("CREATE OR REPLACE TABLE t AS SELECT * FROM _; SET display.rows = 20")
    assert numbers(photos, "SELECT id FROM t") == [1, 2, 3, 4, 5, 6]


def test_random_rows_are_the_ones_that_were_shown(photos):
    photos.run("SET display.rows = 1; SELECT random() AS r FROM t")
    first = photos.rows("SET display.rows = 20; SELECT * FROM _")
    assert len({row["r"] for row in first}) == 6
    assert photos.rows("SELECT * FROM _") == first


def test_a_result_whose_table_is_gone_says_so(photos):
    photos.run("SET display.rows = 1; SELECT * FROM t")
    photos.run("SELECT id FROM t WHERE id > 1", number=2)
    photos.run("DROP TABLE t")
    for cell in ("SELECT * FROM _", "SELECT id + 1 FROM _2", "EXPORT _2 TO 'x.csv'"):
        error = photos.fail(cell)
        assert error.code == "TS505", cell
        assert "run the statement that gave _" in error.hint


def test_an_error_in_rows_nobody_had_read_has_no_place_in_the_new_cell(photos):
    words = "SELECT CASE i WHEN 9000 THEN 'three' ELSE '1' END AS s FROM range(9999) r(i)"
    photos.run(f"SET display.rows = 1; SELECT s::INT AS n FROM ({words})")
    error = photos.fail("SELECT * FROM _ WHERE n > 0")
    assert (error.code, error.span) == ("TS505", None)
    assert "three" in error.message


def test_only_so_many_results_and_connections_are_kept(photos, monkeypatch):
    monkeypatch.setattr(kept, "MAX_RESULTS", 3)
    for number in range(1, 6):
        photos.run(f"SELECT {number} AS id", number=number)
    assert photos.session.results.names == ["_", "_5", "_4", "_3"]
    monkeypatch.setattr(kept, "MAX_CONNECTIONS", 1)
    photos.run("SET display.rows = 1")
    photos.run("SELECT id FROM t WHERE id > 1", number=6)
    photos.run("SELECT id FROM t WHERE id > 2", number=7)
    assert photos.session.results.names == ["_", "_7"]


def test_a_result_too_large_to_keep_is_told(photos, monkeypatch):
    monkeypatch.setattr(kept, "MAX_BYTES", 10)
    photos.run("SELECT id FROM t")
    error = photos.fail("SELECT * FROM _")
    assert (error.code, error.hint) == (
        "TS208",
        "the last one is too large to keep: CREATE TABLE t AS … stores it",
    )


def test_listings_and_pictures_are_results_too(photos):
    Image.new("RGB", (8, 8)).save(photos.folder / "p0.png")
    photos.run("LIST TABLE")
    assert {row["name"] for row in photos.rows("SELECT name FROM _")} == {"t", "사진", "empty"}
    photos.run("PRINT IMAGE OPTIONS(image_col='path', limit=1) AS SELECT path FROM t WHERE id < 3")
    assert photos.rows("SELECT * FROM _") == [{"path": "p0.jpg"}, {"path": "p1.jpg"}]
    photos.run("SELECT 1 AS id")


def test_export_takes_a_result_or_a_table_by_its_name(photos):
    photos.run("SELECT id, label FROM t WHERE id < 3", number=1)
    photos.run("EXPORT _ TO 'a.json'; EXPORT _1 TO 'b.json'; EXPORT 사진 TO 'c.json'")
    assert (photos.folder / "a.json").read_text() == (photos.folder / "b.json").read_text()
    assert "고양이" in (photos.folder / "c.json").read_text(encoding="utf-8")
    assert photos.marked("EXPORT nothing TO 'd.json'") == ("TS201", "nothing")
    assert photos.marked("EXPORT _8 TO 'd.json'") == ("TS208", "_8")


def test_results_feed_other_statements(photos):
    photos.run("SET display.rows = 2; SELECT * FROM t WHERE id > 1")
    photos.run("CREATE TABLE piece AS SELECT * FROM _")
    assert numbers(photos, "SET display.rows = 20; SELECT id FROM piece") == [2, 3, 4, 5, 6]
    photos.run("SELECT 9 AS id; INSERT INTO piece (id) SELECT id FROM _")
    assert numbers(photos, "SELECT id FROM piece") == [2, 3, 4, 5, 6, 9]
    assert photos.session.catalog.table("piece").column("v").type == "FLOAT[4]"


def test_closing_forgets_results(world):
    world.run("SELECT 1 AS id", number=1)
    world.session.close()
    assert world.session.results.names == []


def test_statements_that_change_tables_read_results_too(photos):
    photos.run("SELECT id FROM t WHERE label = 'cat'")
    photos.run("UPDATE t SET label = 'lion' WHERE id IN (SELECT id FROM _)")
    photos.run("DELETE FROM t WHERE id NOT IN (SELECT id FROM _)")
    assert photos.rows("SELECT DISTINCT label FROM t") == [{"label": "lion"}]
    assert photos.marked("DELETE FROM t WHERE id IN (SELECT id FROM _7)") == ("TS208", "_7")
    assert numbers(photos, "SELECT id FROM t") == [1, 3]


# -- results and what becomes of the tables that they are read from -----------------------------------------------------


def test_a_result_never_gives_the_rows_of_another_table_of_that_name(photos):
    photos.run("SET display.rows = 1; SELECT * FROM t", number=1)
    photos.run("SELECT id FROM t WHERE id > 1", number=2)
    photos.run("SELECT id + 1 AS id FROM _1", number=3)
    other = pa.table({"id": [10, 20, 30], "label": ["가", "나", "다"]})
    photos.run("DROP TABLE t")
    photos.put("t", other)
    for name in ("_1", "_2", "_3"):
        for cell in (f"SELECT * FROM {name}", f"SELECT count(*) FROM {name}", f"EXPORT {name} TO 'x.csv'"):
            error = photos.fail(cell)
            assert error.code == "TS505", cell
            assert error.hint == f"run the statement that gave {name} again"


def test_a_result_never_gives_the_rows_of_a_table_that_swapped_names_with_its_own(photos):
    photos.put("u", pa.table({"id": [7, 8, 9, 10, 11, 12], "label": ["x"] * 6}))
    photos.run("SET display.rows = 1; SELECT id FROM t", number=1)
    photos.run("ALTER TABLE t RENAME TO c; ALTER TABLE u RENAME TO t; ALTER TABLE c RENAME TO u")
    assert photos.fail("SELECT * FROM _1").code == "TS505"
    photos.run("ALTER TABLE t RENAME TO c; ALTER TABLE u RENAME TO t; ALTER TABLE c RENAME TO u")
    assert numbers(photos, "SET display.rows = 20; SELECT * FROM _1") == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE t SET id = id + 100",
        "DELETE FROM t",
        "INSERT INTO t (id) VALUES (7)",
        "ALTER TABLE t DROP COLUMN label",
        "ALTER TABLE t RENAME COLUMN id TO number",
        "CREATE OR REPLACE TABLE t AS SELECT 77 AS id",
        "DELETE FROM t WHERE id < 3; UPDATE t SET id = id + 100; VACUUM t; VACUUM",
    ],
)
def test_a_result_that_nobody_had_read_is_that_of_then(photos, change):
    photos.run("SET display.rows = 1; SELECT * FROM t", number=1)
    photos.run("SELECT id, label FROM t WHERE id > 3 ORDER BY score DESC", number=2)
    then = [photos.rows(f"SET display.rows = 20; SELECT * FROM {name}") for name in ("t", "_2")]
    photos.run("SET display.rows = 1; SELECT * FROM t", number=1)
    photos.run("SELECT id, label FROM t WHERE id > 3 ORDER BY score DESC", number=2)
    photos.run(change)
    assert [photos.rows(f"SET display.rows = 20; SELECT * FROM {name}") for name in ("_1", "_2")] == then


def test_a_statement_does_not_replace_a_table_that_it_has_not_read(photos, monkeypatch):
    """While a statement runs, another kernel makes another table of that name, at the same version."""
    from thanosql_kernel.engine.query.writing import TableWriter

    other = pa.table({"id": [10, 20, 30]})
    photos.run("CREATE TABLE 여행 AS SELECT 1 AS id")
    write, made = TableWriter.store, []

    def overtaken(self, name, rows, **settings):
        if not made:
            made.append(name)
            photos.session.database.tables.store.drop(storage_name("여행"))
            photos.session.database.tables.store.append(storage_name("여행"), other)
        return write(self, name, rows, **settings)

    monkeypatch.setattr(TableWriter, "store", overtaken)
    photos.run("CREATE OR REPLACE TABLE 여행 AS SELECT id + 1 AS id FROM 여행")
    assert made == ["여행"]
    assert numbers(photos, "SELECT id FROM 여행") == [11, 21, 31]


# -- what results hold ------------------------------------------------------------------------------------------------


def held(photos):
    return photos.session.results.held_bytes


def test_rows_in_memory_are_counted_once_however_many_results_share_them(photos):
    photos.run("SELECT id, label FROM t", number=1)
    first = held(photos)
    assert first > 6 * 8
    photos.run("SELECT * FROM _1", number=2)
    photos.run("FROM _2", number=3)
    assert held(photos) == first


def test_a_piece_of_a_large_table_holds_all_of_it(photos):
    frame = pa.table({"n": range(100_000)})
    table = ArrowRelation(frame.slice(0, 1), [Column("n", "BIGINT")])
    assert table.held_bytes >= 800_000


@pytest.mark.parametrize(
    ("expression", "value_bytes"),
    [("repeat('가', 10000)", 30_000), ("repeat('x', 10000)::BLOB", 10_000), ("range(5000)", 5000)],
)
def test_long_values_of_rows_that_were_run_once_are_counted(photos, expression, value_bytes):
    photos.run("SET display.rows = 1")
    photos.run(f"SELECT random() AS r, {expression} AS d FROM range(50)")
    assert held(photos) >= 50 * value_bytes


def test_pictures_that_are_read_later_are_counted_and_forgotten_when_they_are_too_many(photos, monkeypatch):
    monkeypatch.setattr(kept, "MAX_BYTES", 1 << 20)
    photos.run("SET display.rows = 1")
    photos.run("SELECT i, repeat('x', 100000)::BLOB AS d FROM range(50) r(i)", number=1)
    photos.run("SELECT i FROM range(50) r(i)", number=2)
    assert photos.session.results.names == ["_", "_2", "_1"]
    photos.run("CREATE TABLE pictures AS SELECT * FROM _1 WHERE i >= 0")  # reads it into memory
    assert photos.session.results.names == ["_", "_2"]
    assert photos.fail("SELECT * FROM _1").hint == "it is too large to keep: CREATE TABLE t AS … stores it"


def test_a_result_too_large_to_keep_leaves_the_others(photos, monkeypatch):
    photos.run("SELECT 1 AS id", number=1)
    monkeypatch.setattr(kept, "MAX_BYTES", 10_000)
    photos.run("SET display.rows = 10000")
    photos.run("SELECT i FROM range(5000) r(i)", number=2)
    assert photos.session.results.names == ["_1"]
    assert numbers(photos, "SELECT id FROM _1") == [1]


def test_large_pictures_are_not_read_to_give_a_narrow_column(photos):
    photos.run("SET display.rows = 1")
    photos.run("SELECT i AS id, repeat('x', 10)::BLOB AS d FROM range(50) r(i)", number=1)
    before = held(photos)
    assert photos.session.results.find("_1").fetch(["id"]).num_rows == 50
    assert held(photos) == before
