"""COPY reads what people have: encodings, separators, workbooks, folders, URLs; and says what is wrong where."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

KOREAN = '번호,이름\n001,고양이\n002,"개, 큰"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "euc-kr", "utf-16"])
def test_a_korean_csv_is_read_in_any_encoding_of_excel(world, write, encoding):
    write("사진.csv", KOREAN.encode(encoding))
    (result,) = world.run("COPY t FROM '사진.csv'")
    assert world.rows("SELECT * FROM t") == [
        {"번호": "001", "이름": "고양이"},
        {"번호": "002", "이름": "개, 큰"},
    ]
    told = any("was read as" in notice for notice in result.notices)
    assert told == (encoding not in ("utf-8", "utf-8-sig"))


def test_latin_bytes_that_are_no_text_we_know_are_refused(world, write):
    write("a.csv", b"a,b\n\xff\xfe\xfa\xff\xff,1\n" + b"\x81")
    assert world.fail("COPY t FROM 'a.csv'").code == "TS501"


@pytest.mark.parametrize(
    ("name", "separator"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", "|"), ("a.txt", "\t")]
)
def test_separators_are_found(world, write, name, separator):
    write(name, "\n".join(separator.join(row) for row in [("x", "y"), ("1", "a b"), ("2", "c d")]) + "\n")
    world.run(f"COPY t FROM '{name}'")
    assert world.rows("SELECT * FROM t") == [{"x": 1, "y": "a b"}, {"x": 2, "y": "c d"}]


def test_types_are_what_a_person_expects(world, write):
    write(
        "a.csv",
        "i,f,b,d,ts,zip,phone,s,none\n"
        "1,0.5,true,2024-01-31,2024-01-31 10:00:00,01234,010-1234,a,\n"
        "-2,1e3,false,2024-02-01,2024-02-01 11:30:00,98765,010-9,1,\n",
    )
    (copied, shown) = world.run("COPY t FROM 'a.csv'; SELECT * FROM t")
    assert copied.text.splitlines()[0] == "2 rows of 9 columns stored as t"
    types = {column.name: column.type for column in shown.columns}
    assert types == {
        "i": "BIGINT", "f": "DOUBLE", "b": "BOOLEAN", "d": "DATE", "ts": "TIMESTAMP",
        "zip": "VARCHAR", "phone": "VARCHAR", "s": "VARCHAR", "none": "VARCHAR",
    }  # fmt: skip
    assert shown.rows.column("zip").to_pylist() == ["01234", "98765"]


def test_zero_and_decimals_are_not_taken_for_codes(world, write):
    write("a.csv", "a,b\n0,0.5\n10,-0.25\n")
    (_, shown) = world.run("COPY t FROM 'a.csv'; SELECT * FROM t")
    assert [column.type for column in shown.columns] == ["BIGINT", "DOUBLE"]


def test_a_text_far_down_a_column_of_numbers_makes_it_text(world, write):
    write("a.csv", "n,m\n" + "".join(f"{i},{i}\n" for i in range(30000)) + "none,30000\n")
    world.run("COPY t FROM 'a.csv'")
    assert world.rows("SELECT n, m FROM t WHERE m = 30000") == [{"n": "none", "m": 30000}]


def test_quoted_line_breaks_stay_in_their_value(world, write):
    write("a.csv", 'x,y\r\n1,"two\r\nlines"\r\n2,"say ""hi"""\r\n')
    world.run("COPY t FROM 'a.csv'")
    assert world.rows("SELECT y FROM t") == [{"y": "two\r\nlines"}, {"y": 'say "hi"'}]


def test_a_ragged_line_is_named(world, write):
    write("a.csv", "x,y\n1,a\n2,b,c,d\n3,e\n")
    error = world.fail("COPY t FROM 'a.csv'")
    assert error.code == "TS501"
    assert "line 3" in error.message
    assert "COPY t FROM 'a.csv'"[slice(*error.span)] == "'a.csv'"
    assert not world.session.catalog.tables


def test_a_header_alone_gives_an_empty_table(world, write):
    write("a.csv", "경로,설명\n")
    world.run("COPY t FROM 'a.csv'")
    (shown,) = world.run("SELECT * FROM t")
    assert (shown.total, shown.rows.column_names) == (0, ["경로", "설명"])


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.parquet", "a.xlsx"])
def test_an_empty_file_is_refused(world, write, name):
    write(name, "")
    error = world.fail(f"COPY t FROM '{name}'")
    assert (error.code, error.message) == ("TS501", f"{name} is empty")


