"""What statements say, said in Korean: no English sentence is left in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.statements.answers import ANSWERS
from thanosql_kernel.statements.convert import tell_embedded
from thanosql_kernel.statements.help_page import page, page_markdown
from thanosql_kernel.statements.registry import statement_types
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.statement import Statement
from thanosql_kernel.statements.vectors import EmbedReport
from thanosql_kernel.wording import set_language

_QUOTED_OR_CODE = re.compile(r"```.*?```|`[^`]*`|'[^']*'|\"[^\"]*\"", re.DOTALL)
_ENGLISH = re.compile(r"\b[a-z]{3,} [a-z]{3,}\b")


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language("en")


def assert_korean(text: str) -> None:
    assert re.search("[가-힣]", text), text
    assert not _ENGLISH.search(_QUOTED_OR_CODE.sub("", text)), text


def opened(folder: Path) -> Session:
    """A table of two photos, the first of them there, and a view of it."""
    (folder / "photos").mkdir()
    for name in ("red.png", "photos/red.png"):
        Image.new("RGB", (40, 30), "red").save(folder / name)
    (folder / "t.csv").write_text("image_path,n\nred.png,1\nmissing.png,2\n", encoding="utf-8")
    session = Session(folder / "db", working_folder=folder)
    session.run("COPY t FROM 't.csv'; CREATE VIEW v AS SELECT * FROM t", emit=lambda result: None)
    return session


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One for all that is refused."""
    session = opened(tmp_path_factory.mktemp("refused"))
    yield session
    session.close()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = opened(tmp_path)
    yield session
    session.close()


def error_of(session: Session, cell: str) -> ThanoSQLError:
    with pytest.raises(ThanoSQLError) as caught:
        session.run(cell, emit=lambda result: None)
    return caught.value


def run(session: Session, cell: str) -> list[str]:
    """What the statements of a cell answer, and tell beside it."""
    results = []
    session.run(cell, emit=results.append)
    texts = [result.text for result in results if isinstance(result, Message)]
    return [*texts, *(notice for result in results for notice in result.notices)]


# -- help ----------------------------------------------------------------------------------------------------
PAGES = [kind for kind in statement_types() if kind.syntax]


@pytest.mark.parametrize("kind", PAGES, ids=[kind.__name__ for kind in PAGES])
def test_a_help_page_is_korean_but_for_the_statement_itself(kind: type[Statement]):
    assert_korean(page_markdown(kind))
    assert_korean(page(kind).replace(kind.syntax, "").replace(kind.example, ""))


def test_help_lists_the_statements_in_korean(session: Session):
    (overview,) = run(session, "HELP")
    assert all(str(kind.help) in overview for kind in PAGES if kind.is_supported())


@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
def test_what_there_is_instead_of_a_statement_is_korean(words: tuple[str, ...]):
    assert_korean(str(ANSWERS[words]))


