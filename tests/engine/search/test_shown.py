"""A SEARCH that is shown comes best first with all its rows; in a query it is a relation as any other."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder

from thanosql_kernel.engine.relations import beside
from thanosql_kernel.models import registry

SEARCH = "SEARCH IMAGE text='바다' USING mini AS SELECT * FROM photos"
SIMILARITY = "mini_clipmini_similarity1"


@pytest.fixture
def photos(world, monkeypatch):
    """The table photos: 40 vectors, every eighth NULL, some of them equal."""
    encoder = PixelEncoder()
    monkeypatch.setattr(registry, "load", lambda model, **settings: encoder)
    made = np.random.default_rng(5).standard_normal((40, encoder.dim)).astype(np.float32)
    made[20:24] = made[3]
    mask = pa.array([number % 8 == 7 for number in range(40)])
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(made.reshape(-1)), encoder.dim, mask=mask)
    paths = [f"사진/{number}.jpg" for number in range(40)]
    world.put("photos", pa.table({"id": range(40), "image_path": paths, "mini_clipmini": vectors}))
    world.run("SET display.rows = 100")
    return world


def best_first(world) -> list[tuple[int, float | None]]:
    """Ids with their similarities, by a stable sort of the rows as a query has them, NULLs last."""
    rows = world.rows(f"SELECT id, {SIMILARITY} AS s FROM ({SEARCH})")
    return sorted(
        ((row["id"], row["s"]) for row in rows), key=lambda pair: (pair[1] is None, -(pair[1] or 0))
    )


@pytest.fixture(params=["few rows", "many rows"])
def rows_read(request, monkeypatch):
    """Both ways in which a later query reads rows that have an order of their own."""
    if request.param == "many rows":
        monkeypatch.setattr(beside, "_FEW_ROWS", 3)


def test_alone_it_shows_the_best_rows_and_says_so(photos):
    shown = photos.run(SEARCH)[-1]
    wanted = best_first(photos)
    assert shown.total == 40
    assert [row["id"] for row in shown.rows.to_pylist()] == [id for id, _ in wanted]
    assert "best first" in shown.notices


@pytest.mark.parametrize("query", [SEARCH, f"({SEARCH})", f"(({SEARCH}))"])
def test_directly_under_print_the_best_pictures_come_first(photos, query):
    printed = photos.run(f"PRINT IMAGE AS {query}")[-1]
    assert [item.path for item in printed.items] == [f"사진/{id}.jpg" for id, _ in best_first(photos)]
    assert printed.total == 40
    assert "best first" in printed.notices


def test_a_widget_pages_through_the_same_order(photos):
    printed = photos.run(f"PRINT IMAGE OPTIONS(format='widget') AS {SEARCH}")[-1]
    assert printed.browsing.rows.column("id").to_pylist() == [id for id, _ in best_first(photos)]


@pytest.mark.parametrize("verb", ["SELECT *", "PRINT IMAGE AS SELECT *"])
def test_in_a_query_it_keeps_the_order_of_its_rows(photos, verb):
    result = photos.run(f"{verb} FROM ({SEARCH})")[-1]
    order = (
        [row["id"] for row in result.rows.to_pylist()]
        if verb == "SELECT *"
        else [int(dict(item.caption)["id"]) for item in result.items]
    )
    assert order == list(range(40))
    assert "best first" not in result.notices


def test_the_first_of_several_inputs_decides_and_is_named(photos):
    cell = "SEARCH IMAGE texts=['바다', '산'] USING mini AS SELECT * FROM photos"
    shown = photos.run(cell)[-1]
    assert [row["id"] for row in shown.rows.to_pylist()] == [id for id, _ in best_first(photos)]
    assert f"best first by {SIMILARITY}" in shown.notices


def test_the_form_with_top_k_stays_as_it_is(photos):
    options = "search_by='text', search_input='바다', top_k=7"
    shown = photos.run(f"SEARCH IMAGE USING mini OPTIONS({options}) AS SELECT * FROM photos")[-1]
    assert [row["id"] for row in shown.rows.to_pylist()] == [id for id, _ in best_first(photos)][:7]
    assert "best first" in shown.notices


def test_a_later_query_reads_the_rows_as_they_were_shown(photos, rows_read):
    photos.run(SEARCH)
    wanted = best_first(photos)
    photos.run(SEARCH)
    assert [row["id"] for row in photos.rows("SELECT id FROM _ LIMIT 15")] == [id for id, _ in wanted][:15]
    photos.run(SEARCH)
    found = photos.rows(
        f"SELECT count(*) AS n, count({SIMILARITY}) AS scored, sum(id) AS ids, max({SIMILARITY}) AS best, "
        "bool_and(image_path = '사진/' || id || '.jpg') AS fit FROM _"
    )[0]
    assert (found["n"], found["scored"], found["ids"], found["fit"]) == (40, 35, 780, True)
    assert found["best"] == pytest.approx(wanted[0][1])


def test_each_row_keeps_its_own_columns_whatever_is_asked_of_it(photos, rows_read):
    photos.run(SEARCH)
    kept = photos.rows(f"SELECT id, {SIMILARITY} AS s, mini_clipmini AS v FROM _ WHERE id % 3 = 0")
    plain = photos.rows(
        f"SELECT id, {SIMILARITY} AS s, mini_clipmini AS v FROM ({SEARCH}) WHERE id % 3 = 0 "
        f"ORDER BY s DESC NULLS LAST, id"
    )
    assert kept == plain


def test_a_stored_search_has_the_order_of_its_query(photos):
    photos.run(
        "SEARCH IMAGE text='바다' USING mini OPTIONS(table_name='found') AS SELECT id, mini_clipmini FROM photos"
    )
    assert [row["id"] for row in photos.rows("SELECT id FROM found")] == list(range(40))


def test_no_rows_are_shown_as_none(photos):
    assert photos.run(f"{SEARCH} WHERE id > 100")[-1].total == 0
