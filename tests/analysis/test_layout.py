"""What each kind of statement looks like when it is laid out."""

import pytest

from thanosql_kernel.analysis.features.format import format as laid_out
from thanosql_kernel.analysis.features.layout import lay_out
from thanosql_kernel.analysis.text.blocks import Block
from thanosql_kernel.duck.words import is_keyword
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import significant, tokenize
from thanosql_kernel.sql.script import Piece
from thanosql_kernel.statements.statement import Statement

#: One statement each, as it stays.
LAID_OUT = """
SELECT a
FROM t
ORDER BY a NULLS LAST
--
SELECT count(*)
FROM t
GROUP BY a
--
FROM photos
SELECT 라벨, count(*) AS n
WHERE price > 3
GROUP BY ALL
--
SELECT CASE WHEN price > 100 THEN 'dear' ELSE 'cheap' END AS kind
FROM photos
--
SELECT
    image_path,
    CASE
        WHEN price > 1000 AND label = '고양이' THEN 'dear cat'
        WHEN price > 500 THEN 'fair'
        ELSE 'cheap'
    END AS kind,
    count(*)
FROM photos
--
SELECT
    sum(
        CASE label
            WHEN 'cat' THEN price * 2
            WHEN 'dog' THEN price * 3
            WHEN 'a somewhat longer label' THEN price * 4
        END
    ) AS total
FROM photos
--
SELECT p.image_path, l.label
FROM photos p
JOIN labels l ON p.id = l.photo_id AND l.kind = 'animal'
ASOF LEFT JOIN scores s USING (id, taken_at)
CROSS JOIN u
--
SELECT *
FROM photos p
JOIN labels l
    ON p.identifier_of_the_photo = l.identifier_of_the_photo
    AND p.taken_at BETWEEN l.valid_from AND l.valid_until
JOIN (
    SELECT id, price
    FROM prices
    WHERE price > 100 AND currency = 'KRW' AND valid
) c ON c.id = p.id
--
SELECT
    row_number() OVER (PARTITION BY label ORDER BY price DESC NULLS LAST) AS rank,
    sum(price) OVER (
        PARTITION BY label, kind
        ORDER BY taken_at
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS running
FROM photos
QUALIFY rank <= 3
--
WITH near AS (
    SELECT image_path, price
    FROM photos
    WHERE price > 3 AND label = 'cat' AND taken_at > since
),
far AS MATERIALIZED (SELECT 1 AS a)
SELECT n.image_path
FROM near n, far f
--
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10)
SELECT *
FROM r
--
SELECT a
FROM t
WHERE id IN (SELECT id FROM u) AND EXISTS (SELECT 1)
--
SELECT *
FROM (
    SEARCH IMAGE text='a black cat on a roof' USING tutorial_search_clip AS
    SELECT *
    FROM (
        CONVERT USING clip OPTIONS(image_col='image_path', batch_size=32) AS
        SELECT *
        FROM photos
    )
) s
ORDER BY s.similarity DESC
LIMIT 5
--
SELECT *
FROM (SEARCH IMAGE text='cat' USING clip AS SELECT * FROM t) s
JOIN (LIST TABLE) l ON l.name = 't'
--
SELECT
    image_path,
    label,
    price,
    taken_at,
    width,
    height,
    camera,
    lens,
    iso,
    aperture,
    latitude,
    longitude
FROM photos
--
SELECT a
FROM t
UNION ALL BY NAME
SELECT b AS a
FROM u
EXCEPT
(SELECT c FROM v)
ORDER BY a
--
INSERT INTO photos (image_path, label, price)
VALUES
    ('a.jpg', '고양이', 3),
    ('b.jpg', '개', 4),
    ('c.jpg', 'a label that is longer', 5),
    ('d.jpg', 'a label that is longer', 6)
--
INSERT INTO t
VALUES (1, 'x'), (2, 'y;z')
--
INSERT INTO t
SELECT *
FROM u
--
SELECT *
FROM photos
WHERE id IN (
    101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119,
    120, 121, 122, 123
)
--
SELECT *
FROM t
WHERE (a = 1 AND b = 2 AND some_long_column_name = 'some long value')
    OR (c BETWEEN 3 AND 4 AND another_long_column_name = 'another long value')
--
PIVOT sales
ON year IN (2020, 2021)
USING sum(amount) AS total, count(*)
GROUP BY product
--
SELECT *
FROM sales
PIVOT (sum(amount) FOR year IN (2020, 2021) GROUP BY product)
--
UNPIVOT monthly
ON jan, feb, mar
INTO NAME month VALUE sales
--
UPDATE t
SET a = a + 1, b = concat(b, ',')
WHERE a > (SELECT avg(a) FROM t)
--
UPDATE photos
SET
    label = lower(trim(label)),
    price = price * 1.1 + 3,
    note = CASE WHEN price > 3 THEN 'x' ELSE 'y' END,
    updated_at = now()
WHERE id = 3
--
DELETE FROM photos
WHERE image_path IS NULL OR NOT EXISTS (SELECT 1 FROM keep)
--
SELECT * EXCLUDE (embedding, tmp) REPLACE (round(price, 2) AS price)
FROM photos
--
SELECT {'키': 1, 'b': [1, 2, 3]} AS s, MAP {'a': 1}, l[1:3], m['k'], x::DOUBLE PRECISION, -a, a - -1
FROM t
--
SELECT
    {
        'image_path': image_path,
        'label': label,
        'price': price,
        'taken_at': taken_at,
        'camera': camera
    } AS record
FROM photos
--
SELECT
    list_transform(
        list_filter(some_long_list_column, LAMBDA x: x.score > 0.5 AND x.label = 'cat'),
        LAMBDA x: {'label': x.label, 'score': x.score}
    )
FROM t
--
SELECT [x FOR x IN l IF x > 1], list_filter(l, x -> x > 2), data->>'$.a', data -> 'a'
FROM t
--
SELECT string_agg(name, ', ' ORDER BY name DESC) FILTER (WHERE price > 3) AS names
FROM t
--
SELECT
    first_name || ' ' || last_name || ' lives in ' || city || ', ' || country || ' since '
        || since::varchar AS line
FROM people
--
SELECT
    count(*) FILTER (
        WHERE label_of_the_photo = 'a label that is longer'
            AND price_of_the_photo > 100
            AND is_valid
    ) AS n
FROM t
--
SELECT a
FROM t
GROUP BY GROUPING SETS ((a, b), (a), ()), ROLLUP (c)
--
SELECT max(a) OVER w
FROM t
WINDOW w AS (PARTITION BY c ORDER BY d), v AS (ORDER BY e)
--
SELECT a
FROM t, read_csv('a.csv', header = TRUE) AS r(x, y)
WHERE a IS NOT DISTINCT FROM b
USING SAMPLE 10 PERCENT
--
COPY photos OPTIONS(if_exists='replace') FROM 'data/photos.csv'
--
CONVERT USING clip OPTIONS(image_col='image_path', result_col='v') AS
SELECT *
FROM photos
--
CONVERT USING tutorial_search_clip
OPTIONS(
    image_col='image_path',
    table_name='unsplash_data',
    batch_size=128,
    on_error='null'
) AS
SELECT *
FROM unsplash_data
--
SEARCH IMAGE text='a text to search for that is so long that the model does not fit on the line'
USING tutorial_search_clip AS
SELECT *
FROM photos
--
PRINT IMAGE OPTIONS(limit=3) AS
SEARCH IMAGE image='a.jpg' USING mini OPTIONS(top_k=-1) AS
SELECT *
FROM t
--
PRINT IMAGE AS (
    SELECT image_path
    FROM photos
)
LIMIT 3
--
EXPORT
SELECT a
FROM t
TO 'a.csv'
--
EXPORT SEARCH IMAGE text='cat' USING clip AS
SELECT *
FROM t
TO 'x.parquet'
--
CREATE OR REPLACE TABLE 고양이 AS
SELECT 경로 AS image_path
FROM '사진.csv'
--
ALTER TABLE t ADD COLUMN c DECIMAL(10, 2)
--
SET display.rows = 50
""".strip().split("\n--\n")

