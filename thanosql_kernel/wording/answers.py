"""What statements answer once they have run, and what they note beside it; progress while they do."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- tables and views ----------------------------------------------------------------------------------------
NO_TABLE = Wording(
    "there is no table {name}; nothing was done", "{name} 테이블이 없어 아무것도 하지 않았습니다"
)
NO_TABLE_ANY_MORE = Wording(
    "there is no table {name} any more; nothing was done",
    "{name} 테이블이 이미 없어져 아무것도 하지 않았습니다",
)
NO_VIEW = Wording("there is no view {name}; nothing was done", "{name} 뷰가 없어 아무것도 하지 않았습니다")
NO_VIEW_ANY_MORE = Wording(
    "there is no view {name} any more; nothing was done", "{name} 뷰가 이미 없어져 아무것도 하지 않았습니다"
)
TABLE_IS_THERE = Wording(
    "table {name} exists already; nothing was done", "{name} 테이블이 이미 있어 아무것도 하지 않았습니다"
)
VIEW_IS_THERE = Wording(
    "view {name} exists already; nothing was done", "{name} 뷰가 이미 있어 아무것도 하지 않았습니다"
)
TABLE_MADE = Wording(
    "table {name} made, with {columns} and no rows", "{name} 테이블을 만들었습니다({columns}, 행 없음)"
)
TABLE_RENAMED = Wording(
    "table {name} is now called {new_name}", "{name} 테이블의 이름은 이제 {new_name}입니다"
)
TABLE_DROPPED = Wording("table {name} dropped", "{name} 테이블을 삭제했습니다")
VIEW_CREATED = Wording("view {name} of {columns} created", "{name} 뷰를 만들었습니다({columns})")
VIEW_RENAMED = Wording("view {name} is now called {new_name}", "{name} 뷰의 이름은 이제 {new_name}입니다")
VIEW_DROPPED = Wording("view {name} dropped", "{name} 뷰를 삭제했습니다")

# -- columns -------------------------------------------------------------------------------------------------
COLUMN_IS_THERE = Wording(
    "{table} has column {column}; nothing was done",
    "{table} 테이블에 {column} 컬럼이 이미 있어 아무것도 하지 않았습니다",
)
COLUMN_IS_NOT_THERE = Wording(
    "{table} has no column {column}; nothing was done",
    "{table} 테이블에 {column} 컬럼이 없어 아무것도 하지 않았습니다",
)
COLUMN_NOW_CALLED = Wording(
    "column {column} of {table} is now called {new_name}",
    "{table} 테이블에서 {column} 컬럼의 이름은 이제 {new_name}입니다",
)
COLUMN_ADDED = Wording("column {column} added to {table}", "{table} 테이블에 {column} 컬럼을 추가했습니다")
LATER_ROWS_HAVE_NULL = Wording(
    "rows added later have NULL in {column} unless they say otherwise",
    "나중에 추가하는 행의 {column} 컬럼은 값을 지정하지 않으면 NULL입니다",
)
COLUMN_RETYPED = Wording(
    "column {column} of {table} is now {type}",
    "{table} 테이블에서 {column} 컬럼의 타입은 이제 {type}입니다",
)
COLUMN_DROPPED = Wording(
    "column {column} dropped from {table}", "{table} 테이블에서 {column} 컬럼을 삭제했습니다"
)
MADE_BY = Wording("{model} ({weights}) from {source}", "{model} 모델({weights}), {source} 컬럼")

# -- rows ----------------------------------------------------------------------------------------------------
STORED = Wording(
    "{rows} of {columns} stored as {name}", "{name} 테이블에 {rows}, {columns}을(를) 저장했습니다"
)
APPENDED = Wording(
    "{rows} of {columns} added to {name}", "{name} 테이블에 {rows}, {columns}을(를) 추가했습니다"
)
REFRESHED = Wording(
    "{added} added to {name}, {gone:,} removed, {kept:,} kept",
    "{name} 테이블에 {added} 추가, {gone:,}행 삭제, {kept:,}행은 그대로 두었습니다",
)
INSERTED = Wording("{rows} added to {name}", "{name} 테이블에 {rows}을(를) 추가했습니다")
INSERTED_AND_UPDATED = Wording(
    "{rows} added to {name}, {updated:,} updated",
    "{name} 테이블에 {rows}을(를) 추가하고 {updated:,}행을 변경했습니다",
)
DELETED = Wording("{rows} deleted from {name}", "{name} 테이블에서 {rows}을(를) 삭제했습니다")
WRITTEN = Wording("{rows} written to {path}", "{path}에 {rows}을(를) 저장했습니다")

# -- models and embeddings -----------------------------------------------------------------------------------
MODEL_READY = Wording("model {name} is ready: {summary}", "{name} 모델이 준비되었습니다: {summary}")
MODEL_DELETED = Wording("model {name} deleted", "{name} 모델을 삭제했습니다")
COLUMNS_STAY = Wording("columns made with it stay: {columns}", "이 모델로 만든 컬럼은 남습니다: {columns}")
EMBEDDED = Wording("{things} embedded", "{things}을(를) 임베딩했습니다")
EMBEDDED_AND_KNOWN = Wording(
    "{things} embedded, {known:,} known from before",
    "{things}을(를) 임베딩하고, {known:,}개는 이전 임베딩을 다시 사용했습니다",
)
FILE_OUT_OF_REACH = Wording(
    "1 file could not be reached; its vector stays", "파일 1개에 접근할 수 없어 이전 벡터를 그대로 두었습니다"
)
FILES_OUT_OF_REACH = Wording(
    "{count:,} files could not be reached; their vectors stay",
    "파일 {count:,}개에 접근할 수 없어 이전 벡터를 그대로 두었습니다",
)
UNREAD = Wording(
    "{things} could not be read and stays NULL:", "{things}을(를) 읽을 수 없어 NULL로 두었습니다:"
)
SEVERAL_UNREAD = Wording(
    "{things} could not be read and stay NULL:", "{things}을(를) 읽을 수 없어 NULL로 두었습니다:"
)
AND_MORE = Wording("and {count:,} more", "그 밖에 {count:,}개")
COLUMN_STORED = Wording(
    "column {column} stored in table {table}", "{column} 컬럼을 {table} 테이블에 저장했습니다"
)
COLUMN_NOT_STORED = Wording(
    "column {column} is in this result only; OPTIONS(table_name='…') stores it",
    "{column} 컬럼은 이 결과에만 있습니다. 저장하려면 OPTIONS(table_name='…')을 쓰십시오",
)
VIEW_NOT_STORED = Wording(
    "{view} is a view: column {column} is in this result only; OPTIONS(table_name='…') stores the rows as a table",
    "{view} 뷰에는 저장할 수 없어 {column} 컬럼은 이 결과에만 있습니다. "
    "행을 테이블로 저장하려면 OPTIONS(table_name='…')을 쓰십시오",
)
VIEW_NOT_STORED_BUT_TABLE = Wording(
    "{view} is a view: column {column} is in this result only; OPTIONS(table_name='…') stores the rows as a table; "
    "AS SELECT * FROM {table} stores it there, and {view} has it too",
    "{view} 뷰에는 저장할 수 없어 {column} 컬럼은 이 결과에만 있습니다. "
    "행을 테이블로 저장하려면 OPTIONS(table_name='…')을 쓰십시오. "
    "AS SELECT * FROM {table} 쿼리를 쓰면 그 테이블에 저장되고 {view} 뷰에도 나타납니다",
)
