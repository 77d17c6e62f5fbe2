"""What the engine's rooms say to people whose language is Korean: no English sentence is among it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.engine.conftest import World
from tests.engine.query.test_changed_vectors import facts, put_photos
from thanosql_kernel.engine.datasets.datasets import NAMES
from thanosql_kernel.engine.store.failures import storage_errors
from thanosql_kernel.engine.store.remote import unreachable
from thanosql_kernel.errors import DataError
from thanosql_kernel.wording import set_language

#: Two words of three letters and more in a row, outside of what is quoted: texts of other programs are in parentheses.
_SENTENCE = re.compile(r"(?<![A-Za-z'_.])[a-z]{3,} [a-z]{3,}\b")
_QUOTED = re.compile(r"'[^']*'|`[^`]*`|\([^()]*\)")


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language("en")


def is_korean(text: str | None) -> bool:
    return bool(text and re.search("[가-힣]", text)) and not _SENTENCE.search(_QUOTED.sub("", text or ""))


def write(world: World, name: str, content: bytes | str) -> None:
    path = world.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def shop(world: World) -> World:
    world.run("CREATE TABLE t AS SELECT range AS n, '가' AS s FROM range(3)")
    return world


# -- files -------------------------------------------------------------------------------------------------------
FILES: dict[str, bytes] = {
    "빈.csv": b"",
    "빈.xlsx": b"PK",
    "줄.csv": b"a,b\n1,2\n3\n",
    "머리.csv": b",,\n,,\n",
    "이진.csv": b"a\x01b,c\n1,2\n",
    "글자.csv": b"a,b\n\xff\xfe\xff,\x81\n",
    "끊김.json": b'[{"a": 1},',
    "나쁨.json": b'{"a": 1}\n{"a": nix nix}\n',
    "나쁨.csv.gz": b"\x1f\x8b nothing of that kind",
    "모형.pkl": b"x",
    "글.docx": b"x",
    "글": b"x",
    "빈폴더/.숨김": b"",
}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("nix.csv", "TS500"),
        ("nix/nix.csv", "TS500"),
        ("~nobody_at_all/x.csv", "TS500"),
        ("x" * 300 + ".csv", "TS500"),
        ("빈폴더", "TS500"),
        ("빈.csv", "TS501"),
        ("빈.xlsx", "TS501"),
        ("줄.csv", "TS501"),
        ("머리.csv", "TS501"),
        ("이진.csv", "TS501"),
        ("글자.csv", "TS501"),
        ("끊김.json", "TS501"),
        ("나쁨.json", "TS501"),
        ("나쁨.csv.gz", "TS501"),
        ("[{", "TS501"),
        ("모형.pkl", "TS601"),
        ("글.docx", "TS600"),
        ("글", "TS600"),
    ],
)
def test_a_file_that_cannot_be_read(world: World, path: str, code: str):
    for name, content in FILES.items():
        write(world, name, content)
    error = world.fail(f"COPY t FROM '{path}'")
    assert error.code == code
    assert is_korean(error.message)
    assert error.hint is None or is_korean(error.hint)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_a_pipe_is_no_file(world: World):
    os.mkfifo(world.folder / "관")
    error = world.fail("COPY t FROM '관'")
    assert is_korean(error.message)
    assert is_korean(error.hint)


def _cp949(world: World) -> None:
    write(world, "x.csv", "이름,값\n가,1\n".encode("cp949"))


def _dotted(world: World) -> None:
    write(world, "x.csv", "a.b,c\n1,2\n")


def _mixed(world: World) -> None:
    for name in ("x/1.png", "x/2.png", "x/3.mp3", "x/4.doc"):
        write(world, name, b"x")


def _sheets(world: World) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    for state in ("visible", "hidden"):
        sheet = book.create_sheet()
        sheet.append(["a"])
        sheet.sheet_state = state
    book.save(world.folder / "x.xlsx")


@pytest.mark.parametrize(
    ("made", "path"), [(_cp949, "x.csv"), (_dotted, "x.csv"), (_mixed, "x"), (_sheets, "x.xlsx")]
)
def test_what_copy_notes_beside_its_answer(world: World, made: Callable[[World], None], path: str):
    made(world)
    notices = world.run(f"COPY t FROM '{path}'")[-1].notices
    assert notices
    assert all(map(is_korean, notices))


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_files_whose_names_are_no_text_are_told(world: World):
    (world.folder / "x").mkdir()
    write(world, "x/1.png", b"x")
    for number in range(7):
        Path(os.fsdecode(os.fsencode(world.folder / "x") + b"/\xff%d.png" % number)).touch()
    notices = world.run("COPY t FROM 'x'")[-1].notices
    assert all(map(is_korean, notices))
    assert "외 2개" in notices[0]


def test_what_copy_leaves_out_of_a_folder(world: World):
    for name in (
        "1.jpg",
        "1.mov",
        "2.mov",
        "3.xmp",
        "4.svg",
        "5",
        ".6.jpg",
        "._7.jpg",
        "@eaDir/8.jpg",
        "9/x.jpg",
    ):
        write(world, f"x/{name}", b"x")
    (line, *_) = world.run("COPY t OPTIONS(recursive=False) FROM 'x'")[-1].notices
    assert is_korean(line)
    assert "@eaDir" in line
    assert all(word not in line for word in ("left", "out", "hidden", "more", "options", "in @"))


@pytest.mark.parametrize("name", ["titanic_data", "nix"])
def test_a_data_set_that_cannot_be_had(world: World, name: str):
    error = world.fail(f"GET THANOSQL DATASET {name}")
    assert error.code == "TS203"
    assert is_korean(error.message)
    assert is_korean(error.hint)


def test_data_sets_are_described():
    assert all(is_korean(str(told)) for told in NAMES.values())


@pytest.mark.parametrize(
    "target", ["있음.csv", "폴더/", "가" * 300 + ".csv"], ids=["there", "foreign folder", "too long"]
)
def test_a_file_that_cannot_be_written(shop: World, target: str):
    write(shop, "있음.csv", "x")
    write(shop, "폴더/x", "x")
    error = shop.fail(f"EXPORT SELECT * FROM t TO '{target}'")
    assert error.code == "TS504"
    assert is_korean(error.message)
    assert error.hint is None or is_korean(error.hint)


# -- queries and changes -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("UPDATE t SET n = 1.5", "TS301"),
        ("INSERT INTO t VALUES ('7.5', '가')", "TS301"),
        (f"SELECT {10**38}::HUGEINT AS n", "TS301"),
        ("INSERT INTO t VALUES (1, '가'), (1, '나') ON CONFLICT (n) DO UPDATE SET s = excluded.s", "TS301"),
        ("INSERT INTO t VALUES (1, '가') ON CONFLICT (s) DO UPDATE SET n = 1", "TS301"),
        ("UPDATE t SET n = o.n FROM (SELECT range AS n FROM range(2)) AS o", "TS301"),
        ("MERGE INTO t USING t AS o ON true WHEN MATCHED THEN DELETE", "TS301"),
        ("MERGE INTO t USING t AS o ON t.n = o.n WHEN MATCHED THEN ERROR", "TS301"),
        ("MERGE INTO t USING t AS o ON t.n = o.n WHEN NOT MATCHED THEN INSERT VALUES (1)", "TS300"),
        ("DELETE FROM t RETURNING count(*)", "TS600"),
        ("DELETE FROM t RETURNING n WHERE n = 1", "TS105"),
        (f"SELECT * FROM t LIMIT {10**30}", "TS105"),
        ("ALTER TABLE t ADD COLUMN m BIGINT DEFAULT n", "TS105"),
        ("SET VARIABLE x = unnest([1, 2])", "TS105"),
        (
            "WITH w AS (SELECT 1) SELECT * FROM (SEARCH IMAGE text='가' USING mini AS SELECT * FROM w)",
            "TS600",
        ),
        ("SELECT * FROM _7", "TS208"),
        ('ALTER TABLE t RENAME COLUMN n TO "a.b"', "TS206"),
        ('ALTER TABLE t RENAME COLUMN n TO "_rowid"', "TS206"),
        ("CREATE TABLE _thanosql_x AS SELECT 1 AS a", "TS206"),
        (f"CREATE TABLE {'가' * 200} AS SELECT 1 AS a", "TS206"),
        ("CREATE TABLE e AS SELECT 1 AS a; ALTER TABLE e DROP COLUMN a", "TS206"),
        ("RESTORE t TO VERSION 99", "TS210"),
    ],
)
def test_a_statement_that_is_refused(shop: World, cell: str, code: str):
    error = shop.fail(cell)
    assert (error.code, is_korean(error.message)) == (code, True), error.message
    assert error.hint is None or is_korean(error.hint), error.hint


def test_a_column_is_marked_whose_value_does_not_fit(shop: World):
    """The place is found without the words of the message."""
    assert shop.marked("UPDATE t SET s = 'b', n = 1.0 + 0.5") == ("TS301", "1.0 + 0.5")


def test_a_variable_of_python_that_is_no_table(world: World):
    with pytest.raises(Exception, match="Python") as caught:
        world.run("SELECT * FROM x", frames={"x": 5}, parameters={})
    error: Any = caught.value
    assert is_korean(error.message)
    assert is_korean(error.hint)


def test_vectors_that_go_with_their_source_are_told(world: World):
    put_photos(world, "p", [(1, "1.jpg", 1.0), (2, "2.jpg", 2.0)], facts())
    (notice,) = world.run("UPDATE p SET path = 'c' WHERE id = 1")[-1].notices
    assert is_korean(notice)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("INSERT INTO p SELECT id, 'x' AS path, v FROM p", "TS301"),
        ("ALTER TABLE p ALTER COLUMN path TYPE BLOB", "TS300"),
    ],
)
def test_vectors_are_no_values_like_others(world: World, cell: str, code: str):
    put_photos(world, "p", [(1, "1.jpg", 1.0), (2, "2.jpg", 2.0)], facts())
    error = world.fail(cell)
    assert (error.code, is_korean(error.message)) == (code, True), error.message
    assert error.hint is None or is_korean(error.hint)


# -- stored tables -------------------------------------------------------------------------------------------------
def test_a_damaged_table_is_told_in_the_language_of_who_reads(shop: World):
    (file,) = (shop.folder / "db" / "t.lance" / "data").glob("*.lance")
    file.write_bytes(file.read_bytes()[:-9])
    told = [row["state"] for row in shop.rows("SHOW VERSIONS t")]
    assert any("바이트" in text for text in told)
    set_language("en")
    assert any("bytes and should have" in row["state"] for row in shop.rows("SHOW VERSIONS t"))


def test_a_result_that_cannot_be_read_any_more(shop: World):
    shop.run("SET display.rows = 1; SELECT * FROM t", number=3)
    shop.run("DROP TABLE t")
    error = shop.fail("SELECT * FROM _3")
    assert error.code == "TS505"
    assert is_korean(error.message)
    assert is_korean(error.hint)


@pytest.mark.parametrize("said", [None, "status: 403", "status: 500", "no route"])
def test_a_database_that_does_not_answer(said: str | None):
    error = unreachable("s3://bucket/x", None if said is None else OSError(said))
    assert is_korean(error.message)
    assert is_korean(error.hint)


@pytest.mark.parametrize(
    "refused", [PermissionError(13, "x"), OSError("no space left on device"), NotADirectoryError(20, "x")]
)
def test_a_disk_that_refuses(refused: OSError):
    with pytest.raises(DataError) as caught, storage_errors():
        raise refused
    assert is_korean(caught.value.message)
    assert is_korean(caught.value.hint)


def test_bars_are_labelled(world: World):
    labels = []

    class Sink:
        def start(self, label: str, total: int | None, unit: str) -> Any:
            labels.append(label)
            return self

        def advance(self, n: int = 1, *, errors: int = 0) -> None: ...

        def close(self) -> None: ...

    world.run("CREATE TABLE t AS SELECT 1 AS n", progress=Sink())
    assert labels == ["t 저장"]