#: SQL that no statement of today takes.
PLAIN_SQL = """
MERGE INTO photos p
USING new_photos n ON p.id = n.id
WHEN MATCHED AND n.price IS NULL THEN DELETE
WHEN MATCHED THEN UPDATE SET price = n.price, 라벨 = n.라벨
WHEN NOT MATCHED THEN INSERT (id, price) VALUES (n.id, n.price)
--
MERGE INTO photos
USING (
    SELECT id, price, taken_at
    FROM incoming
    WHERE price > 0 AND taken_at IS NOT NULL
) n USING (id)
WHEN MATCHED THEN UPDATE SET
    price = n.price,
    taken_at = n.taken_at,
    width_in_pixels = n.width_in_pixels,
    height = n.height
WHEN NOT MATCHED BY SOURCE THEN DELETE
WHEN NOT MATCHED THEN INSERT *
--
INSERT INTO photos (id, price)
VALUES (1, 3), (2, 4)
ON CONFLICT (id) DO UPDATE SET price = excluded.price
--
INSERT INTO photos BY NAME
SELECT *
FROM incoming
ON CONFLICT DO NOTHING
RETURNING id
--
UPDATE photos p
SET price = n.price
FROM incoming n
WHERE p.id = n.id
--
DELETE FROM photos p
USING removed r
WHERE p.id = r.id
--
CREATE TABLE photos (
    id BIGINT PRIMARY KEY,
    image_path VARCHAR NOT NULL,
    taken_at TIMESTAMP,
    embedding FLOAT[512],
    price DECIMAL(10, 2)
)
--
EXPLAIN ANALYZE
SELECT a
FROM t
""".strip().split("\n--\n")


