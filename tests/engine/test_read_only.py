"""What a widget asks for reads and changes nothing: refused by what it would do, not by its words."""

from __future__ import annotations

import pytest
from PIL import Image

from thanosql_kernel.engine.read_only import READS, ReadOnlyRuntime, asked, refused
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Unsupported
from thanosql_kernel.statements.runtime import Runtime


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("사진")
    for number in range(3):
        Image.new("RGB", (64, 48), (80 * number, 0, 0)).save(folder / f"{number}.png")
    (folder / "글.csv").write_text("a\n1\n")
    opened = Session(folder / "db", working_folder=folder)
    opened.run("CREATE TABLE 사진 AS SELECT i || '.png' AS image_path, i FROM range(3) r(i)", emit=print)
    opened.run("CONVERT USING mini OPTIONS(table_name='v') AS SELECT * FROM 사진", emit=print)
    search = "SEARCH IMAGE text='빨강' USING mini OPTIONS(result_col='s') AS SELECT * FROM v"
    opened.run(f"CREATE VIEW 보기 AS {search}", emit=print)
    yield opened
    opened.close()


def state(session):
    """All that a statement could have changed."""
    folder = session.working_folder
    files = {
        path: path.stat().st_mtime_ns for path in folder.rglob("*") if not path.is_relative_to(folder / "db")
    }
    versions = session.database.tables.store.versions()
    tables = {name: version for name, version in versions.items() if not name.startswith("_thanosql")}
    return files, session.catalog, tables, dict(session.settings)


NESTED_CONVERT = "(CONVERT USING mini OPTIONS(table_name='v') AS SELECT * FROM 사진 LIMIT 1)"
SEARCH = "SEARCH IMAGE text='빨강' USING mini"


@pytest.mark.parametrize(
    "text",
    [
        f"{SEARCH} AS {NESTED_CONVERT}",
        f"PRINT IMAGE OPTIONS(format='widget') AS SELECT * FROM ({SEARCH} AS {NESTED_CONVERT})",
        f"SELECT count(*) FROM 사진 WHERE i IN (SELECT i FROM {NESTED_CONVERT})",
        f"{SEARCH} OPTIONS(table_name='v') AS SELECT * FROM v",
        f"SELECT * FROM ({SEARCH} OPTIONS(table_name='새표') AS SELECT * FROM v)",
        NESTED_CONVERT[1:-1],
        "CONVERT USING mini AS SELECT * FROM 사진",
        "COPY 새표 FROM '글.csv'",
        "COPY 사진 OPTIONS(if_exists='append') FROM '.'",
        "CREATE TABLE 새표 AS SELECT 1 AS n",
        "CREATE OR REPLACE TABLE v AS SELECT 1 AS n",
        "INSERT INTO 사진 SELECT 'x.png', 7",
        "DELETE FROM v",
        "UPDATE 사진 SET i = 0",
        "DROP TABLE v",
        "ALTER TABLE v RENAME TO w",
        "ALTER TABLE 사진 ADD COLUMN n INTEGER",
        "ALTER TABLE 사진 DROP COLUMN i",
        "ALTER TABLE 사진 RENAME COLUMN i TO j",
        "CREATE VIEW 새보기 AS SELECT 1 AS n",
        "CREATE OR REPLACE VIEW 보기 AS SELECT 1 AS n",
        "DROP VIEW 보기",
        "ALTER VIEW 보기 RENAME TO w",
        "DELETE MODEL mini",
        "GET THANOSQL MODEL mini AS 내모델",
        "SET display.rows = 3",
        "EXPORT 사진 TO '밖.csv'",
    ],
)
def test_what_would_change_something_is_refused_and_changes_nothing(session, text):
    before = state(session)
    with pytest.raises(Unsupported) as refusal:
        session.glance(text)
    assert refusal.value.code == "TS603"
    assert state(session) == before


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (f"{SEARCH} AS SELECT * FROM v", 3),
        (f"{SEARCH} AS (CONVERT USING mini AS SELECT * FROM 사진 LIMIT 2)", 2),
        (f"PRINT IMAGE OPTIONS(format='widget') AS ({SEARCH} AS SELECT * FROM v)", 3),
        ("DESCRIBE 사진", 2),
        ("SELECT i, s FROM 보기", 3),
        ("DESCRIBE 보기", 4),
        ("SHOW VIEWS", 1),
    ],
)
def test_what_reads_is_answered(session, text, rows):
    before = state(session)
    assert session.glance(text).total == rows
    assert state(session) == before


def test_whatever_statements_may_ask_of_the_engine_either_reads_or_is_refused():
    assert asked() > READS
    assert {name for name in dir(Runtime) if not name.startswith("_")} == asked()
    assert {"changes", "restore_table", "vacuum", "export", "read_source", "set_setting"} <= refused()
    assert {"train", "export_model", "adopt_model"} <= refused()
    for name in refused():
        refusal = getattr(ReadOnlyRuntime, name)
        with pytest.raises(Unsupported):
            (refusal.fget if isinstance(refusal, property) else refusal)(None)
