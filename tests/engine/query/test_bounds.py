"""LIMIT and OFFSET: the right rows, or a clear error, however large the number."""

from __future__ import annotations

import pytest

LARGEST = 2**63 - 1


@pytest.mark.parametrize("columns", ["id", "id, v", "*", "upper(label) AS l, id"])
@pytest.mark.parametrize("order", ["", " ORDER BY id"])
@pytest.mark.parametrize(
    ("bound", "ids"),
    [
        (f"LIMIT {LARGEST}", [1, 2, 3, 4, 5, 6]),
        (f"LIMIT {LARGEST} OFFSET 4", [5, 6]),
        (f"LIMIT 2 OFFSET {LARGEST}", []),
        (f"LIMIT {LARGEST} OFFSET {LARGEST}", []),
        ("LIMIT NULL", [1, 2, 3, 4, 5, 6]),
        ("LIMIT 0", []),
        ("LIMIT 50%", [1, 2, 3]),
    ],
)
def test_large_bounds_give_the_right_rows(photos, columns, order, bound, ids):
    (result,) = photos.run(f"SELECT {columns} FROM t{order} {bound}")
    assert result.rows.column("id").to_pylist() == ids
    assert result.total == len(ids)


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 10**46])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM t LIMIT {}",
        "SELECT id, v FROM t LIMIT 5 OFFSET {}",
        "SELECT * FROM t ORDER BY id LIMIT {}",
        "SELECT * FROM t WHERE id IN (SELECT 번호 FROM 사진 LIMIT {})",
        "WITH c AS (FROM t LIMIT {}) FROM c",
    ],
)
def test_a_larger_one_is_marked(photos, query, number):
    error = photos.fail(query.format(number))
    cell = query.format(number)
    assert (error.code, error.message) == ("TS105", "LIMIT and OFFSET go up to 9223372036854775807")
    assert cell[slice(*error.span)] == str(number)


@pytest.mark.parametrize(
    "bound", ["LIMIT -1", "OFFSET -1", "LIMIT 'x'", "LIMIT 1e30", "LIMIT 200%", "LIMIT id"]
)
def test_what_is_no_bound_is_an_ordinary_error(photos, bound):
    assert photos.fail(f"SELECT id, v FROM t {bound}").code in ("TS105", "TS202", "TS301")
