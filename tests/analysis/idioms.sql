-- == joins

SELECT p.id, l.rank FROM photos p JOIN labels l ON p.label = l.label

SELECT p.*, l.rank FROM photos AS p INNER JOIN labels AS l USING (label) ORDER BY l.rank, p.id

SELECT label, count(l.rank) FROM photos LEFT JOIN labels l USING (label) GROUP BY label

SELECT coalesce(p.label, l.label) AS label, p.id IS NULL AS missing
FROM photos p FULL OUTER JOIN labels l ON p.label = l.label

SELECT * FROM photos RIGHT JOIN labels USING (id)

SELECT a.id, b.id FROM photos a CROSS JOIN photos b WHERE a.id < b.id

SELECT a.id, b.id FROM photos a, photos b WHERE a.label = b.label AND a.id <> b.id

SELECT * FROM photos SEMI JOIN labels USING (label)

SELECT id, label FROM photos ANTI JOIN labels ON photos.label = labels.label

SELECT p.id, t.temp FROM photos p ASOF JOIN 온도 t ON p.taken >= t.at

SELECT p.id, t.temp FROM photos p ASOF LEFT JOIN 온도 t ON t.place = p.label AND t.at <= p.taken

SELECT * FROM photos ASOF JOIN 온도 USING (id)

SELECT p.id, x.n FROM photos p, LATERAL (SELECT p.id + 1 AS n) x

SELECT p.id, t.tag FROM photos p CROSS JOIN LATERAL (SELECT unnest(p.tags) AS tag) t WHERE t.tag LIKE 's%'

SELECT p.id, l.rank FROM photos p LEFT JOIN LATERAL (SELECT rank FROM labels WHERE labels.label = p.label LIMIT 1) l ON true

SELECT * FROM photos POSITIONAL JOIN labels

SELECT label, rank FROM photos NATURAL JOIN labels

SELECT a.label FROM (photos a JOIN labels b ON a.id = b.id) JOIN 사진 c ON c.번호 = a.id

SELECT p.id, q.n FROM photos p JOIN (SELECT label, count(*) AS n FROM photos GROUP BY label) q ON q.label = p.label

SELECT p.label, t.tag FROM photos p, unnest(p.tags) AS t(tag)

SELECT p.id, i FROM photos p, range(p.id) r(i)

FROM photos p JOIN labels l ON l.label ILIKE p.label SELECT p.id, l.id

SELECT * FROM photos p JOIN labels l ON p.id BETWEEN l.id AND l.rank

SELECT main.photos.id FROM main.photos

SELECT 사.번호, 사.이름, p.price FROM 사진 사 LEFT OUTER JOIN photos p ON (사.번호 = p.id)

SELECT id FROM photos JOIN labels USING (id, label)

-- == windows

SELECT id, row_number() OVER (ORDER BY price DESC) AS 순위 FROM photos

SELECT id, rank() OVER w, dense_rank() OVER w FROM photos WINDOW w AS (PARTITION BY label ORDER BY price)

SELECT * FROM photos QUALIFY row_number() OVER (PARTITION BY label ORDER BY taken DESC) = 1

SELECT id, row_number() OVER (PARTITION BY label ORDER BY price) AS rn FROM photos QUALIFY rn <= 2

SELECT day, sum(price) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS 누적 FROM photos

SELECT id, avg(price) OVER (ORDER BY taken RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND CURRENT ROW) FROM photos

SELECT id, price - lag(price) OVER (ORDER BY id) AS diff, lead(price, 2, 0) OVER (ORDER BY id) FROM photos

SELECT id, first_value(label) OVER (PARTITION BY day ORDER BY id), last_value(label IGNORE NULLS) OVER (ORDER BY id) FROM photos

SELECT id, ntile(4) OVER (ORDER BY price), percent_rank() OVER (ORDER BY price), cume_dist() OVER (ORDER BY price) FROM photos

SELECT label, price / sum(price) OVER (PARTITION BY label) AS share FROM photos

SELECT id, count(*) FILTER (WHERE ok) OVER (ORDER BY id) FROM photos

