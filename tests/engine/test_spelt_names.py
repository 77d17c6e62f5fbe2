"""Files whose names are decomposed on the disk (Macs, NAS) and typed composed, or the other way round, in every statement."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from tests.engine.conftest import World


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


FORMS = [nfc, nfd]
typed = pytest.mark.parametrize("typed", FORMS, ids=["typed in NFC", "typed in NFD"])
pytestmark = pytest.mark.skipif(
    os.path.exists("/System/Library"), reason="the disks of a Mac do it themselves"
)

FOLDER, SEA, HILL = nfd("여름휴가"), nfd("바다"), nfd("Café 산")
PATHS = [f"{FOLDER}/{HILL}.png", f"{FOLDER}/{SEA}.png"]


def draw(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.fixture(scope="module")
def mac(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two photos with decomposed names, as the table photos, and a csv that names them composed."""
    world = World(tmp_path_factory.mktemp("mac"))
    for number, path in enumerate(PATHS):
        draw(world.folder / path, number)
    (world.folder / f"{FOLDER}.csv").write_text(nfc(f"image_path,name\n{PATHS[0]},산\n{PATHS[1]},바다\n"))
    world.run(nfc(f"COPY photos FROM '{FOLDER}'; COPY named FROM '{FOLDER}.csv'"))
    yield world
    world.session.close()


def paths(world: World, condition: str, columns: str = "image_path", table: str = "photos") -> list[str]:
    return [
        row[columns.split()[-1]] for row in world.rows(f"SELECT {columns} FROM {table} WHERE {condition}")
    ]


def test_a_table_stores_what_the_disk_has(mac: World):
    assert mac.rows("SELECT image_path FROM photos ORDER BY ALL") == [{"image_path": path} for path in PATHS]


@typed
def test_csv_files_and_their_paths_are_found(mac: World, typed: Callable[[str], str]):
    told = mac.run(typed(f"COPY again OPTIONS(if_exists='replace') FROM '{FOLDER}.csv'"))
    assert "2 rows" in told[0].text
    mac.run("CONVERT USING mini AS SELECT * FROM again")
    table = mac.session.database.catalog.table("again")
    vectors = next(column.name for column in table.columns if column.generated)
    assert mac.rows(f'SELECT count("{vectors}") AS n FROM again') == [{"n": 2}]


@typed
def test_a_picture_is_searched_for(mac: World, typed: Callable[[str], str]):
    found = mac.rows(
        f"SEARCH IMAGE image='{typed(PATHS[1])}' USING mini OPTIONS(top_k=1) AS (CONVERT USING mini AS SELECT * FROM named)"
    )
    assert nfd(found[0]["image_path"]) == PATHS[1]


@typed
def test_export_writes_beside_what_is_there(mac: World, typed: Callable[[str], str]):
    mac.run(f"EXPORT SELECT 1 AS a TO '{typed(FOLDER)}/새 {typed.__name__}.csv'")
    assert [path.name for path in mac.folder.iterdir() if path.is_dir() and "휴가" in nfc(path.name)] == [
        FOLDER
    ]
    error = mac.fail(f"EXPORT SELECT 1 AS a TO '{typed(FOLDER)}.csv'")
    assert "exists already" in error.message


ONE = [
    "image_path = '{}/바다.png'",
    "'{}/바다.png' = image_path",
    "photos.image_path IN ('x', '{}/바다.png')",
    "image_path IN (VALUES ('{}/바다.png'))",
    "image_path IN (SELECT '{}/바다.png')",
    "image_path = ANY(['{}/바다.png'])",
    "image_path LIKE '%{}%' AND image_path LIKE '%바다%'",
    "image_path ILIKE '%{}%다.PNG'",
    "image_path LIKE '%바!다%' ESCAPE '!'",
    "image_path NOT LIKE '%산%'",
    "image_path NOT IN ('{}/Café 산.png')",
    "image_path <> '{}/Café 산.png'",
    "image_path IS DISTINCT FROM '{}/Café 산.png'",
    "starts_with(image_path, '{}/바')",
    "image_path ^@ '{}/바'",
    "ends_with(image_path, '바다.png')",
    "contains(image_path, '바다')",
    "instr(image_path, '바다') > 0",
    "regexp_matches(image_path, '바[가-힣]')",
    "image_path SIMILAR TO '.*[바]다.png'",
    "image_path GLOB '*바*.png'",
    "lower(image_path) LIKE '%/바다%'",
    "split_part(image_path, '/', 2) = '바다.png'",
    "upper(image_path) NOT LIKE '%CAFÉ%'",
    "CASE image_path WHEN '{}/바다.png' THEN true ELSE false END",
    "image_path BETWEEN '{}/바' AND '{}/빠'",
    "length(image_path) = length('{}/바다.png')",
    "EXISTS (SELECT 1 WHERE \"image_path\" = '{}/바다.png')",
    "image_path = E'{}/바다.png'",
    "image_path = $$" + "{}/바다.png$$",
    "image_path = '{}/바다.png'::VARCHAR",
    "image_path = concat('{}', '/', '바다', '.png')",
]


