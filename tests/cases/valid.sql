-- case: the tutorial of 2022 | Copy Convert PrintMedia
COPY unsplash_data OPTIONS(overwrite=True) FROM "tutorial_data/unsplash_data/unsplash.csv"
CONVERT USING tutorial_search_clip OPTIONS(image_col="image_path", table_name="unsplash_data", batch_size=128) AS SELECT * FROM unsplash_data
PRINT IMAGE AS (SELECT image_path, tutorial_search_clip_clipen_similarity1
  FROM (SEARCH IMAGE text="a black cat" USING tutorial_search_clip AS SELECT * FROM unsplash_data)
  ORDER BY tutorial_search_clip_clipen_similarity1 DESC LIMIT 5)
-- case: the tutorial of 2023 | PrintMedia
PRINT IMAGE
AS (
    SELECT image_path, search_result
    FROM (
        SEARCH IMAGE
        USING tutorial_search_clip
        OPTIONS (
            search_by='text',
            search_input='a black cat',
            emb_col='convert_result',
            result_col='search_result',
            top_k=5
            )
        AS
        SELECT *
        FROM unsplash_data
        )
    )
-- case: Korean names, texts and comments | CreateTable Search
/* 사진 */ CREATE OR REPLACE TABLE 내사진 AS SELECT 경로 AS image_path FROM "원본 표"; -- 끝
SEARCH IMAGE texts=['검은 고양이', '해변',] USING clip_multilingual OPTIONS(result_col='유사도') AS SELECT * FROM 내사진
-- case: statement words are names everywhere else | Select Select Select
SELECT image, text, model, options, "table", copy, search, convert FROM print WHERE list = 'x';
SELECT convert.using, predict FROM search AS convert JOIN options USING (model)
SELECT image
FROM text
-- case: set operations and CTEs go on over lines | Select Select
WITH a AS (
  SELECT 1 AS x
), b AS (SEARCH IMAGE text='cat' USING clip AS SELECT * FROM photos)
SELECT * FROM a, b

UNION ALL

SELECT 2, 3
SELECT 3
-- case: nesting in FROM, JOIN, CTE and IN | Select
WITH near AS (SELECT * FROM (SEARCH IMAGE text='cat' USING clip AS SELECT * FROM (CONVERT USING clip AS SELECT * FROM t)))
SELECT n.image_path FROM near n JOIN (LIST TABLE) l ON l.name = 't'
WHERE n.id IN (SELECT id FROM (SEARCH TEXT text='dog' USING clip OPTIONS(top_k=None) AS (SELECT * FROM u)))
-- case: a statement straight behind AS | PrintMedia
PRINT IMAGE OPTIONS(limit=3, columns=3, size=200) AS SEARCH IMAGE image='a.jpg' USING mini OPTIONS(top_k=3) AS SELECT * FROM t
-- case: changing tables | Insert Insert Delete Delete Update DropTable AlterTable AlterTable AlterTable Describe
INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y;z')
INSERT INTO t SELECT * FROM u
DELETE FROM t WHERE a IN (SELECT a FROM u)
DELETE FROM t
UPDATE t SET a = a + 1, b = concat(b, ',') WHERE a > (SELECT avg(a) FROM t)
DROP TABLE IF EXISTS t
ALTER TABLE t RENAME TO u
ALTER TABLE t ADD COLUMN c DECIMAL(10, 2)
ALTER TABLE t RENAME COLUMN a TO b
DESCRIBE t
-- case: models and data sets | GetModel GetModel GetModel GetDataset UploadModel DeleteModel Listing Listing Listing Listing
GET THANOSQL MODEL clip OPTIONS(overwrite=True) AS tutorial_search_clip
GET THANOSQL MODEL 'facebook/metaclip-2-worldwide-b32' AS 내모델;
GET THANOSQL MODEL clip OPTIONS(model_name='내모델', overwrite=false)
GET THANOSQL DATASET sample_photos OPTIONS(overwrite=True)
UPLOAD MODEL mine OPTIONS(framework=sentence_transformers,) FROM 'models/mine'
DELETE MODEL mine
LIST TABLE
LIST MODEL
LIST THANOSQL MODEL
LIST THANOSQL DATASET
-- case: what is parsed and not run | BuildModel BuildModel Predict Evaluate VideoToDf Preprocess
BUILD MODEL m USING AutomlClassifier OPTIONS(features_to_drop=['a', "b"], epochs=-1) AS SELECT * FROM t
FIT MODEL m USING m0 AS SELECT * FROM t
PREDICT USING m OPTIONS(result_col='p') AS SELECT * FROM t
EVALUATE USING m AS (SELECT * FROM t) LIMIT 10
FUNCTION preprocess.video_to_df OPTIONS(interval=1) FROM 'v.mp4'
PREPROCESS VIDEO USING split OPTIONS(interval=20,) FROM "v.mp4"
-- case: functions of rows | NearestLabels NearestLabels GroupMeans Select
FUNCTION compute.similarity OPTIONS(emb_col='v', src_table='t', src_emb_col='v', src_label_col='label', topk=3)
AS SELECT * FROM t;
function Compute.Similarities options(target_emb_col="v", src_table="t", src_emb_col="v", src_label_col="label",)
as (select * from t);
FUNCTION compute.groupby_emb_mean OPTIONS(label_col='label', emb_col='v', result_col='평균') AS SELECT * FROM t;
SELECT * FROM (FUNCTION compute.groupby_mean OPTIONS(label_col='label', emb_col='v') AS SELECT * FROM t) AS m
-- case: tables of folders | CreateTable CreateTable
CREATE TABLE new USING mini OPTIONS(path_type='folder', data_type='image', file_type=['.jpg'], overwrite=True) FROM 'p/'
CREATE OR REPLACE TABLE new USING mini OPTIONS(path_type='file') FROM "p/a.jpg"
-- case: keywords | SearchKeyword Select
SEARCH KEYWORD USING mini OPTIONS(lang='ko', text_col='label', ngram_range=[1, 3], use_stopwords=True) AS SELECT * FROM t;
SELECT keyword -> 'keyword' FROM (SEARCH KEYWORD USING mini OPTIONS(text_col='label', diversity=0.7) AS (SELECT * FROM t))
-- case: cells of the old magic | MagicLine MagicLine Copy Select
%load_ext thanosql
%thanosql API_TOKEN=eyJhbGciOi.secret
%thanosql COPY t FROM 'a.csv';

