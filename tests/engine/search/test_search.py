"""SEARCH puts the right number beside the right row, in the right order, and refuses what it cannot compare."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import DIM, PixelEncoder, World, age, paths, vectors_of

from thanosql_kernel.catalog import Column, GeneratedColumn, Table, Weights
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.pictures import Pictures
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.search import query_vectors
from thanosql_kernel.engine.search.blocks import VectorMemory
from thanosql_kernel.engine.search.query_vectors import KEPT_QUERIES, QueryEmbeddings
from thanosql_kernel.engine.search.search import Searcher, check_weights
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError, Interrupted, ModelError, Span, TypeMismatch
from thanosql_kernel.interrupts import never
from thanosql_kernel.statements.vectors import SearchInput

RNG = np.random.default_rng(3)
COLUMNS = (Column("id", "BIGINT"), Column("v", f"FLOAT[{DIM}]"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def text(value: str) -> SearchInput:
    return SearchInput("text", value, Span(4, 9))


def image(value: str) -> SearchInput:
    return SearchInput("image", value, Span(4, 9))


def vector_table(count: int = 50) -> pa.Table:
    """Vectors of any length; each tenth NULL, each row 7 mod 10 equal to row 0, row 5 zeros."""
    matrix = RNG.standard_normal((count, DIM)).astype(np.float32) * 3
    matrix[7::10] = matrix[0]
    matrix[5] = 0
    mask = pa.array([number % 10 == 9 for number in range(count)])
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(matrix.reshape(-1)), DIM, mask=mask)
    return pa.table({"id": pa.array(range(count), pa.int64()), "v": vectors})


def stored(world: World, table: pa.Table, **run: int) -> StoredRelation:
    world.store.append("t", table)
    dataset = world.store.open("t")
    return StoredRelation(dataset, Table("t", COLUMNS, table.num_rows, "t", int(dataset.version)), **run)


def search(
    rows: Relation, inputs: Sequence[SearchInput], searcher: Searcher | None = None, **settings
) -> Relation:
    names = [f"similarity{number}" for number in range(1, len(inputs) + 1)]
    settings.setdefault("encoder", PixelEncoder())
    work = Work(settings.pop("folder", Path()), settings.pop("check_interrupted", never))
    return (searcher or Searcher()).search(
        rows, column="v", inputs=inputs, results=names, work=work, **settings
    )


def oracle(table: pa.Table, value: str) -> list[float | None]:
    query = PixelEncoder().encode_texts([value])[0].astype(np.float64)
    scores: list[float | None] = []
    for vector in table.column("v").to_pylist():
        length = np.linalg.norm(vector) if vector is not None else 0
        scores.append(float(np.dot(vector, query) / length / np.linalg.norm(query)) if length else None)
    return scores


def assert_close(found: list[float | None], expected: list[float | None]) -> None:
    assert [value is None for value in found] == [value is None for value in expected]
    np.testing.assert_allclose(
        [value for value in found if value is not None], [v for v in expected if v is not None], atol=2e-6
    )


@pytest.fixture(params=["stored", "streamed", "arrow"])
def rows_of(request: pytest.FixtureRequest, world: World):
    """The same rows resident, too many to be resident, and not of a stored table."""

    def make(table: pa.Table) -> tuple[Relation, Searcher]:
        if request.param == "arrow":
            return ArrowRelation(table, COLUMNS), Searcher()
        return stored(world, table), Searcher(VectorMemory(1 if request.param == "streamed" else 1 << 30))

    return make


def test_without_top_k_every_row_keeps_its_place(rows_of) -> None:
    table = vector_table()
    rows, searcher = rows_of(table)
    found = search(rows, [text("고양이"), text("a dog")], searcher)
    assert found.columns == (*COLUMNS, Column("similarity1", "FLOAT"), Column("similarity2", "FLOAT"))
    result = found.fetch()
    assert result.column("id").to_pylist() == list(range(50))
    assert result.schema.field("similarity1").type == pa.float32()
    assert_close(result.column("similarity1").to_pylist(), oracle(table, "고양이"))
    assert_close(result.column("similarity2").to_pylist(), oracle(table, "a dog"))
    assert found.count() == 50


@pytest.mark.parametrize("top_k", [1, 7, 44, 46, 50, 1000])
def test_top_k_is_the_head_of_a_stable_sort_with_nulls_last(rows_of, top_k: int) -> None:
    table = vector_table()
    rows, searcher = rows_of(table)
    found = search(rows, [text("a cat")], searcher, top_k=top_k).fetch(["id", "similarity1"])
    scores = oracle(table, "a cat")
    order = sorted(range(50), key=lambda row: (scores[row] is None, -round(scores[row] or 0, 9), row))
    assert found.column("id").to_pylist() == order[:top_k]
    assert_close(found.column("similarity1").to_pylist(), [scores[row] for row in order[:top_k]])


def test_the_first_input_decides_the_order(rows_of) -> None:
    rows, searcher = rows_of(vector_table())
    both = search(rows, [text("a"), text("b")], searcher, top_k=9).fetch(["id", "similarity2"])
    alone = search(rows, [text("a")], searcher, top_k=9).fetch(["id"])
    assert both.column("id").equals(alone.column("id"))


def test_rows_of_a_part_of_a_table_get_their_own_scores(world: World) -> None:
    table = vector_table()
    whole = oracle(table, "a cat")
    found = search(stored(world, table, offset=13, limit=20), [text("a cat")]).fetch()
    assert found.column("id").to_pylist() == list(range(13, 33))
    assert_close(found.column("similarity1").to_pylist(), whole[13:33])


def test_a_search_over_a_search_scores_the_rows_that_are_left(rows_of) -> None:
    table = vector_table()
    rows, searcher = rows_of(table)
    first = search(rows, [text("a")], searcher, top_k=12)
    second = searcher.search(
        first,
        column="v",
        inputs=[text("b")],
        results=["again"],
        top_k=3,
        encoder=PixelEncoder(),
        work=Work(),
    )
    scores, left = oracle(table, "b"), first.fetch(["id"]).column("id").to_pylist()
    expected = sorted(left, key=lambda row: -(scores[row] or -9))[:3]
    assert second.fetch(["id"]).column("id").to_pylist() == expected
    assert second.names == ["id", "v", "similarity1", "again"]


def test_only_the_vector_column_is_read_and_only_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, searcher = stored(world, vector_table()), Searcher()
    search(rows, [text("a")], searcher)
    monkeypatch.setattr(StoredRelation, "batches", None)
    monkeypatch.setattr(StoredRelation, "take", None)
    monkeypatch.setattr(StoredRelation, "fetch", None)
    found = search(rows, [text("b")], searcher, top_k=5).fetch(["similarity1"])
    assert found.num_rows == 5


def test_new_rows_are_found_after_an_append(world: World) -> None:
    searcher, table = Searcher(), vector_table()
    assert search(stored(world, table), [text("a")], searcher).count() == 50
    assert search(stored(world, table), [text("a")], searcher).count() == 100


def test_what_convert_made_can_be_searched_before_it_is_stored(world: World) -> None:
    files = [str(world.picture(f"p{number}.png", number)) for number in range(6)]
    rows, _ = world.convert([*files, None])
    found = search(rows, [image(files[3])], top_k=2, folder=world.folder).fetch(["image_path", "similarity1"])
    assert found.column("image_path").to_pylist()[0] == files[3]
    assert found.column("similarity1").to_pylist()[0] == pytest.approx(1.0, abs=1e-6)
    assert len(vectors_of(rows)) == 7


def test_no_rows_give_no_rows(world: World) -> None:
    found = search(ArrowRelation(vector_table(50).slice(0, 0), COLUMNS), [text("a")], top_k=5)
    assert found.fetch().num_rows == 0


def test_an_interrupt_while_vectors_are_loaded_keeps_nothing(world: World) -> None:
    def stop() -> None:
        raise Interrupted

    searcher = Searcher()
    with pytest.raises(Interrupted):
        search(stored(world, vector_table()), [text("a")], searcher, check_interrupted=stop)
    assert searcher.memory.held_bytes == 0


# -- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["VARCHAR", "BIGINT", "FLOAT", f"FLOAT[{DIM - 1}]", "VARCHAR[]"])
def test_columns_that_hold_other_things_are_refused(kind: str) -> None:
    rows = ArrowRelation(vector_table(), [COLUMNS[0], Column("v", kind)])
    with pytest.raises(TypeMismatch) as caught:
        search(rows, [text("a")])
    assert caught.value.code == "TS300"


def test_a_missing_search_picture_is_said_at_its_place(world: World) -> None:
    with pytest.raises(DataError) as caught:
        search(ArrowRelation(vector_table(), COLUMNS), [image("no.png")], folder=world.folder)
    assert (caught.value.code, caught.value.span) == ("TS500", Span(4, 9))


def test_a_corrupt_search_picture_is_said_at_its_place(world: World) -> None:
    (world.folder / "bad.png").write_text("no picture", encoding="utf-8")
    with pytest.raises(DataError, match="not a picture") as caught:
        search(ArrowRelation(vector_table(), COLUMNS), [image("bad.png")], folder=world.folder)
    assert (caught.value.code, caught.value.span) == ("TS501", Span(4, 9))


def test_an_input_without_a_direction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = PixelEncoder()
    monkeypatch.setattr(encoder, "encode_texts", lambda texts: np.zeros((len(texts), DIM), np.float32))
    with pytest.raises(ModelError) as caught:
        search(ArrowRelation(vector_table(), COLUMNS), [text("")], encoder=encoder)
    assert (caught.value.code, caught.value.span) == ("TS403", Span(4, 9))


# -- search inputs are embedded once ------------------------------------------------------------------------------------


def test_texts_are_embedded_once_a_model() -> None:
    queries, encoder, other = QueryEmbeddings(), PixelEncoder(), PixelEncoder(seed=1)
    for model in (encoder, encoder, other):
        queries.embed(model, text("고양이"), Pictures(PathFinder.over()))
    assert (encoder.texts, other.texts) == (["고양이"], ["고양이"])


def test_a_search_picture_that_is_cut_short_is_told_of(world: World) -> None:
    path = world.picture("q.jpg", 1)
    whole = path.read_bytes()
    path.write_bytes(whole[:-2])
    told: list[str] = []
    paths = Pictures(PathFinder.over(world.folder))
    QueryEmbeddings().embed(PixelEncoder(), image("q.jpg"), paths, notice=told.append)
    assert told == ["q.jpg: cut short: its end is missing"]


def test_a_search_picture_that_changed_is_embedded_again(world: World) -> None:
    queries, encoder = QueryEmbeddings(), PixelEncoder()
    paths = Pictures(PathFinder.over(world.folder))
    age(world.picture("q.bmp", 1))
    first = queries.embed(encoder, image("q.bmp"), paths)
    assert queries.embed(encoder, image("q.bmp"), paths) is first
    world.picture("q.bmp", 2)
    assert not np.allclose(queries.embed(encoder, image("q.bmp"), paths), first)


def test_a_picture_that_was_just_written_is_looked_at_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_vectors, "LASTING_AFTER_S", 1e9)  # however slow the machine is
    queries, encoder = QueryEmbeddings(), PixelEncoder()
    paths = Pictures(PathFinder.over(world.folder))
    path = world.picture("방금.bmp", 1)
    status = path.stat()
    first = queries.embed(encoder, image("방금.bmp"), paths)
    path.write_bytes(
        world.picture("other.bmp", 2).read_bytes()
    )  # within the same tick of the file system's clock
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not np.allclose(queries.embed(encoder, image("방금.bmp"), paths), first)


def test_a_picture_that_changes_while_it_is_embedded_is_not_remembered(world: World) -> None:
    queries, paths = QueryEmbeddings(), Pictures(PathFinder.over(world.folder))
    path, old = age(world.picture("q.bmp", 1)), world.picture("old.bmp", 1)

    def overwrite(encoder: PixelEncoder) -> None:
        path.write_bytes(world.picture("new.bmp", 2).read_bytes())
        os.utime(path, ns=(0, 0))

    queries.embed(PixelEncoder(after_batch=overwrite), image("q.bmp"), paths)
    encoder = PixelEncoder()
    again = queries.embed(encoder, image("q.bmp"), paths)
    assert encoder.pictures == 1
    assert not np.allclose(again, queries.embed(encoder, image(old.name), paths))


def test_a_model_made_again_under_its_name_has_its_own_vectors() -> None:
    queries, old, new = QueryEmbeddings(), PixelEncoder(seed=1), PixelEncoder(seed=2)
    assert old.name == new.name
    for encoder in (old, new, old):
        queries.embed(encoder, text("여름"), Pictures(PathFinder.over()))
    assert (old.texts, new.texts) == (["여름"], ["여름"])


def test_the_oldest_search_inputs_are_forgotten() -> None:
    queries, encoder = QueryEmbeddings(), PixelEncoder()
    for number in range(KEPT_QUERIES + 1):
        queries.embed(encoder, text(str(number)), Pictures(PathFinder.over()))
    queries.embed(encoder, text("1"), Pictures(PathFinder.over()))
    queries.embed(encoder, text("0"), Pictures(PathFinder.over()))
    assert encoder.texts[KEPT_QUERIES + 1 :] == ["0"]


# -- weights -----------------------------------------------------------------------------------------------------------


def made_with(fingerprint: str) -> Column:
    weights = Weights("clip", "1a2b", fingerprint)
    return Column("v", f"FLOAT[{DIM}]", GeneratedColumn("m", "clipen", "image", "image_path", weights, DIM))


def test_other_weights_are_refused_with_the_convert_to_run(world: World) -> None:
    rows = stored(world, vector_table())
    with pytest.raises(ModelError) as caught:
        check_weights(rows, made_with("other"), PixelEncoder(), model="m", work=Work(span=Span(1, 2)))
    assert (caught.value.code, caught.value.span) == ("TS401", Span(1, 2))
    convert = "CONVERT USING m OPTIONS(image_col='image_path', result_col='v') AS SELECT * FROM t"
    assert caught.value.hint == f"run again: {convert}"


def test_equal_weights_are_accepted_silently_and_unknown_ones_with_a_notice() -> None:
    notices: list[str] = []
    rows, encoder = paths(["a.png"]), PixelEncoder()
    check_weights(rows, made_with(encoder.fingerprint), encoder, model="m", work=Work(notice=notices.append))
    assert notices == []
    check_weights(rows, COLUMNS[1], encoder, model="m", work=Work(notice=notices.append))
    assert len(notices) == 1
    assert "v was not made by CONVERT" in notices[0]
