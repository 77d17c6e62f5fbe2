"""OPTIONS(views=n): the mean of the vectors of several views of a picture, never mixed with those of others."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, World, age, matrix_of, pictures, vectors_of, write_picture

from thanosql_kernel.engine.embed import embedding
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Interrupted, ModelError, ParseError
from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.models import registry
from thanosql_kernel.models.encoder import Encoder
from thanosql_kernel.statements.results import TableResult


def reference(encoder: Encoder, file: str | Path, views: int) -> np.ndarray:
    """The mean direction of the picture, its mirror image and its middle, from Pillow and NumPy alone."""
    picture = open_rgb(file)
    width, height = picture.size
    inner = round(0.8 * width), round(0.8 * height)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    seen: list[Image.Image] = [
        picture,
        ImageOps.mirror(picture),
        picture.crop((left, top, left + inner[0], top + inner[1])),
    ]
    pixels = np.stack([encoder.preprocess(view) for view in seen[:views]])
    mean = encoder.encode_images(pixels).astype(np.float64).mean(axis=0)
    return mean / np.linalg.norm(mean)


@pytest.mark.parametrize("views", [1, 2, 3])
@pytest.mark.parametrize("side", [24, 61])
def test_a_vector_is_the_mean_direction_of_the_views(world: World, views: int, side: int) -> None:
    files = [str(age(write_picture(world.folder / f"{number}.png", number, side))) for number in range(7)]
    rows, report = world.convert([*files, None], views=views, batch_size=3)
    wanted = [reference(PixelEncoder(), file, views) for file in files]
    np.testing.assert_allclose(np.array(vectors_of(rows)[:-1]), wanted, atol=1e-6)
    assert vectors_of(rows)[-1] is None
    assert (report.embedded, report.ready) == (7, 7)


def test_the_cache_keeps_vectors_of_other_views_apart(world: World) -> None:
    files = pictures(world, 4)
    one, _ = world.convert(files)
    three, report = world.convert(files, views=3)
    assert (report.embedded, report.reused) == (4, 0)
    assert np.abs(matrix_of(one) - matrix_of(three)).max() > 1e-3
    for views, before in ((1, one), (3, three)):
        again, report = world.convert(files, views=views)
        assert (report.embedded, report.reused) == (0, 4)
        assert vectors_of(again) == vectors_of(before)


def test_interrupted_half_way_it_ends_with_the_vectors_of_an_undisturbed_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "FLUSH_AFTER_S", 0.0)
    files = pictures(world, 8)
    whole, _ = World(world.folder / "other").convert(files, views=3, batch_size=2)

    def stop(encoder: PixelEncoder) -> None:
        if encoder.pictures >= 8:  # in the second batch, after the first of its views
            raise Interrupted

    with pytest.raises(Interrupted):
        world.convert(files, PixelEncoder(after_batch=stop), views=3, batch_size=2)
    rows, report = world.convert(files, views=3, batch_size=2)
    assert (report.embedded, report.reused) == (6, 2)
    assert vectors_of(rows) == vectors_of(whole)


def test_views_that_cancel_each_other_out_give_no_vector(world: World) -> None:
    encoder = PixelEncoder()
    signs = iter((1.0, -1.0))
    encoder.encode_images = lambda batch: np.full((len(batch), 24), next(signs) / 24**0.5, np.float32)
    rows, report = world.convert(pictures(world, 1), encoder, views=2)
    assert vectors_of(rows) == [None]
    assert report.failed == 1


# -- in statements -------------------------------------------------------------------------------------------
CONVERT = "CONVERT USING mini{options} AS SELECT * FROM photos"


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A database with the table ``photos`` of five pictures whose vectors are of three views."""
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    for number in range(6):
        age(write_picture(tmp_path / f"p{number}.png", seed=number))
    session = opened(tmp_path)
    names = ", ".join(f"('p{number}.png')" for number in range(5))
    run(session, f"CREATE TABLE photos AS SELECT * FROM (VALUES {names}) AS t(image_path)")
    run(session, CONVERT.format(options=" OPTIONS(views=3)"))
    return session


def opened(folder: Path) -> Session:
    return Session(folder / "db", working_folder=folder)


def run(session: Session, cell: str) -> TableResult:
    results: list[TableResult] = []
    session.run(cell, emit=results.append)
    return results[-1]


def stored(session: Session, table: str = "photos") -> np.ndarray:
    rows = run(session, f"SELECT image_path, mini_clipmini FROM {table} ORDER BY image_path").rows
    return np.array(rows.column(1).to_pylist(), dtype=np.float32)