SELECT * FROM t
-- case: nothing to run |
-- only a comment
/* and another */ ;;
# NBVAL_IGNORE_OUTPUT
-- case: settings, help and export | SetSetting SetSetting SetSetting ShowSettings Help Help Export Export Export
SET display.rows = 50
SET display.images = on
SET display.rows TO DEFAULT
SHOW SETTINGS
HELP
HELP search image
EXPORT SELECT a FROM t ORDER BY a TO 'out/표.csv'
EXPORT (SEARCH IMAGE text='to' USING clip AS SELECT * FROM t) TO 'best/' OPTIONS(overwrite=True)
EXPORT SEARCH IMAGE text='cat' USING clip AS SELECT * FROM t TO 'x.parquet'
-- case: queries in parentheses | Select Select Select
(SELECT 1 AS x) UNION ALL (SELECT 2) ORDER BY x;
((SELECT a FROM t));
(SEARCH IMAGE text='cat' USING clip AS SELECT * FROM t) LIMIT 3
-- case: what stands behind WITH is one query however its lines break | CreateTable Insert Convert PrintMedia Select
CREATE TABLE 고양이 AS
WITH q AS (SELECT 1 AS a)
SELECT * FROM q
INSERT INTO t
WITH q(a) AS MATERIALIZED (VALUES (1)), r AS (SELECT 2 AS a)
SELECT * FROM q JOIN r USING (a)
CONVERT USING clip AS
WITH q AS (SELECT image_path FROM photos)
SELECT * FROM q
PRINT IMAGE AS
WITH q AS (SELECT image_path FROM photos)
(SELECT * FROM q)
WITH q AS (SELECT 1 AS a)
PIVOT q ON a USING count(*)
-- case: FROM in front of its SELECT | Select CreateTable Select Copy Select Select Select
FROM photos
SELECT price
CREATE TABLE 싼 AS
FROM photos p
JOIN labels l ON l.name = p.라벨
SELECT p.price
SELECT a FROM t UNION ALL
FROM u
SELECT a
COPY t FROM 'a.csv'
SELECT * FROM t;
FROM t WHERE a = 1
SELECT 2
-- case: words that begin statements go on with a query | Select Select Select
SELECT product FROM sales
PIVOT (sum(amount) FOR year IN (2020, 2021) GROUP BY product)
SELECT a FROM t UNION BY NAME
SELECT b AS a FROM u
SELECT a FROM t ORDER BY b
DESC NULLS LAST
-- case: earlier versions come back | ShowVersions Restore Restore Restore Select
SHOW VERSIONS photos
RESTORE photos
RESTORE TABLE "내 사진" TO VERSION 12;
RESTORE 사진 TO VERSION 3
SELECT restore, versions, version FROM (SHOW VERSIONS t) AS v, u AS restore
-- case: space is given back | Vacuum Vacuum Vacuum Select
VACUUM photos
VACUUM "내 사진";
VACUUM
SELECT vacuum FROM t
-- case: views | CreateView CreateView CreateView CreateView AlterView DropView DropView Describe Describe Describe Listing Listing Select
CREATE VIEW 고양이 AS SELECT * FROM photos WHERE label = '고양이'
CREATE OR REPLACE VIEW v (번호, "a b") AS
SELECT id, label FROM photos -- 끝
UNION ALL
SELECT 1, 'x'
CREATE VIEW IF NOT EXISTS best AS SEARCH IMAGE text='검은 고양이' USING mini OPTIONS(top_k=5) AS SELECT * FROM 고양이
CREATE VIEW n AS (WITH a AS (SELECT 1 AS x) SELECT * FROM a)
ALTER VIEW v RENAME TO "보기 1"
DROP VIEW IF EXISTS "보기 1"
DROP VIEW n
DESC 고양이
DESCRIBE SELECT id FROM 고양이
DESCRIBE SEARCH IMAGE text='cat' USING mini AS SELECT * FROM 고양이
SHOW VIEWS
LIST VIEW
SELECT * FROM (SHOW VIEWS) WHERE name = 'best'
-- case: views that this kernel does not have | CreateOtherView CreateOtherView
CREATE TEMP VIEW v AS SELECT 1
CREATE MATERIALIZED VIEW v AS SELECT * FROM t
-- case: variables | SetVariable SetVariable SetVariable ResetVariable ShowVariables Select Select Copy Search
SET VARIABLE year = 2024
SET VARIABLE 내해 TO '바다';
SET VARIABLE counts = (SELECT list(n) FROM (LIST TABLE) AS t(name, n, columns))
RESET VARIABLE year
SHOW VARIABLES
SELECT * FROM (SHOW VARIABLES)
SELECT variable, variables FROM t WHERE year = $year AND a IN $counts LIMIT $n
COPY t FROM $folder
SEARCH IMAGE text=$words USING clip AS SELECT * FROM t
-- case: a table is a query | Select Select CreateTable Select
TABLE photos
TABLE photos ORDER BY image_path LIMIT 3
CREATE TABLE t AS TABLE photos
SELECT a FROM t UNION ALL BY NAME
TABLE u
-- case: rows that are there already | Insert Insert Insert Insert Insert Insert
INSERT INTO t BY NAME SELECT 1 AS b, 'x' AS a RETURNING *
INSERT INTO t BY POSITION FROM u
INSERT INTO t DEFAULT VALUES
INSERT INTO 사진 AS s (경로, 라벨) SELECT a, b FROM u JOIN v ON u.a = v.a
ON CONFLICT (경로) DO UPDATE SET 라벨 = excluded.라벨, (수, 값) = (s.수 + 1, excluded.값)
WHERE s.라벨 IS DISTINCT FROM excluded.라벨
RETURNING 경로, upper(라벨) AS 라벨
INSERT INTO t VALUES (1, 'x') ON CONFLICT (a, b) DO NOTHING
WITH q AS (SELECT 1 AS a), r(b) AS (VALUES (2))
INSERT INTO t (a, b) SELECT a, b FROM q, r
-- case: rows are merged | Merge Merge Merge
MERGE INTO photos AS p
USING new_photos n
ON p.image_path = n.image_path
WHEN MATCHED AND CASE WHEN n.gone THEN true ELSE false END THEN DELETE
WHEN MATCHED THEN UPDATE
SET label = n.label, score = p.score + 1
WHEN NOT MATCHED BY TARGET AND n.label IS NOT NULL THEN
INSERT (image_path, label) VALUES (n.image_path, n.label)
WHEN NOT MATCHED BY SOURCE THEN DO NOTHING
RETURNING *, merge_action
MERGE INTO t USING (SEARCH IMAGE text='cat' USING clip AS SELECT * FROM u) s USING (a, b)
WHEN MATCHED THEN UPDATE BY NAME WHEN NOT MATCHED THEN INSERT *
WITH q AS (SELECT * FROM u)
MERGE INTO t USING q ON t.a = q.a WHEN MATCHED THEN ERROR 'no ' || t.a
-- case: other tables say which rows change | Update Update Delete Delete Truncate Truncate
UPDATE t a SET b = o.b, c = a.c IS DISTINCT FROM o.c FROM other o JOIN more m ON m.x = o.x WHERE o.a = a.a RETURNING a.b
WITH q AS (SELECT 1 AS a)
UPDATE t SET (a, b) = (q.a, 'x') FROM q WHERE q.a = t.a
DELETE FROM t AS x USING other, (SELECT a FROM u) AS y WHERE x.a = other.a AND x.a = y.a RETURNING *
WITH q AS (SELECT 1 AS a)
DELETE FROM t USING q WHERE q.a = t.a
TRUNCATE t
TRUNCATE TABLE t
-- case: tables of columns, and other columns | CreateTable CreateTable CreateTable AlterTable AlterTable AlterTable AlterTable AlterTable AlterTable DropTable
CREATE TABLE 사진 (경로 VARCHAR, 점수 DECIMAL(5, 2), v FLOAT[512], "at" TIMESTAMP WITH TIME ZONE NULL)
CREATE OR REPLACE TABLE t (a, b) AS SELECT 1, 2
CREATE TABLE IF NOT EXISTS t AS FROM u WITH NO DATA
ALTER TABLE IF EXISTS t ADD COLUMN IF NOT EXISTS c INTEGER DEFAULT 1 + 2
ALTER TABLE t DROP COLUMN IF EXISTS c CASCADE
ALTER TABLE t RENAME a TO b
ALTER TABLE t ALTER a TYPE DECIMAL(10, 2) USING a / 2
ALTER TABLE t ALTER COLUMN a SET DATA TYPE VARCHAR
ALTER TABLE t ALTER a SET TYPE VARCHAR[]
DROP TABLE IF EXISTS t RESTRICT
-- case: strings in bent quotes, as phones and word processors write them | Copy Search Select Select
COPY photos FROM “my photos/가을.csv”
SEARCH IMAGE texts=[“검은 고양이”, ‘it’s mine’] USING clip OPTIONS(result_col=“유사도”) AS
SELECT * FROM photos WHERE label = ‘cat’ OR label IN (“dog”, ‘bird’)
SELECT * FROM photos WHERE label LIKE “%고양이%” AND image_path <> ‘a.jpg’;
SELECT ‘가’ AS x, concat(label, “ - ”, x) AS “제목” FROM photos
-- case: several things searched for as one, and rows as what is searched for | Search Search Search PrintMedia Search
SEARCH IMAGE texts=['해변', 'people'], weights=[1, -0.5] USING clip AS SELECT * FROM photos;
SEARCH IMAGE image=(SELECT image_path FROM photos WHERE id = 3) USING clip AS SELECT * FROM photos
SEARCH IMAGE images=[(SELECT image_path FROM (SEARCH IMAGE text='cat' USING clip OPTIONS(top_k=2) AS SELECT * FROM photos)), 'a.jpg']
  text='눈' weights=[1, 0.5, -2] USING clip OPTIONS(keyword='고양이', keyword_col='설명', result_col='s') AS SELECT * FROM photos
PRINT IMAGE AS SEARCH IMAGE USING clip OPTIONS(search_by='image', search_input=(SELECT path FROM found), top_k=9, diverse=True) AS
SELECT * FROM photos
SEARCH IMAGE text=(SELECT label FROM labels LIMIT 1) USING siglip2 OPTIONS(relevance=True) AS (SELECT * FROM photos)

-- case: a table as it was | Select Describe Insert Merge
SELECT old.label, t.label FROM t VERSION 3 AS old LEFT JOIN t ON t.image_path = old.image_path WHERE old.label IS NOT NULL;
DESCRIBE "내 사진" VERSION 2;
INSERT INTO t SELECT * FROM t VERSION 3;
MERGE INTO t USING t VERSION 2 AS was ON t.image_path = was.image_path WHEN MATCHED THEN DELETE