@pytest.mark.parametrize("name", ["a.json", "a.parquet", "a.xlsx", "a.xls", "a.jsonl"])
def test_a_damaged_file_is_refused_in_one_line(world, write, name):
    write(name, "PK this is no such file\n{{{")
    error = world.fail(f"COPY t FROM '{name}'")
    assert error.code == "TS501"
    assert "\n" not in error.message
    assert str(world.folder) not in error.message


def test_column_names_that_cannot_be_stored_are_changed_with_a_notice(world, write):
    write("a.csv", "file.name,ok\na,1\n")
    (result,) = world.run("COPY t FROM 'a.csv'")
    assert world.rows("SELECT file_name FROM t") == [{"file_name": "a"}]
    assert result.notices == ("column file.name is called file_name here",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"a": 1, "b": {"c": ["x"]}}, {"a": 2, "b": null}]'),
        ("a.json", '{"a": 1, "b": {"c": ["x"]}}\n{"a": 2, "b": null}\n'),
        ("a.jsonl", '{"a": 1, "b": {"c": ["x"]}}\n{"a": 2, "b": null}\n'),
    ],
)
def test_json_records_are_read(world, write, name, text):
    write(name, text)
    world.run(f"COPY t FROM '{name}'")
    assert world.rows("SELECT a, b.c[1] AS x FROM t") == [{"a": 1, "x": "x"}, {"a": 2, "x": None}]


def test_a_json_text_is_read(world):
    world.run("""COPY t FROM '[{"경로": "a.jpg", "n": 1}, {"경로": "it''s.jpg"}]'""")
    assert world.rows("SELECT * FROM t") == [{"경로": "a.jpg", "n": 1}, {"경로": "it's.jpg", "n": None}]


def test_parquet_is_read_with_types_lancedb_cannot_hold_cast(world):
    table = pa.table(
        {
            "d": pa.array(["a", "b"]).dictionary_encode(),
            "v": pa.array([[1.0, 2.0], None], pa.list_(pa.float32(), 2)),
            "n": pa.array([None, None]),
            "t": pa.array([1, 2], pa.timestamp("ns")),
            "l": pa.array(["x", None], pa.large_string()),
        }
    )
    pq.write_table(table, world.folder / "a.parquet")
    world.run("COPY t FROM 'a.parquet'")
    rows = world.rows("SELECT * FROM t")
    assert [row["d"] for row in rows] == ["a", "b"]
    assert rows[1]["v"] is None
    assert rows[0]["l"] == "x"


def test_a_compressed_csv_is_read(world, write):
    write("a.csv.gz", gzip.compress(b"x,y\n1,a\n"))
    world.run("COPY t FROM 'a.csv.gz'")
    assert world.rows("SELECT * FROM t") == [{"x": 1, "y": "a"}]


def test_a_workbook_is_read(world):
    openpyxl = pytest.importorskip("openpyxl")
    import datetime

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "첫째"
    sheet.append(["이름", "수", "비율", "날짜", "섞임", "이름", None])
    sheet.append(["고양이", 1, 0.5, datetime.date(2024, 1, 31), 7, "b", None])
    sheet.append([None, 2, 1, datetime.date(2024, 2, 1), "x", "c", None])
    book.create_sheet("둘째").append(["y"])
    book.save(world.folder / "표.xlsx")
    (copied, shown) = world.run("COPY t FROM '표.xlsx'; SELECT * FROM t")
    assert copied.notices == (
        "sheet 첫째 was read; 둘째 was not",
        "표.xlsx: another column 이름 is called 이름_1",
    )
    assert [column.type for column in shown.columns][:6] == [
        "VARCHAR",
        "BIGINT",
        "DOUBLE",
        "DATE",
        "VARCHAR",
        "VARCHAR",
    ]
    assert [row["섞임"] for row in shown.rows.to_pylist()] == ["7", "x"]
    assert shown.rows.to_pylist()[1]["이름"] is None


def test_a_folder_gives_one_row_a_picture_in_natural_order(world, write):
    for name in [
        "img10.jpg",
        "img2.JPG",
        "img1.png",
        "안/사진.jpeg",
        ".hidden.jpg",
        ".git/x.jpg",
        "notes.md",
        "song.mp3",
    ]:
        write(f"pics/{name}", b"x")
    write("pics/bare", b"\xff\xd8\xff\xe0 a picture without an ending")
    (result,) = world.run("COPY t FROM 'pics'")
    rows = [row["image_path"] for row in world.rows("SELECT * FROM t")]
    assert rows == ["pics/bare", "pics/img1.png", "pics/img2.JPG", "pics/img10.jpg", "pics/안/사진.jpeg"]
    assert "left out: 1 audio file (OPTIONS(media='all') takes them too); 1 .md; 2 hidden" in result.notices


