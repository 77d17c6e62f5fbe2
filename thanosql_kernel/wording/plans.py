"""EXPLAIN: how a query would be answered."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

QUERY = Wording("a query of {columns}: {way}", "{columns}의 쿼리: {way}")
COMPUTED = Wording("DuckDB computes it, nothing is read", "DuckDB가 계산하며 아무것도 읽지 않습니다")
READS_ALL = Wording("DuckDB reads all rows of what stands below", "DuckDB가 아래의 모든 행을 읽습니다")
#: By whether the rows are limited, sorted, and have columns that are read for the chosen ones alone.
GIVES: dict[tuple[bool, bool, bool], Wording] = {
    (False, False, False): Wording("DuckDB gives row by row", "DuckDB가 한 행씩 돌려줍니다"),
    (False, True, False): Wording(
        "DuckDB gives in the order asked for, row by row", "DuckDB가 요청한 순서로 한 행씩 돌려줍니다"
    ),
    (True, False, False): Wording(
        "DuckDB gives at most {rows}, row by row", "DuckDB가 최대 {rows}을(를) 한 행씩 돌려줍니다"
    ),
    (True, True, False): Wording(
        "DuckDB gives at most {rows}, in the order asked for, row by row",
        "DuckDB가 요청한 순서로 최대 {rows}을(를) 한 행씩 돌려줍니다",
    ),
    (True, False, True): Wording(
        "DuckDB gives at most {rows}, {columns} read for the chosen rows alone",
        "DuckDB가 최대 {rows}을(를) 돌려주며, {columns} 컬럼은 선택된 행에서만 읽습니다",
    ),
    (True, True, True): Wording(
        "DuckDB gives at most {rows}, in the order asked for, {columns} read for the chosen rows alone",
        "DuckDB가 요청한 순서로 최대 {rows}을(를) 돌려주며, {columns} 컬럼은 선택된 행에서만 읽습니다",
    ),
}
ADDS = Wording("{statement}: adds {columns}", "{statement}: {columns} 추가")
TABLE = Wording("table {table}: {rows}, {columns}", "테이블 {table}: {rows}, {columns}")
PART_OF_TABLE = Wording(
    "table {table}: {rows}, {part} of them straight from storage, {columns}",
    "테이블 {table}: {rows} 가운데 {part}을(를) 저장소에서 바로 읽음, {columns}",
)
ALL_COLUMNS = Wording("all its columns", "모든 컬럼")
SOME_COLUMNS = Wording("of its columns {columns}", "컬럼 {columns}")
NO_COLUMNS = Wording("of its columns none", "읽는 컬럼 없음")
RESULT = Wording("an earlier result: {rows}", "이전 결과: {rows}")
NAMED_RESULT = Wording("an earlier result {name}: {rows}", "이전 결과 {name}: {rows}")
WORKS_ON = Wording(
    "works on {column}; what was embedded before comes from the cache",
    "{column} 컬럼을 처리하며, 이미 임베딩한 것은 캐시에서 가져옵니다",
)
VECTORS_COMPUTED = Wording(
    "vectors {column}: computed below, streamed through once",
    "벡터 {column}: 아래에서 계산되며 한 번만 차례로 읽습니다",
)
VECTORS_ON_DISK = Wording(
    "vectors {column}: {megabytes:,.0f} MB, more than memory may take: streamed from disk, no index",
    "벡터 {column}: {megabytes:,.0f} MB. 쓸 수 있는 메모리보다 커서 인덱스 없이 디스크에서 차례로 읽습니다",
)
VECTORS_HALVED = Wording(
    "vectors {column}: {megabytes:,.0f} MB in half precision, from files mapped into memory, find the rows that may be "
    "among the best; the vectors of these are read and compared exactly",
    "벡터 {column}: 메모리에 매핑한 파일의 반정밀도 벡터({megabytes:,.0f} MB)로 상위에 들 수 있는 행을 찾고, 그 행의 "
    "벡터만 읽어 정확히 비교합니다",
)
VECTORS_HALVED_FIRST = Wording(
    "vectors {column}: {missing:,} of {rows:,} are written in half precision first; with these, {megabytes:,.0f} MB, "
    "the rows are found that may be among the best, whose vectors are read and compared exactly",
    "벡터 {column}: {rows:,}개 가운데 {missing:,}개를 먼저 반정밀도로 저장합니다. 반정밀도 벡터({megabytes:,.0f} MB)로 "
    "상위에 들 수 있는 행을 찾고, 그 행의 벡터만 읽어 정확히 비교합니다",
)
VECTORS_RESIDENT = Wording(
    "vectors {column}: all {rows:,} resident in memory, {megabytes:,.0f} MB",
    "벡터 {column}: {rows:,}개 모두 메모리에 있음, {megabytes:,.0f} MB",
)
VECTORS_LOADED = Wording(
    "vectors {column}: {missing:,} of {rows:,} are loaded first, then resident in memory, {megabytes:,.0f} MB",
    "벡터 {column}: {rows:,}개 가운데 {missing:,}개를 먼저 메모리로 불러온 뒤 계속 둡니다, "
    "{megabytes:,.0f} MB",
)
LOOKS_FOR_ROWS = Wording("looks for what this gives", "다음 쿼리의 결과로 검색합니다")
