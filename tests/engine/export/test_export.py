"""EXPORT: files other programs read, whole or not at all."""

import csv
import json

import pytest
from PIL import Image

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import DataError, Interrupted, ThanoSQLError, Unsupported


@pytest.fixture
def photos(tmp_path):
    """A session over a table of two pictures, one of them missing, and a Korean description."""
    Image.new("RGB", (40, 30), "red").save(tmp_path / "빨강.png")
    (tmp_path / "t.csv").write_text("image_path,설명\n빨강.png,<b>붉은</b>\n없음.png,\n", encoding="utf-8")
    session = Session(tmp_path / "db", working_folder=tmp_path)
    session.run("COPY t FROM 't.csv'", emit=lambda result: None)
    yield session
    session.close()


def run(session, text):
    results = []
    session.run(text, emit=results.append)
    return results


def test_every_format_holds_the_rows(photos, tmp_path):
    import pyarrow.parquet

    for ending in ("csv", "tsv", "parquet", "json", "jsonl", "html"):
        (result,) = run(photos, f"EXPORT SELECT * FROM t TO '내보냄/t.{ending}'")
        assert result.text == f"2 rows written to 내보냄/t.{ending}"
    out = tmp_path / "내보냄"
    expected = [{"image_path": "빨강.png", "설명": "<b>붉은</b>"}, {"image_path": "없음.png", "설명": None}]
    assert json.loads((out / "t.json").read_text(encoding="utf-8")) == expected
    assert [
        json.loads(line) for line in (out / "t.jsonl").read_text(encoding="utf-8").splitlines()
    ] == expected
    assert pyarrow.parquet.read_table(out / "t.parquet").to_pylist() == expected
    with (out / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1] == ["빨강.png", "<b>붉은</b>"]
    page = (out / "t.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;붉은" in page
    assert page.count('src="data:image/webp') == 1
    assert sorted(path.name for path in out.iterdir()) == sorted(
        f"t.{ending}" for ending in ("csv", "tsv", "parquet", "json", "jsonl", "html")
    )


def test_a_folder_holds_the_pictures_beside_the_rows(photos, tmp_path):
    run(photos, "EXPORT SELECT * FROM t TO 'best/'")
    assert sorted(path.name for path in (tmp_path / "best").iterdir()) == ["0001_빨강.png", "rows.csv"]
    with (tmp_path / "best" / "rows.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["file"] for row in csv.DictReader(stream)] == ["0001_빨강.png", ""]


@pytest.mark.parametrize("target", ["새/t.csv", "새/"])
def test_one_missing_folder_is_made(photos, tmp_path, target):
    run(photos, f"EXPORT t TO '{target}'")
    assert (tmp_path / "새").is_dir()


@pytest.mark.parametrize(
    ("target", "missing"),
    [("a/b/t.csv", "a"), ("a/b/c/", "a"), ("a/b/", "a"), ("there/b/c/t.csv", "there/b")],
)
def test_of_several_missing_folders_none_is_made_and_the_first_is_named(photos, tmp_path, target, missing):
    (tmp_path / "there").mkdir()
    with pytest.raises(DataError) as caught:
        run(photos, f"EXPORT t TO '{target}'")
    assert caught.value.code == "TS500"
    assert caught.value.message == f"there is no folder {missing}"
    assert not (tmp_path / missing).exists()


def test_what_is_there_is_kept_unless_told_otherwise(photos, tmp_path):
    (tmp_path / "t.json").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="exists already"):
        run(photos, "EXPORT SELECT * FROM t TO 't.json'")
    assert (tmp_path / "t.json").read_text(encoding="utf-8") == "mine"
    run(photos, "EXPORT SELECT * FROM t TO 't.json' OPTIONS(overwrite=True)")
    assert len(json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))) == 2


def test_a_file_that_fails_midway_leaves_nothing(photos, tmp_path):
    with pytest.raises(ThanoSQLError):
        run(photos, "EXPORT SELECT CAST(image_path AS INTEGER) FROM t TO 'half.csv'")
    assert not (tmp_path / "half.csv").exists()
    assert not list(tmp_path.glob(".export-*"))


