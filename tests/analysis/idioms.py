"""A database as people have them, and the queries in ``idioms.sql``, which run over it."""

from __future__ import annotations

from pathlib import Path

from thanosql_kernel.engine.session import Session

IDIOMS = Path(__file__).with_name("idioms.sql")

PARAMETERS = {"year": 2024, "label": "cat", "n": 2, "least": 0.1, "list": ["cat", "dog"]}

SETUP = """
CREATE TABLE photos AS SELECT * FROM (VALUES
    (1::BIGINT, 'a/1.jpg', 'cat', 0.5::DOUBLE, TIMESTAMP '2024-01-02 10:00:00', DATE '2024-01-02', ['sea', '바다'],
     {'x': 1, 'y': 'k'}, MAP {'a': 1, 'b': 2}, '{"w": 3, "name": "가", "tags": ["a"]}', [0.1, 0.2, 0.3]::FLOAT[3], true),
    (2, 'a/2.jpg', 'dog', 0.25, TIMESTAMP '2024-02-03 11:30:00', DATE '2024-02-03', ['sky'],
     {'x': 2, 'y': 'l'}, MAP {'a': 3}, '{"w": 4, "name": "나", "tags": []}', [0.3, 0.2, 0.1]::FLOAT[3], false),
    (3, 'b/3.jpg', 'cat', NULL, NULL, NULL, [], NULL, NULL, NULL, NULL, NULL)
) AS t(id, image_path, label, price, taken, day, tags, st, m, j, vec, ok);
CREATE TABLE labels AS SELECT * FROM (VALUES (1, 'cat', 2), (2, 'dog', 1), (5, '새', 1)) AS t(id, label, rank);
CREATE TABLE 사진 AS SELECT 1 AS 번호, '고양이' AS 이름;
CREATE TABLE 온도 AS SELECT 1 AS id, 'cat' AS place, TIMESTAMP '2024-01-01' AS at, 3.5::DOUBLE AS temp;
CREATE TABLE 열쇠말 AS SELECT 2024 AS year, 1 AS month, 'a' AS name, 'b' AS type, 'c' AS text, 'd' AS image,
    'e' AS model, 'f' AS options, 1 AS "group", 2 AS "order", 'g' AS "select", 4 AS "end";
CREATE TABLE notes AS SELECT * FROM (VALUES ('a cat', 1), ('바다 위의 배', 2)) AS t(text, n);
CONVERT USING mini OPTIONS(text_col='text', table_name='notes') AS SELECT * FROM notes;
"""

FILES = {
    "sales.csv": "store,amount,sold\nseoul,10,2024-01-02\nbusan,3,2024-05-06\n",
    "판매.csv": "가게,금액,날짜\n서울,10,2024-01-02\n부산,3,2024-05-06\n",
}


def idioms() -> list[str]:
    """The cells of the file; what stands between blank lines is one."""
    cells = IDIOMS.read_text(encoding="utf-8").split("\n\n")
    return [cell.strip("\n") for cell in cells if not cell.startswith("-- ==")]


def opened(folder: Path) -> Session:
    """A session on the database, made in the folder."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    session = Session(folder / "db", working_folder=folder)
    session.run(SETUP, emit=lambda result: None)
    return session