class PlainSql(Statement):
    """Any SQL, every keyword of DuckDB's one where it stands."""

    plain_sql = True

    @classmethod
    def parse(cls, cursor, words):
        raise AssertionError("such a statement is laid out, never read")

    @classmethod
    def lay_out(cls, text):
        tokens = tuple(significant(tokenize(text)))
        span = Span(0, len(text))
        keywords = {token.start for token in tokens if token.kind == "word" and is_keyword(token.text)}
        return lay_out(Block(text, Piece(span, tokens), cls(span, ())), keywords)


def on_one_line(statement):
    """With other white space, as somebody would type it who does not care."""
    return (
        " ".join(statement.split())
        .replace("( ", "(")
        .replace(" )", ")")
        .replace("{ ", "{")
        .replace(" }", "}")
    )


@pytest.mark.parametrize("statement", LAID_OUT)
def test_a_statement_is_laid_out_evenly_however_it_was_typed(statement):
    assert laid_out(statement) == statement
    assert laid_out(on_one_line(statement)) == statement
    assert laid_out(on_one_line(statement).replace(" ", "\n  ")).split() == statement.split()


@pytest.mark.parametrize("statement", PLAIN_SQL)
def test_plain_sql_is_laid_out_by_its_clauses_whatever_statement_it_is(statement):
    assert PlainSql.lay_out(on_one_line(statement)) == statement
    assert PlainSql.lay_out(statement) == statement


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select a,b ,c from t", "a, b, c"),
        (
            "select a=1,b<>-1,c>=d,e||f,g%h,-i,2*-j from t",
            "a = 1, b <> -1, c >= d, e || f, g % h, -i, 2 * -j",
        ),
        (
            "select a - -1, a//b, a**2, a<->b, ~c, @d, 5! from t",
            "a - -1, a // b, a ** 2, a <-> b, ~c, @d, 5!",
        ),
        ("select count( * ), f (x), f( x , y ), a . b, t.* from t", "count(*), f (x), f(x, y), a.b, t.*"),
        ("select x :: int, l [1], l[ 1 : 2 ], {'a' :1} from t", "x::int, l [1], l[1 : 2], {'a': 1}"),
        (
            "select a in(1,2), cast(b as int), coalesce(c,1) from t",
            "a IN (1, 2), CAST(b AS int), COALESCE(c, 1)",
        ),
        ("select $p, $1, ?, 0x1F, 1_000, x'ab', e'\\n' from t", "$p, $1, ?, 0x1F, 1_000, x'ab', e'\\n'"),
        ("select a->>'b', a -> 'b', x->'c' from t", "a->>'b', a -> 'b', x->'c'"),
        ("select *columns(l), * exclude a from t", "*COLUMNS(l), * EXCLUDE a"),
    ],
)
def test_signs_stand_as_close_as_they_are_read(text, expected):
    assert laid_out(text) == f"SELECT {expected}\nFROM t"
    assert laid_out(laid_out(text)) == laid_out(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select type, over, values, last from t", "SELECT type, over, values, last\nFROM t"),
        ("select 1 as select, t.order, a first from t", "SELECT 1 AS select, t.order, a first\nFROM t"),
        (
            "select first from t order by first nulls first",
            "SELECT first\nFROM t\nORDER BY first NULLS FIRST",
        ),
        ("select left(a, 2), replace(b, 'x', 'y') from t", "SELECT left(a, 2), replace(b, 'x', 'y')\nFROM t"),
        ("update t set type = 'x', value = first", "UPDATE t\nSET type = 'x', value = first"),
        ("drop table if exists exists_", "DROP TABLE IF EXISTS exists_"),
        (
            "alter table options rename column text to image",
            "ALTER TABLE options RENAME COLUMN text TO image",
        ),
        (
            "convert using Clip options(Image_Col='a', batch_size=8) as select * from t",
            "CONVERT USING Clip OPTIONS(Image_Col='a', batch_size=8) AS\nSELECT *\nFROM t",
        ),
    ],
)
def test_only_words_that_are_keywords_where_they_stand_are_capitals(text, expected):
    assert laid_out(text) == expected
