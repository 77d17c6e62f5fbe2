"""FUNCTION compute.duplicates: groups of drawn pictures, and the grouping against its definition on random tables."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2] / "images"))
from drawn import COPIES, cut, moved, packed, scene

from thanosql_kernel.engine.search.candidates import Candidates
from thanosql_kernel.engine.search.duplicates import group
from thanosql_kernel.engine.search.looks import NO_TIME, Looks
from thanosql_kernel.engine.work import Work
from thanosql_kernel.images.likeness import distances, look_of
from thanosql_kernel.statements.duplicate_work import Duplicates
from thanosql_kernel.statements.duplicates import ALIKE, NEAR

ALL = "FUNCTION compute.duplicates AS SELECT * FROM photos"
TIME = datetime(2024, 5, 3, 14, 22, 31)


def vectors(rows):
    """Vectors of length one as an Arrow column."""
    rows = np.asarray(rows, np.float32)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return pa.FixedSizeListArray.from_arrays(pa.array(rows.reshape(-1)), rows.shape[1])


def near(place, number=0):
    """A vector of one of some places, a little beside the others there."""
    vector = np.full(8, 0.02 * number)
    vector[place] = 1
    return vector


@pytest.fixture
def photos(world):
    """The table photos: two copies and a burst of the first, a copy of the second in another folder, a third."""
    folder = world.folder / "p"
    (folder / "more").mkdir(parents=True)
    first, second, third = scene(1), scene(2), scene(3)
    packed(first, 90).save(folder / "a.png")
    COPIES["smaller"](first).save(folder / "a small.jpg")
    COPIES["all of it"](first).save(folder / "a all.webp")
    moved(first, 1).save(folder / "a moved.png")
    moved(first, 2).save(folder / "a moved more.png")
    second.save(folder / "b.bmp")
    shutil.copy(folder / "b.bmp", folder / "more" / "b again.bmp")
    third.save(folder / "c.png")
    names = [
        "c.png",
        "a small.jpg",
        "more/b again.bmp",
        "a.png",
        "b.bmp",
        "a moved.png",
        "a all.webp",
        "a moved more.png",
    ]
    world.run("SET display.rows = 1000")
    place = {"a": 0, "b": 1, "m": 1, "c": 2}
    put(world, names, [near(place[name[0]], number) for number, name in enumerate(names)])
    return world


def put(world, names, places, **columns):
    world.put(
        "photos",
        pa.table(
            {
                "image_path": pa.array([None if it is None else f"p/{it}" for it in names]),
                "v": vectors(places),
                **columns,
            }
        ),
    )


def found(world, cell=ALL):
    """The rows: path, its group of copies, its burst, whether it is kept."""
    return [
        (
            row["image_path"].removeprefix("p/"),
            row.get("duplicate_group"),
            row.get("burst_group"),
            row["keep"],
        )
        for row in world.rows(cell)
    ]


def test_rows_come_group_by_group_in_the_order_of_their_first_rows_the_kept_one_first(photos):
    assert found(photos) == [
        ("a.png", 1, 1, True),
        ("a small.jpg", 1, 1, False),
        ("a all.webp", 1, 1, False),
        ("a moved.png", None, 1, True),
        ("a moved more.png", None, 1, True),
        ("more/b again.bmp", 2, None, True),
        ("b.bmp", 2, None, False),
    ]


def test_copies_alone_and_bursts_alone_are_had_by_level(photos):
    copies = found(photos, "FUNCTION compute.duplicates OPTIONS(level='photo') AS SELECT * FROM photos")
    assert copies == [(path, group, None, keep) for path, group, _, keep in found(photos) if group]
    bursts = found(photos, "FUNCTION compute.duplicates OPTIONS(level='burst') AS SELECT * FROM photos")
    assert bursts == [(path, None, burst, path == "a.png") for path, _, burst, _ in found(photos) if burst]


def test_the_columns_are_those_that_are_foreseen(photos):
    for level, groups in (("photo", 1), ("burst", 1), ("both", 2)):
        cell = f"FUNCTION compute.duplicates OPTIONS(level='{level}') AS SELECT * FROM photos"
        described = [(row["column_name"], row["type"]) for row in photos.rows(f"DESCRIBE ({cell})")]
        table = photos.run(cell)[-1]
        assert [(column.name, column.type) for column in table.columns] == described
        assert len(described) == 2 + groups + 2
        assert {str(it) for it in table.rows.schema.types[2:]} == {"int32", "bool", "float"}


def test_what_is_not_kept_can_be_deleted_and_then_there_is_no_copy_left(photos):
    copies = "SELECT image_path FROM (FUNCTION compute.duplicates AS SELECT * FROM photos) WHERE NOT keep"
    photos.run(f"DELETE FROM photos WHERE image_path IN ({copies})")
    left = [row["image_path"] for row in photos.rows("SELECT image_path FROM photos")]
    assert left == ["p/c.png", "p/more/b again.bmp", "p/a.png", "p/a moved.png", "p/a moved more.png"]
    assert photos.rows("FUNCTION compute.duplicates OPTIONS(level='photo') AS SELECT * FROM photos") == []


def test_two_rows_of_one_file_are_no_copies_and_are_kept_or_not_together(photos):
    names = ["c.png", "c.png", "a small.jpg", "a.png", "a small.jpg", None]
    put(photos, names, [near(2), near(2), near(0), near(0, 1), near(0), near(0)])
    assert found(photos, ALL.replace("duplicates", "duplicates OPTIONS(level='photo')")) == [
        ("a.png", 1, None, True),
        ("a small.jpg", 1, None, False),
        ("a small.jpg", 1, None, False),
    ]


def test_similarity_is_the_cosine_to_the_one_that_is_kept(photos):
    rows = photos.rows(f"SELECT image_path, v, duplicate_similarity, burst_group FROM ({ALL})")
    kept = {row["burst_group"]: np.array(row["v"]) for row in rows[::-1]}
    for row in rows:
        assert row["duplicate_similarity"] == pytest.approx(
            float(np.array(row["v"]) @ kept[row["burst_group"]]), abs=1e-6
        )
    assert [row["duplicate_similarity"] for row in rows if row["image_path"] in ("p/a.png", "p/b.bmp")] == [
        1,
        pytest.approx(1, abs=0.01),
    ]


def test_other_moments_make_no_copy_and_far_ones_no_burst(photos):
    names = ["a.png", "a small.jpg", "a all.webp", "a moved.png", "a moved more.png"]
    seconds = [0, 0.4, 4, 9, 30]
    taken = pa.array([TIME + timedelta(seconds=it) for it in seconds], pa.timestamp("us"))
    put(photos, names, [near(0, number) for number in range(5)], taken_at=taken)
    assert found(photos) == [
        ("a.png", 1, 1, True),
        ("a small.jpg", 1, 1, False),
        ("a all.webp", None, 1, True),
        ("a moved.png", None, 1, True),
    ]
    wider = ALL.replace("duplicates", "duplicates OPTIONS(seconds=30)")
    assert [row[0] for row in found(photos, wider)] == names
    narrow = ALL.replace("duplicates", "duplicates OPTIONS(seconds=0.5)")
    assert [row[0] for row in found(photos, narrow)] == names[:2]


def test_of_as_many_pixels_the_dated_file_is_kept_then_the_larger_then_the_earlier_then_the_first(photos):
    picture = scene(5)
    for name, quality in (("x.jpg", 80), ("y.jpg", 95), ("z.jpg", 80)):
        picture.save(photos.folder / "p" / name, quality=quality)
    names, places = ["x.jpg", "y.jpg", "z.jpg"], [near(3)] * 3
    for dates, kept in (
        ([None, None, None], "y.jpg"),
        ([TIME, None, None], "x.jpg"),
        ([TIME, None, TIME - timedelta(milliseconds=1)], "z.jpg"),
        ([TIME, TIME, TIME], "y.jpg"),
    ):
        put(photos, names, places, taken_at=pa.array(dates, pa.timestamp("us")))
        assert [row[0] for row in found(photos) if row[3]] == [kept]


def test_a_file_that_cannot_be_read_is_no_copy_and_that_is_told(photos):
    (photos.folder / "p" / "a small.jpg").unlink()
    (photos.folder / "p" / "a all.webp").write_bytes(b"no picture")
    result = photos.run(ALL)[-1]
    assert "a small.jpg" not in [row[0] for row in found(photos) if row[1]]
    told = "\n".join(result.notices)
    assert "2 pictures could not be read: whether they are copies is not known" in told
    assert "p/a small.jpg: missing" in told


def test_vectors_that_are_not_there_are_told(photos):
    names = ["a.png", "a small.jpg", "a all.webp"]
    photos.put(
        "photos",
        pa.table(
            {
                "image_path": [f"p/{it}" for it in names],
                "v": pa.array([near(0).tolist(), None, near(0).tolist()], pa.list_(pa.float32(), 8)),
            }
        ),
    )
    result = photos.run(ALL)[-1]
    assert [row[0] for row in found(photos)] == ["a.png", "a all.webp"]
    assert "1 row has no vector" in "\n".join(result.notices)


def test_nothing_in_common_is_told(photos):
    put(photos, ["a.png", "c.png"], [near(0), near(1)])
    result = photos.run(ALL)[-1]
    assert result.total == 0
    assert "no two pictures belong together" in result.notices


def test_empty_tables_and_rows_of_nothing_have_no_groups(photos):
    assert photos.rows(ALL.replace("photos", "photos WHERE false")) == []
    assert photos.rows(ALL.replace("* FROM photos", "NULL::VARCHAR AS image_path, v FROM photos")) == []


def test_pictures_in_the_column_are_compared_too(photos):
    files = [photos.folder / "p" / name for name in ("a.png", "c.png", "a small.jpg")]
    photos.put(
        "photos",
        pa.table(
            {
                "n": [1, 2, 3],
                "picture": [it.read_bytes() for it in files],
                "v": vectors([near(0), near(2), near(0)]),
            }
        ),
    )
    rows = photos.rows("FUNCTION compute.duplicates OPTIONS(image_col='picture') AS SELECT * FROM photos")
    assert [(row["n"], row["duplicate_group"], row["keep"]) for row in rows] == [(1, 1, True), (3, 1, False)]


def test_used_tables_have_the_groups_of_their_rows(photos):
    """Rows deleted, added, a column renamed, the table made again: as of the same rows in a new table."""
    photos.run(
        "DELETE FROM photos WHERE image_path = 'p/a small.jpg'; INSERT INTO photos SELECT * FROM photos WHERE image_path LIKE '%b%'"
    )
    photos.run(
        "ALTER TABLE photos RENAME COLUMN v TO vector; UPDATE photos SET vector = NULL WHERE image_path = 'p/a moved.png'"
    )
    for query in ("SELECT * FROM photos", "SELECT * FROM photos ORDER BY image_path DESC", "SELECT * FROM _"):
        photos.run("SELECT * FROM photos")
        cell = f"FUNCTION compute.duplicates AS {query}"
        used = found(photos, cell)
        photos.run(
            f"CREATE OR REPLACE TABLE fresh AS {query.replace('_', 'photos') if query.endswith('_') else query}"
        )
        assert used == found(photos, "FUNCTION compute.duplicates AS SELECT * FROM fresh")
        assert used


# -- problems ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "code", "marked"),
    [
        ("FUNCTION compute.duplicates AS SELECT v FROM photos", "TS202", "SELECT v FROM photos"),
        (
            "FUNCTION compute.duplicates AS SELECT image_path FROM photos",
            "TS402",
            "SELECT image_path FROM photos",
        ),
        (
            "FUNCTION compute.duplicates AS SELECT *, v AS w FROM photos",
            "TS402",
            "SELECT *, v AS w FROM photos",
        ),
        ("FUNCTION compute.duplicates OPTIONS(emb_col='w') AS SELECT * FROM photos", "TS202", "'w'"),
        (
            "FUNCTION compute.duplicates OPTIONS(emb_col='image_path') AS SELECT * FROM photos",
            "TS300",
            "'image_path'",
        ),
        ("FUNCTION compute.duplicates OPTIONS(image_col='v') AS SELECT * FROM photos", "TS300", "'v'"),
        ("FUNCTION compute.duplicates OPTIONS(time_col='v') AS SELECT * FROM photos", "TS300", "'v'"),
        (
            "FUNCTION compute.duplicates OPTIONS(time_col='day') AS SELECT *, DATE '2024-05-03' AS day FROM photos",
            "TS300",
            "'day'",
        ),
        ("FUNCTION compute.duplicates OPTIONS(level='scene') AS SELECT * FROM photos", "TS103", "'scene'"),
        ("FUNCTION compute.duplicates OPTIONS(threshold=2) AS SELECT * FROM photos", "TS103", "2"),
        ("FUNCTION compute.duplicates FROM 'p'", "TS100", "FROM"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(photos, cell, code, marked):
    assert photos.marked(cell) == (code, marked)


# -- the grouping, against its definition ----------------------------------------------------------------------
def random_candidates(rng, scenes):
    """Copies and others of a few scenes, some unreadable, some dated; vectors that say less than pixels do."""
    count = int(rng.integers(1, 40))
    kinds = rng.integers(0, len(scenes), count)
    variants = [[scene, cut(scene, 0.05), cut(scene, 0.14), scene.resize((90, 70))] for scene in scenes]
    looks = Looks(count)
    for at, kind in enumerate(kinds):
        look = look_of(variants[kind][rng.integers(0, 4)])
        looks.grey[at], looks.colour[at], looks.sides[at] = look
    looks.seen[:] = rng.random(count) < 0.9
    contents = rng.integers(1, 1 + count, count)
    looks.contents[:] = [b"\x01%15d" % number for number in contents]
    for at in range(count):  # the same bytes look the same
        first = np.argmax(contents == contents[at])
        looks.grey[at], looks.colour[at], looks.sides[at] = (
            looks.grey[first],
            looks.colour[first],
            looks.sides[first],
        )
    rows = rng.standard_normal((len(scenes) // 2 + 1, 6))[kinds // 2] + 0.35 * rng.standard_normal((count, 6))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    taken = np.full(count, NO_TIME)
    dated = rng.random(count) < 0.6
    taken[dated] = np.datetime64(TIME, "us") + rng.integers(0, 30_000, dated.sum()) * np.timedelta64(1, "ms")
    pixels = rng.choice([0, 100, 200], count)
    return Candidates(np.arange(count), rows, looks, pixels, rng.integers(0, 3, count), taken)


def preference(candidates, at):
    taken = candidates.taken[at]
    undated = bool(np.isnat(taken))
    return (
        -candidates.pixels[at],
        undated,
        -candidates.sizes[at],
        0 if undated else taken.astype(np.int64),
        at,
    )


def by_definition(candidates, wanted):
    """Both levels, a pair at a time."""
    count, looks = len(candidates.items), candidates.looks
    order = sorted(range(count), key=lambda at: preference(candidates, at))

    def lead(members, distance):
        owner = {}
        for number, at in enumerate(members):
            likely = [(distance(it, at), rank) for rank, it in enumerate(members[:number]) if owner[it] == it]
            likely = [it for it in likely if np.isfinite(it[0])]
            owner[at] = members[min(likely)[1]] if likely else at
        return owner

    def apart(one, other):
        gap = abs(candidates.taken[one] - candidates.taken[other])
        return None if np.isnat(gap) else gap / np.timedelta64(1, "s")

    def same(one, other):
        gap = apart(one, other)
        known = looks.seen[one] and looks.seen[other] and cosine(one, other) >= wanted.near
        if not known or (gap is not None and gap >= 1):
            return np.inf
        return float(distances(looks.some(np.array([one])), looks.some(np.array([other])))[0])

    def cosine(one, other):
        return float(candidates.vectors[one] @ candidates.vectors[other])

    def content_apart(one, other):
        seen = looks.seen[one] and looks.seen[other]
        return 0.0 if seen and looks.contents[one] == looks.contents[other] else np.inf

    content = lead(order, content_apart)
    photo = lead([at for at in order if content[at] == at], same)
    photo = {at: photo[content[at]] for at in order}
    times = {}
    for at in order:
        mine = [
            candidates.taken[it] for it in order if photo[it] == at and not np.isnat(candidates.taken[it])
        ]
        times[at] = candidates.taken[at] if not np.isnat(candidates.taken[at]) else min(mine, default=NO_TIME)

    def one_burst(one, other):
        gap = abs(times[one] - times[other])
        if np.isnat(gap):
            together = cosine(one, other) >= wanted.alike
        else:
            together = cosine(one, other) >= wanted.near and gap <= np.timedelta64(
                round(wanted.seconds * 1e6), "us"
            )
        return 1 - cosine(one, other) if together else np.inf

    burst = lead([at for at in order if photo[at] == at], one_burst)
    return [photo[at] for at in range(count)], [burst[photo[at]] for at in range(count)]


@pytest.fixture(scope="module")
def scenes():
    return [scene(seed, (160, 120)) for seed in range(8)]


@pytest.mark.parametrize("seed", range(25))
def test_groups_are_what_their_definition_says(seed, scenes):
    candidates = random_candidates(np.random.default_rng(seed), scenes)
    wanted = Duplicates("both", "image_path", "v", None, 10.0, NEAR, ALIKE, ())
    photo, burst = by_definition(candidates, wanted)
    groups = group(candidates, wanted, Work())
    assert groups.photo.tolist() == photo
    assert groups.burst.tolist() == burst
    assert (
        group(
            candidates, Duplicates("photo", "image_path", "v", None, 10.0, NEAR, ALIKE, ()), Work()
        ).photo.tolist()
        == photo
    )


def test_a_png_of_a_jpeg_is_its_copy(photos):
    Image.open(photos.folder / "p" / "a small.jpg").save(photos.folder / "p" / "again.png")
    put(photos, ["a small.jpg", "again.png"], [near(0), near(0)])
    assert [row[1] for row in found(photos)] == [1, 1]


def test_of_two_vectors_of_one_file_the_first_rows_counts(photos):
    names = ["a.png", "a.png", "a small.jpg"]
    put(photos, names, [near(0), near(4), near(0)])
    assert [row[0] for row in found(photos)] == names
    put(photos, names, [near(4), near(0), near(0)])
    assert found(photos) == []
