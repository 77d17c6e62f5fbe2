"""What statements answer once they have run, and what they note beside it; progress while they do."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- SEARCH
BEST_FIRST = Wording("best first", "유사도가 높은 순서")
BEST_FIRST_BY = Wording("best first by {column}", "{column} 값이 높은 순서")

# -- what was done and what may be next
NEXT = Wording("next: {next}", "다음: {next}")
IS_READY = Wording("{ready} is ready", "{ready}이(가) 준비되었습니다")
ARE_READY = Wording("{ready} are ready", "{ready}이(가) 준비되었습니다")
SEARCHED_FOR = Wording("a beach", "바다")
A_PICTURE = Wording("picture.jpg", "사진.jpg")
NOT_SHOWN = Wording("not shown: {names}", "표시하지 않은 컬럼: {names}")
# -- what statements did
MERGED = Wording(
    "{inserted} added to {table}, {updated:,} updated, {deleted:,} deleted",
    "{table} 테이블에 {inserted}을(를) 추가하고, {updated:,}행을 변경하고, {deleted:,}행을 삭제했습니다",
)
STORED_AS = Wording("stored as table {table}", "{table} 테이블로 저장했습니다")
RESTORED = Wording(
    "{table} is as it was at version {version}: {rows}",
    "{table} 테이블을 버전 {version}의 내용으로 되돌렸습니다: {rows}",
)
NOTHING_RESTORED = Wording(
    "{table} can be read and is as it should be; nothing was done\nSHOW VERSIONS {table} shows what "
    "RESTORE {table} TO VERSION brings back",
    "{table} 테이블은 이상 없이 읽을 수 있으므로 아무것도 하지 않았습니다\nRESTORE {table} TO VERSION으로 "
    "되돌릴 수 있는 버전은 SHOW VERSIONS {table} 문으로 볼 수 있습니다",
)
VALUE_IS = Wording("{name} is {value}", "{name}의 값은 {value}입니다")
NO_VALUE = Wording("{name} has no value now", "이제 {name}의 값이 없습니다")
DELETED = Wording("{rows} deleted from {name}", "{name} 테이블에서 {rows}을(를) 삭제했습니다")
UPDATED = Wording("{rows} of {table} updated", "{table} 테이블의 {rows}을(를) 변경했습니다")
REGISTERED = Wording("model {model} registered", "{model} 모델을 등록했습니다")
NOT_COPIED = Wording("{pictures} could not be copied", "{pictures}을(를) 복사하지 못했습니다")

# -- LIST and SHOW VERSIONS
CANNOT_READ_VIEW = Wording("{view} cannot be read: {reason}", "{view} 뷰를 읽을 수 없습니다: {reason}")
UNREADABLE = Wording("(cannot be read)", "(읽을 수 없음)")
DAMAGED = Wording("(damaged)", "(손상됨)")
HERE = Wording("here", "있음")
NOT_HERE = Wording("not here", "없음")
PRESENT = Wording("present", "현재")
EARLIER = Wording("earlier", "이전")
DAMAGED_VERSION = Wording("{state}, damaged: {problem}", "{state}, 손상됨: {problem}")

VERSIONS_STAY = Wording(
    "what {table} held before a change that took something away stays for {hours} hours, all of it within the size "
    "of the table, 1 GB or a quarter of the free disk, whichever is most; VACUUM {table} removes it at once",
    "무언가를 없앤 변경 전에 {table} 테이블에 있던 내용은 {hours}시간 동안 남습니다. 모두 합해 테이블 크기, 1GB, "
    "디스크 여유 공간의 4분의 1 가운데 가장 큰 값까지 남으며, VACUUM {table} 문은 바로 지웁니다",
)

# -- VACUUM
ALL_TABLES = Wording("all tables: {done}", "모든 테이블: {done}")
FREED = Wording("{size} freed", "{size} 확보")
FILES_GONE = Wording("{files} gone", "{files} 정리")
REWRITTEN = Wording("{rows} written again, closer together", "{rows} 모아서 다시 저장")
NOTHING_TO_FREE = Wording("nothing to free", "정리할 것이 없습니다")
BYTES = Wording("{size:,.0f} bytes", "{size:,.0f}바이트")

# -- the lines that notebooks of the old service begin with
NO_EXTENSION = Wording(
    "ThanoSQL is the language of this kernel: there is no extension to load.",
    "ThanoSQL은 이 커널의 언어이므로 불러올 확장이 없습니다.",
)
NOTHING_TO_RUN = Wording(
    "Nothing to run: a statement goes behind %thanosql, several go below %%thanosql.",
    "실행할 문장이 없습니다. 문장 하나는 %thanosql 뒤에, 여러 문장은 %%thanosql 아래에 쓰십시오.",
)
NO_TOKEN = Wording(
    "No token is needed: everything runs on this machine. The one in this cell was not read; delete the line.",
    "모든 작업이 이 컴퓨터에서 실행되므로 토큰이 필요하지 않습니다. 이 셀에 있는 토큰은 읽지 않았습니다. "
    "그 줄을 지우십시오.",
)
NO_SERVER = Wording(
    "No server is needed: everything runs on this machine.",
    "모든 작업이 이 컴퓨터에서 실행되므로 서버가 필요하지 않습니다.",
)

# -- models and vectors
EMBEDDING = Wording("embedding {column}", "{column} 임베딩")
STANDS_IN = Wording(
    "{problem}: the embedded model stands in for {model} until its weights can be had",
    "{problem}. 가중치를 구할 때까지 {model} 모델 대신 내장 모델을 사용합니다",
)
WEIGHTS_HERE = Wording(
    "the weights of {weights} are on this machine now",
    "{weights}의 가중치가 이제 이 컴퓨터에 있습니다",
)
PARTLY_READ = Wording(
    "{model} cannot read {unread}; only the rest of the text counts",
    "{model} 모델이 읽지 못하는 부분을 뺀 나머지 텍스트만 비교합니다: {unread}",
)
PARTLY_READ_TEXTS = Wording(
    "{model} cannot read {unread}; only the rest of those texts counts",
    "{model} 모델이 읽지 못하는 부분을 뺀 나머지 텍스트로 벡터를 만들었습니다: {unread}",
)
ROW_WITHOUT_VECTOR = Wording("{rows} has no vector", "{rows}에 벡터가 없습니다")
ROWS_WITHOUT_VECTOR = Wording("{rows} have no vector", "{rows}에 벡터가 없습니다")
RUN_CONVERT = Wording("{missing}: run {conversion}", "{missing}. 다음을 실행하십시오: {conversion}")
UNKNOWN_VECTORS = Wording(
    "column {column} was not made by CONVERT: its vectors are taken to be {model}'s",
    "{column} 컬럼은 CONVERT로 만든 것이 아니므로 그 벡터를 {model} 모델의 벡터로 여깁니다",
)
FETCHED = Wording(
    "Fetched: {count} photos in {folder}/\nNext: COPY {name} FROM '{table}'",
    "받았습니다: {folder}/ 폴더에 사진 {count}장\n다음 문장: COPY {name} FROM '{table}'",
)
ALREADY_THERE = Wording(
    "Already there, nothing was downloaded: {count} photos in {folder}/\nNext: COPY {name} FROM '{table}'",
    "이미 있어서 내려받지 않았습니다: {folder}/ 폴더에 사진 {count}장\n다음 문장: COPY {name} FROM '{table}'",
)
SAMPLE_PHOTOS = Wording(
    "297 free photos with descriptions (41 MB): animals, cats, streets, lakes, rooms",
    "설명이 있는 무료 사진 297장(41 MB): 동물, 고양이, 거리, 호수, 방",
)
READ_AS = Wording("{name} was read as {encoding} text", "{name} 파일을 {encoding} 텍스트로 읽었습니다")
COLUMN_RENAMED = Wording(
    "column {name} is called {new_name} here", "{name} 컬럼의 이름은 여기서 {new_name}입니다"
)
SHEET_READ = Wording(
    "sheet {name} was read; {others} was not", "{name} 시트를 읽었습니다. 읽지 않은 시트: {others}"
)
HIDDEN_SHEET = Wording("{name} (hidden)", "{name} (숨겨짐)")
NO_VECTOR = Wording(
    "{rows} of {table} has no vector now: run {convert}",
    "{table} 테이블에 벡터가 없는 행이 생겼습니다({rows}). 다음 문장을 실행하십시오: {convert}",
)
NO_VECTORS = Wording(
    "{rows} of {table} have no vector now: run {convert}",
    "{table} 테이블에 벡터가 없는 행이 생겼습니다({rows}). 다음 문장을 실행하십시오: {convert}",
)
#: What is under way, in front of a bar.
STORING = Wording("storing {name}", "{name} 저장")
DOWNLOAD = Wording("download", "내려받기")
DOWNLOADING = Wording("Downloading {name}", "{name} 내려받기")
UNPACKING = Wording("Unpacking photos", "사진 압축 풀기")
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
INSERTED = Wording("{rows} added to {name}", "{name} 테이블에 {rows}을(를) 추가했습니다")
INSERTED_AND_UPDATED = Wording(
    "{rows} added to {name}, {updated:,} updated",
    "{name} 테이블에 {rows}을(를) 추가하고 {updated:,}행을 변경했습니다",
)
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
