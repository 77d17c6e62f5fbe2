"""CONVERT embeds each content once, says what failed and why, and gives every row the vector of its own value."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import DIM, PixelEncoder, World, age, matrix_of, paths, pictures, vectors_of, write_picture

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.embed import behind
from thanosql_kernel.engine.embed import pictures as embed
from thanosql_kernel.engine.embed.cache import FILES_TABLE
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.errors import DataError, Interrupted, Span, TypeMismatch, UnknownName
from thanosql_kernel.images.decode import open_rgb


def expected(encoder: PixelEncoder, files: list[str]) -> np.ndarray:
    return np.concatenate([encoder.encode_images(encoder.preprocess(open_rgb(file))[None]) for file in files])


# -- each row its own vector ---------------------------------------------------------------------------------


def test_every_row_gets_the_vector_of_its_picture(world: World) -> None:
    files = pictures(world, 37)
    rows, report = world.convert(files, batch_size=5)
    np.testing.assert_allclose(matrix_of(rows), expected(PixelEncoder(), files), atol=1e-6)
    assert (report.rows, report.embedded, report.reused, report.failed) == (37, 37, 0, 0)
    assert world.bars.shown == [("embedding image_path", 37, "images")]
    assert (world.bars.done, world.bars.errors) == (37, 0)


def test_a_second_run_embeds_nothing_and_gives_the_same_bits(world: World) -> None:
    files = pictures(world, 9)
    first, _ = world.convert(files)
    encoder = PixelEncoder()
    second, report = world.convert(files, encoder)
    assert encoder.pictures == 0
    assert (report.embedded, report.reused) == (0, 9)
    assert vectors_of(first) == vectors_of(second)


def test_new_rows_cost_only_themselves(world: World) -> None:
    files = pictures(world, 6)
    world.convert(files[:4])
    _, report = world.convert(files)
    assert (report.embedded, report.reused) == (2, 4)


@pytest.mark.parametrize("batch_size", [1, 3, 16, 1000])
def test_vectors_do_not_depend_on_the_batch_size(tmp_path: Path, batch_size: int) -> None:
    world = World(tmp_path)
    files = pictures(world, 20)
    rows, _ = world.convert(files, batch_size=batch_size)
    np.testing.assert_allclose(matrix_of(rows), expected(PixelEncoder(), files), atol=1e-5)


def test_equal_paths_and_spellings_of_one_path_are_embedded_once(world: World) -> None:
    (file,) = pictures(world, 1)
    _, report = world.convert([file, "p0.png", "./p0.png", file])
    assert (report.embedded, report.reused, report.failed) == (1, 0, 0)
    rows, _ = world.convert([file, "p0.png", "./p0.png", file])
    assert len({tuple(vector) for vector in vectors_of(rows)}) == 1


def test_copies_moved_and_touched_files_are_not_embedded_again(world: World) -> None:
    files = pictures(world, 3)
    world.convert(files)
    shutil.copy(files[0], world.folder / "copy.png")
    os.rename(files[1], world.folder / "moved.png")
    os.utime(files[2], (1, 1))
    _, report = world.convert(["copy.png", "moved.png", files[2]])
    assert (report.embedded, report.reused) == (0, 3)


def test_a_changed_file_is_embedded_again(world: World) -> None:
    files = pictures(world, 2)
    before = matrix_of(world.convert(files)[0])
    write_picture(Path(files[0]), seed=99)
    rows, report = world.convert(files)
    assert (report.embedded, report.reused) == (1, 1)
    np.testing.assert_allclose(matrix_of(rows), expected(PixelEncoder(), files), atol=1e-6)
    assert not np.allclose(matrix_of(rows)[0], before[0])


def test_a_file_rewritten_within_a_tick_of_the_clock_is_noticed(world: World) -> None:
    path = world.picture("p.bmp", 1)
    status = path.stat()
    world.convert(["p.bmp"])
    write_picture(path, seed=2)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    rows, report = world.convert(["p.bmp"])
    assert report.embedded == 1
    np.testing.assert_allclose(matrix_of(rows), expected(PixelEncoder(), [str(path)]), atol=1e-6)


def test_another_model_needs_no_second_look_at_known_files(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = pictures(world, 4)
    world.convert(files)
    monkeypatch.setattr(behind, "digest_stream", None)
    _, report = world.convert(files, PixelEncoder(seed=1))
    assert report.embedded == 4


def test_null_paths_are_null_and_no_failure(world: World) -> None:
    (file,) = pictures(world, 1)
    rows, report = world.convert([None, file, None])
    assert [vector is None for vector in vectors_of(rows)] == [True, False, True]
    assert (report.rows, report.embedded, report.failed) == (3, 1, 0)


def test_a_column_of_nothing_but_null_and_no_rows_at_all_are_fine(world: World) -> None:
    rows, report = world.convert([None, None])
    assert (vectors_of(rows), report.failed) == ([None, None], 0)
    rows, report = world.convert([])
    assert (rows.count(), report.rows) == (0, 0)
    assert rows.fetch().num_rows == 0
    assert rows.fetch().schema.field("v").type == pa.list_(pa.float32(), DIM)


def test_korean_paths_are_found(world: World) -> None:
    age(world.picture("사진/검은 고양이.png", 1))
    _, report = world.convert(["사진/검은 고양이.png"])
    assert (report.embedded, report.failed) == (1, 0)


# -- what cannot be read ----------------------------------------------------------------------------------------


def test_unreadable_files_are_null_and_listed_in_row_order_with_reasons(world: World) -> None:
    (good,) = pictures(world, 1)
    (world.folder / "corrupt.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"nonsense" * 50)
    (world.folder / "text.png").write_text("no picture", encoding="utf-8")
    (world.folder / "empty.png").touch()
    (world.folder / "folder.png").mkdir()
    values = [
        "text.png",
        good,
        "corrupt.jpg",
        "absent.png",
        "empty.png",
        "folder.png",
        "",
        "https://x.org/a.png",
    ]
    rows, report = world.convert(values)
    assert [vector is None for vector in vectors_of(rows)] == [True, False, *[True] * 6]
    assert report.failed == 7
    assert report.failures == (
        ("text.png", "not a picture"),
        ("corrupt.jpg", "truncated"),
        ("absent.png", "missing"),
        ("empty.png", "empty file"),
        ("folder.png", "a folder, not a file"),
    )


def test_only_five_failures_are_listed_but_all_are_counted(world: World) -> None:
    _, report = world.convert([f"absent{number}.png" for number in range(700)])
    assert report.failed == 700
    assert [path for path, _ in report.failures] == [f"absent{number}.png" for number in range(5)]


def test_a_failed_file_is_looked_at_again_and_its_copies_fail_too(world: World) -> None:
    for name in ("a.png", "b.png"):
        age(world.folder / name) if (world.folder / name).write_text("no picture") else None
    _, report = world.convert(["a.png", "b.png", "a.png"])
    assert (report.failed, report.embedded) == (3, 0)
    world.picture("a.png", 1)
    rows, report = world.convert(["a.png", "b.png", "a.png"])
    assert (report.failed, report.embedded) == (1, 1)
    assert [vector is None for vector in vectors_of(rows)] == [False, True, False]


def test_on_error_fail_names_the_file_and_keeps_what_was_done(world: World) -> None:
    files = pictures(world, 6)
    (world.folder / "z.png").write_text("no picture", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        world.convert([*files, "z.png"], on_error="fail", batch_size=2, span=Span(3, 5))
    assert caught.value.code == "TS501"
    assert "z.png" in caught.value.message
    assert caught.value.span == Span(3, 5)
    _, report = world.convert(files)
    assert (report.embedded, report.reused) == (0, 6)


def test_on_error_fail_stops_at_missing_files_before_any_work(world: World) -> None:
    encoder = PixelEncoder()
    with pytest.raises(DataError, match=r"absent\.png: missing"):
        world.convert([*pictures(world, 3), "absent.png"], encoder, on_error="fail")
    assert encoder.pictures == 0


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = pictures(world, 3)
    original = embed.encode_padded
    looked_at = embed.PictureEmbedding._state

    def look_after_change(embedding: embed.PictureEmbedding, index: int):
        value = embedding.items.value(index)
        if value == files[1]:
            write_picture(Path(value), seed=50, side=30)
        return looked_at(embedding, index)

    monkeypatch.setattr(embed.PictureEmbedding, "_state", look_after_change)
    rows, report = world.convert(files)
    assert report.failures == ((files[1], "changed while it was read"),)
    assert vectors_of(rows)[1] is None
    monkeypatch.undo()
    assert embed.encode_padded is original
    rows, report = world.convert(files)
    assert (report.embedded, report.reused) == (1, 2)
    np.testing.assert_allclose(matrix_of(rows), expected(PixelEncoder(), files), atol=1e-6)


def test_vectors_that_are_no_numbers_are_failures(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    files = pictures(world, 2)
    encoder = PixelEncoder()
    monkeypatch.setattr(
        encoder, "encode_images", lambda batch: np.full((len(batch), DIM), np.nan, np.float32)
    )
    rows, report = world.convert(files, encoder)
    assert vectors_of(rows) == [None, None]
    assert report.failures[0] == (files[0], "the model gave no vector")
    assert report.embedded == 0


# -- interrupts ----------------------------------------------------------------------------------------------------


def test_an_interrupt_keeps_what_was_embedded(world: World) -> None:
    files = pictures(world, 40)
    encoder = PixelEncoder()

    def check() -> None:
        if encoder.pictures >= 12:
            raise Interrupted

    with pytest.raises(Interrupted):
        world.convert(files, encoder, batch_size=4, check_interrupted=check)
    _, report = world.convert(files)
    assert report.reused == encoder.pictures == 12
    assert report.embedded == 28


def test_texts_are_kept_on_interrupt_too(world: World) -> None:
    rows = paths([f"text {number}" for number in range(30)], "text")
    encoder = PixelEncoder()

    def check() -> None:
        if len(encoder.texts) >= 10:
            raise Interrupted

    with pytest.raises(Interrupted):
        world.convert(rows, encoder, kind="text", source="text", batch_size=5, check_interrupted=check)
    _, report = world.convert(rows, kind="text", source="text")
    assert (report.reused, report.embedded) == (10, 20)


# -- texts, columns, types -----------------------------------------------------------------------------------------


def test_texts_get_their_vectors_and_equal_texts_are_embedded_once(world: World) -> None:
    values = ["고양이", "a dog", None, "고양이", ""]
    rows, report = world.convert(paths(values, "text"), kind="text", source="TEXT", batch_size=2)
    encoder = PixelEncoder()
    for value, vector in zip(values, vectors_of(rows), strict=True):
        if value is None:
            assert vector is None
        else:
            np.testing.assert_allclose(vector, encoder.encode_texts([value])[0], atol=1e-6)
    assert (report.rows, report.embedded, report.failed) == (5, 3, 0)


def test_a_column_that_is_not_there_names_the_nearest(world: World) -> None:
    with pytest.raises(UnknownName) as caught:
        world.convert(paths(["a.png"]), source="image_pth")
    assert (caught.value.code, caught.value.hint) == ("TS202", "did you mean image_path?")


def test_a_column_of_numbers_is_refused(world: World) -> None:
    with pytest.raises(TypeMismatch) as caught:
        world.convert(paths(["a.png"]), source="id", span=Span(0, 2))
    assert (caught.value.code, caught.value.span) == ("TS300", Span(0, 2))


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_every_arrow_text_type_will_do(world: World, kind: pa.DataType) -> None:
    (file,) = pictures(world, 1)
    column = pa.chunked_array([pa.array([file, None]).cast(kind), pa.array([file]).cast(kind)])
    rows = ArrowRelation(pa.table({"image_path": column}), [Column("image_path", "VARCHAR")])
    result, report = world.convert(rows)
    assert [vector is None for vector in vectors_of(result)] == [False, True, False]
    assert report.embedded == 1


def test_rows_come_with_their_own_columns_in_any_choice(world: World) -> None:
    files = pictures(world, 5)
    rows, _ = world.convert([*files, None])
    assert rows.names == ["id", "image_path", "v"]
    everything = rows.fetch()
    assert everything.column_names == rows.names
    assert everything.column("id").to_pylist() == list(range(6))
    assert rows.fetch(["v", "id"], limit=2).equals(everything.select(["v", "id"]).slice(0, 2))
    assert rows.fetch(["v"], limit=3).equals(everything.select(["v"]).slice(0, 3))
    assert rows.fetch(["id"]).equals(everything.select(["id"]))
    assert rows.take([5, 1], ["v", "image_path"]).equals(everything.select(["v", "image_path"]).take([5, 1]))


def test_a_column_of_the_same_name_is_replaced_in_its_place(world: World) -> None:
    files = pictures(world, 2)
    table = pa.table({"V": [1, 2], "image_path": files})
    base = ArrowRelation(table, [Column("V", "BIGINT"), Column("image_path", "VARCHAR")])
    rows, _ = world.convert(base)
    assert rows.names == ["v", "image_path"]
    assert rows.fetch().schema.field("v").type == pa.list_(pa.float32(), DIM)


def test_no_file_is_remembered_that_could_still_change_unseen(world: World) -> None:
    world.picture("fresh.png", 1)
    world.convert(["fresh.png"])
    assert (
        world.store.open(FILES_TABLE).count_rows() == 1
    )  # by its path, for the time when it cannot be reached
    _, report = world.convert(["fresh.png"])
    assert (report.embedded, report.reused) == (0, 1)


# -- what a model does first ---------------------------------------------------------------------------------


class Preparing(PixelEncoder):
    """Does two things before many pictures are embedded, and tells of one."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[int, int]] = []
        self.done: list[int] = []

    def preparation(self, some: np.ndarray, count: int):
        self.asked.append((len(some), count))
        assert some.shape[1:] == self.preprocess.shape
        return [lambda: self._note("one"), lambda: self._note("")]

    def _note(self, told: str) -> str:
        self.done.append(self.pictures)
        return told