# -- errors --------------------------------------------------------------------------------------------------
WRONG = """
COPY t OPTIONS(overwrite=True, if_exists='append') FROM 'x.csv'
COPY u FROM variable
COPY [table] FROM 'x.csv'
COPY u OPTIONS(overwrit=True) FROM 'x.csv'
COPY u OPTIONS(zzzzzz=True) FROM 'x.csv'
COPY u OPTIONS(overwrite=1) FROM 'x.csv'
COPY u OPTIONS(if_exists='zzzzzz') FROM 'x.csv'
CONVERT USING mini OPTIONS(batch_size=0) AS SELECT * FROM t
CONVERT USING mini OPTIONS(batch_size='many') AS SELECT * FROM t
CONVERT USING mini OPTIONS(image_col=1) AS SELECT * FROM t
CONVERT USING mini OPTIONS(image_col='image_path', image_col='image_path') AS SELECT * FROM t
CONVERT USING mini OPTIONS(image_col='image_path' table_name='u') AS SELECT * FROM t
CONVERT USING mini OPTIONS(audio_col='image_path') AS SELECT * FROM t
CREATE TABLE u USING mini OPTIONS(data_type='video') FROM 'photos'
CREATE TABLE u USING mini OPTIONS(file_type=['.']) FROM 'photos'
CREATE TABLE u USING mini OPTIONS(path_type='file') FROM 'photos/zzz.jpg'
SEARCH KEYWORD USING mini OPTIONS(text_col='image_path', ngram_range=[2, 1]) AS SELECT * FROM t
FUNCTION compute.similarity AS SELECT * FROM t
FUNCTION compute.groupby_emb_mean OPTIONS(label_col='n', emb_col='n') AS SELECT * FROM t
CREATE TABLE u LIKE t
CREATE TABLE u (a BIGINT, b)
CREATE TABLE u (a BIGINT PRIMARY KEY)
CREATE TABLE u (a BIGINT NOT NULL)
CREATE TABLE u (a BIGINT CHECK (a > 1))
CREATE TABLE u (a BIGINT DEFAULT 1)
CREATE TABLE u (a BIGINT COLLATE nocase)
CREATE TABLE u (a BIGINT AS (1))
CREATE TABLE u (a BIGINT, a BIGINT)
CREATE TABLE u (a BIGINT 3)
CREATE TABLE u (a, b) AS SELECT 1 AS a
CREATE TEMP TABLE u AS SELECT 1 AS a
CREATE TEMP VIEW w AS SELECT 1 AS a
CREATE MATERIALIZED VIEW w AS SELECT 1 AS a
CREATE VIEW w (a, b) AS SELECT 1 AS a
CREATE VIEW w AS SELECT * FROM t WHERE n = $n
CREATE VIEW w AS SELECT * FROM _9
DROP TABLE t, u
ALTER TABLE t ADD COLUMN n BIGINT
ALTER TABLE t RENAME COLUMN image_path TO n
ALTER TABLE t ALTER COLUMN n SET NOT NULL
INSERT OR REPLACE INTO t VALUES ('a', 1)
INSERT OR IGNORE INTO t VALUES ('a', 1)
INSERT INTO t (n, n) VALUES (1, 2)
INSERT INTO t VALUES (1)
INSERT INTO t VALUES ('a', 1) ON CONFLICT DO NOTHING
INSERT INTO t VALUES ('a', 1) ON CONFLICT (n) WHERE n > 1 DO NOTHING
INSERT INTO t (n) BY NAME SELECT 1 AS n
INSERT INTO t (n) DEFAULT VALUES
UPDATE t SET n = 1, n = 2
UPDATE t SET (n, image_path) = (1)
EXPORT t TO file
EXPORT t TO 's3://bucket/t.csv'
EXPORT t TO 't.pdf'
GET THANOSQL MODEL zzzzzz
GET THANOSQL MODEL mini OPTIONS(model_name='a') AS b
GET THANOSQL MODEL clip AS mini
HELP ZZZZZZ
BUILD MODEL m USING mini AS SELECT * FROM t
EVALUATE USING mini AS SELECT * FROM t
GENERATE USING mini AS SELECT * FROM t
FUNCTION module.name AS SELECT * FROM t
ZZZZZZ t
#1 note
WITH a AS (SELECT 1) DELETE MODEL mini
BEGIN
PRAGMA threads
""".strip().splitlines()


@pytest.mark.parametrize("cell", WRONG)
def test_an_error_is_korean_with_its_hint_and_fixes(unchanged: Session, cell: str):
    error = error_of(unchanged, cell)
    for text in (error.message, *(fix.title for fix in error.fixes)):
        assert_korean(text)
    if error.hint is not None and not error.hint.startswith(("TO ", "CREATE TABLE u AS")):
        assert_korean(error.hint)


