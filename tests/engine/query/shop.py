"""What is in a shop's tables, for statements that change rows."""

from __future__ import annotations

ROWS = [
    {"k": 1, "이름": "하나", "n": 10},
    {"k": 2, "이름": "둘", "n": 20},
    {"k": None, "이름": "없음", "n": 30},
]


def stock(world) -> list[tuple]:
    return [tuple(row.values()) for row in world.rows("SELECT * FROM 재고")]


def version(world, name: str = "재고") -> int:
    return world.session.catalog.table(name).version


BEFORE = [tuple(row.values()) for row in ROWS]
FIRST, SECOND, LAST = BEFORE

MERGE = "MERGE INTO 재고 USING 주문 ON 재고.k = 주문.k "


def assert_refused(world, cell: str, code: str, marked: str | None) -> None:
    """The statement is wrong where it is marked, and writes nothing."""
    before = version(world)
    error = world.fail(cell)
    assert error.code == code
    if marked is not None:
        assert cell[slice(*error.span)] == marked
    assert (stock(world), version(world)) == (BEFORE, before)