def wanted(session: Session, views: int, count: int = 5) -> np.ndarray:
    folder = session.working_folder
    return np.stack([reference(PixelEncoder(), folder / f"p{number}.png", views) for number in range(count)])


def views_of(session: Session, table: str = "photos") -> int:
    made = session.catalog.table(table).column("mini_clipmini").generated
    return made.views


def test_an_update_keeps_the_columns_own_views_and_says_so(session: Session) -> None:
    run(session, "INSERT INTO photos (image_path) VALUES ('p5.png')")
    result = run(session, CONVERT.format(options=""))
    assert "1 picture embedded" in result.notices[0]
    assert any("mean of 3 views" in notice and "views=1" in notice for notice in result.notices)
    np.testing.assert_allclose(stored(session), wanted(session, 3, 6), atol=1e-6)


def test_another_number_embeds_all_anew(session: Session) -> None:
    result = run(session, CONVERT.format(options=" OPTIONS(views=1)"))
    assert "5 pictures embedded" in result.notices[0]
    np.testing.assert_allclose(stored(session), wanted(session, 1), atol=1e-6)
    assert views_of(session) == 1


def test_another_kernel_reads_the_views_from_the_table(session: Session) -> None:
    (session.working_folder / "db" / "_thanosql" / "catalog.json").unlink()
    other = opened(session.working_folder)
    assert views_of(other) == 3
    result = run(other, CONVERT.format(options=""))
    assert "0 pictures embedded" in result.notices[0]
    np.testing.assert_allclose(stored(other), wanted(other, 3), atol=1e-6)


def test_a_picture_that_is_searched_for_is_seen_in_the_same_views(session: Session) -> None:
    query = (
        "SELECT image_path, mini_clipmini_similarity1 AS s FROM (SEARCH IMAGE image='p2.png' USING mini AS "
        "SELECT * FROM photos) ORDER BY image_path"
    )
    found = run(session, query).rows.column("s").to_pylist()
    np.testing.assert_allclose(found, wanted(session, 3) @ wanted(session, 3)[2], atol=1e-5)
    run(session, CONVERT.format(options=" OPTIONS(views=1)"))
    found = run(session, query).rows.column("s").to_pylist()
    np.testing.assert_allclose(found, wanted(session, 1) @ wanted(session, 1)[2], atol=1e-5)


def test_texts_are_searched_as_ever(session: Session) -> None:
    query = "SELECT * FROM (SEARCH IMAGE text='a cat' USING mini AS SELECT * FROM photos) ORDER BY image_path"
    found = run(session, query).rows.column("mini_clipmini_similarity1").to_pylist()
    np.testing.assert_allclose(found, stored(session) @ PixelEncoder().encode_texts(["a cat"])[0], atol=1e-5)


def test_vectors_of_other_views_are_not_put_into_the_column(session: Session) -> None:
    run(session, "CREATE TABLE others AS SELECT image_path FROM photos")
    run(session, "CONVERT USING mini AS SELECT * FROM others")
    with pytest.raises(ModelError) as raised:
        run(session, "INSERT INTO photos SELECT * FROM others")
    assert raised.value.code == "TS401"
    np.testing.assert_allclose(stored(session), wanted(session, 3), atol=1e-6)


def test_a_column_of_both_is_no_models_work(session: Session) -> None:
    run(session, "CREATE TABLE others AS SELECT image_path FROM photos")
    run(session, "CONVERT USING mini AS SELECT * FROM others")
    run(session, "CREATE TABLE both AS SELECT * FROM photos UNION ALL SELECT * FROM others")
    assert session.catalog.table("both").column("mini_clipmini").generated is None


def test_describe_and_the_convert_that_is_advised_say_the_views(session: Session) -> None:
    made_by = run(session, "DESCRIBE photos").rows.column("made_by").to_pylist()
    assert made_by[1] is not None
    assert "3 views averaged" in made_by[1]
    run(session, "INSERT INTO photos (image_path) VALUES ('p5.png')")
    notices = run(session, "SEARCH IMAGE text='a' USING mini AS SELECT * FROM photos").notices
    assert any("views=3" in notice for notice in notices)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("views=0", "at least 1"),
        ("views=4", "at most 3"),
        ("views='3'", "whole number"),
        ("text_col='image_path', views=3", "views are of pictures"),
    ],
)
def test_other_values_are_refused_before_anything_runs(session: Session, options: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        run(session, CONVERT.format(options=f" OPTIONS({options})"))