@typed
@pytest.mark.parametrize("condition", ONE)
def test_a_condition_finds_the_photo(mac: World, condition: str, typed: Callable[[str], str]):
    assert paths(mac, typed(condition.replace("{}", "여름휴가"))) == [PATHS[1]]


QUERIES = [
    "SELECT image_path FROM photos GROUP BY image_path HAVING image_path LIKE '%바다%'",
    "SELECT p AS image_path FROM (SELECT image_path AS p FROM photos) WHERE p LIKE '%바다%'",
    "SELECT image_path FROM (SELECT *, parse_filename(image_path) AS f FROM photos) WHERE f = '바다.png'",
    "WITH x AS (SELECT image_path AS p FROM photos) SELECT p AS image_path FROM x WHERE p LIKE '%바다%'",
    "SELECT a.image_path FROM photos a JOIN photos b ON a.image_path = b.image_path AND b.image_path LIKE '%바다%'",
    "SELECT image_path FROM photos WHERE image_path IN (SELECT image_path FROM photos WHERE image_path LIKE '%바다%')",
    "SELECT image_path FROM photos ORDER BY image_path LIKE '%바다%' DESC LIMIT 1",
    "SELECT image_path FROM photos QUALIFY row_number() OVER (ORDER BY image_path LIKE '%바다%' DESC) = 1",
    "SELECT max(image_path) FILTER (image_path LIKE '%바다%') AS image_path FROM photos",
    "SELECT * FROM (SELECT * FROM photos) WHERE image_path LIKE '%바다%'",
]


@typed
@pytest.mark.parametrize("query", QUERIES)
def test_a_comparison_anywhere_in_a_query_finds_the_photo(
    mac: World, query: str, typed: Callable[[str], str]
):
    assert [row["image_path"] for row in mac.rows(typed(query))] == [PATHS[1]]


@typed
def test_views_and_variables_find_the_photo(mac: World, typed: Callable[[str], str]):
    mac.run(typed(f"SET VARIABLE wish = '{PATHS[1]}'"))
    mac.run(typed("CREATE OR REPLACE VIEW w AS FROM photos WHERE image_path LIKE '%바다%'"))
    assert [row["image_path"] for row in mac.rows("FROM w")] == [PATHS[1]]
    assert paths(mac, "image_path = $wish") == [PATHS[1]]


def test_the_names_of_columns_are_those_of_the_query(mac: World):
    names = mac.run("SELECT image_path LIKE '%바다%', 1 FROM photos")[-1].rows.column_names
    assert names == ["(image_path ~~ '%바다%')", "1"]


def test_other_columns_are_compared_as_they_are(mac: World):
    assert paths(mac, "name = '바다'", "name", "named") == [nfc("바다")]
    assert paths(mac, nfd("name = '바다'"), "name", "named") == []


@typed
def test_changes_find_their_rows(mac: World, typed: Callable[[str], str]):
    mac.run("CREATE OR REPLACE TABLE c AS SELECT image_path, 0 AS n FROM photos")
    mac.run(
        typed(
            "UPDATE c SET n = CASE WHEN image_path LIKE '%산%' THEN 2 ELSE 1 END WHERE image_path LIKE '여름%'"
        )
    )
    mac.run(typed("UPDATE c SET n = n + 10 WHERE image_path = '여름휴가/바다.png'"))
    mac.run(
        typed(
            "MERGE INTO c USING photos p ON c.image_path = p.image_path AND p.image_path LIKE '%산%'"
            " WHEN MATCHED AND c.image_path LIKE '%é%' THEN UPDATE SET n = n + 100"
        )
    )
    assert [row["n"] for row in mac.rows("SELECT n FROM c ORDER BY image_path")] == [102, 11]
    mac.run(typed("DELETE FROM c WHERE image_path IN ('여름휴가/바다.png')"))
    assert mac.rows("SELECT image_path FROM c") == [{"image_path": PATHS[0]}]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        (
            "SELECT * FROM photos WHERE image_path LIKE '%바다%' AND CAST(image_path AS INT) = 1",
            "CAST(image_path AS INT)",
        ),
        ("SELECT * FROM photos WHERE image_path LIKE '%바다%' AND imag = 1", "imag"),
        (
            "DELETE FROM photos WHERE image_path LIKE '%바다%' AND CAST(image_path AS INT) = 1",
            "image_path AS INT",
        ),
    ],
)
@typed
def test_errors_point_into_what_was_typed(mac: World, query: str, marked: str, typed: Callable[[str], str]):
    assert marked in mac.marked(typed(query))[1]


def test_a_column_of_paths_that_are_no_text_is_left_alone(mac: World):
    mac.put("numbers", pa.table({"path": [1, 2], "image_path": ["a", nfd("가")]}))
    assert mac.rows("SELECT path FROM numbers WHERE length(image_path) > 1 OR path > length('가')") == [
        {"path": 2}
    ]
    query = "SELECT n.path FROM (SELECT length(image_path) AS image_path, path FROM numbers) n WHERE image_path > length('가')"
    assert mac.rows(query) == [{"path": 2}]