def test_an_unknown_ending_is_refused_with_the_known_ones(photos):
    with pytest.raises(Unsupported) as caught:
        run(photos, "EXPORT SELECT * FROM t TO 't.docx'")
    assert ".parquet" in (caught.value.hint or "")


def test_settings_change_what_is_shown(photos):
    run(photos, "SET display.rows = 1")
    (result,) = run(photos, "SELECT * FROM t")
    assert (result.rows.num_rows, result.total) == (1, 2)
    run(photos, "SET display.rows = DEFAULT")
    (result,) = run(photos, "SHOW SETTINGS")
    assert result.rows.to_pylist()[0]["value"] == "20"


def test_names_and_values_are_escaped_in_html(photos, tmp_path):
    cell = """EXPORT SELECT '"><script>alert(1)</script>' AS "<b>&", '"x"' AS image_path TO 'x.html'"""
    run(photos, cell)
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "<th>&lt;b&gt;&amp;</th>" in page
    assert 'alt=""x' not in page


def test_json_stays_json_with_values_that_it_lacks(photos, tmp_path):
    run(photos, "EXPORT SELECT 'nan'::DOUBLE AS n, ['inf'::FLOAT, 1]::FLOAT[2] AS v TO 'n.json'")
    assert json.loads((tmp_path / "n.json").read_text(), parse_constant=pytest.fail) == [
        {"n": None, "v": [None, 1.0]}
    ]
    run(
        photos,
        "EXPORT SELECT * FROM t WHERE false TO 'none.json'; EXPORT SELECT * FROM t WHERE false TO 'none.jsonl'",
    )
    assert json.loads((tmp_path / "none.json").read_text()) == []
    assert (tmp_path / "none.jsonl").read_text() == ""


def test_a_folder_that_export_wrote_is_replaced_and_no_other(photos, tmp_path):
    run(photos, "EXPORT SELECT * FROM t TO 'best/'")
    run(photos, "EXPORT SELECT * FROM t WHERE image_path <> '빨강.png' TO 'best/' OPTIONS(overwrite=True)")
    assert [path.name for path in (tmp_path / "best").iterdir()] == ["rows.csv"]
    (tmp_path / "best" / "mine.txt").write_text("keep")
    for place in ("best/", "./"):
        with pytest.raises(DataError, match="files of its own"):
            run(photos, f"EXPORT SELECT * FROM t TO '{place}' OPTIONS(overwrite=True)")
    assert (tmp_path / "best" / "mine.txt").read_text() == "keep"
    assert (tmp_path / "빨강.png").exists()
    (tmp_path / "dir.csv").mkdir()
    with pytest.raises(DataError, match="files of its own"):
        run(photos, "EXPORT t TO 'dir.csv' OPTIONS(overwrite=True)")


def test_an_empty_folder_may_be_filled(photos, tmp_path):
    (tmp_path / "new").mkdir()
    run(photos, "EXPORT t TO 'new/'")
    assert (tmp_path / "new" / "rows.csv").exists()


def test_pictures_that_are_not_there_are_counted_and_a_column_file_stays(photos, tmp_path):
    (result,) = run(photos, "EXPORT SELECT image_path, 7 AS file FROM t TO 'best/'")
    assert result.notices == ("1 picture could not be copied",)
    with (tmp_path / "best" / "rows.csv").open(encoding="utf-8-sig", newline="") as stream:
        first = next(csv.DictReader(stream))
    assert (first["file_1"], first["file"]) == ("0001_빨강.png", "7")


def test_a_path_on_another_machine_is_refused(photos):
    with pytest.raises(Unsupported, match="this machine only"):
        run(photos, "EXPORT t TO 's3://bucket/t.csv'")


@pytest.mark.parametrize("target", ["many.html", "many/"])
def test_an_interrupt_between_two_pictures_leaves_nothing(photos, tmp_path, target):
    asked = []

    def cancelled():
        asked.append(None)
        return len(list(tmp_path.glob(".export-*/*/0002_*"))) > 0 or len(asked) > 60

    with pytest.raises(Interrupted):
        photos.run(
            f"EXPORT SELECT '빨강.png' AS image_path FROM range(500) TO '{target}'",
            emit=lambda result: None,
            cancelled=cancelled,
        )
    assert not (tmp_path / target).exists()
    assert not list(tmp_path.glob(".export-*"))
