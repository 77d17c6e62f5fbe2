"""What is said of indexes of vectors and texts."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS230(Code):
    """An index that there is not, or that there is already."""

    MEANING = Wording("an index that there is not, or that there is already", "인덱스가 없거나 이미 있습니다")
    NO_INDEX = Wording("no index named {index}", "{index}(이)라는 인덱스가 없습니다")
    SHOW_THEM = Wording(
        "SHOW INDEXES shows those there are", "있는 인덱스는 SHOW INDEXES 문으로 볼 수 있습니다"
    )
    TAKEN = Wording("there is an index named {index} already", "{index}(이)라는 인덱스가 이미 있습니다")
    REPLACE_IT = Wording(
        "CREATE OR REPLACE INDEX builds it anew", "CREATE OR REPLACE INDEX로 다시 만들 수 있습니다"
    )
    COLUMN_HAS_ONE = Wording(
        "{column} has index {index} already", "{column} 컬럼에는 이미 인덱스 {index}이(가) 있습니다"
    )
    SEVERAL = Wording("several tables have an index {index}", "{index} 인덱스가 있는 테이블이 여럿입니다")


CREATE_INDEX = Wording(
    "Build an index of a column. Of vectors (IVF_RQ), for tables whose vectors take more memory than THANOSQL_MEMORY "
    "allows: a SEARCH with top_k, or ORDER BY its similarity DESC LIMIT k, then looks at the likeliest rows alone, "
    "compares their vectors exactly, and says how many of the best the index has found when it was built. Conditions "
    "come first. Every other search is exact, and so are rows that came later, until VACUUM lets the index take them "
    "up; SET search.index = off makes all exact. Nothing is built where the vectors fit in memory: they are searched "
    "exactly there, and faster. Of texts (INVERTED): a SEARCH over a whole table with keyword reads only the texts "
    "that may hold one of the words; what it finds is the same as without.",
    "컬럼의 인덱스를 만듭니다. 벡터 인덱스(IVF_RQ)는 벡터가 THANOSQL_MEMORY보다 많은 메모리를 차지하는 테이블에 "
    "씁니다. top_k로 검색하거나 유사도로 ORDER BY … DESC LIMIT k 하면 가장 비슷할 만한 행만 골라 벡터를 정확히 "
    "비교하고, 인덱스를 만들 때 잰 재현율을 알려 줍니다. 조건은 먼저 적용합니다. 다른 검색은 모두 정확하며, 나중에 "
    "추가된 행은 VACUUM이 인덱스에 넣을 때까지 정확히 비교합니다. SET search.index = off를 실행하면 모두 정확합니다. "
    "벡터가 메모리에 들어가면 "
    "정확한 검색이 더 빠르므로 아무것도 만들지 않습니다. 텍스트 인덱스(INVERTED)가 있으면 테이블 전체를 "
    "keyword로 검색할 때 단어가 있을 만한 텍스트만 읽습니다. 결과는 인덱스가 없을 때와 같습니다.",
)
DROP_INDEX = Wording("Remove an index; no row changes.", "인덱스를 지웁니다. 행은 바뀌지 않습니다.")
SHOW_INDEXES = Wording(
    "Show the indexes of all tables or of one: what they are of, over how many rows they were built, and how many of "
    "the 10 best rows of sample searches they found then (recall).",
    "모든 테이블 또는 한 테이블의 인덱스를 보여 줍니다. 무엇의 인덱스인지, 몇 행으로 만들었는지, 그때 표본 검색의 상위 "
    "10행 가운데 얼마나 찾았는지(recall)를 알려 줍니다.",
)
MADE = Wording(
    "index {index} of {table} ({column}) built over {rows}; it finds {near:.1%} of the 10 best rows in searches that "
    "lie among them, as for a picture among pictures, and {recall:.1%} in any direction ({samples} sample searches)",
    "{table} 테이블 {column} 컬럼의 인덱스 {index}을(를) {rows}(으)로 만들었습니다. 표본 검색 {samples}번에서 상위 "
    "10행 가운데, 행들 사이에 있는 검색(이미지로 이미지 찾기 등)은 {near:.1%}, 임의 방향의 검색은 {recall:.1%}를 "
    "찾습니다",
)
MADE_OF_TEXTS = Wording(
    "index {index} of {table} ({column}) built over {rows}; SEARCH with keyword reads only texts that may hold a word",
    "{table} 테이블 {column} 컬럼의 인덱스 {index}을(를) {rows}(으)로 만들었습니다. keyword 검색은 단어가 있을 만한 "
    "텍스트만 읽습니다",
)
NOT_NEEDED = Wording(
    "no index was built: the vectors of {table} take {megabytes:,.0f} MB and fit in memory, where every search is "
    "exact",
    "인덱스를 만들지 않았습니다. {table} 테이블의 벡터는 {megabytes:,.0f} MB로 메모리에 들어가므로 모든 검색이 "
    "정확합니다",
)
TOO_FEW = Wording(
    "no index was built: the vectors of {table} take {megabytes:,.0f} MB, and an index is worth it from "
    "{least:,.0f} MB on; every search is exact",
    "인덱스를 만들지 않았습니다. {table} 테이블의 벡터는 {megabytes:,.0f} MB이며, 인덱스는 {least:,.0f} MB부터 쓸모가 "
    "있습니다. 모든 검색이 정확합니다",
)
TOO_FEW_TEXTS = Wording(
    "no index was built: {table} has {rows}, and an index of texts is worth it from {least:,} on; all are read for a "
    "keyword",
    "인덱스를 만들지 않았습니다. {table} 테이블은 {rows}이며, 텍스트 인덱스는 {least:,}행부터 쓸모가 있습니다. "
    "keyword를 찾을 때 모두 읽습니다",
)
EXISTS = Wording(
    "index {index} exists already; nothing was done",
    "인덱스 {index}이(가) 이미 있어 아무것도 하지 않았습니다",
)
DROPPED = Wording("index {index} dropped", "인덱스 {index}을(를) 지웠습니다")
NO_INDEX = Wording(
    "there is no index {index}; nothing was done", "인덱스 {index}이(가) 없어 아무것도 하지 않았습니다"
)
USE = Wording(
    "whether indexes of vectors may find the best rows of a SEARCH, which then may miss some; off: all are compared",
    "SEARCH의 상위 행을 벡터 인덱스로 찾을지 여부. 인덱스는 일부 행을 놓칠 수 있으며, off면 모든 행을 비교합니다",
)
BUILDING = Wording("index {index}", "인덱스 {index}")
APPROXIMATE = Wording(
    "approximate: found by index {index}, which had {recall:.1%} of the 10 best rows when it was built; their "
    "similarities are exact, and SET search.index = off makes the choice exact too",
    "근사 결과: 인덱스 {index}(으)로 찾았으며, 만들 때 상위 10행의 {recall:.1%}를 찾았습니다. 유사도 값은 정확하며, "
    "SET search.index = off를 실행하면 행도 정확히 고릅니다",
)
USED = Wording("in use", "사용 중")
PARTLY = Wording("in use; {rows} are looked at one by one", "사용 중, {rows}은(는) 하나씩 확인")
EXTENDED = Wording(
    "index {index} has taken up {rows} that came after it was built",
    "인덱스 {index}이(가) 만든 뒤에 추가된 {rows}도 다룹니다",
)
STALE = Wording(
    "not used: too many rows have changed; CREATE OR REPLACE INDEX builds it anew",
    "사용 안 함: 바뀐 행이 너무 많습니다. CREATE OR REPLACE INDEX로 다시 만드십시오",
)
FOREIGN = Wording(
    "not used: made by another program or machine", "사용 안 함: 다른 프로그램이나 컴퓨터에서 만들었습니다"
)
BY_INDEX = Wording(
    "vectors {column}: {megabytes:,.0f} MB, more than memory may take: index {index} finds the likeliest rows, whose "
    "vectors are read and compared exactly ({recall:.1%} of the 10 best when it was built)",
    "벡터 {column}: {megabytes:,.0f} MB로 쓸 수 있는 메모리보다 큽니다. 인덱스 {index}(으)로 가장 비슷할 만한 행을 "
    "찾아 그 벡터만 읽고 정확히 비교합니다(만들 때 상위 10행의 {recall:.1%})",
)
CHOSEN_FIRST = Wording(
    "vectors {column}: the condition says first which rows are compared; up to {most:,} of them are read one by "
    "one, and all are compared exactly then",
    "벡터 {column}: 비교할 행을 조건으로 먼저 고릅니다. {most:,}행까지는 그 벡터만 하나씩 읽어 모두 정확히 비교합니다",
)
TEXTS_BY_INDEX = Wording(
    "texts {column}: index {index} finds those that may hold a word, and only these are read, unless every fourth may",
    "텍스트 {column}: 인덱스 {index}(으)로 단어가 있을 만한 텍스트를 찾아 그것만 읽습니다. 네 행 중 하나를 넘으면 모두 "
    "읽습니다",
)
TEXTS_READ = Wording("texts {column}: all are read, once", "텍스트 {column}: 모두 한 번 읽습니다")
NOTHING_TO_INDEX = Wording(
    "{column} holds neither texts nor vectors of one length but {type}",
    "{column} 컬럼은 텍스트도, 길이가 같은 벡터도 아닌 {type}입니다",
)
WHAT_IS_INDEXED = Wording(
    "conditions on other columns read those columns alone and need no index",
    "다른 컬럼의 조건은 그 컬럼만 읽으므로 인덱스가 필요 없습니다",
)
ONE_COLUMN = Wording("an index is of one column", "인덱스는 컬럼 하나에 만듭니다")
NO_METHOD = Wording("no index is made by {method}", "{method} 방식의 인덱스는 없습니다")
METHODS = Wording(
    "leave USING out, or write USING ivf_rq for vectors, USING inverted for texts",
    "USING을 빼거나 벡터에는 USING ivf_rq, 텍스트에는 USING inverted로 쓰십시오",
)
METHOD_OF_TEXTS = Wording(
    "{column} holds texts: USING inverted, or without USING",
    "{column}은(는) 텍스트 컬럼입니다. USING inverted로 쓰거나 USING을 빼십시오",
)
METHOD_OF_VECTORS = Wording(
    "{column} holds vectors: USING ivf_rq, or without USING",
    "{column}은(는) 벡터 컬럼입니다. USING ivf_rq로 쓰거나 USING을 빼십시오",
)
