-- section: Reading
-- form: SELECT columns
SELECT id, label FROM photos
-- form: SELECT without a table
SELECT 1 + 1 AS two, 'a' || 'b' AS text
-- form: WHERE
SELECT id FROM photos WHERE score > 0.3 AND label IS NOT NULL
-- form: ORDER BY … NULLS LAST
SELECT id FROM photos ORDER BY label DESC NULLS LAST, id
-- form: ORDER BY ALL
SELECT label, id FROM photos ORDER BY ALL
-- form: LIMIT and OFFSET
SELECT id FROM photos ORDER BY id LIMIT 2 OFFSET 1
-- form: LIMIT n%
SELECT id FROM photos ORDER BY id LIMIT 50%
-- form: LIMIT of a query
SELECT id FROM photos ORDER BY id LIMIT (SELECT count(*) // 2 FROM photos)
-- form: DISTINCT
SELECT DISTINCT label FROM photos
-- form: DISTINCT ON
SELECT DISTINCT ON (label) label, id FROM photos ORDER BY label, id
-- form: FROM first
FROM photos SELECT id WHERE label = 'cat'
-- form: FROM alone
FROM photos
-- form: TABLE t
TABLE photos
-- form: VALUES
VALUES (1, 'a'), (2, 'b')
-- form: VALUES as a table
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(n, word)
-- form: prefix aliases
SELECT number: id, kind: upper(label) FROM photos
-- form: aliases in WHERE, GROUP BY and HAVING
SELECT upper(label) AS kind, count(*) AS n FROM photos WHERE kind <> 'BIRD' GROUP BY kind HAVING n > 1
-- form: a trailing comma
SELECT id, label, FROM photos
-- form: quoted names
SELECT "id" AS "번호 (첫째)" FROM "photos"
-- form: IN a list, BETWEEN
SELECT id FROM photos WHERE label IN ('cat', 'dog') AND id BETWEEN 2 AND 4
-- form: IN a query
SELECT id FROM photos WHERE label IN (SELECT label FROM labels WHERE kind = 'pet')
-- form: EXISTS, correlated
SELECT id FROM photos p WHERE EXISTS (SELECT 1 FROM visits v WHERE v.photo = p.id)
-- form: ANY and ALL
SELECT id FROM photos WHERE score >= ALL (SELECT score FROM photos WHERE score IS NOT NULL)
-- form: a query as a value
SELECT id, (SELECT count(*) FROM visits WHERE photo = id) AS visits FROM photos
-- form: CASE
SELECT id, CASE label WHEN 'cat' THEN '고양이' WHEN 'dog' THEN '개' ELSE '?' END AS 이름 FROM photos
-- form: LIKE, ILIKE, GLOB, SIMILAR TO
SELECT id FROM photos WHERE path LIKE '%.jpg' AND path ILIKE 'A%' OR path GLOB 'd/*' OR path SIMILAR TO 'e.*'
-- form: regular expressions
SELECT regexp_extract(path, '(\w+)\.jpg', 1) AS stem FROM photos WHERE path ~ '.*jpg'
-- form: IS DISTINCT FROM
SELECT id FROM photos WHERE label IS DISTINCT FROM 'cat'
-- form: row values
SELECT id FROM photos WHERE (label, id) = ('cat', 1)
-- section: Joins
-- form: INNER JOIN … ON
SELECT p.id, l.kind FROM photos p JOIN labels l ON p.label = l.label
-- form: JOIN … USING
SELECT id, kind FROM photos JOIN labels USING (label)
-- form: NATURAL JOIN
SELECT id, kind FROM photos NATURAL JOIN labels
-- form: LEFT JOIN
SELECT id, kind FROM photos LEFT JOIN labels USING (label)
-- form: RIGHT JOIN
SELECT id, label FROM photos RIGHT JOIN labels USING (label)
-- form: FULL OUTER JOIN
SELECT id, label, kind FROM photos FULL OUTER JOIN labels USING (label)
-- form: CROSS JOIN
SELECT id, kind FROM photos CROSS JOIN labels
-- form: a comma between tables
SELECT p.id, v.n FROM photos p, visits v WHERE v.photo = p.id
-- form: SEMI JOIN
SELECT id FROM photos SEMI JOIN visits ON photos.id = visits.photo
-- form: ANTI JOIN
SELECT id FROM photos ANTI JOIN visits ON photos.id = visits.photo
-- form: ASOF JOIN
SELECT v.photo, v.seen, r.rate FROM visits v ASOF JOIN rates r ON v.seen >= r.since
-- form: LATERAL
SELECT p.id, top.n FROM photos p, LATERAL (SELECT max(n) AS n FROM visits v WHERE v.photo = p.id) AS top
-- form: POSITIONAL JOIN
SELECT * FROM labels POSITIONAL JOIN rates
-- form: a table joined to itself
SELECT a.id, b.id AS other FROM photos a JOIN photos b ON a.label = b.label AND a.id < b.id
-- section: Groups
-- form: GROUP BY
SELECT label, count(*) AS n, avg(score) AS mean FROM photos GROUP BY label
-- form: GROUP BY ALL
SELECT label, year(taken) AS year, count(*) AS n FROM photos GROUP BY ALL
-- form: HAVING
SELECT label FROM photos GROUP BY label HAVING count(*) > 1
-- form: FILTER
SELECT count(*) AS n, count(*) FILTER (WHERE score > 0.4) AS good FROM photos
-- form: count DISTINCT
SELECT count(DISTINCT label) AS n FROM photos
-- form: aggregates in an order
SELECT string_agg(path, ', ' ORDER BY id DESC) AS paths, list(id ORDER BY id) AS ids FROM photos
-- form: GROUPING SETS
SELECT label, year(taken) AS year, count(*) AS n FROM photos GROUP BY GROUPING SETS ((label), (year), ())
-- form: ROLLUP
SELECT label, count(*) AS n, grouping(label) AS total FROM photos GROUP BY ROLLUP (label)
-- form: CUBE
SELECT label, year(taken) AS year, count(*) AS n FROM photos GROUP BY CUBE (label, year)
-- form: quantiles and mode
SELECT median(score) AS middle, quantile_cont(score, 0.25) AS low, mode(tags[1]) AS most FROM photos
-- form: max_by, arg_min, first
SELECT max_by(id, score) AS best, arg_min(id, score) AS worst FROM photos
-- form: histogram
SELECT histogram(label) AS counts FROM photos
-- section: Windows
-- form: row_number OVER
SELECT id, row_number() OVER (PARTITION BY label ORDER BY score DESC) AS rank FROM photos
-- form: lag and lead
SELECT id, lag(id) OVER (ORDER BY id) AS before, lead(id, 1, 0) OVER (ORDER BY id) AS after FROM photos
-- form: a frame of rows
SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS pair FROM photos
-- form: a frame of a range of time
SELECT seen, sum(n) OVER (ORDER BY seen RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) AS n FROM visits
-- form: EXCLUDE in a frame
SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS rest FROM photos
-- form: a named WINDOW
SELECT id, rank() OVER w AS r, first_value(id) OVER w AS first FROM photos WINDOW w AS (PARTITION BY label ORDER BY id)
-- form: QUALIFY
SELECT id, label FROM photos QUALIFY row_number() OVER (PARTITION BY label ORDER BY id) = 1
-- section: Queries in queries
-- form: WITH
WITH cats AS (SELECT * FROM photos WHERE label = 'cat') SELECT count(*) AS n FROM cats
-- form: WITH several, with columns
WITH a(n) AS (SELECT id FROM photos), b AS (SELECT n * 2 AS m FROM a) SELECT sum(m) AS total FROM b
-- form: MATERIALIZED
WITH a AS MATERIALIZED (SELECT id FROM photos) SELECT x.id FROM a x JOIN a y ON x.id = y.id + 1
-- form: WITH RECURSIVE
WITH RECURSIVE days(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM days WHERE n < 4) SELECT * FROM days
-- form: WITH RECURSIVE … USING KEY
WITH RECURSIVE best(k, n) USING KEY (k) AS (SELECT 1, 0 UNION SELECT k, n + 1 FROM best WHERE n < 3) SELECT * FROM best
-- form: a query in FROM
SELECT kind, n FROM (SELECT upper(label) AS kind, count(*) AS n FROM photos GROUP BY 1) AS counted WHERE n > 1
-- form: UNION
SELECT label FROM photos UNION SELECT label FROM labels
-- form: UNION ALL
SELECT label FROM photos UNION ALL SELECT label FROM labels
-- form: UNION BY NAME
SELECT id, label FROM photos UNION ALL BY NAME SELECT kind, label FROM labels
-- form: INTERSECT
SELECT label FROM photos INTERSECT SELECT label FROM labels
-- form: INTERSECT ALL
SELECT label FROM photos INTERSECT ALL SELECT label FROM photos WHERE id > 1
-- form: EXCEPT
SELECT label FROM photos EXCEPT SELECT label FROM labels
-- form: EXCEPT ALL
SELECT label FROM photos EXCEPT ALL SELECT label FROM labels
-- form: queries in parentheses
(SELECT id FROM photos ORDER BY id LIMIT 1) UNION ALL (SELECT id FROM photos ORDER BY id DESC LIMIT 1)
-- section: Columns
-- form: EXCLUDE
SELECT * EXCLUDE (tags, place, taken) FROM photos
-- form: REPLACE
SELECT * REPLACE (upper(label) AS label) FROM labels
-- form: RENAME
SELECT * RENAME (kind AS sort) FROM labels
-- form: t.*
SELECT l.*, r.rate FROM labels l POSITIONAL JOIN rates r
-- form: COLUMNS of a pattern
SELECT COLUMNS('l.*') FROM photos
-- form: COLUMNS in a function
SELECT max(COLUMNS(* EXCLUDE (tags, place))) FROM photos
-- form: COLUMNS with a lambda
SELECT COLUMNS(lambda c: c LIKE 's%') FROM photos
-- form: columns LIKE a pattern
SELECT * LIKE 'l%' FROM photos
-- form: an alias of COLUMNS
SELECT max(COLUMNS('id|score')) AS 'max_\0' FROM photos
-- form: unpacked COLUMNS
SELECT coalesce(*COLUMNS('label|path')) AS first FROM photos
-- section: Rows to columns
-- form: PIVOT
PIVOT photos ON label USING count(*) GROUP BY taken
-- form: PIVOT … IN
PIVOT photos ON label IN ('cat', 'dog') USING sum(score) AS total GROUP BY taken
-- form: PIVOT of standard SQL
SELECT * FROM (SELECT label, year(taken) AS year, score FROM photos) PIVOT (sum(score) FOR year IN (2023, 2024))
-- form: UNPIVOT
UNPIVOT (SELECT id, score, id * 2 AS twice FROM photos) ON score, twice INTO NAME what VALUE amount
-- form: UNPIVOT COLUMNS
UNPIVOT (SELECT id, score, score * 2 AS twice FROM photos) ON COLUMNS(* EXCLUDE id)
-- form: SAMPLE
SELECT count(*) AS n FROM (SELECT * FROM photos USING SAMPLE 3 ROWS)
-- form: TABLESAMPLE
SELECT count(*) AS n FROM photos TABLESAMPLE reservoir(2 ROWS)
-- form: SAMPLE of percent
SELECT count(*) AS n FROM photos USING SAMPLE 100 PERCENT (bernoulli)
-- form: SUMMARIZE t | own
SUMMARIZE photos
-- form: SUMMARIZE query
SUMMARIZE SELECT id, score FROM photos
-- section: Values
-- form: CAST and ::
SELECT CAST(id AS VARCHAR) AS text, '3'::INTEGER + 1 AS four, id::DOUBLE / 2 AS half FROM photos
-- form: TRY_CAST
SELECT TRY_CAST(path AS INTEGER) AS n FROM photos
-- form: TRY
SELECT TRY(CAST(path AS INTEGER)) AS n FROM photos
-- form: dates and intervals
SELECT taken + INTERVAL 1 MONTH AS later, taken - DATE '2024-01-01' AS days FROM photos
-- form: parts of dates
SELECT extract(year FROM taken) AS y, date_part('month', taken) AS m, date_trunc('month', taken) AS first, strftime(taken, '%Y년') AS text FROM photos
-- form: time zones
SELECT TIMESTAMPTZ '2024-01-01 12:00:00+09' AT TIME ZONE 'Asia/Seoul' AS there
-- form: lists
SELECT [1, 2, 3] AS a, len(tags) AS n, tags[1] AS first, list_contains(tags, 'sea') AS has FROM photos
-- form: list slices
SELECT [1, 2, 3, 4][2:3] AS middle, tags[:1] AS first FROM photos
-- form: list comprehension
SELECT [upper(t) FOR t IN tags IF t <> 'sea'] AS tags FROM photos
-- form: lambdas
SELECT list_transform([1, 2], lambda x: x + 1) AS more, list_filter(tags, lambda t: len(t) > 3) AS long FROM photos
-- form: list_reduce
SELECT list_reduce([1, 2, 3], lambda a, b: a + b) AS total
-- form: structs
SELECT {'city': '부산', 'lat': 35.1} AS made, place.city AS city, place['lat'] AS lat FROM photos
-- form: struct.*
SELECT place.* FROM photos
-- form: maps
SELECT MAP {'a': 1, 'b': 2} AS m, MAP {'a': 1}['a'] AS a, map_keys(MAP {'k': 2}) AS keys
-- form: unions
SELECT union_tag(u) AS tag, u.n AS n FROM (SELECT union_value(n := 1) AS u)
-- form: arrays of fixed length
SELECT array_cosine_similarity([1, 0]::FLOAT[2], [1, 1]::FLOAT[2]) AS cosine
-- form: slices of texts
SELECT path[1:3] AS start, path[-3:] AS ending FROM photos
-- form: functions chained by dots
SELECT path.upper().replace('.JPG', '') AS name FROM photos
-- form: format and printf
SELECT format('{}-{}', id, label) AS a, printf('%03d', id) AS b FROM photos WHERE label IS NOT NULL
-- form: JSON
SELECT '{"a": {"b": [1, 2]}}'::JSON -> 'a' ->> '$.b[1]' AS two
-- form: UUID, ENUM, BLOB
SELECT 'bbd05ae7-1234-4234-8234-123456789abc'::UUID AS u, 'a'::ENUM('a', 'b') AS e, '\xAA'::BLOB AS b
-- form: numbers of other kinds
SELECT 1_000 AS thousand, 1e3 AS double, 7 // 2 AS whole, 7 % 2 AS rest, 2 ** 3 AS power
-- form: coalesce, nullif, greatest
SELECT coalesce(label, '?') AS l, nullif(label, 'cat') AS n, greatest(id, 3) AS g FROM photos
-- form: IF and IFNULL
SELECT if(score > 0.4, 'good', 'bad') AS verdict, ifnull(score, 0) AS score FROM photos
-- form: COLLATE
SELECT id FROM photos WHERE label = 'CAT' COLLATE NOCASE
-- form: dollar-quoted texts and escapes
SELECT $$it's$$ AS a, E'tab\there' AS b
-- section: Tables of functions
-- form: range
SELECT * FROM range(3)
-- form: generate_series of days
SELECT * FROM generate_series(DATE '2024-01-01', DATE '2024-01-03', INTERVAL 1 DAY) AS days(day)
-- form: unnest
SELECT id, unnest(tags) AS tag FROM photos
-- form: unnest in FROM
SELECT p.id, t.tag FROM photos p, unnest(p.tags) AS t(tag)
-- form: unnest of a struct
SELECT unnest(place) FROM photos
-- form: WITH ORDINALITY
SELECT * FROM unnest(['a', 'b']) WITH ORDINALITY AS t(word, n)
-- form: query_table
SELECT count(*) AS n FROM query_table('labels')
-- section: Variables
-- form: SET VARIABLE, getvariable
SET VARIABLE least = 0.4; SELECT id FROM photos WHERE score > getvariable('least')
-- form: SET VARIABLE of a query
SET VARIABLE kinds = (SELECT list(label ORDER BY label) FROM labels); SELECT getvariable('kinds') AS kinds
-- form: RESET VARIABLE
SET VARIABLE n = 1; RESET VARIABLE n; SELECT getvariable('n') AS n
-- form: SHOW VARIABLES
SET VARIABLE year = 2024; SHOW VARIABLES
-- form: duckdb_variables()
SET VARIABLE year = 2024; SELECT name, value, type FROM duckdb_variables()
-- section: What there is
-- form: SHOW TABLES | own
SHOW TABLES
-- form: DESCRIBE t | own
DESCRIBE photos
-- form: DESCRIBE query | own
DESCRIBE SELECT id, label FROM photos
-- form: SHOW t | own
SHOW photos
-- form: FROM (DESCRIBE t)
SELECT column_name, column_type FROM (DESCRIBE labels)
-- form: information_schema.tables
SELECT table_name FROM information_schema.tables ORDER BY table_name
-- form: information_schema.columns
SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'labels' ORDER BY ordinal_position
-- form: duckdb_tables()
SELECT table_name, column_count FROM duckdb_tables() ORDER BY 1
-- form: duckdb_columns()
SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'photos' ORDER BY column_index
-- form: duckdb_views()
SELECT view_name FROM duckdb_views() WHERE NOT internal
-- form: duckdb_functions()
SELECT count(*) > 0 AS found FROM duckdb_functions() WHERE function_name = 'upper'
-- form: sqlite_master
SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name
-- form: EXPLAIN | own
EXPLAIN SELECT id FROM photos WHERE score > 0.4
-- form: EXPLAIN ANALYZE | own
EXPLAIN ANALYZE SELECT count(*) FROM photos
-- section: Making tables
-- form: CREATE TABLE … AS
CREATE TABLE cats AS SELECT * FROM photos WHERE label = 'cat'
-- then: SELECT id FROM cats
-- form: CREATE OR REPLACE TABLE … AS
CREATE OR REPLACE TABLE labels AS SELECT 'fish' AS label
-- then: FROM labels
-- form: CREATE TABLE IF NOT EXISTS … AS
CREATE TABLE IF NOT EXISTS labels AS SELECT 1 AS n
-- then: SELECT count(*) AS n FROM labels
-- form: CREATE TABLE … AS FROM t
CREATE TABLE copy AS FROM labels
-- then: FROM copy
-- form: CREATE TABLE of columns
CREATE TABLE notes (id INTEGER, text VARCHAR, made TIMESTAMP)
-- then: SELECT count(*) AS n FROM notes
-- form: CREATE TABLE with DEFAULT
CREATE TABLE notes (id INTEGER, text VARCHAR DEFAULT 'none'); INSERT INTO notes (id) VALUES (1)
-- then: FROM notes
-- form: CREATE TABLE with NOT NULL
CREATE TABLE notes (id INTEGER NOT NULL, text VARCHAR); INSERT INTO notes VALUES (1, 'a')
-- then: FROM notes
-- form: CREATE TABLE with PRIMARY KEY
CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR); INSERT INTO notes VALUES (1, 'a')
-- then: FROM notes
-- form: CREATE TABLE with CHECK
CREATE TABLE notes (id INTEGER CHECK (id > 0)); INSERT INTO notes VALUES (1)
-- then: FROM notes
-- form: CREATE TABLE with a generated column
CREATE TABLE notes (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2)); INSERT INTO notes VALUES (1)
-- then: FROM notes
-- form: CREATE TEMP TABLE
CREATE TEMP TABLE few AS SELECT 1 AS n
-- then: FROM few
-- form: CREATE TABLE of a PIVOT
CREATE TABLE years AS PIVOT photos ON label IN ('cat', 'dog') USING count(*) GROUP BY taken
-- then: FROM years
-- form: CREATE VIEW
CREATE VIEW pets AS SELECT id FROM photos WHERE label IN ('cat', 'dog')
-- then: FROM pets
-- form: CREATE OR REPLACE VIEW
CREATE OR REPLACE VIEW pets AS SELECT label FROM labels
-- then: FROM pets
-- form: DROP VIEW
CREATE VIEW pets AS SELECT 1 AS n; DROP VIEW pets
-- then: SELECT count(*) AS n FROM photos
-- form: DROP TABLE
DROP TABLE rates
-- then: SELECT table_name FROM information_schema.tables ORDER BY 1
-- form: DROP TABLE IF EXISTS
DROP TABLE IF EXISTS nothing
-- then: SELECT count(*) AS n FROM photos
-- section: Changing rows
-- form: INSERT … VALUES
INSERT INTO labels VALUES ('fish', 'pet'), ('wolf', NULL)
-- then: FROM labels
-- form: INSERT into columns
INSERT INTO labels (kind) VALUES ('wild')
-- then: FROM labels
-- form: INSERT … SELECT
INSERT INTO labels SELECT DISTINCT label, 'seen' FROM photos WHERE label IS NOT NULL
-- then: FROM labels
-- form: INSERT BY NAME
INSERT INTO labels BY NAME SELECT 'pet' AS kind, 'fish' AS label
-- then: FROM labels
-- form: INSERT BY POSITION
INSERT INTO labels BY POSITION SELECT 'fish', 'pet'
-- then: FROM labels
-- form: INSERT of DEFAULT
INSERT INTO labels VALUES ('fish', DEFAULT)
-- then: FROM labels
-- form: INSERT with WITH
INSERT INTO labels WITH n AS (SELECT 'fish' AS l) SELECT l, 'pet' FROM n
-- then: FROM labels
-- form: INSERT … RETURNING
INSERT INTO labels VALUES ('fish', 'pet') RETURNING label
-- form: INSERT OR REPLACE
CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR); INSERT INTO notes VALUES (1, 'a'); INSERT OR REPLACE INTO notes VALUES (1, 'b')
-- then: FROM notes
-- form: INSERT OR IGNORE
CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR); INSERT INTO notes VALUES (1, 'a'); INSERT OR IGNORE INTO notes VALUES (1, 'b')
-- then: FROM notes
-- form: INSERT … ON CONFLICT (key) DO UPDATE | own rows: DuckDB wants a declared key
INSERT INTO labels VALUES ('cat', 'tiger') ON CONFLICT (label) DO UPDATE SET kind = excluded.kind
-- then: FROM labels
-- form: INSERT … ON CONFLICT (key) DO NOTHING | own rows: DuckDB wants a declared key
INSERT INTO labels VALUES ('cat', 'tiger'), ('fox', 'wild') ON CONFLICT (label) DO NOTHING
-- then: FROM labels
-- form: INSERT … ON CONFLICT DO UPDATE, the key declared
CREATE TABLE notes (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO notes VALUES (1, 1); INSERT INTO notes VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET n = n + excluded.n
-- then: FROM notes
-- form: INSERT … ON CONFLICT DO NOTHING, the key declared
CREATE TABLE notes (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO notes VALUES (1, 1); INSERT INTO notes VALUES (1, 5) ON CONFLICT DO NOTHING
-- then: FROM notes
-- form: UPDATE
UPDATE photos SET label = 'puppy', score = score * 2 WHERE label = 'dog'
-- then: SELECT id, label, score FROM photos
-- form: UPDATE by a query
UPDATE photos SET score = (SELECT avg(n) FROM visits WHERE photo = id)
-- then: SELECT id, score FROM photos
-- form: UPDATE … FROM
UPDATE photos SET label = labels.kind FROM labels WHERE labels.label = photos.label
-- then: SELECT id, label FROM photos
-- form: UPDATE … RETURNING
UPDATE photos SET score = 1 WHERE id = 1 RETURNING id, score
-- form: DELETE
DELETE FROM photos WHERE score < 0.4
-- then: SELECT id FROM photos
-- form: DELETE by a query
DELETE FROM photos WHERE id IN (SELECT photo FROM visits)
-- then: SELECT id FROM photos
-- form: DELETE … USING
DELETE FROM photos USING labels WHERE labels.label = photos.label AND kind = 'pet'
-- then: SELECT id FROM photos
-- form: DELETE … RETURNING
DELETE FROM labels WHERE kind = 'pet' RETURNING label
-- form: DELETE of all rows
DELETE FROM labels
-- then: SELECT count(*) AS n FROM labels
-- form: TRUNCATE
TRUNCATE labels
-- then: SELECT count(*) AS n FROM labels
-- form: MERGE INTO
MERGE INTO labels USING (SELECT 'cat' AS label, 'wild' AS kind UNION ALL SELECT 'fish', 'pet') AS n ON labels.label = n.label WHEN MATCHED THEN UPDATE SET kind = n.kind WHEN NOT MATCHED THEN INSERT VALUES (n.label, n.kind)
-- then: FROM labels
-- form: MERGE INTO … DELETE
MERGE INTO labels USING visits ON labels.label = 'cat' AND visits.photo = 5 WHEN MATCHED THEN DELETE
-- then: FROM labels
-- section: Changing tables
-- form: ALTER TABLE … ADD COLUMN
ALTER TABLE labels ADD COLUMN note VARCHAR
-- then: FROM labels
-- form: ADD COLUMN IF NOT EXISTS
ALTER TABLE labels ADD COLUMN IF NOT EXISTS kind VARCHAR
-- then: FROM labels
-- form: ADD COLUMN … DEFAULT
ALTER TABLE labels ADD COLUMN n INTEGER DEFAULT 5
-- then: FROM labels
-- form: DROP COLUMN
ALTER TABLE labels DROP COLUMN kind
-- then: FROM labels
-- form: DROP COLUMN IF EXISTS
ALTER TABLE labels DROP COLUMN IF EXISTS nothing
-- then: FROM labels
-- form: RENAME COLUMN
ALTER TABLE labels RENAME COLUMN kind TO sort
-- then: SELECT sort FROM labels
-- form: RENAME TO
ALTER TABLE labels RENAME TO names
-- then: FROM names
-- form: ALTER COLUMN … TYPE
ALTER TABLE photos ALTER COLUMN id TYPE VARCHAR
-- then: SELECT id FROM photos
-- form: ALTER COLUMN … TYPE … USING
ALTER TABLE photos ALTER COLUMN id SET DATA TYPE VARCHAR USING concat('p', id)
-- then: SELECT id FROM photos
-- form: ALTER COLUMN … SET DEFAULT
ALTER TABLE labels ALTER COLUMN kind SET DEFAULT 'wild'; INSERT INTO labels (label) VALUES ('fox')
-- then: FROM labels
-- form: ALTER COLUMN … SET NOT NULL
ALTER TABLE labels ALTER COLUMN label SET NOT NULL
-- then: FROM labels
-- form: ALTER TABLE IF EXISTS
ALTER TABLE IF EXISTS nothing RENAME TO something
-- then: SELECT count(*) AS n FROM labels
-- form: COMMENT ON
COMMENT ON TABLE photos IS 'pictures'
-- form: VACUUM
VACUUM
-- form: CHECKPOINT
CHECKPOINT
-- form: BEGIN and COMMIT
BEGIN; DELETE FROM labels; COMMIT
-- form: CREATE SCHEMA
CREATE SCHEMA archive
-- form: CREATE SEQUENCE
CREATE SEQUENCE numbers
-- form: CREATE TYPE
CREATE TYPE mood AS ENUM ('sad', 'happy')
-- form: CREATE MACRO
CREATE MACRO twice(x) AS x * 2
-- form: CREATE INDEX
CREATE INDEX by_label ON photos (label)
-- form: PREPARE and EXECUTE
PREPARE q AS SELECT id FROM photos WHERE id = $1; EXECUTE q(1)
-- form: PRAGMA
PRAGMA table_info('photos')
-- form: ATTACH
ATTACH ':memory:' AS other
-- form: USE
USE main
-- form: SET of DuckDB
SET threads = 2
-- form: CALL
CALL pragma_version()
-- form: ANALYZE
ANALYZE
-- form: SHOW ALL TABLES
SHOW ALL TABLES