def test_a_model_prepares_itself_once_with_the_first_pictures(world: World) -> None:
    encoder, told = Preparing(), list[str]()
    files = pictures(world, 11)
    rows, report = world.convert(files, encoder, batch_size=4, notice=told.append)
    assert encoder.asked == [(4, 11)]
    assert encoder.done == [0, 0]
    assert told == ["one"]
    assert report.embedded == 11
    np.testing.assert_allclose(matrix_of(rows), expected(PixelEncoder(), files), atol=1e-6)


def test_what_is_embedded_already_prepares_nothing(world: World) -> None:
    files = pictures(world, 3)
    world.convert(files)
    encoder = Preparing()
    world.convert(files, encoder)
    assert encoder.asked == []


def test_a_model_on_a_gpu_is_given_many_pictures_at_once_unless_few_are_asked_for(world: World) -> None:
    files = pictures(world, 70)
    for size, batches in ((16, [64, 64]), (8, [8] * 9)):
        encoder, given = PixelEncoder(), list[int]()
        encoder.pictures_at_once = 64
        encode = encoder.encode_images

        def counted(batch: np.ndarray, encode=encode, given=given) -> np.ndarray:
            given.append(len(batch))
            return encode(batch)

        encoder.encode_images = counted
        encoder.fingerprint = f"{size:064}"
        rows, _ = world.convert(files, encoder, batch_size=size)
        assert given == batches
        np.testing.assert_allclose(matrix_of(rows), expected(PixelEncoder(), files), atol=1e-6)
