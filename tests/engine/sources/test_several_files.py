"""Several files are one table: by a pattern, a list or their folder; columns by name, types exact."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def data(copies):
    copies.write("data/a10.csv", "id;name\n3;박\n".encode("cp949"))
    copies.write("data/a2.csv", "name,ID,age\nlee,2.5,7\n")
    copies.write("data/a1.csv", "id,name\n1,kim\n")
    copies.write("data/안/a1.csv", "id,name\n9,choi\n")
    copies.write("data/README.txt", "hello, this is a text")
    return copies


ROWS = [
    {"id": 1.0, "name": "kim", "age": None},
    {"id": 2.5, "name": "lee", "age": 7},
    {"id": 3.0, "name": "박", "age": None},
]


def test_a_pattern_and_a_list_and_a_folder_are_read_in_natural_order(data):
    assert data.copy("data/*.csv") == ROWS
    assert any(
        "age is NULL where it is missing: data/a1.csv, data/a10.csv" in notice for notice in data.notices
    )
    assert data.copy("data") == [*ROWS, {"id": 9.0, "name": "choi", "age": None}]
    data.connection.sql("COPY u FROM ['data/a1.csv', 'data/안/*.csv']")
    assert data.rows("SELECT * FROM u") == [{"id": 1, "name": "kim"}, {"id": 9, "name": "choi"}]
    rows = data.copy("data/**/a1.csv", "if_exists='replace', filename=True")
    assert [row["filename"] for row in rows] == ["data/a1.csv", "data/안/a1.csv"]


def test_types_are_those_of_all_files_as_if_they_were_one(copies):
    copies.write("a.csv", "n,z\n1,7\n")
    copies.write("b.csv", "n,z\n12345678901234567890,01\n")
    assert [int(row["n"]) for row in copies.copy("*.csv")] == [1, 12345678901234567890]
    assert copies.types() == {"n": "DECIMAL(38,0)", "z": "VARCHAR"}
    copies.write("j/a.jsonl", '{"a": 1, "b": {"c": 1}}\n')
    copies.write("j/b.jsonl", '{"a": 2.5, "b": {"c": 1, "d": "x"}}\n')
    assert copies.copy("j") == [{"a": 1.0, "b": {"c": 1, "d": None}}, {"a": 2.5, "b": {"c": 1, "d": "x"}}]


def test_types_of_parquet_files_are_widened_exactly_or_refused_by_file(copies):
    (copies.folder / "p").mkdir()
    pq.write_table(pa.table({"a": [1, 2]}), copies.folder / "p" / "1.parquet")
    pq.write_table(pa.table({"a": [0.5]}), copies.folder / "p" / "2.parquet")
    assert [row["a"] for row in copies.copy("p")] == [1.0, 2.0, 0.5]
    pq.write_table(pa.table({"a": [2**53 + 1]}), copies.folder / "p" / "3.parquet")
    error = copies.error("p")
    assert error.code == "TS501"
    assert "p/2.parquet" in error.message


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [("none/*.csv", "TS500", "none/*.csv"), ("mix", "TS501", ".json"), ("pics/*.jpg", "TS500", "no tables")],
)
def test_what_is_no_table_of_several_files_is_refused(copies, source, code, said):
    for name in ("mix/a.csv", "mix/b.json", "pics/a.jpg"):
        copies.write(name, "x\n1\n")
    error = copies.error(source)
    assert error.code == code
    assert said in error.message


def test_a_damaged_file_among_others_is_named(data):
    data.write("data/a3.csv", "id,name\n1,2,3\n")
    assert "a3.csv" in data.error("data/*.csv").message


def test_one_file_may_be_named_as_a_pattern_looks(copies):
    copies.write("a[1].csv", "x\n1\n")
    copies.write("a1.csv", "x\n2\n")
    assert copies.copy("a[1].csv") == [{"x": 1}]


def test_the_list_beside_photos_is_found_from_the_database(copies):
    for name in ("ph/a.jpg", "ph/b.jpg"):
        copies.write(name, "x")
    copies.write("ph/metadata.jsonl", '{"file_name": "a.jpg", "text": "hi"}\n')
    copies.write("ph/list.csv", "image_path,n\na.jpg,1\n/abs/b.jpg,2\n")
    copies.write("ph/known.csv", "image_path\nph/a.jpg\n")
    assert copies.copy("ph/metadata.jsonl") == [
        {"file_name": "a.jpg", "text": "hi", "image_path": "ph/a.jpg"}
    ]
    assert [row["image_path"] for row in copies.copy("ph/list.csv")] == ["ph/a.jpg", "/abs/b.jpg"]
    assert any("ph/ was put before them" in notice for notice in copies.notices)
    assert [row["image_path"] for row in copies.copy("ph/known.csv")] == ["ph/a.jpg"]
    assert copies.notices == ()
    assert len(copies.copy("ph")) == 2
    assert any("COPY … FROM 'ph/metadata.jsonl'" in notice for notice in copies.notices)
