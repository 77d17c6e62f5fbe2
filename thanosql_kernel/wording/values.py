"""What is said about values and types: TS3xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS300(Code):
    """A value or column of the wrong type."""

    MEANING = Wording(
        "a value or column of the wrong type",
        "값이나 컬럼의 타입이 다릅니다",
    )
    NOT_PATHS = Wording(
        "{column} holds {type}, not paths",
        "{column} 컬럼에는 경로가 아니라 {type} 값이 있습니다",
    )
    NO_DATES = Wording(
        "{column} holds {type}, not dates",
        "{column} 컬럼에는 날짜가 아니라 {type} 값이 있습니다",
    )
    CHOOSE_DATES = Wording(
        "choose a column of dates or timestamps: OPTIONS(date_col='…')",
        "DATE나 TIMESTAMP 타입의 컬럼을 선택하십시오: OPTIONS(date_col='…')",
    )
    NO_TIMES = Wording(
        "{column} holds {type}, not times", "{column} 컬럼에는 시각이 아니라 {type} 값이 있습니다"
    )
    CHOOSE_TIMES = Wording(
        "choose a column of timestamps: OPTIONS(time_col='…')",
        "TIMESTAMP 타입의 컬럼을 선택하십시오: OPTIONS(time_col='…')",
    )
    CHOOSE_TEXT_COLUMN = Wording("choose a text column", "텍스트 컬럼을 선택하십시오")
    NOT_TEXT = Wording(
        "column {column} holds {type}, not text",
        "{column} 컬럼에는 텍스트가 아니라 {type} 값이 있습니다",
    )
    CHOOSE_PATHS_OR_TEXTS = Wording(
        "choose a column of paths or texts",
        "경로나 텍스트가 있는 컬럼을 선택하십시오",
    )
    NOT_PICTURES = Wording(
        "column {column} holds {type}, no pictures",
        "{column} 컬럼에는 사진이 아니라 {type} 값이 있습니다",
    )
    CHOOSE_PICTURES = Wording(
        "choose a column of paths, addresses or bytes of pictures",
        "사진의 경로나 주소, 바이트가 있는 컬럼을 선택하십시오",
    )
    NOT_VECTORS = Wording(
        "column {column} holds {type}, not vectors",
        "{column} 컬럼에는 벡터가 아니라 {type} 값이 있습니다",
    )
    VECTORS_OF_TEXTS = Wording(
        "column {column} holds vectors of texts, not of pictures",
        "{column} 컬럼에는 사진이 아니라 텍스트의 벡터가 있습니다",
    )
    OTHER_LENGTH = Wording(
        "column {column} holds vectors of {length} numbers, {model} makes {dim}",
        "{column} 컬럼에는 숫자 {length}개로 된 벡터가 있는데 {model} 모델은 {dim}개로 된 벡터를 만듭니다",
    )
    OTHER_COUNT = Wording(
        "{given} values are given, {table} takes {wanted} here",
        "값이 {given}개인데 {table} 테이블에는 여기서 {wanted}개가 들어갑니다",
    )
    BY_NAME = Wording("BY NAME matches columns by their names", "BY NAME을 쓰면 이름이 같은 컬럼에 넣습니다")
    MADE_OF = Wording(
        "{vectors} was made of {column}, which keeps its type therefore",
        "{vectors} 컬럼은 {column} 컬럼으로 만든 것이므로 {column} 컬럼의 타입은 바꿀 수 없습니다",
    )
    DROP_FIRST = Wording(
        "ALTER TABLE {table} DROP COLUMN {column} first",
        "먼저 ALTER TABLE {table} DROP COLUMN {column} 문을 실행하십시오",
    )
    NO_TABLE_IN_PYTHON = Wording(
        "{name} is no stored table, and in Python a {type}, not a table",
        "{name} 테이블이 없습니다. Python 변수 {name}도 테이블이 아니라 {type}입니다",
    )
    WRITE_PARAMETER = Wording("values are written ${name}", "값은 ${name} 형식으로 씁니다")
    UNREADABLE_VARIABLE = Wording(
        "the variable {name} cannot be read as a table: {reason}",
        "변수 {name}을(를) 테이블로 읽을 수 없습니다 ({reason})",
    )
    NO_COLUMNS = Wording("it has no columns", "컬럼이 없습니다")
    NO_LITERAL = Wording(
        "a {type} of this value cannot be kept in a variable", "이 {type} 값은 변수에 보관할 수 없습니다"
    )
    NOT_STORED = Wording("a value cannot be stored: {reason}", "값을 저장할 수 없습니다 ({reason})")
    MORE_NAMES = Wording("{names} for {columns}", "컬럼보다 이름이 많습니다: {names}, {columns}")
    OTHER_WIDTH = Wording(
        "the query has {columns}, {table} takes {count} here",
        "쿼리의 결과에는 {columns}이(가) 있는데, {table} 테이블에 넣을 컬럼은 {count}개입니다",
    )
    THE_COLUMNS = Wording("the columns are {names}", "컬럼은 {names}입니다")
    NO_TYPE = Wording("there is no type {name}", "{name} 타입이 없습니다")
    TYPES = Wording(
        "types are e.g. VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP",
        "쓸 수 있는 타입의 예: VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP",
    )
    CAST_OR_OTHER_FUNCTION = Wording(
        "CAST the values, or use another function", "값을 CAST하거나 다른 함수를 쓰십시오"
    )
    NOT_USABLE = Wording("{name} cannot be used: {reason}", "{name}의 값을 쓸 수 없습니다: {reason}")
    FROM_READS = Wording("FROM {name} reads it", "FROM {name}(으)로 읽을 수 있습니다")
    NO_OPTION_VALUE = Wording(
        "{name} is a {kind}, not a text, number or list of those",
        "{name}의 값은 {kind}입니다. 텍스트, 숫자 또는 그 목록이어야 합니다",
    )
    # Why a value of Python has no literal.
    TOO_DEEP = Wording("it is nested too deep", "너무 깊이 중첩되었습니다")
    NO_FORM = Wording("SQL has no form for a {kind}", "SQL로 나타낼 수 없는 {kind} 값입니다")
    NUL = Wording("it holds a NUL character", "NUL 문자가 들어 있습니다")
    NO_UNICODE = Wording("it is not valid Unicode", "올바른 유니코드가 아닙니다")
    TOO_LARGE = Wording("the number is too large", "숫자가 너무 큽니다")
    NO_ROWS = Wording("the statement gave no rows", "문장의 결과에 행이 없습니다")
    WHAT_GIVES_ROWS = Wording(
        "SELECT, CONVERT, SEARCH and PRINT give rows",
        "행이 나오는 문장은 SELECT, CONVERT, SEARCH, PRINT입니다",
    )


class TS301(Code):
    """The query failed while it ran."""

    MEANING = Wording(
        "the query failed while it ran",
        "쿼리를 실행하는 중에 실패했습니다",
    )
    MISFIT = Wording(
        "{value} of {column} does not fit {type}", "{column} 컬럼의 값이 {type} 타입에 맞지 않습니다: {value}"
    )
    HUGEINT = Wording(
        "HUGEINT {value} has more than 38 digits: CAST it AS VARCHAR",
        "HUGEINT 값이 38자리를 넘습니다. CAST(… AS VARCHAR)로 바꾸십시오: {value}",
    )
    MADE_VECTORS = Wording(
        "column {column} holds vectors that {model} made of {source}: leave others out, CONVERT makes them",
        "{column} 컬럼에는 {model} 모델이 {source} 컬럼으로 만든 벡터가 들어 있습니다. "
        "다른 벡터는 넣지 마십시오. CONVERT 문이 만듭니다",
    )
    MATCHED_AGAIN = Wording(
        "a row of {table} is matched more than once: {row}",
        "{table} 테이블의 한 행에 일치하는 행이 여러 개 있습니다: {row}",
    )
    OTHER_VALUES = Wording(
        "a row of {table} is matched more than once, with other values each time: {row}",
        "{table} 테이블의 한 행에 일치하는 행이 여러 개이고 그 값이 서로 다릅니다: {row}",
    )
    MATCH_ONCE = Wording(
        "match each row once: aggregate the other rows, or take DISTINCT ON of them",
        "행마다 한 번만 일치하게 하십시오. 다른 쪽 행을 집계하거나 DISTINCT ON을 쓰십시오",
    )
    MERGE_STOPS = Wording("MERGE stops at a row", "MERGE 문이 어느 행에서 중단되었습니다")
    MERGE_STOPS_WITH = Wording(
        "MERGE stops at a row: {message}", "MERGE 문이 어느 행에서 중단되었습니다: {message}"
    )
    TWICE_IN_NEW = Wording(
        "{row} comes more than once in the new rows", "새 행 가운데 {row}인 행이 여러 개 있습니다"
    )
    KEEP_ONE = Wording(
        "keep one of them: SELECT DISTINCT ON (…)", "그 가운데 하나만 남기십시오: SELECT DISTINCT ON (…)"
    )
    TWICE_IN_TABLE = Wording(
        "{row} comes more than once in {table}", "{table} 테이블에 {row}인 행이 여러 개 있습니다"
    )
    ANOTHER_KEY = Wording(
        "name a key in which no two rows agree, or use MERGE INTO",
        "행마다 값이 다른 키를 지정하거나 MERGE INTO 문을 쓰십시오",
    )
    TRY_CAST = Wording(
        "TRY_CAST gives NULL where a value does not fit", "TRY_CAST를 쓰면 맞지 않는 값은 NULL이 됩니다"
    )
    ARROW = Wording("Arrow cannot carry the rows: {reason}", "행을 Arrow로 옮길 수 없습니다(Arrow: {reason})")