@pytest.mark.parametrize(
    "cell",
    [
        "ALTER TABLE v RENAME TO w",
        "ALTER TABLE v DROP COLUMN n",
        "ALTER VIEW t RENAME TO w",
        "CREATE TABLE t AS SELECT 1 AS a",
        "CREATE VIEW v AS SELECT 1 AS a",
        "COPY t FROM 't.csv'",
        "COPY t OPTIONS(if_exists='fail') FROM 't.csv'",
        "DROP TABLE v",
        "DROP VIEW t",
    ],
)
def test_what_to_do_about_a_name_that_is_taken_is_korean(unchanged: Session, cell: str):
    assert_korean(error_of(unchanged, cell).hint or "")


def test_text_beside_magic_lines_is_refused_in_korean(unchanged: Session):
    error = error_of(unchanged, "%load_ext thanosql\nsome free text")
    assert_korean(error.message)
    assert_korean(error.hint or "")


# -- answers -------------------------------------------------------------------------------------------------
DONE = """
COPY u FROM 't.csv'
COPY t OPTIONS(if_exists='append') FROM 't.csv'
COPY photos OPTIONS(if_exists='refresh') FROM 'photos'
CREATE TABLE u AS SELECT * FROM t
CREATE TABLE u (a BIGINT, b VARCHAR)
CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a
CREATE TABLE IF NOT EXISTS v AS SELECT 1 AS a
CREATE VIEW w AS SELECT * FROM t
CREATE VIEW IF NOT EXISTS v AS SELECT 1 AS a
DROP TABLE t
DROP TABLE IF EXISTS u
DROP VIEW v
DROP VIEW IF EXISTS w
ALTER TABLE t RENAME TO u
ALTER TABLE IF EXISTS u RENAME TO w
ALTER TABLE t RENAME COLUMN n TO m
ALTER TABLE t ADD COLUMN m BIGINT
ALTER TABLE t ADD COLUMN m BIGINT DEFAULT 1
ALTER TABLE t ADD COLUMN IF NOT EXISTS n BIGINT
ALTER TABLE t DROP COLUMN n
ALTER TABLE t DROP COLUMN IF EXISTS m
ALTER TABLE t ALTER COLUMN n TYPE VARCHAR
ALTER VIEW v RENAME TO w
INSERT INTO t VALUES ('a', 1)
INSERT INTO t VALUES ('a', 1) ON CONFLICT (n) DO UPDATE SET image_path = excluded.image_path
DELETE FROM t WHERE n = 1
EXPORT t TO 'u.csv'
""".strip().splitlines()


@pytest.mark.parametrize("cell", DONE)
def test_an_answer_is_korean(session: Session, cell: str):
    for text in run(session, cell):
        assert_korean(text)


def test_numbers_stand_in_korean_sentences(session: Session):
    [told] = run(session, "COPY u FROM 't.csv'")
    assert told.splitlines()[0] == "u 테이블에 2행, 컬럼 2개를 저장했습니다"


def test_what_a_model_made_is_told_in_korean(session: Session):
    cell = "CONVERT USING mini OPTIONS(image_col='image_path') AS SELECT * FROM {} WHERE n = 1"
    for rows in ("t", "v"):
        *_, stored = run(session, cell.format(rows))
        assert_korean(stored)
    results = []
    session.run(
        "CREATE TABLE u AS SELECT * FROM t WHERE n = 1; CONVERT USING mini AS SELECT * FROM u; DESCRIBE u",
        emit=results.append,
    )
    assert_korean(results[-1].rows["made_by"].to_pylist()[-1])


class _Told(list[str]):
    notice = list.append


@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_was_embedded_is_told_in_korean(count: int):
    told = _Told()
    failures = (("a.png", "손상된 파일"),) * min(count, 1)
    tell_embedded(told, EmbedReport(9, 3, count, count, failures, 1.0, count), "image")  # type: ignore[arg-type]
    assert len(told) == (1 if count == 0 else 3)
    for text in told:
        assert_korean(text)
