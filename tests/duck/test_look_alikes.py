"""Which characters need no normalising, and where errors point when a comparison was changed."""

from __future__ import annotations

import unicodedata

import pytest

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.errors import Place
from thanosql_kernel.duck.look_alikes import PLAIN, compared_alike, edited, placed, types_of
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.sql.query import Shift

NFD = unicodedata.normalize("NFD", "여름")
COLUMNS = types_of(
    iter([[Column("image_path", "VARCHAR"), Column("path", "BIGINT"), Column("label", "VARCHAR")]])
)


def test_texts_of_plain_characters_are_in_nfc():
    """Each is in NFC, is no mark, and none is what a composed character ends with: then any text of them is."""
    plain = [chr(point) for first, last in PLAIN for point in range(first, last + 1)]
    assert all(unicodedata.is_normalized("NFC", char) for char in plain)
    assert not any(map(unicodedata.combining, plain))
    pairs = (unicodedata.decomposition(chr(point)).split() for point in range(0x30000))
    ends = {chr(int(pair[1], 16)) for pair in pairs if len(pair) == 2 and not pair[0].startswith("<")}
    ends |= {chr(point) for point in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    assert ends.isdisjoint(plain)


def changed(sql: str) -> str:
    return edited(sql, compared_alike(sql, parsed(sql), COLUMNS))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM t WHERE image_path = 'x'",
        "SELECT * FROM t WHERE label = '여름'",
        "SELECT * FROM t WHERE path = '여름'",
        "SELECT '여름', image_path FROM t WHERE image_path LIKE '%.jpg'",
        "SELECT * FROM t WHERE image_path LIKE '%日本%'",
        "SELECT a.image_path FROM t a JOIN t b ON a.image_path = b.image_path -- 여름",
        "SELECT replace(image_path, '여름', 'x') FROM t",
        "SELECT * FROM t WHERE image_path LIKE 'a%' AND label = '여름'",
        "SELECT * FROM t WHERE (image_path LIKE 'a%') = (label = '여름')",
        "SELECT * FROM t WHERE image_path IN (SELECT label FROM u WHERE label = '여름')",
    ],
)
def test_other_queries_run_as_they_are(sql: str):
    assert changed(sql) == sql


def test_texts_beside_paths_in_one_comparison_are_compared_alike_too():
    assert changed("SELECT * FROM t WHERE coalesce(image_path, '여름') = label").count("nfc_normalize") == 2


def test_places_in_changed_sql_are_places_in_the_cell():
    written = f"SELECT 1 FROM t WHERE image_path = $x AND image_path = '{NFD}' AND bad"
    sql = written.replace("$x", f" '{NFD}' ")
    at = sql.index(f" '{NFD}'")
    place = Place(sql, 100, shifts=(Shift(at, len(NFD) + 4, 2),), written=written)
    moved = placed(place, compared_alike(sql, parsed(sql), COLUMNS))
    assert moved.sql.count("nfc_normalize") == 2
    assert NFD not in moved.sql
    for word, occurrence in (
        ("SELECT", "SELECT"),
        ("bad", "bad"),
        ("AND bad", "AND bad"),
        ("'여름' AND", f"'{NFD}' AND"),
    ):
        offset = len(moved.sql[: moved.sql.rindex(word)].encode())
        start, end = moved.span(offset, len(word.encode()))
        assert written[start - 100 : end - 100] == occurrence
