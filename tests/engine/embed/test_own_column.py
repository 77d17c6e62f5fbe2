"""CONVERT over a plain table writes its column and nothing else, and never gives a row another row's vector."""

from __future__ import annotations

import gc
import sys
import weakref
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import DIM, PixelEncoder, age, write_picture

from thanosql_kernel.engine.embed import convert
from thanosql_kernel.engine.embed.values import DistinctValues
from thanosql_kernel.engine.session import Session
from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.models import registry

COUNT = 9
CONVERT = "CONVERT USING mini AS SELECT * FROM 사진"


class Photos:
    """A database with the table ``사진`` of a few pictures, in two fragments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = Session(folder / "db", working_folder=folder)
        self.storage = self.session.database.tables.store
        names = [self.picture(f"사진/{number}.png", number) for number in range(COUNT)]
        self.run("CREATE TABLE 사진 AS SELECT 1 AS id, 'x' AS image_path, 'y' AS label LIMIT 0")
        self.append(range(5), names[:5])
        self.append(range(5, COUNT), names[5:])

    def picture(self, name: str, seed: int) -> str:
        age(write_picture(self.folder / name, seed))
        return name

    def append(self, ids, names) -> None:
        rows = ", ".join(
            f"({number}, '{name}', 'l{number}')" for number, name in zip(ids, names, strict=True)
        )
        self.run(f"INSERT INTO 사진 (id, image_path, label) VALUES {rows}")

    def run(self, cell: str) -> list[str]:
        """Run a cell; gives its notices."""
        results: list = []
        self.session.run(cell, emit=results.append)
        return [notice for result in results for notice in result.notices]

    def dataset(self, name: str = "사진"):
        return self.session.database.table(name).dataset

    def data_files(self, name: str = "사진") -> set[str]:
        return {path.name for path in (Path(self.dataset(name).uri) / "data").iterdir()}

    def all_files(self, name: str = "사진") -> dict[Path, int]:
        """All files of the database but locks and what says who reads it, with the times they were written."""
        root = self.folder / "db"
        kept = (
            path for path in root.rglob("*") if path.is_file() and not {"locks", "kernels"} & {*path.parts}
        )
        return {path: path.stat().st_mtime_ns for path in kept}

    def check(self, name: str = "사진", column: str = "mini_clipmini", seed: int = 0) -> None:
        """Every row has the vector of its own picture; rows without a picture have none."""
        table = self.dataset(name).to_table(columns=["image_path", column])
        encoder = PixelEncoder(seed)
        for path, vector in zip(*(table.column(index).to_pylist() for index in (0, 1)), strict=True):
            if path is None or not (self.folder / path).exists():
                assert vector is None, path
            else:
                pixels = encoder.preprocess(open_rgb(self.folder / path))[None]
                np.testing.assert_allclose(vector, encoder.encode_images(pixels)[0], atol=1e-6, err_msg=path)


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Photos:
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    return Photos(tmp_path)


def test_the_column_is_all_that_is_written(photos: Photos) -> None:
    before, version = photos.data_files(), photos.dataset().version
    photos.run(CONVERT)
    dataset = photos.dataset()
    assert dataset.version == version + 1
    assert photos.data_files() > before
    assert len(photos.data_files() - before) == len(dataset.get_fragments())
    assert dataset.schema.names == ["id", "image_path", "label", "mini_clipmini"]
    assert dataset.to_table(columns=["id"]).column(0).to_pylist() == list(range(COUNT))
    dataset.validate()
    photos.check()


def test_with_nothing_new_nothing_is_written_and_no_vector_is_read(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos.run(CONVERT)
    monkeypatch.setattr(convert.Conversion, "_compare", None)
    before = photos.all_files()
    assert photos.run(CONVERT)[0] == f"0 pictures embedded, {COUNT} known from before"
    assert photos.all_files() == before


def test_of_new_rows_only_their_vectors_are_written(photos: Photos) -> None:
    photos.run(CONVERT)
    before = photos.data_files()
    photos.append([20, 21], [photos.picture("새/a.png", 50), "없다.png"])
    inserted = photos.data_files()
    assert photos.run(CONVERT)[0] == f"1 picture embedded, {COUNT} known from before"
    (new,) = photos.data_files() - inserted
    assert before <= photos.data_files()
    assert new in {file.path for file in photos.dataset().get_fragments()[-1].metadata.files}
    photos.check()


def test_deleted_rows_do_not_shift_the_others(photos: Photos) -> None:
    photos.dataset().delete("id IN (0, 3, 6)")
    photos.run(CONVERT)
    photos.check()
    photos.dataset().delete("id = 4")
    photos.append([30], [photos.picture("새/b.png", 51)])
    photos.run(CONVERT)
    photos.check()
    assert photos.dataset().to_table(columns=["id"]).column(0).to_pylist() == [1, 2, 5, 7, 8, 30]


def test_a_column_that_was_taken_from_other_rows_is_made_right(photos: Photos) -> None:
    photos.run(CONVERT)
    photos.run("CREATE TABLE 나 AS SELECT id, image_path, mini_clipmini FROM 사진")
    dataset = photos.dataset("나")
    table = dataset.to_table()
    mixed = table.set_column(1, "image_path", table.column("image_path").take(list(range(COUNT))[::-1]))
    photos.storage.replace("u.b098", mixed.cast(dataset.schema).to_reader(), read_version=dataset.version)
    assert photos.run("CONVERT USING mini AS SELECT * FROM 나")[0].startswith("0 pictures embedded")
    photos.check("나")


def test_other_paths_get_other_vectors(photos: Photos) -> None:
    photos.run(CONVERT)
    photos.run("UPDATE 사진 SET image_path = '사진/' || (8 - id) || '.png' WHERE id > 1")
    photos.run("UPDATE 사진 SET image_path = NULL WHERE id = 4")
    photos.run(CONVERT)
    photos.check()


def test_a_copy_of_a_table_is_held_against_the_cache_once(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos.run(CONVERT)
    photos.run("CREATE TABLE 나 AS SELECT * FROM 사진")
    before = photos.data_files("나")
    notices = photos.run("CONVERT USING mini AS SELECT * FROM 나")
    assert notices[0] == f"0 pictures embedded, {COUNT} known from before"
    assert photos.data_files("나") == before
    monkeypatch.setattr(convert.Conversion, "_compare", None)
    photos.run("CONVERT USING mini AS SELECT * FROM 나")
    photos.check("나")


def test_compacted_fragments_keep_their_vectors(photos: Photos) -> None:
    photos.run(CONVERT)
    photos.dataset().optimize.compact_files()
    before = photos.data_files()
    assert photos.run(CONVERT)[0].startswith("0 pictures embedded")
    assert photos.data_files() <= before
    photos.check()


def test_other_weights_take_the_columns_place(photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    photos.run(CONVERT)
    photos.run("ALTER TABLE 사진 ADD COLUMN note VARCHAR")
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder(seed=1))
    before = photos.data_files()
    assert photos.run(CONVERT)[0] == f"{COUNT} pictures embedded"
    assert len(photos.data_files() - before) == len(photos.dataset().get_fragments())
    column = photos.session.catalog.table("사진").columns[3]
    assert column.generated is not None
    assert column.generated.weights.fingerprint == PixelEncoder(seed=1).fingerprint
    photos.check(seed=1)


def test_a_column_of_another_type_is_replaced_in_its_place(photos: Photos) -> None:
    photos.run("CONVERT USING mini OPTIONS(result_col='Label') AS SELECT * FROM 사진")
    assert photos.dataset().schema.names == ["id", "image_path", "Label"]
    assert photos.dataset().schema.field("Label").type == pa.list_(pa.float32(), DIM)
    photos.check(column="Label")


def test_a_similarity_is_stored_beside_the_rows_without_writing_them(photos: Photos) -> None:
    photos.run(CONVERT)
    before = photos.data_files()
    search = "SEARCH IMAGE image='사진/3.png' USING mini OPTIONS(result_col='s', table_name='사진') AS SELECT * FROM 사진"
    photos.run(search)
    photos.run(search)
    assert before < photos.data_files()
    table = photos.dataset().to_table(columns=["id", "s"])
    best = max(zip(table.column("s").to_pylist(), table.column("id").to_pylist(), strict=True))
    assert best == (pytest.approx(1), 3)


# -- others write meanwhile --------------------------------------------------------------------------------------


def interfering(photos: Photos, monkeypatch: pytest.MonkeyPatch, *cells: str) -> None:
    """Let another kernel run cells while the model works for the first time."""
    waiting = list(cells)

    def interfere(encoder: PixelEncoder) -> None:
        other = Session(photos.folder / "db", working_folder=photos.folder)
        while waiting:
            other.run(waiting.pop(0), emit=lambda result: None)

    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder(after_batch=interfere))


def test_a_convert_that_was_overtaken_says_what_it_did_in_all(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos.picture("새/c.png", 60)
    interfering(photos, monkeypatch, "INSERT INTO 사진 (id, image_path) VALUES (40, '새/c.png')")
    assert photos.run(CONVERT)[0] == f"{COUNT + 1} pictures embedded"
    photos.check()
    assert photos.run(CONVERT)[0] == f"0 pictures embedded, {COUNT + 1} known from before"


def test_a_table_that_was_made_anew_meanwhile_is_not_written_over(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos.run(CONVERT)
    version = photos.dataset().version
    photos.run("ALTER TABLE 사진 DROP COLUMN mini_clipmini")
    other = [photos.picture(f"다른/{number}.png", 70 + number) for number in range(3)]
    insert = ", ".join(f"({number}, '{name}')" for number, name in enumerate(other))
    remake = ["DROP TABLE 사진", f"CREATE TABLE 사진 AS SELECT * FROM (VALUES {insert}) t(id, image_path)"]
    remake += [f"UPDATE 사진 SET id = id + {number}" for number in range(version)]
    monkeypatch.setattr(registry, "load", None)
    photos.picture("사진/0.png", 99)
    interfering(photos, monkeypatch, *remake)
    photos.run(CONVERT)
    assert photos.dataset().count_rows() == 3
    photos.check()


# -- files that cannot be reached --------------------------------------------------------------------------------


def test_vectors_stay_while_their_files_cannot_be_reached(photos: Photos) -> None:
    photos.run(CONVERT)
    vectors = photos.dataset().to_table(columns=["mini_clipmini"])
    before = photos.all_files()
    (photos.folder / "사진").rename(photos.folder / "뽑힌 디스크")
    notices = photos.run(CONVERT)
    assert notices[:2] == ["0 pictures embedded", f"{COUNT} files could not be reached; their vectors stay"]
    assert photos.all_files() == before
    assert photos.dataset().to_table(columns=["mini_clipmini"]) == vectors
    photos.append([40], [photos.picture("새/d.png", 61)])
    notices = photos.run(CONVERT)
    assert notices[0] == "1 picture embedded"
    assert f"{COUNT} files could not be reached; their vectors stay" in notices
    (photos.folder / "뽑힌 디스크").rename(photos.folder / "사진")
    assert photos.run(CONVERT)[0] == f"0 pictures embedded, {COUNT + 1} known from before"
    photos.check()


def test_a_row_that_names_another_file_loses_its_vector_whether_that_can_be_reached_or_not(
    photos: Photos,
) -> None:
    photos.run(CONVERT)
    for fragment, row, number in ((0, 2, 2), (1, 2, 7)):  # another program changes paths and nothing else
        dataset = photos.dataset()
        part = dataset.get_fragment(fragment)
        new = pa.table(
            {"_rowid": pa.array([(fragment << 32) + row], pa.uint64()), "image_path": [f"없다/{number}.png"]}
        )
        changed, fields = part.update_columns(new)
        photos.storage.commit_update(dataset, [changed], fields)
    notices = photos.run(CONVERT)
    assert notices[1].startswith("2 pictures could not be read and stay NULL:\n  없다/2.png: missing")
    photos.check()


def test_of_a_copied_table_vectors_stay_too(photos: Photos) -> None:
    photos.run(CONVERT)
    photos.run("CREATE TABLE 나 AS SELECT * FROM 사진")
    (photos.folder / "사진" / "4.png").rename(photos.folder / "다른 곳.png")
    notices = photos.run("CONVERT USING mini AS SELECT * FROM 나")
    assert "1 file could not be reached; its vector stays" in notices
    table = photos.dataset("나").to_table(columns=["mini_clipmini"])
    assert table.column(0).null_count == 0


@pytest.mark.parametrize("query", ["ORDER BY id DESC", "WHERE id > 2", "WHERE id <> 100 LIMIT 8"])
def test_of_any_query_of_the_table_vectors_stay_too(photos: Photos, query: str) -> None:
    photos.run(CONVERT)
    before = dict(photos.dataset().to_table(columns=["id", "mini_clipmini"]).to_pydict().items())
    vectors = dict(zip(*before.values(), strict=True))
    (photos.folder / "사진").rename(photos.folder / "뽑힌 디스크")
    cell = f"CONVERT USING mini OPTIONS(table_name='사진') AS SELECT * FROM 사진 {query}"
    notices = photos.run(cell)
    table = photos.dataset().to_table(columns=["id", "mini_clipmini"]).to_pylist()
    assert f"{len(table)} files could not be reached; their vectors stay" in notices
    assert all(row["mini_clipmini"] == vectors[row["id"]] for row in table)
    (photos.folder / "뽑힌 디스크").rename(photos.folder / "사진")
    photos.run(CONVERT)
    photos.check()


def test_a_query_that_gives_other_paths_gets_no_vectors_of_others(photos: Photos) -> None:
    photos.run(CONVERT)
    photos.run(
        "CONVERT USING mini OPTIONS(table_name='나') AS "
        "SELECT id, '없다/' || image_path AS image_path, mini_clipmini FROM 사진"
    )
    photos.check("나")
    assert photos.dataset("나").to_table(columns=["mini_clipmini"]).column(0).null_count == COUNT


def test_a_file_that_can_be_reached_and_is_no_picture_any_more_takes_the_vector_away(photos: Photos) -> None:
    photos.run(CONVERT)
    (photos.folder / "사진" / "3.png").write_text("no picture", encoding="utf-8")
    notices = photos.run(CONVERT)
    assert "1 picture could not be read and stays NULL:\n  사진/3.png: not a picture" in notices
    vectors = photos.dataset().to_table(columns=["id", "mini_clipmini"]).to_pylist()
    assert [row["id"] for row in vectors if row["mini_clipmini"] is None] == [3]


def test_touched_files_are_read_again_and_written_no_more(photos: Photos) -> None:
    photos.run(CONVERT)
    version = photos.dataset().version
    for number in range(COUNT):
        age(photos.folder / f"사진/{number}.png")
    assert photos.run(CONVERT)[0] == f"0 pictures embedded, {COUNT} known from before"
    assert photos.dataset().version == version


def test_texts_keep_their_vectors_and_new_texts_get_theirs(photos: Photos) -> None:
    cell = "CONVERT USING mini OPTIONS(text_col='label', result_col='v') AS SELECT * FROM 사진"
    assert photos.run(cell)[0] == f"{COUNT} texts embedded"
    before = photos.all_files()
    assert photos.run(cell)[0] == f"0 texts embedded, {COUNT} known from before"
    assert photos.all_files() == before
    photos.run("UPDATE 사진 SET label = '고양이' WHERE id = 5")
    assert photos.run(cell)[0] == f"1 text embedded, {COUNT - 1} known from before"
    table = photos.dataset().to_table(columns=["label", "v"]).to_pylist()
    for row in table:
        np.testing.assert_allclose(row["v"], PixelEncoder().encode_texts([row["label"]])[0], atol=1e-6)


def test_texts_that_are_where_they_were_are_not_read_again(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = "CONVERT USING mini OPTIONS(text_col='label', result_col='v') AS SELECT * FROM 사진"
    photos.run(cell)
    read: list[list[str]] = []
    collect = DistinctValues.collect
    monkeypatch.setattr(
        DistinctValues,
        "collect",
        lambda column, *given: (read.append(column.to_pylist()), collect(column, *given))[1],
    )
    assert photos.run(cell)[0] == f"0 texts embedded, {COUNT} known from before"
    photos.run("DELETE FROM 사진 WHERE id IN (1, 7)")
    photos.append([30], ["없다.png"])
    assert photos.run(cell)[0] == f"1 text embedded, {COUNT - 2} known from before"
    photos.run("UPDATE 사진 SET label = '강아지' WHERE id = 2")
    assert photos.run(cell)[0] == f"1 text embedded, {COUNT - 2} known from before"
    assert read == [[], ["l30"], ["l0", "강아지", "l3", "l4"]]
    for row in photos.dataset().to_table(columns=["label", "v"]).to_pylist():
        np.testing.assert_allclose(row["v"], PixelEncoder().encode_texts([row["label"]])[0], atol=1e-6)


def test_a_kept_result_holds_none_of_what_made_it(photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref] = []
    run = convert.Conversion.run
    monkeypatch.setattr(
        convert.Conversion, "run", lambda self: (made.append(weakref.ref(self)), run(self))[1]
    )
    photos.run(CONVERT)
    photos.run("SELECT id, mini_clipmini FROM (CONVERT USING mini AS SELECT * FROM 사진 WHERE id > 1)")
    gc.collect()
    assert [reference() for reference in made] == [None, None]
    assert photos.session.run("SELECT count(mini_clipmini) AS n FROM _", emit=lambda result: None) is not None
