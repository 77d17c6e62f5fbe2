"""What there is instead of what this kernel does not do: hints of TS600."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording


def _both(first: Wording, second: Wording) -> Wording:
    """Two sentences as one text."""
    return Wording(f"{first.en}; {second.en}", f"{first.ko}. {second.ko}")


# -- statements of SQL that have no sense here ---------------------------------------------------------------
ONE_COMMIT = Wording(
    "each statement is one commit, whole or not at all; RESTORE t TO VERSION n brings an earlier version back",
    "문장 하나가 커밋 하나이며, 전부 저장되거나 전혀 저장되지 않습니다. "
    "이전 버전으로 되돌리려면 RESTORE t TO VERSION n을 쓰십시오",
)
ONE_DATABASE = Wording(
    "there is one database, named by the folder of the notebook or by THANOSQL_DATABASE",
    "데이터베이스는 하나이며, 노트북의 폴더나 THANOSQL_DATABASE가 정합니다",
)
NO_SCHEMAS = Wording(
    f"{ONE_DATABASE.en}, and no schemas in it: a table's name stands alone",
    f"{ONE_DATABASE.ko}. 스키마는 없으며, 테이블 이름만 씁니다",
)
SET_VARIABLE = Wording(
    "SET VARIABLE name = value gives a value to $name in any statement",
    "SET VARIABLE name = value를 쓰면 모든 문장에서 $name이 그 값을 가집니다",
)
COPY_READS = Wording(
    "COPY t FROM 'path' reads csv, json, parquet and xlsx files and folders of pictures",
    "COPY t FROM 'path'는 csv, json, parquet, xlsx 파일과 사진 폴더를 읽습니다",
)
SETTINGS = Wording(
    "SET setting = value sets what SHOW SETTINGS lists, SET setting = DEFAULT brings a first value back",
    "SHOW SETTINGS에 나오는 설정은 SET setting = value로 바꾸고, SET setting = DEFAULT로 처음 값으로 되돌립니다",
)
RIGHTS = Wording(
    "who may read the database's folder may read its tables",
    "데이터베이스 폴더를 읽을 수 있는 사람은 테이블도 읽을 수 있습니다",
)
NUMBER_ROWS = Wording(
    "SELECT row_number() OVER () numbers rows", "SELECT row_number() OVER ()가 행에 번호를 매깁니다"
)
TYPES = Wording(
    "columns have DuckDB's own types, ENUM ('a', 'b') among them",
    "컬럼에는 ENUM ('a', 'b')을 비롯한 DuckDB의 타입을 씁니다",
)
NAMED_QUERIES = Wording(
    "WITH name AS (…) names a part of a query, CREATE VIEW one of several",
    "쿼리 하나의 일부에는 WITH name AS (…)로, 여러 쿼리에서 쓸 부분에는 CREATE VIEW로 이름을 붙입니다",
)
FUNCTIONS = Wording(
    "DuckDB's own functions are there: SELECT * FROM duckdb_functions()",
    "DuckDB의 함수를 쓸 수 있습니다: SELECT * FROM duckdb_functions()",
)
NO_INDEX = Wording(
    "indexes are of vectors, and keep nothing unique: SELECT … GROUP BY ALL HAVING count(*) > 1 finds what is twice",
    "인덱스는 벡터 컬럼에만 만들며 중복을 막지 않습니다. 중복된 행은 SELECT … GROUP BY ALL HAVING count(*) > 1로 "
    "찾습니다",
)
MAKE_INDEX_ANEW = Wording(
    "DROP INDEX, then CREATE INDEX with the new name",
    "DROP INDEX 뒤에 새 이름으로 CREATE INDEX를 실행하십시오",
)
NO_TRIGGER = Wording(
    "what is to follow a statement stands behind it in the cell",
    "문장 다음에 할 일은 셀에서 그 문장 뒤에 쓰십시오",
)
NO_SERVICE = _both(
    Wording("no other service is asked", "다른 서비스에 접속하지 않습니다"),
    COPY_READS,
)
NO_EXTENSIONS = _both(
    Wording("no extensions are loaded", "확장 기능은 불러오지 않습니다"),
    COPY_READS,
)
TABLE_OR_ROWS = Wording(
    "CREATE TABLE t AS query stores it, DROP TABLE t removes it; WITH t AS (…) names rows of one query",
    "CREATE TABLE t AS query로 저장하고 DROP TABLE t로 삭제합니다. "
    "쿼리 하나에서만 쓸 행에는 WITH t AS (…)로 이름을 붙입니다",
)
VIEW_OR_ROWS = Wording(
    "WITH v AS (…) names rows of one query, CREATE VIEW those of several",
    "쿼리 하나에서 쓸 행에는 WITH v AS (…)로, 여러 쿼리에서 쓸 행에는 CREATE VIEW로 이름을 붙입니다",
)
ATTACH = _both(ONE_DATABASE, COPY_READS)
PRAGMA = _both(
    SETTINGS,
    Wording(
        "DESCRIBE t and information_schema.columns tell about tables",
        "테이블에 대해서는 DESCRIBE t와 information_schema.columns가 알려 줍니다",
    ),
)
EXPORT_DATABASE = Wording(
    "EXPORT t TO 'file.parquet' writes a table; the database is a folder that can be copied",
    "EXPORT t TO 'file.parquet'이 테이블을 파일로 저장합니다. 데이터베이스는 복사할 수 있는 폴더입니다",
)
IMPORT_DATABASE = Wording(
    "COPY t FROM 'file.parquet' reads a table", "COPY t FROM 'file.parquet'이 테이블을 읽습니다"
)
COPY_TO = Wording(
    "EXPORT query TO 'file' writes csv, tsv, parquet, json, jsonl and html",
    "EXPORT query TO 'file'이 csv, tsv, parquet, json, jsonl, html 파일을 만듭니다",
)
COPY_THE_FOLDER = Wording(
    "the database is a folder that can be copied", "데이터베이스는 복사할 수 있는 폴더입니다"
)
STORE_ROWS = Wording(
    "CREATE OR REPLACE TABLE t AS query stores the rows of a query",
    "CREATE OR REPLACE TABLE t AS query가 쿼리의 행을 저장합니다",
)
STORE_ROWS_ANEW = Wording(
    "CREATE OR REPLACE TABLE t AS query stores the rows anew",
    "CREATE OR REPLACE TABLE t AS query가 행을 다시 저장합니다",
)
RESET_VARIABLE = Wording(
    "RESET VARIABLE name takes the value of $name away", "RESET VARIABLE name이 $name의 값을 없앱니다"
)
CALL = Wording(
    "SELECT * FROM function(…) gives the rows of a function",
    "SELECT * FROM function(…)이 함수의 행을 보여 줍니다",
)
CHECKPOINT = Wording(
    "every statement is stored when it ends; VACUUM gives back what the tables do not need",
    "모든 문장은 끝날 때 저장됩니다. VACUUM이 테이블에 필요 없는 공간을 돌려줍니다",
)
ANALYZE = Wording(
    "SUMMARIZE t shows what a table's columns hold; there is nothing else to be kept up to date",
    "SUMMARIZE t가 테이블의 컬럼에 무엇이 있는지 보여 줍니다. 따로 갱신할 것은 없습니다",
)
REINDEX = Wording(
    "VACUUM keeps tables compact, and no index is kept",
    "VACUUM이 테이블을 작게 정리하며, 인덱스는 두지 않습니다",
)
COMMENT = Wording(
    "tables and columns keep no comments; a comment begins with -- in a cell",
    "테이블과 컬럼에는 설명을 저장하지 않습니다. 셀의 주석은 --로 시작합니다",
)
EXPLAIN_ANALYZE = Wording(
    "EXPLAIN query says what would be read, and runs nothing",
    "EXPLAIN query가 무엇을 읽을지 알려 주며, 아무것도 실행하지 않습니다",
)
RENAME_TABLE = Wording("ALTER TABLE t RENAME TO new", "ALTER TABLE t RENAME TO new를 쓰십시오")
REPLACE_INTO = Wording(
    "INSERT INTO t query adds rows, UPDATE t SET … changes them",
    "INSERT INTO t query가 행을 추가하고, UPDATE t SET …이 행을 변경합니다",
)
SHOW_TABLES = Wording("SHOW TABLES lists the tables", "SHOW TABLES가 테이블의 목록을 보여 줍니다")
SHOW_DATABASES = _both(
    ONE_DATABASE,
    Wording("SHOW TABLES lists its tables", "SHOW TABLES가 그 안의 테이블을 보여 줍니다"),
)
SHOW_SCHEMAS = _both(
    NO_SCHEMAS, Wording("SHOW TABLES lists them", "SHOW TABLES가 테이블의 목록을 보여 줍니다")
)
SHOW_COLUMNS = Wording("DESCRIBE t lists the columns of a table", "DESCRIBE t가 테이블의 컬럼을 보여 줍니다")
SHOW_CREATE = Wording(
    "DESCRIBE t lists the columns of a table with their types",
    "DESCRIBE t가 테이블의 컬럼과 타입을 보여 줍니다",
)
RESET = _both(
    SETTINGS,
    Wording("RESET VARIABLE name is for variables", "변수에는 RESET VARIABLE name을 쓰십시오"),
)
TIME_ZONE = Wording(
    "timestamp AT TIME ZONE 'Asia/Seoul' gives the time there",
    "timestamp AT TIME ZONE 'Asia/Seoul'이 그곳의 시각을 보여 줍니다",
)

# -- statements that are understood and not run --------------------------------------------------------------
RUN_HERE = Wording(
    "this kernel runs COPY, SELECT, CONVERT, SEARCH IMAGE, SEARCH TEXT, PRINT and table statements",
    "이 커널은 COPY, SELECT, CONVERT, SEARCH IMAGE, SEARCH TEXT, PRINT와 테이블에 대한 문장을 실행합니다",
)
FIND_WHAT_IS_THERE = Wording(
    "CONVERT and SEARCH find what is there; nothing here writes or paints",
    "CONVERT와 SEARCH는 있는 것을 찾습니다. 글을 쓰거나 그림을 그리는 기능은 없습니다",
)
LASTING_TABLE = Wording(
    "CREATE TABLE makes one that stays until DROP TABLE; WITH name AS (…) gives rows a name for one statement",
    "CREATE TABLE은 DROP TABLE로 삭제할 때까지 남는 테이블을 만듭니다. "
    "문장 하나에서만 쓸 행에는 WITH name AS (…)로 이름을 붙입니다",
)
LASTING_VIEW = Wording(
    "CREATE VIEW makes one that stays until DROP VIEW",
    "CREATE VIEW는 DROP VIEW로 삭제할 때까지 남는 뷰를 만듭니다",
)
KEEP_ROWS = Wording(
    "CREATE TABLE … AS keeps the rows of a query", "CREATE TABLE … AS가 쿼리의 행을 저장합니다"
)
UPDATE_ON_CONFLICT = Wording(
    "INSERT INTO t … ON CONFLICT (key) DO UPDATE SET a = excluded.a, … names the columns that tell which rows are the "
    "same",
    "INSERT INTO t … ON CONFLICT (key) DO UPDATE SET a = excluded.a, …에서 같은 행을 알아볼 컬럼을 key에 쓰십시오",
)
NOTHING_ON_CONFLICT = Wording(
    "INSERT INTO t … ON CONFLICT (key) DO NOTHING names the columns that tell which rows are the same",
    "INSERT INTO t … ON CONFLICT (key) DO NOTHING에서 같은 행을 알아볼 컬럼을 key에 쓰십시오",
)

# -- options that are understood and not done ----------------------------------------------------------------
CONVERTED = Wording("pictures and texts can be converted", "사진과 텍스트를 변환할 수 있습니다")

# -- constraints, which tables do not keep -------------------------------------------------------------------
KEYS = Wording(
    "tables declare no key: INSERT … ON CONFLICT (column) and MERGE name theirs",
    "테이블에는 키를 정하지 않습니다. INSERT … ON CONFLICT (column)과 MERGE 문에 키를 쓰십시오",
)
CHECKS = Wording(
    "leave it out, and look for rows that break it: SELECT count(*) FROM … WHERE NOT (…)",
    "이 부분을 빼고, 조건에 맞지 않는 행을 찾아보십시오: SELECT count(*) FROM … WHERE NOT (…)",
)
NOT_NULL = Wording(
    "leave it out: every column may be NULL; SELECT count(*) FROM … WHERE … IS NULL finds them",
    "이 부분을 빼십시오. 모든 컬럼은 NULL일 수 있습니다. SELECT count(*) FROM … WHERE … IS NULL로 찾습니다",
)
DEFAULT = Wording(
    "leave it out, and give the value in INSERT", "이 부분을 빼고, INSERT 문에서 값을 지정하십시오"
)
GENERATED = Wording(
    "compute it in queries, or keep it with UPDATE … SET",
    "쿼리에서 계산하거나 UPDATE … SET으로 저장하십시오",
)
COLLATE = Wording(
    "leave it out, and write ORDER BY … COLLATE in queries",
    "이 부분을 빼고, 쿼리에 ORDER BY … COLLATE를 쓰십시오",
)
