"""Several things that are searched for as one: the cosine to the weighted sum of their unit vectors."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, age, write_picture

from thanosql_kernel.engine.search.combining import vector_of
from thanosql_kernel.errors import ModelError, Span
from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.models import registry
from thanosql_kernel.statements.vectors import Combined, SearchInput, Sought

COUNT = 20
SIMILARITY = "mini_clipmini_similarity1"
AT = Span(0, 1)


def text(value: str) -> SearchInput:
    return SearchInput("text", value, AT)


# -- vectors -----------------------------------------------------------------------------------------------------
def vectors(seed: int):
    """Vectors of any length for any text."""
    rng = np.random.default_rng(seed)
    known: dict[str, np.ndarray] = {}

    def embed(item: SearchInput) -> np.ndarray:
        return known.setdefault(
            item.value, (rng.standard_normal(16) * rng.uniform(0.1, 9)).astype(np.float32)
        )

    return embed


def direction(sought: Sought, embed) -> np.ndarray:
    """By NumPy, one part after the other."""
    if isinstance(sought, SearchInput):
        vector = embed(sought).astype(np.float64)
    else:
        vector = np.sum([weight * direction(part, embed) for weight, part in sought.parts], axis=0)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("seed", range(20))
def test_the_weighted_sum_is_of_unit_vectors_at_every_level(seed):
    rng, embed = np.random.default_rng(seed), vectors(seed)
    rows = Combined(tuple((1.0, text(f"row {n}")) for n in range(rng.integers(1, 5))), AT)
    parts = [(float(rng.uniform(-2, 2)), text(f"{n}")) for n in range(rng.integers(1, 5))]
    sought = Combined((*parts, (float(rng.uniform(-2, 2)), rows)), AT)
    found = vector_of(sought, embed)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, direction(sought, embed), atol=1e-6)


def test_one_thing_alone_has_its_own_vector():
    embed = vectors(1)
    assert vector_of(text("a"), embed) is embed(text("a"))


@pytest.mark.parametrize("weights", [(1.0, -1.0), (0.5, -0.5), (3.0, -3.0000001)])
def test_what_cancels_out_is_no_direction(weights):
    sought = Combined(tuple((weight, text("the same")) for weight in weights), Span(4, 9))
    with pytest.raises(ModelError, match="cancel") as caught:
        vector_of(sought, vectors(2))
    assert (caught.value.code, caught.value.span) == ("TS110", Span(4, 9))


# -- cells -------------------------------------------------------------------------------------------------------
@pytest.fixture
def photos(world, monkeypatch):
    """The table photos: 20 pictures with vectors of them, one NULL, and captions."""
    encoder = PixelEncoder()
    monkeypatch.setattr(registry, "load", lambda model, **settings: encoder)
    names = [f"p{number}.png" for number in range(COUNT)]
    for number, name in enumerate(names):
        age(write_picture(world.folder / name, number))
    captions = [f"그림 {number}" if number % 7 else None for number in range(COUNT)]
    blobs = [(world.folder / name).read_bytes() for name in names]
    world.put(
        "photos", pa.table({"id": range(COUNT), "image_path": names, "caption": captions, "blob": blobs})
    )
    world.run("CONVERT USING mini AS SELECT * FROM photos")
    world.run("SET display.rows = 100")
    return world


def picture(photos, number: int) -> np.ndarray:
    encoder = PixelEncoder()
    found = open_rgb(photos.folder / f"p{number}.png", min_side=encoder.preprocess.size)
    return encoder.encode_images(encoder.preprocess(found)[None])[0].astype(np.float64)


def word(value: str) -> np.ndarray:
    return PixelEncoder().encode_texts([value])[0].astype(np.float64)


def cosines(photos, search: str, result: str = SIMILARITY) -> list[float]:
    rows = photos.rows(f"SELECT id, {result} AS s FROM ({search}) ORDER BY id")
    assert [row["id"] for row in rows] == list(range(COUNT))
    return [row["s"] for row in rows]


def check(photos, search: str, vector: np.ndarray, result: str = SIMILARITY) -> None:
    vector = vector / np.linalg.norm(vector)
    expected = [float(picture(photos, number) @ vector) for number in range(COUNT)]
    np.testing.assert_allclose(cosines(photos, search, result), expected, atol=1e-5)


@pytest.mark.parametrize(
    "inputs",
    [
        "IMAGE texts=['beach', '사람'], weights=[1, -0.5] USING mini",
        "IMAGE weights=[1, -0.5] texts=['beach', '사람'] USING mini",
        "IMAGE texts=['beach', '사람'] USING mini OPTIONS(weights=[1, -0.5])",
        "IMAGE USING mini OPTIONS(search_by='text', search_input=['beach', '사람'], weights=[1, -0.5], top_k=None)",
    ],
)
def test_weights_make_one_similarity_of_several_texts(photos, inputs):
    search = f"SEARCH {inputs} AS SELECT * FROM photos"
    check(photos, search, word("beach") - 0.5 * word("사람"))
    assert "mini_clipmini_similarity2" not in photos.run(search)[-1].rows.column_names


def test_without_weights_each_input_has_a_similarity_of_its_own(photos):
    search = "SEARCH IMAGE texts=['beach', '사람'] USING mini AS SELECT * FROM photos"
    check(photos, search, word("beach"))
    check(photos, search, word("사람"), "mini_clipmini_similarity2")


def test_texts_and_pictures_are_weighed_together_in_the_order_given(photos):
    search = "SEARCH IMAGE image='p3.png' texts=['beach', '눈'] weights=[2, 1, -1] USING mini AS SELECT * FROM photos"
    check(photos, search, 2 * picture(photos, 3) + word("beach") - word("눈"))


def test_weights_that_cancel_out_are_refused_where_they_stand(photos):
    cell = "SEARCH IMAGE texts=['a', 'a'] weights=[1, -1] USING mini AS SELECT * FROM photos"
    assert photos.marked(cell) == ("TS110", "[1, -1]")


# -- rows that are searched for ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "given",
    [
        "image=(SELECT image_path FROM photos WHERE id = 3)",
        "images=(SELECT image_path FROM photos WHERE id = 3)",
        "image=(SELECT blob FROM photos WHERE id = 3)",
        "image=(SELECT image_path FROM (SEARCH IMAGE image='p3.png' USING mini AS SELECT * FROM photos) "
        f"ORDER BY {SIMILARITY} DESC LIMIT 1)",
        "image=(SELECT image_path FROM (SEARCH IMAGE image=(SELECT 'p3.png') USING mini AS FROM photos) "
        f"ORDER BY {SIMILARITY} DESC LIMIT 1)",
        "image=(WITH a AS (SELECT 3 AS n) SELECT p.image_path FROM photos p JOIN a ON p.id = a.n)",
    ],
)
def test_the_picture_of_a_row_is_searched_for(photos, given):
    check(photos, f"SEARCH IMAGE {given} USING mini AS SELECT * FROM photos", picture(photos, 3))


def test_in_options_the_rows_of_a_query_are_searched_for_too(photos):
    options = "search_by='image', search_input=(SELECT image_path FROM photos WHERE id = 3), top_k=None"
    check(photos, f"SEARCH IMAGE USING mini OPTIONS({options}) AS SELECT * FROM photos", picture(photos, 3))


def test_several_rows_are_searched_for_together_and_nulls_are_passed_over(photos):
    search = (
        "SEARCH IMAGE images=(SELECT image_path FROM photos WHERE id < 4) USING mini AS SELECT * FROM photos"
    )
    check(photos, search, sum(picture(photos, number) for number in range(4)))
    search = "SEARCH IMAGE text=(SELECT caption FROM photos WHERE id IN (0, 1, 2)) USING mini AS FROM photos"
    check(photos, search, word("그림 1") + word("그림 2"))


def test_a_query_is_one_input_beside_others(photos):
    given = "images=[(SELECT image_path FROM photos WHERE id IN (1, 2)), 'p5.png'] weights=[1, -0.25]"
    both = picture(photos, 1) + picture(photos, 2)
    vector = both / np.linalg.norm(both) - 0.25 * picture(photos, 5)
    check(photos, f"SEARCH IMAGE {given} USING mini AS SELECT * FROM photos", vector)
    search = "SEARCH IMAGE images=[(SELECT image_path FROM photos WHERE id = 1), 'p5.png'] USING mini AS FROM photos"
    check(photos, search, picture(photos, 1))
    check(photos, search, picture(photos, 5), "mini_clipmini_similarity2")


def test_data_addresses_are_searched_for(photos):
    address = "data:image/png;base64," + base64.b64encode((photos.folder / "p4.png").read_bytes()).decode()
    check(photos, f"SEARCH IMAGE image='{address}' USING mini AS SELECT * FROM photos", picture(photos, 4))
    check(
        photos,
        f"SEARCH IMAGE image=(SELECT '{address}') USING mini AS SELECT * FROM photos",
        picture(photos, 4),
    )


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("SELECT image_path FROM photos WHERE id > 99", "TS110", "nothing"),
        ("SELECT CAST(NULL AS VARCHAR)", "TS110", "nothing"),
        ("SELECT image_path FROM photos", "TS110", "more than 16 rows"),
        ("SELECT id, image_path FROM photos", "TS110", "2 columns"),
        ("SELECT id FROM photos", "TS300", "no pictures"),
        ("SELECT mini_clipmini FROM photos WHERE id = 3", "TS300", "no pictures"),
        ("SELECT ''", "TS103", "empty"),
        ("SELECT 'absent.png'", "TS500", "absent.png"),
    ],
)
def test_queries_that_are_nothing_to_search_for_are_refused_where_they_stand(photos, query, code, message):
    cell = f"SEARCH IMAGE image=({query}) USING mini AS SELECT * FROM photos"
    error = photos.fail(cell)
    assert (error.code, cell[slice(*error.span)]) == (code, query)
    assert message in error.message


def test_the_rows_are_those_of_the_table_as_it_is(photos):
    search = (
        "SEARCH IMAGE image=(SELECT image_path FROM photos WHERE id = 3) USING mini AS SELECT * FROM photos"
    )
    check(photos, search, picture(photos, 3))
    photos.run("UPDATE photos SET image_path = 'p9.png' WHERE id = 3")
    found = photos.rows(f"SELECT {SIMILARITY} AS s FROM ({search}) WHERE id = 9")
    assert found[0]["s"] == pytest.approx(1.0, abs=1e-6)
    photos.run("CREATE VIEW alike AS " + search)
    assert photos.rows(f"SELECT id FROM alike ORDER BY {SIMILARITY} DESC LIMIT 1") == [{"id": 9}]
    photos.run("DROP TABLE photos")
    assert photos.fail(search).code == "TS201"


def test_print_shows_the_best_pictures_and_offers_no_box_for_words_that_no_one_wrote(photos):
    printed = photos.run(
        "PRINT IMAGE OPTIONS(format='widget') AS SEARCH IMAGE text=(SELECT caption FROM photos WHERE id = 1) "
        "USING mini AS SELECT * FROM photos"
    )[-1]
    scores = [float(picture(photos, number) @ word("그림 1")) for number in range(COUNT)]
    assert printed.items[0].path == f"p{int(np.argmax(scores))}.png"
    assert printed.browsing.search is None