SELECT id, sum(price) OVER (ORDER BY id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM photos

SELECT id, nth_value(label, 2) OVER (ORDER BY id) FROM photos

SELECT label, max(price) AS m, rank() OVER (ORDER BY max(price) DESC) FROM photos GROUP BY label

SELECT id, list(label) OVER (ORDER BY id ROWS 2 PRECEDING) AS recent FROM photos

SELECT *, sum(rank) OVER (w ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM labels WINDOW w AS (ORDER BY id)

-- == grouping

SELECT label, count(*) FROM photos GROUP BY label

SELECT label, count(*) AS n FROM photos GROUP BY 1 ORDER BY 2 DESC

SELECT label, day, avg(price) FROM photos GROUP BY ALL ORDER BY ALL

SELECT upper(label) AS 이름, count(*) FROM photos GROUP BY 이름 ORDER BY 이름

SELECT label, day, sum(price) FROM photos GROUP BY ROLLUP (label, day)

SELECT label, ok, sum(price), grouping(label, ok) FROM photos GROUP BY CUBE (label, ok)

SELECT label, day, count(*) FROM photos GROUP BY GROUPING SETS ((label, day), (label), ())

SELECT label, count(*) AS n FROM photos GROUP BY label HAVING n > 0

SELECT label, count(DISTINCT day), max(price) - min(price) AS span FROM photos GROUP BY label HAVING count(*) >= 1

SELECT count(*) FILTER (WHERE price > 0.3) AS dear, count(*) FILTER (price <= 0.3) AS cheap FROM photos

SELECT label, string_agg(image_path, ', ' ORDER BY image_path DESC) FROM photos GROUP BY label

SELECT label, list(id ORDER BY price), array_agg(DISTINCT day) FROM photos GROUP BY label

SELECT label, arg_max(image_path, price) AS best, max_by(id, price, 2), min_by(id, price) FROM photos GROUP BY label

SELECT quantile_cont(price, 0.5), quantile_disc(price, [0.25, 0.75]), median(price), mode(label) FROM photos

SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY price) FROM photos

SELECT approx_count_distinct(label), approx_quantile(price, 0.9), histogram(label) FROM photos

SELECT corr(price, id), covar_pop(price, id), regr_slope(price, id), stddev(price), var_samp(price) FROM photos

SELECT any_value(label), first(label ORDER BY id), last(label), bool_and(ok), bool_or(ok), product(id) FROM photos

SELECT year(day) AS y, month(day) AS m, count(*) AS n FROM photos GROUP BY y, 2 ORDER BY y, 2

SELECT date_trunc('month', taken) AS 달, sum(price) FROM photos GROUP BY 달

SELECT CASE WHEN price > 0.3 THEN 'high' ELSE 'low' END AS class, count(*) FROM photos GROUP BY class

SELECT label, id % 2 AS odd, count(*) FROM photos GROUP BY label, id % 2

SELECT count(*), count(label), count(DISTINCT label), sum(price), avg(price), min(day), max(taken) FROM photos

SELECT label, max(COLUMNS(['price', 'id'])) FROM photos GROUP BY label

FROM photos SELECT label, sum(price) GROUP BY label HAVING sum(price) IS NOT NULL

SELECT st.y, count(*) FROM photos GROUP BY st.y

SELECT bit_and(id), bit_or(id), kurtosis(price), entropy(label) FROM photos

SELECT count() FROM photos

-- == order, distinct, limit, sample

SELECT DISTINCT label FROM photos ORDER BY label

SELECT DISTINCT ON (label) label, image_path FROM photos ORDER BY label, price DESC

SELECT id AS n, price * 2 AS double_price FROM photos ORDER BY double_price DESC NULLS LAST, n

SELECT * FROM photos ORDER BY ALL DESC

SELECT id, label FROM photos ORDER BY length(label), 1 DESC

SELECT id FROM photos ORDER BY price ASC NULLS FIRST LIMIT 2 OFFSET 1

SELECT * FROM photos LIMIT 50%

SELECT * FROM photos LIMIT (SELECT 1 + 1)

SELECT id FROM photos OFFSET 1

SELECT id FROM photos ORDER BY id FETCH FIRST 1 ROWS ONLY

SELECT * FROM photos USING SAMPLE 2

SELECT * FROM photos USING SAMPLE 50 PERCENT (bernoulli)

SELECT * FROM photos TABLESAMPLE reservoir(2 ROWS) REPEATABLE (42)

SELECT label FROM photos ORDER BY random()

SELECT label COLLATE NOCASE FROM photos ORDER BY label COLLATE NOCASE

-- == stars and COLUMNS

FROM photos

FROM photos LIMIT 3

FROM photos WHERE price > 0.1

FROM photos SELECT id, label ORDER BY id

SELECT * EXCLUDE (price, day) FROM photos

SELECT * EXCLUDE vec FROM photos

SELECT * REPLACE (upper(label) AS label, price * 1.1 AS price) FROM photos

SELECT * RENAME (label AS 라벨, price AS 가격) FROM photos

SELECT * EXCLUDE (id) REPLACE (lower(label) AS label) RENAME (day AS 날) FROM photos

SELECT p.* EXCLUDE (vec), l.* FROM photos p JOIN labels l USING (id)

SELECT COLUMNS('^p') FROM photos

SELECT COLUMNS(c -> c LIKE '%e%') FROM photos

SELECT COLUMNS(lambda c: c IN ('id', 'price')) FROM photos

SELECT min(COLUMNS(*)) FROM labels

SELECT COLUMNS(* EXCLUDE (vec, m, st)) FROM photos

SELECT COLUMNS(['id', 'label'])::VARCHAR FROM photos

SELECT * FROM labels WHERE COLUMNS(*) IS NOT NULL

SELECT coalesce(*COLUMNS(['label', 'image_path'])) FROM photos

SELECT * LIKE '%a%' FROM labels

SELECT * ILIKE 'L%' FROM labels

SELECT * SIMILAR TO 'r.*' FROM labels

SELECT COLUMNS('(.*)') AS 'x_\1' FROM labels

SELECT *, price * 2 AS twice FROM photos

SELECT photos.* FROM photos

SELECT COLUMNS(p.*) FROM photos p

SELECT count(*) FROM (SELECT * EXCLUDE (price) FROM photos) WHERE label = 'cat'

-- == struct, list, map, vector

SELECT st.x, st.y FROM photos

SELECT st.* FROM photos

SELECT p.st.x + 1 FROM photos p

SELECT photos.st.y FROM photos WHERE st.x > 0

SELECT st['x'], st.y AS y FROM photos ORDER BY st.x

SELECT struct_pack(a := id, b := label) AS s, row(id, label), {'a': id, 'b': {'c': label}}.b.c FROM photos

SELECT unnest(st) FROM photos

SELECT unnest({'a': 1, 'b': {'c': 2}}, recursive := true)

SELECT struct_extract(st, 'y'), struct_insert(st, z := 3).z FROM photos

SELECT tags[1], tags[-1], tags[1:2], tags[:-1], len(tags) FROM photos

SELECT unnest(tags) AS tag, id FROM photos

SELECT tag, count(*) FROM (SELECT unnest(tags) AS tag FROM photos) GROUP BY tag ORDER BY 2 DESC

SELECT [x * 2 FOR x IN [1, 2, 3] IF x > 1] AS doubled

SELECT [upper(t) FOR t IN tags] FROM photos

SELECT list_transform(tags, x -> upper(x)), list_filter(tags, lambda t: t LIKE 's%') FROM photos

SELECT list_transform(tags, lambda t, i: t || i::VARCHAR) FROM photos

SELECT list_reduce([1, 2, 3], (a, b) -> a + b), list_reduce([1, 2], lambda a, b: a * b, 10)

SELECT list_contains(tags, 'sea'), list_position(tags, '바다'), list_sort(tags), list_distinct(tags) FROM photos

SELECT 'sea' IN tags, tags && ['sea'], tags @> ['sea'], array_length(tags) FROM photos

SELECT list_aggregate([price, 1.5], 'sum'), list_sum([1, 2]), list_zip(tags, [1, 2]), flatten([tags, tags]) FROM photos

SELECT id FROM photos WHERE 'sea' = ANY(tags)

SELECT id FROM photos WHERE len(tags) > 1 AND tags[1] IS NOT NULL

SELECT range(5), generate_series(1, 10, 2), list_slice([1, 2, 3], 1, 2), array_slice([1, 2, 3], 1, -1)

SELECT m['a'], map_keys(m), map_values(m), cardinality(m), element_at(m, 'a') FROM photos

SELECT MAP {'k': 1, 'v': 2} AS m, map([1, 2], ['a', 'b'])[1], map_from_entries([('a', 1)])

SELECT unnest(map_entries(m)) FROM photos

SELECT e.key, e.value FROM (SELECT unnest(map_entries(m)) AS e FROM photos)

SELECT array_cosine_similarity(vec, [0.1, 0.2, 0.3]::FLOAT[3]) AS sim FROM photos ORDER BY sim DESC LIMIT 5

SELECT id, list_cosine_similarity(vec::FLOAT[], [0.1, 0.2, 0.3]) AS 유사도 FROM photos WHERE vec IS NOT NULL AND id > 0

SELECT a.id, b.id, array_distance(a.vec, b.vec) AS d FROM photos a, photos b WHERE a.id < b.id ORDER BY d

SELECT array_inner_product(vec, vec), vec[1], list_sum(vec::FLOAT[]), array_value(1, 2, 3) FROM photos

SELECT id, vec::VARCHAR, len(vec) FROM photos

SELECT (SELECT list(v ORDER BY v) FROM unnest([3, 1, 2]) t(v)) AS sorted

SELECT list_has_any(tags, ['sea', 'x']), list_has_all(tags, ['sea']), list_concat(tags, ['z']), tags || ['z'] FROM photos

SELECT a.b.c FROM (SELECT {'b': {'c': 1}} AS a)

SELECT COLUMNS(st.*) FROM photos

-- == functions chained, prefix aliases, casts

SELECT label.upper().substring(1, 2) AS s FROM photos

SELECT 'a,b,c'.string_split(',')[2], [1, 2, 3].list_transform(x -> x + 1).list_sum()

SELECT n: id, 이름: upper(label) FROM photos

SELECT total: sum(price), n: count(*) FROM photos p GROUP BY ALL

FROM p: photos SELECT p.id

SELECT id::VARCHAR, price::INTEGER, CAST(day AS TIMESTAMP), TRY_CAST(label AS INTEGER), '1'::INT + 1 FROM photos

SELECT '2024-01-02'::DATE AS d, DATE '2024-01-02' + 3, TIMESTAMP '2024-01-02 10:00:00', TIME '10:00'

SELECT CAST(st AS STRUCT(x BIGINT, y VARCHAR)), tags::VARCHAR[], price::DECIMAL(10, 2), [1, 2]::BIGINT[] FROM photos

SELECT 1::UTINYINT, 2::HUGEINT, 3.5::FLOAT, 'x'::BLOB, true::INT, '{"a": 1}'::JSON

SELECT 1_000_000 AS million, 1e-3 AS small, 5 // 2 AS whole, 2 ** 10, 7 % 3, -(-1), +1

SELECT typeof(id), typeof(vec), pg_typeof(label) FROM photos LIMIT 1

SELECT if(ok, 'yes', 'no'), ifnull(label, '-'), nullif(label, ''), coalesce(label, image_path, '?') FROM photos

SELECT TRY(CAST(label AS INTEGER)), TRY(ln(price)) FROM photos

SELECT greatest(id, 2), least(price, 0.1), abs(-price), round(price, 1), floor(price), ceil(price), sqrt(price) FROM photos

SELECT CAST(NULL AS VARCHAR), NULL::INT, NULL AS nothing

-- == dates and intervals

SELECT taken + INTERVAL 1 DAY, taken - INTERVAL '2 hours', day + INTERVAL (id) MONTH FROM photos

SELECT extract(year FROM taken), date_part('dow', day), dayname(day), monthname(taken), epoch(taken) FROM photos

SELECT date_diff('day', day, DATE '2024-12-31'), datesub('month', day, today()), age(taken) FROM photos

SELECT strftime(taken, '%Y-%m-%d'), strptime('2024-01-02', '%Y-%m-%d'), try_strptime(label, '%Y') FROM photos

SELECT * FROM photos WHERE taken BETWEEN '2024-01-01' AND '2024-12-31'

SELECT * FROM photos WHERE day >= DATE '2024-01-01' AND day < '2025-01-01' AND year(day) = 2024

SELECT time_bucket(INTERVAL 1 WEEK, taken) AS 주, count(*) FROM photos GROUP BY 주

SELECT current_date, current_timestamp, now() - taken, today() - day FROM photos

SELECT make_date(2024, 1, 2), make_timestamp(2024, 1, 2, 10, 0, 0), last_day(day), to_timestamp(0) FROM photos

SELECT day - 1, day - DATE '2024-01-01' AS days, taken::DATE, taken::TIME, hour(taken), taken AT TIME ZONE 'UTC' FROM photos

SELECT to_days(3), INTERVAL 1 YEAR + INTERVAL '3 days 2 hours', INTERVAL '1' MONTH

SELECT unnest(generate_series(DATE '2024-01-01', DATE '2024-01-05', INTERVAL 1 DAY)) AS d

SELECT d::DATE AS day, count(p.id) FROM generate_series(TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-31', INTERVAL 1 DAY) s(d)
LEFT JOIN photos p ON p.day = d::DATE GROUP BY 1 ORDER BY 1

-- == texts, regular expressions, JSON

SELECT upper(label), lower(image_path), length(label), trim('  x '), label || '.jpg', concat(label, id, '.jpg') FROM photos

SELECT concat_ws('/', 'a', label), replace(image_path, '.jpg', '.png'), left(label, 2), right(label, 1), repeat(label, 2) FROM photos

SELECT substring(label, 1, 2), substring(label FROM 2 FOR 1), label[1:2], position('a' IN label), strpos(label, 'a') FROM photos

SELECT split_part(image_path, '/', 1), string_split(image_path, '/')[-1], regexp_split_to_array(label, 'a') FROM photos

SELECT regexp_matches(label, '^c'), regexp_replace(image_path, '[0-9]+', '#', 'g'), regexp_extract(image_path, '(\d+)', 1) FROM photos

SELECT regexp_extract(image_path, '(\w)/(\d)', ['folder', 'n']).n, regexp_extract_all(image_path, '\w+') FROM photos

SELECT * FROM photos WHERE label LIKE 'c%' OR label ILIKE '%DOG%' OR label NOT LIKE '_x%' ESCAPE '!'

SELECT * FROM photos WHERE label ~ 'c.*' AND image_path SIMILAR TO '.*jpg' AND label GLOB '*a*' AND label !~~ 'z%'

SELECT lpad(id::VARCHAR, 5, '0'), rpad(label, 10, '.'), format('{}: {:.2f}', label, price), printf('%s-%03d', label, id) FROM photos

SELECT starts_with(label, 'c'), label ^@ 'c', ends_with(image_path, 'jpg'), contains(label, 'a'), suffix(label, 't') FROM photos

SELECT levenshtein(label, 'cat'), jaro_winkler_similarity(label, 'cat'), damerau_levenshtein(label, 'act') FROM photos

SELECT md5(label), sha256(label), hash(label, id), base64(label::BLOB), ascii(label), chr(65), reverse(label) FROM photos

SELECT parse_filename(image_path), parse_filename(image_path, true), parse_dirname(image_path) FROM photos

SELECT E'line\n', 'it''s', $$dollar 'quoted'$$, 'Korean 한글', '%', ''

SELECT j -> 'w', j ->> 'name', j -> 'tags' -> 0, j ->> '$.tags[0]' FROM photos

SELECT json_extract(j, '$.w'), json_extract_string(j, 'name'), json_array_length(j, 'tags'), json_valid(j) FROM photos

SELECT (j::JSON).w, (j->>'w')::INT + 1 AS w, json_keys(j), json_type(j), json_structure(j) FROM photos

SELECT to_json(st), to_json({'a': id}), json_object('id', id, 'label', label), json_array(1, 2), row_to_json(st) FROM photos

SELECT from_json(j, '{"w": "INTEGER"}').w, json_transform(j, '{"tags": ["VARCHAR"]}') FROM photos

SELECT id FROM photos WHERE json_extract_string(j, '$.name') = '가' AND j ->> 'w' > '0'

SELECT json_group_array(label), json_group_object(label, id) FROM photos

SELECT key, value FROM photos, json_each(photos.j)

SELECT unicode(label), nfc_normalize(이름), strip_accents(이름), length(이름), 이름[1] FROM photos, 사진

-- == conditions and subqueries

SELECT * FROM photos WHERE label IN ('cat', 'dog') AND id NOT IN (3, 4)

SELECT * FROM photos WHERE id IN (SELECT id FROM labels WHERE rank > 1)

SELECT * FROM photos WHERE (id, label) IN (SELECT id, label FROM labels)

SELECT * FROM photos p WHERE EXISTS (SELECT 1 FROM labels l WHERE l.label = p.label)

SELECT * FROM photos p WHERE NOT EXISTS (FROM labels WHERE labels.id = p.id)

SELECT * FROM photos WHERE price > (SELECT avg(price) FROM photos)

SELECT id, (SELECT max(rank) FROM labels l WHERE l.label = p.label) AS best FROM photos p

SELECT * FROM photos WHERE price >= ALL (SELECT price FROM photos)

SELECT * FROM photos WHERE id = ANY (SELECT id FROM labels)

SELECT * FROM photos WHERE id = SOME (SELECT id FROM labels)

SELECT id, price > (SELECT avg(q.price) FROM photos q WHERE q.label = p.label) AS above FROM photos p

SELECT CASE label WHEN 'cat' THEN 1 WHEN 'dog' THEN 2 ELSE 0 END AS kind FROM photos

SELECT id FROM photos WHERE CASE WHEN ok THEN price > 0 ELSE price < 0 END

SELECT * FROM photos WHERE day IS NULL OR price IS NOT NULL AND NOT ok

SELECT * FROM photos WHERE label IS DISTINCT FROM 'cat' AND id IS NOT DISTINCT FROM 1

SELECT * FROM photos WHERE ok AND ok IS TRUE AND (ok = true) IS NOT FALSE

SELECT price * 2 AS twice FROM photos WHERE twice > 0.5

SELECT price * 2 AS twice, twice + 1 AS more, more * more FROM photos

SELECT id AS label FROM photos WHERE label = 'cat' ORDER BY label

SELECT upper(label) AS label, count(*) FROM photos GROUP BY ALL HAVING count(*) > 0

SELECT label AS "order", price AS "the price", id "select" FROM photos ORDER BY "order"

SELECT max(price) FROM photos WHERE label = (SELECT label FROM labels ORDER BY rank LIMIT 1)

SELECT ARRAY(SELECT label FROM photos ORDER BY 1), (SELECT count(*) FROM labels)

SELECT * FROM photos WHERE id NOT BETWEEN 5 AND 10 AND NOT label = 'x'

SELECT * FROM photos WHERE (label, price) = ('cat', 0.5) OR (id, price) > (1, 0.2)

SELECT id FROM photos WHERE day = (SELECT max(day) FROM photos WHERE photos.label = label)

SELECT * FROM (SELECT id FROM photos) AS x(n) WHERE x.n > 0

SELECT (SELECT p.label || l.label FROM labels l WHERE l.id = p.id) FROM photos p

SELECT ok, id FROM photos WHERE ok

SELECT p FROM photos p

SELECT photos FROM photos

SELECT p.label FROM photos AS p WHERE p.id = 1 AND "p"."label" = 'cat' AND P.LABEL = 'cat'

-- == set operations

SELECT id, label FROM photos UNION SELECT id, label FROM labels

SELECT label FROM photos UNION ALL SELECT 이름 FROM 사진 ORDER BY 1

SELECT id, label FROM photos UNION BY NAME SELECT label, rank FROM labels

SELECT * FROM photos UNION ALL BY NAME SELECT 1 AS id, 'x' AS new_column

SELECT label FROM photos EXCEPT SELECT label FROM labels

SELECT label FROM photos INTERSECT ALL SELECT label FROM labels

(SELECT id FROM photos ORDER BY price LIMIT 1) UNION ALL (SELECT id FROM labels LIMIT 1)

FROM labels UNION ALL FROM labels

SELECT 1 AS a UNION SELECT 2 UNION SELECT NULL ORDER BY a

SELECT count(*) FROM (SELECT id FROM photos EXCEPT ALL SELECT id FROM labels)

-- == WITH

WITH dear AS (SELECT * FROM photos WHERE price > 0.1) SELECT label, count(*) FROM dear GROUP BY label

WITH a AS (SELECT id FROM photos), b AS (SELECT id * 2 AS id2 FROM a) SELECT a.id, b.id2 FROM a JOIN b ON a.id = b.id2

WITH a(x, y) AS (SELECT id, label FROM photos) SELECT x, upper(y) FROM a

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n

WITH RECURSIVE tree AS (
  SELECT id, rank AS parent, 0 AS depth FROM labels WHERE rank = 1
  UNION ALL
  SELECT l.id, l.rank, t.depth + 1 FROM labels l JOIN tree t ON l.rank = t.id AND t.depth < 3
)
SELECT * FROM tree ORDER BY depth

WITH a AS MATERIALIZED (SELECT 1 AS x), b AS NOT MATERIALIZED (SELECT 2 AS y) FROM a, b

WITH photos AS (SELECT 'mine' AS only_here) SELECT only_here FROM photos

WITH 고양이 AS (FROM photos WHERE label = 'cat') SELECT count(*) AS 수 FROM 고양이

SELECT * FROM (WITH x AS (SELECT 1 AS a) SELECT a + 1 AS b FROM x) y WHERE b = 2

WITH w AS (SELECT label, count(*) AS n FROM photos GROUP BY label)
SELECT p.id, w.n FROM photos p JOIN w USING (label) WHERE w.n = (SELECT max(n) FROM w)

WITH RECURSIVE fib(a, b) AS (VALUES (0, 1) UNION ALL SELECT b, a + b FROM fib WHERE b < 50) SELECT a FROM fib

WITH t AS (VALUES (1, 'a'), (2, 'b')) SELECT col0, col1 FROM t

-- == VALUES and table functions

VALUES (1, 'a'), (2, 'b')

SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(n, s) WHERE n = 1

SELECT t.n FROM (VALUES (1), (2)) t(n) JOIN photos p ON p.id = t.n

SELECT * FROM range(10)

SELECT range FROM range(3)

SELECT i, i * i AS square FROM range(1, 6) t(i)

SELECT * FROM generate_series(1, 5) g(n) WHERE n % 2 = 0

SELECT generate_series FROM generate_series(1, 3)

SELECT * FROM unnest([1, 2, 3])

SELECT u.v FROM unnest(['a', 'b']) AS u(v)

SELECT unnest([1, 2]) AS a, unnest(['x', 'y', 'z']) AS b

SELECT * FROM unnest([{'a': 1, 'b': 'x'}]) AS u(s)

SELECT function_name, description FROM duckdb_functions() WHERE function_name LIKE 'list_%' LIMIT 3

SELECT count(*) FROM duckdb_keywords()

SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name = 'photos'

SELECT table_name FROM information_schema.tables ORDER BY 1

SELECT table_name, column_count FROM duckdb_tables()

SELECT name, type FROM pragma_table_info('photos')

SELECT * FROM query('SELECT 1 AS a')

SELECT version()

-- == PIVOT, UNPIVOT, SUMMARIZE, DESCRIBE

PIVOT photos ON label USING sum(price)

PIVOT photos ON label USING sum(price) AS total, count(*) AS n GROUP BY day

PIVOT (SELECT label, ok, price FROM photos) ON ok USING avg(price) GROUP BY label ORDER BY label

SELECT * FROM photos PIVOT (sum(price) FOR label IN ('cat', 'dog') GROUP BY day)

FROM labels PIVOT (max(rank) AS best FOR label IN ('cat' AS 고양이, 'dog' AS 강아지))

UNPIVOT labels ON id, rank INTO NAME what VALUE number

UNPIVOT labels ON COLUMNS(* EXCLUDE (label)) INTO NAME what VALUE number

SELECT what, number FROM labels UNPIVOT (number FOR what IN (id, rank))

WITH p AS (PIVOT labels ON label USING max(rank) GROUP BY id) SELECT * FROM p

SELECT * FROM (PIVOT labels ON label USING count(*) GROUP BY id) ORDER BY id

SUMMARIZE photos

SUMMARIZE SELECT label, price FROM photos

DESCRIBE photos

FROM (DESCRIBE photos) SELECT column_name

SELECT column_name, approx_unique FROM (SUMMARIZE labels) WHERE column_name = 'rank'

-- == names, quotes, comments

SELECT "id", "image_path" AS "경로 (전체)" FROM "photos" -- the end

SELECT /* which */ id, -- one
       label -- two
FROM photos /* nested /* comment */ */ WHERE id = 1

select ID, Label from PHOTOS where PRICE > 0 order by id

SELECT 번호, 이름, 사진."이름" FROM 사진 WHERE 이름 LIKE '%고양%' ORDER BY 번호

SELECT s."key", s."value", s."desc", s.day FROM (SELECT 1 AS "key", 2 AS "value", 3 AS "desc", 4 AS day) s

SELECT year, month, name, type, text, image, model, options FROM 열쇠말

SELECT "group", "order", "select", "end" FROM 열쇠말 WHERE "group" = 1 ORDER BY "order"

SELECT k."group".length() FROM (SELECT "select" AS "group" FROM 열쇠말) k

SELECT count(*) AS count, max(price) AS max, min(price) AS min FROM photos

SELECT id AS 'single', label AS "double" FROM photos

SELECT photos.label label, labels.label label2 FROM photos, labels

SELECT 1 AS a, 2 AS a, a FROM (SELECT 3 AS a)

SELECT 1 + 1;

SELECT date, time, timestamp FROM (SELECT 1 AS date, 2 AS time, 3 AS timestamp)

SELECT id FROM photos WHERE TRUE AND 1 = 1 AND 'a' < 'b'

-- == what statements above have made

CREATE OR REPLACE TABLE made AS SELECT id, label AS 이름표, price * 2 AS twice FROM photos;
SELECT 이름표, twice + 1 FROM made WHERE id = 1

CREATE OR REPLACE TABLE stats AS SELECT label, count(*) AS n, avg(price) AS "avg price" FROM photos GROUP BY label;
SELECT s.label, s.n, s."avg price" FROM stats s JOIN labels USING (label)

CREATE OR REPLACE TABLE nested AS SELECT {'a': id, 'b': [label]} AS s, MAP {'k': price} AS m FROM photos;
SELECT s.a + 1, s.b[1].upper(), m['k'] * 2 FROM nested

CREATE OR REPLACE TABLE wide AS SELECT *, row_number() OVER (ORDER BY id) AS rn FROM photos JOIN labels USING (id, label);
SELECT rn, rank, st.x, vec[1] FROM wide

COPY sales OPTIONS(if_exists='replace') FROM 'sales.csv';
SELECT store, sum(amount) AS total FROM sales GROUP BY store ORDER BY total DESC

COPY sales OPTIONS(if_exists='replace') FROM 'sales.csv';
SELECT year(sold) AS y, amount * 1.1, upper(store) FROM sales WHERE sold >= '2024-01-01' AND amount > 0

COPY 판매 OPTIONS(if_exists='replace') FROM '판매.csv';
SELECT 가게, 금액 + 1, 날짜 FROM 판매 WHERE 금액 > 5

CREATE OR REPLACE TABLE memo AS SELECT text, n FROM notes;
CONVERT USING mini OPTIONS(text_col='text', table_name='memo') AS SELECT * FROM memo;
SELECT text, array_cosine_similarity(mini_clipmini, mini_clipmini) AS same FROM memo

CREATE OR REPLACE TABLE memo2 AS SELECT text, n FROM notes;
CONVERT USING mini OPTIONS(text_col='text', table_name='memo2', result_col='v') AS SELECT * FROM memo2;
SELECT m.v[1] + 1, len(m.v) FROM memo2 m

ALTER TABLE 열쇠말 ADD COLUMN extra INTEGER;
UPDATE 열쇠말 SET extra = year + 1;
SELECT extra * 2 FROM 열쇠말;
ALTER TABLE 열쇠말 DROP COLUMN extra

CREATE OR REPLACE TABLE copy1 AS FROM labels;
ALTER TABLE copy1 RENAME COLUMN rank TO 순위;
SELECT 순위 + 1 FROM copy1;
INSERT INTO copy1 (id, 순위) VALUES (7, 8);
DELETE FROM copy1 WHERE 순위 = 8;
DROP TABLE copy1

SELECT text, mini_clipmini_similarity1 FROM (SEARCH TEXT text='a cat' USING mini AS SELECT * FROM notes) ORDER BY 2 DESC LIMIT 3

SELECT s.text, round(s.score, 3) AS r FROM (SEARCH TEXT text='바다' USING mini OPTIONS(result_col='score') AS SELECT * FROM notes WHERE n > 0) s WHERE s.score > -1

WITH found AS (SELECT * FROM (SEARCH TEXT texts=['a cat', 'a dog'] USING mini AS SELECT * FROM notes))
SELECT text, mini_clipmini_similarity1 - mini_clipmini_similarity2 AS d FROM found ORDER BY d

SELECT l.label, f.text FROM labels l JOIN (SEARCH TEXT text='x' USING mini AS SELECT * FROM notes) f ON f.n = l.id

SELECT avg(mini_clipmini_similarity1)::DECIMAL(5, 2) FROM (SEARCH TEXT text='cat' USING mini OPTIONS(top_k=2) AS SELECT text, mini_clipmini FROM notes)

SELECT name, rows FROM (LIST TABLE) WHERE name LIKE 'p%' ORDER BY rows DESC

SELECT count(*) FROM (CONVERT USING mini OPTIONS(text_col='text') AS SELECT * FROM notes)

-- == changes of tables

INSERT INTO labels (id, label, rank) VALUES (9, 'bird', 3), (10, '새', 1 + 3);
DELETE FROM labels WHERE id >= 9

INSERT INTO labels SELECT id + 100, upper(label), 0 FROM photos WHERE id > 1;
DELETE FROM labels WHERE id > 100

INSERT INTO labels (label, id) SELECT DISTINCT label, max(id) + 200 FROM photos GROUP BY label;
DELETE FROM labels WHERE id > 200 OR rank IS NULL

UPDATE labels SET rank = rank + 1, label = lower(trim(label)) WHERE id IN (SELECT id FROM photos);
UPDATE labels SET rank = rank - 1

UPDATE photos SET price = CASE WHEN label = 'cat' THEN price ELSE price * 1 END WHERE taken IS NOT NULL

UPDATE 사진 SET 이름 = concat(이름, '') WHERE 번호 > (SELECT min(번호) FROM 사진)

UPDATE photos SET tags = list_distinct(tags), st = {'x': st.x, 'y': st.y} WHERE len(tags) > 0

DELETE FROM photos WHERE label = 'nothing' AND NOT EXISTS (SELECT 1 FROM labels WHERE labels.label = photos.label)

-- == earlier results and open parameters

SELECT id, label AS 이름표 FROM photos;
SELECT 이름표, count(*) FROM _ GROUP BY 이름표

SELECT id, price FROM photos;
SELECT p.label, r.price FROM _ r JOIN photos p USING (id)

SELECT * FROM photos WHERE year(day) = $year AND label = $label

SELECT id + $n AS shifted FROM photos WHERE price > $least ORDER BY shifted LIMIT $n

SELECT * FROM photos WHERE label IN ($label, 'dog') AND list_contains($list, label)

WITH p AS (SELECT $label AS wanted) SELECT id FROM photos, p WHERE label = wanted

-- == found by looking

WITH photos AS (SELECT * FROM photos WHERE price > 0.1) SELECT id, label FROM photos

WITH a AS (SELECT id FROM labels), labels AS (SELECT id AS only_id FROM a) SELECT only_id FROM labels

SELECT table_name AS photos, column_name AS labels FROM duckdb_columns() WHERE table_name = '사진'

SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1

SELECT * FROM (PIVOT photos ON ok USING count(*) GROUP BY label) p JOIN labels USING (label)

SELECT d.* FROM (DESCRIBE photos) d

INSERT INTO labels VALUES (70, 'x', 1), (71, DATE '2024-01-01', 2), (72, DEFAULT, NULL);
DELETE FROM labels WHERE id >= 70

UPDATE labels SET rank = DEFAULT WHERE id > 1000

UPDATE photos SET day = DATE '2024-02-03' + (id - 2)::INT, taken = now(), tags = ['a'] || tags WHERE id > 1000

SELECT memory FROM (SELECT 1 AS memory)

SELECT x, y FROM (SELECT unnest([{'x': 1, 'y': 2}], recursive := true))