@pytest.mark.parametrize(
    ("name", "column"), [("a.mp3", "audio_path"), ("a.mp4", "video_path"), ("a.webp", "image_path")]
)
def test_the_column_says_what_a_folder_holds(world, write, name, column):
    write(f"media/{name}", b"x")
    world.run("COPY t FROM 'media/'")
    assert world.rows("SELECT * EXCLUDE (modified_at) FROM t")[0].items() >= {column: f"media/{name}"}.items()


def test_a_folder_without_media_is_refused(world, write):
    write("docs/readme.md", "x")
    assert world.marked("COPY t FROM 'docs'") == ("TS500", "'docs'")


def test_a_missing_file_gets_the_nearest_as_hint(world, write):
    write("data/photos.csv", "x\n1\n")
    error = world.fail("COPY t FROM 'data/photo.csv'")
    assert (error.code, error.hint) == ("TS500", "did you mean data/photos.csv?")
    assert world.fail("COPY t FROM 'dota/photos.csv'").code == "TS500"


@pytest.mark.parametrize("name", ["a.pkl", "a.pickle", "model.joblib"])
def test_pickles_are_refused(world, write, name):
    write(name, b"\x80\x04N.")
    error = world.fail(f"COPY t FROM '{name}'")
    assert error.code == "TS601"
    assert "parquet" in (error.hint or "")


def test_unknown_endings_are_refused(world, write):
    write("a.docx", "x")
    assert world.marked("COPY t FROM 'a.docx'") == ("TS600", "'a.docx'")


def test_paths_with_odd_characters_are_read(world, write):
    write("my [new] 파일*'s.csv", "x\n1\n2\n")
    world.run("COPY t FROM 'my [new] 파일*''s.csv'")
    assert world.rows("SELECT count(*) AS n FROM t") == [{"n": 2}]


def test_the_home_folder_is_understood(world, write, monkeypatch):
    write("home/a.csv", "x\n1\n")
    monkeypatch.setenv("HOME", str(world.folder / "home"))
    monkeypatch.setenv("USERPROFILE", str(world.folder / "home"))
    world.run("COPY t FROM '~/a.csv'")
    assert world.rows("SELECT * FROM t") == [{"x": 1}]


def test_if_exists_is_obeyed(world, write):
    write("a.csv", "x,y\n1,a\n")
    write("b.csv", "Y,x\nb,2\n")
    world.run("COPY t FROM 'a.csv'")
    assert world.marked("COPY t FROM 'a.csv'") == ("TS204", "t")
    world.run("COPY t OPTIONS(if_exists='append') FROM 'b.csv'")
    assert world.rows("SELECT * FROM t") == [{"x": 1, "y": "a"}, {"x": 2, "y": "b"}]
    world.run("COPY t OPTIONS(overwrite=True) FROM 'b.csv'")
    assert world.rows("SELECT * FROM t") == [{"Y": "b", "x": 2}]


def test_an_append_that_does_not_fit_changes_nothing(world, write):
    write("a.csv", "x,y\n1,a\n")
    write("extra.csv", "x,z\n1,a\n")
    write("wrong.csv", "x,y\nno,b\n")
    world.run("COPY t FROM 'a.csv'")
    assert world.fail("COPY t OPTIONS(if_exists='append') FROM 'extra.csv'").code == "TS202"
    assert world.fail("COPY t OPTIONS(if_exists='append') FROM 'wrong.csv'").code in (
        "TS300",
        "TS301",
        "TS501",
    )
    assert world.rows("SELECT * FROM t") == [{"x": 1, "y": "a"}]


# -- the web -------------------------------------------------------------------------------------------------------
class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(tmp_path) -> Iterator[str]:
    (tmp_path / "www").mkdir()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "www")))
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


def test_a_url_is_fetched_and_read(world, write, server):
    write("www/a b.csv", KOREAN)
    world.run(f"COPY t FROM '{server}/a%20b.csv?x=1'")
    assert world.rows("SELECT count(*) AS n FROM t") == [{"n": 2}]


def test_a_url_that_is_not_there_is_told(world, server):
    error = world.fail(f"COPY t FROM '{server}/none.csv'")
    assert (error.code, error.message) == (
        "TS500",
        "127.0.0.1/none.csv: the server answered 404 File not found",
    )


def test_a_server_that_cannot_be_reached_is_told(world, server):
    port = int(server.rpartition(":")[2])
    assert world.fail(f"COPY t FROM 'http://127.0.0.1:1/{port}.csv'").code == "TS502"


def test_a_pickle_is_not_even_fetched(world):
    assert world.fail("COPY t FROM 'http://127.0.0.1:1/a.pkl'").code == "TS601"
