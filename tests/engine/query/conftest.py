from __future__ import annotations

import pytest


@pytest.fixture
def shop(world, monkeypatch):
    """Tables 재고 (a row without key among them), 주문 and an empty one; nobody looks after them."""
    monkeypatch.setattr(world.session.database, "maintain", lambda *cancelled: None)
    world.run(
        "CREATE TABLE 재고 AS SELECT * FROM (VALUES (1, '하나', 10), (2, '둘', 20), (NULL, '없음', 30)) v(k, 이름, n);"
        "CREATE TABLE 주문 AS SELECT * FROM (VALUES (1, '일', 1), (3, '셋', 3), (NULL, '무', 5)) v(k, 이름, n);"
        "CREATE TABLE 빈 AS SELECT * FROM 주문 LIMIT 0"
    )
    return world


@pytest.fixture
def views(photos):
    """The photos with some views."""
    photos.run("CREATE VIEW 고양이 AS SELECT * FROM t WHERE label = 'cat'")
    photos.run("CREATE VIEW pairs (번호, 이름) AS SELECT id, label FROM 고양이")
    return photos
