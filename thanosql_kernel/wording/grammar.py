"""What is said when a text is no statement: TS1xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

THE_SETTINGS = Wording("the settings are {settings}", "설정은 다음과 같습니다: {settings}")
#: Titles of fixes.
REMOVE = Wording("remove {text}", "{text} 지우기")
ADD = Wording("add {text}", "{text} 추가")
INSERT = Wording("insert {text}", "{text} 넣기")
WRITE = Wording("write {text}", "{text}(으)로 바꾸기")
#: Between things of which one is expected.
OR = Wording(" or ", ", ")
#: What is expected where a name is, by `NameKind`.
NAMES = {
    "model": Wording("a model name", "모델 이름"),
    "new model": Wording("a new model name", "새 모델 이름"),
    "base model": Wording("a base model name", "기본 모델 이름"),
    "table": Wording("a table name", "테이블 이름"),
    "new table": Wording("a new table name", "새 테이블 이름"),
    "view": Wording("a view name", "뷰 이름"),
    "new view": Wording("a new view name", "새 뷰 이름"),
    "table or view": Wording("a table or view name", "테이블 또는 뷰 이름"),
    "column": Wording("a column name", "컬럼 이름"),
    "new column": Wording("a new column name", "새 컬럼 이름"),
    "new alias": Wording("a new alias name", "새 별칭"),
    "index": Wording("an index name", "인덱스 이름"),
    "new index": Wording("a new index name", "새 인덱스 이름"),
    "data set": Wording("a data set name", "데이터 세트 이름"),
    "function": Wording("a function name", "함수 이름"),
    "setting": Wording("a setting name", "설정 이름"),
    "variable": Wording("a variable name", "변수 이름"),
}
#: What is expected elsewhere, by `WantKind`.
KINDS = {
    "option": Wording("an option", "옵션"),
    "value": Wording("a value", "값"),
    "path": Wording("a path in quotes", "따옴표로 묶은 경로"),
    "query": Wording("a query (SELECT …)", "쿼리(SELECT …)"),
    "condition": Wording("an SQL expression", "SQL 식"),
    "sql": Wording("more SQL", "이어지는 SQL"),
    "type": Wording("a column type", "컬럼 타입"),
}
WRITE_SO = Wording("write {text}", "이렇게 쓰십시오: {text}")
WRITE_FOR = Wording("write {text} for {old}", "{old} 대신 이렇게 쓰십시오: {text}")
INSERT_AT_END = Wording("insert {text} at the end", "끝에 {text} 넣기")
INSERT_AT_END_SO = Wording("insert {text} at the end", "끝에 넣으십시오: {text}")
INSERT_BEFORE = Wording("insert {text} in front of {next}", "{next} 앞에 {text} 넣기")
INSERT_BEFORE_SO = Wording("insert {text} in front of {next}", "{next} 앞에 넣으십시오: {text}")
REMOVE_SO = Wording("remove {text}", "지우십시오: {text}")
MOVE_BEFORE = Wording("move {text} in front of {next}", "{text} 부분을 {next} 앞으로 옮기기")
MOVE_BEFORE_SO = Wording("move {text} in front of {next}", "{text} 부분을 {next} 앞으로 옮기십시오")
MOVE_TO_END = Wording("move {text} to the end", "{text} 부분을 끝으로 옮기기")
MOVE_TO_END_SO = Wording("move {text} to the end", "{text} 부분을 끝으로 옮기십시오")


class TS100(Code):
    """The statement is not written as the grammar wants it."""

    MEANING = Wording(
        "the statement is not written as the grammar wants it",
        "문법에 맞지 않는 문장입니다",
    )
    NO_NAME = Wording("a model from the hub needs a name", "허브에서 받는 모델에는 이름이 필요합니다")
    GIVE_NAME = Wording("write '{repo}' AS name", "'{repo}' AS 이름 형식으로 쓰십시오")
    NOTHING_TO_SEARCH_FOR = Wording("nothing to search for", "검색할 내용이 없습니다")
    WRITE_AN_INPUT = Wording(
        "write SEARCH {among} text='…' USING {model}",
        "SEARCH {among} text='…' USING {model}처럼 쓰십시오",
    )
    INTO_WITHOUT_WIDGET = Wording(
        "INTO stores what is chosen in a widget",
        "INTO는 위젯에서 선택한 것을 저장합니다",
    )
    ADD_WIDGET = Wording(
        "add OPTIONS(format='widget'), or use CREATE TABLE … AS",
        "OPTIONS(format='widget')을 추가하거나 CREATE TABLE … AS를 쓰십시오",
    )
    ONE_STATEMENT_A_LINE = Wording(
        "one statement a %thanosql line",
        "%thanosql 한 줄에는 한 문장만 쓸 수 있습니다",
    )
    USE_ANOTHER_CELL = Wording("put them in a cell of their own", "별도의 셀에 쓰십시오")
    HALF_LETTER = Wording(
        "here stands half of a letter, which nothing can store",
        "저장할 수 없는 반쪽짜리 문자가 있습니다",
    )
    WRITE_IT_AGAIN = Wording("delete it, and write the letter again", "지우고 문자를 다시 쓰십시오")
    NO_STATEMENT = Wording("no statement begins with {word}", "{word}(으)로 시작하는 문장은 없습니다")
    HOW_COMMENTS_BEGIN = Wording("a comment begins with --", "주석은 --로 시작합니다")
    HOW_STATEMENTS_BEGIN = Wording(
        "a statement begins with a word like SELECT, COPY or CONVERT",
        "문장은 SELECT, COPY, CONVERT와 같은 단어로 시작합니다",
    )
    WITH_IN_FRONT = Wording(
        "WITH cannot stand in front of {words}", "{words} 문 앞에는 WITH를 쓸 수 없습니다"
    )
    PATH_IN_QUOTES = Wording("the path stands in quotes", "경로는 따옴표로 묶어야 합니다")
    EXPECTED = Wording("expected {wanted}, found {found}", "{found} 자리에 {wanted}이(가) 와야 합니다")
    EXPECTED_ONE_OF = Wording(
        "expected {wanted}, found {found}", "{found} 자리에 다음 중 하나가 와야 합니다: {wanted}"
    )
    EXPECTED_MORE = Wording(
        "expected {wanted}, found the end of the statement",
        "문장이 여기서 끝났지만 {wanted}이(가) 더 있어야 합니다",
    )
    EXPECTED_MORE_ONE_OF = Wording(
        "expected {wanted}, found the end of the statement",
        "문장이 여기서 끝났지만 다음 중 하나가 더 있어야 합니다: {wanted}",
    )
    EXPECTED_END = Wording(
        "expected the end of the statement, found {found}", "문장이 끝나야 할 자리에 {found}이(가) 있습니다"
    )
    CLOSES_NOTHING = Wording("{bracket} closes nothing", "{bracket}에 맞는 여는 괄호가 없습니다")
    BRACKET_OPEN = Wording("this {bracket} is not closed", "이 {bracket}에 맞는 닫는 괄호가 없습니다")
    NO_SIGN = Wording("{text} is no sign of SQL", "SQL에서 쓰는 기호가 아닙니다: {text}")
    NO_QUOTE = Wording("{text} is no quote of SQL", "SQL에서 쓰는 따옴표가 아닙니다: {text}")
    NO_NUMBER = Wording("{text} is no number of SQL", "SQL에서 쓰는 숫자가 아닙니다: {text}")
    WIDE_WORD = Wording("{text} is written in wide letters", "전각 문자로 쓴 단어입니다: {text}")
    TEXT_OR_NAME = Wording("{text} may be a text or a name", "텍스트일 수도, 이름일 수도 있습니다: {text}")
    TYPE = Wording("type {text}", "이렇게 입력하십시오: {text}")
    TYPE_EITHER = Wording(
        "type {name} for a column or table, {text} for a text",
        "컬럼이나 테이블이면 {name}, 텍스트이면 {text} 형태로 입력하십시오",
    )
    WRITE_ALL = Wording("write {text}, and so what follows", "{text}(으)로, 뒤에 나오는 것도 함께 바꾸기")


class TS101(Code):
    """A string, name or comment is not closed."""

    MEANING = Wording(
        "a string, name or comment is not closed",
        "문자열, 이름 또는 주석이 닫히지 않았습니다",
    )
    OVER_LINES = Wording(
        "this string goes on over several lines: its closing quote may be missing",
        "문자열이 여러 줄에 걸쳐 있습니다. 닫는 따옴표가 빠졌을 수 있습니다",
    )
    COMMENT = Wording("this comment is not closed", "이 주석이 닫히지 않았습니다")
    STRING = Wording("this string is not closed", "이 문자열이 닫히지 않았습니다")
    NAME_OR_STRING = Wording("this name or string is not closed", "이 이름 또는 문자열이 닫히지 않았습니다")
    CLOSE_COMMENT = Wording("close the comment", "주석 닫기")
    CLOSE_COMMENT_SO = Wording("close it with */", "*/로 닫으십시오")
    CLOSE_QUOTE = Wording("close the quote", "따옴표 닫기")
    DOUBLE_QUOTE = Wording("write the quote within the text twice: ''", "텍스트 안의 따옴표를 두 번 쓰기: ''")
    DOUBLE_QUOTE_SO = Wording(
        "write the quote within the text twice: ''", "텍스트 안의 따옴표는 두 번 쓰십시오: ''"
    )
    CLOSE_QUOTE_SO = Wording("close it with {quote}", "따옴표로 닫으십시오: {quote}")


class TS102(Code):
    """An option that the statement does not have."""

    MEANING = Wording(
        "an option that the statement does not have",
        "이 문장에 없는 옵션입니다",
    )
    NO_SETTING = Wording("no setting named {name}", "{name} 설정이 없습니다")
    NO_OPTION = Wording("no option named {name}", "{name} 옵션이 없습니다")
    NO_OPTIONS = Wording("this statement has no options", "이 문장에는 옵션이 없습니다")
    NOT_OF_THIS = Wording("{whole} has no option {name}", "{whole}에는 {name} 옵션이 없습니다")
    THE_OPTIONS = Wording("the options are {names}", "쓸 수 있는 옵션은 {names}입니다")


class TS103(Code):
    """An option value of the wrong kind, or outside the allowed values."""

    MEANING = Wording(
        "an option value of the wrong kind, or outside the allowed values",
        "옵션 값의 종류가 다르거나 허용된 값이 아닙니다",
    )
    EMPTY_TEXT = Wording("an empty text finds nothing", "빈 텍스트로는 아무것도 찾을 수 없습니다")
    EMPTY_IMAGE = Wording("an empty image finds nothing", "빈 사진 경로로는 아무것도 찾을 수 없습니다")
    EMPTY_LABEL = Wording("an empty label fits nothing", "빈 레이블은 아무것에도 맞지 않습니다")
    NO_PLACE_FOR_LABEL = Wording(
        "template has no place for the label",
        "template에 레이블을 넣을 자리가 없습니다",
    )
    WRITE_LABEL_PLACE = Wording("write {{}} where the label stands", "레이블이 들어갈 자리에 {{}}를 쓰십시오")
    NO_VERSION_NUMBER = Wording("a version is a number from 1 on", "버전은 1부터 시작하는 숫자입니다")
    TAKES = Wording("{name} takes {kind}", "{name}에는 {kind}만 쓸 수 있습니다")
    TAKES_NONE_TOO = Wording("{name} takes {kind} or None", "{name}에는 {kind} 또는 None만 쓸 수 있습니다")
    ONE_OF = Wording("{name} is one of {choices}", "{name}에는 {choices} 가운데 하나만 쓸 수 있습니다")
    AT_LEAST = Wording("{name} must be at least {minimum}", "{name} 값은 {minimum} 이상이어야 합니다")
    AT_MOST = Wording("{name} must be at most {maximum}", "{name} 값은 {maximum} 이하여야 합니다")
    TEXT = Wording("a text in quotes", "따옴표로 묶은 텍스트")
    TEXTS = Wording("a text in quotes, or a list of them", "따옴표로 묶은 텍스트 또는 그 목록")
    TEXT_OR_NUMBER = Wording("a text in quotes or a whole number", "따옴표로 묶은 텍스트나 정수")
    INTEGER = Wording("a whole number", "정수")
    NUMBER = Wording("a number", "숫자")
    BOOLEAN = Wording("True or False", "True 또는 False")
    LIST = Wording("a list like [1, 3]", "[1, 3]과 같은 목록")
    NO_TEXT = Wording("{name} is not a text", "{name}의 값이 텍스트가 아닙니다")


class TS104(Code):
    """Something is given twice, or two things that exclude each other."""

    MEANING = Wording(
        "something is given twice, or two things that exclude each other",
        "같은 것을 두 번 지정했거나 함께 쓸 수 없는 것을 지정했습니다",
    )
    VERSION_IS_READ = Wording(
        "a version of {table} can be read, not changed",
        "{table} 테이블의 지난 버전은 읽을 수만 있고 바꿀 수는 없습니다",
    )
    READ_VERSION = Wording(
        "SELECT … FROM t VERSION n reads it, RESTORE t TO VERSION n brings it back",
        "읽으려면 SELECT … FROM t VERSION n, 되돌리려면 RESTORE t TO VERSION n을 쓰십시오",
    )
    SEVERAL_INPUTS = Wording("one kind of input at a time", "입력은 한 번에 한 종류만 쓸 수 있습니다")
    INPUT_TWICE = Wording("the input is given twice", "입력을 두 번 지정했습니다")
    SET_TWICE = Wording("{name} is set twice", "{name} 컬럼에 값을 두 번 지정했습니다")
    VIEWS_OF_TEXTS = Wording(
        "views are of pictures, and texts are embedded", "views는 사진에만 쓰는데 텍스트를 임베딩합니다"
    )
    LEAVE_VIEWS_OUT = Wording("leave views out", "views 옵션을 빼십시오")
    VIEW_STORES = Wording(
        "a view only reads: it stores no table",
        "뷰는 읽기만 하며 테이블을 저장하지 않습니다",
    )
    LEAVE_OUT = Wording(
        "leave {option} out: the view has the rows",
        "{option} 옵션을 빼십시오. 행은 뷰에서 볼 수 있습니다",
    )
    NAMED_TWICE = Wording("{name} is named twice", "{name} 컬럼이 두 번 나옵니다")
    GIVEN_TWICE = Wording("{name} is given twice", "{name} 옵션을 두 번 지정했습니다")
    NAME_TWICE = Wording("the name is given twice", "이름을 두 번 지정했습니다")
    OVERWRITE_DISAGREES = Wording(
        "overwrite=True and if_exists='{value}' contradict each other",
        "overwrite=True와 if_exists='{value}' 옵션이 서로 맞지 않습니다",
    )
    KEEP_ONE = Wording("keep one of the two", "둘 가운데 하나만 남기십시오")
    OTHER_SOURCE = Wording("{name} says nothing about {source}", "{name} 옵션은 {source}에 쓸 수 없습니다")
    OF_SOURCE = Wording("options of {source}: {names}", "{source}에 쓰는 옵션: {names}")


class TS105(Code):
    """The SQL of a query is not valid."""

    MEANING = Wording(
        "the SQL of a query is not valid",
        "쿼리의 SQL이 올바르지 않습니다",
    )
    TOO_DEEP = Wording("this is nested too deeply", "너무 깊이 중첩되었습니다")
    STORE_A_PART = Wording(
        "store a part of it first, with CREATE TABLE … AS",
        "일부를 CREATE TABLE … AS로 먼저 저장하십시오",
    )
    OTHER_LENGTH = Wording(
        "{columns} columns are set to {values} values",
        "컬럼은 {columns}개인데, 값은 {values}개입니다",
    )
    SOURCE_WITHOUT_NAME = Wording("the source has no name", "원본에 이름이 없습니다")
    SAME_NAME = Wording("both sides are called {name}", "양쪽의 이름이 모두 {name}입니다")
    UNREACHED_WHEN = Wording(
        "a WHEN without AND stands in front, so that this one holds for no row",
        "앞에 AND가 없는 WHEN이 있어 이 WHEN에 해당하는 행이 없습니다",
    )
    NO_ROW_TO_TAKE = Wording("there is no row to take values of", "값을 가져올 행이 없습니다")
    WRITE_SET = Wording("write SET column = expression, …", "SET column = expression, …처럼 쓰십시오")
    ONE_QUERY = Wording("expected one query", "쿼리가 하나만 있어야 합니다")
    HIGHEST_BOUND = Wording("LIMIT and OFFSET go up to {most}", "LIMIT과 OFFSET은 {most}까지 쓸 수 있습니다")
    ONE_VALUE = Wording("{clause} takes one value", "{clause}에는 값을 하나만 쓸 수 있습니다")
    ONLY_VALUES = Wording(
        "RETURNING takes values, and nothing behind them",
        "RETURNING에는 값만 쓸 수 있으며 그 뒤에 다른 것이 올 수 없습니다",
    )
    DEFAULT_OF_COLUMNS = Wording(
        "DEFAULT takes a value, which no column has a part in",
        "DEFAULT에는 컬럼을 쓰지 않은 값이 와야 합니다",
    )
    ADD_THEN_UPDATE = Wording(
        "ADD COLUMN {column} without it, and UPDATE {table} SET {column} = …",
        "DEFAULT 없이 ADD COLUMN {column} 문을 실행한 다음 UPDATE {table} SET {column} = … 문을 실행하십시오",
    )
    TOO_MANY_NAMES = Wording(
        "{names} names are given, the rows have {columns} columns",
        "이름은 {names}개인데 컬럼은 {columns}개입니다",
    )
    NOT_A_TYPE = Wording("this is no column type", "컬럼의 타입이 아닙니다")
    NOT_LIKE = Wording(
        "a table is not made LIKE another", "LIKE로 다른 테이블과 같은 테이블을 만들 수는 없습니다"
    )
    EVERY_TYPE = Wording("every column needs a type", "모든 컬럼에 타입이 있어야 합니다")
    SUCH_COLUMNS = Wording("e.g. (id BIGINT, label VARCHAR)", "예: (id BIGINT, label VARCHAR)")
    MORE_NAMES = Wording(
        "{names} names are given, the query has {columns}",
        "이름은 {names}개인데, 쿼리의 결과에는 {columns}뿐입니다",
    )
    ONE_TABLE = Wording(
        "DROP TABLE drops one table at a time", "DROP TABLE은 한 번에 테이블 하나만 삭제합니다"
    )
    DROP_EACH = Wording(
        "write DROP TABLE {table}; DROP TABLE …", "DROP TABLE {table}; DROP TABLE …처럼 따로 쓰십시오"
    )
    NO_PARAMETERS = Wording(
        "a view keeps its text, and no value for {name}",
        "뷰는 텍스트만 저장하고 {name}의 값은 저장하지 않습니다",
    )
    WRITE_THE_VALUE = Wording(
        "write the value itself, or leave the condition to the queries that read the view",
        "값을 직접 쓰거나, 뷰를 읽는 쿼리에 조건을 쓰십시오",
    )
    NO_KEY = Wording("ON CONFLICT names no key", "ON CONFLICT에 키가 없습니다")
    NAME_THE_KEY = Wording(
        "no table declares a key: ON CONFLICT (id) DO … names it",
        "테이블에는 키를 정하지 않습니다. ON CONFLICT (id) DO …처럼 키를 쓰십시오",
    )
    NO_PARTIAL_INDEX = Wording("no index is partial here", "여기에는 WHERE를 쓸 수 없습니다")
    UPDATE_WHERE = Wording(
        "DO UPDATE SET … WHERE says which rows change", "변경할 행은 DO UPDATE SET … WHERE로 정합니다"
    )
    BY_NAME_LISTS_NONE = Wording(
        "BY NAME takes the query's names: list no columns",
        "BY NAME은 쿼리의 컬럼 이름을 씁니다. 컬럼을 나열하지 마십시오",
    )
    DEFAULT_LISTS_NONE = Wording(
        "DEFAULT VALUES fills all columns: list none",
        "DEFAULT VALUES는 모든 컬럼을 채웁니다. 컬럼을 나열하지 마십시오",
    )
    NESTED_AT_MOST = Wording(
        "expressions may be nested {depth:,} deep at most, so long may a + b + … be",
        "식은 {depth:,}단계까지만 중첩할 수 있습니다. a + b + …의 길이도 여기까지입니다",
    )
    SYNTAX = Wording('SQL syntax error at or near "{text}"', '"{text}" 부근의 SQL 문법이 맞지 않습니다')
    NO_FUNCTION = Wording("no function named {name}", "{name} 함수가 없습니다")
    NO_FROM = Wording("FROM is missing", "FROM이 없습니다")
    PUT_FROM = Wording("put FROM in front of the table", "테이블 앞에 FROM을 쓰십시오")
    PUT_FROM_OR_QUOTE = Wording(
        "put FROM in front of the table; text is written in single quotes: '{text}'",
        "테이블 앞에 FROM을 쓰십시오. 텍스트는 작은따옴표로 쓰십시오: '{text}'",
    )
    NO_FILES = Wording(
        "SQL does not read or write files here", "여기에서는 SQL로 파일을 읽거나 쓸 수 없습니다"
    )
    COPY_READS = Wording(
        "COPY t FROM 'path' reads files into tables", "COPY t FROM '경로'로 파일을 테이블에 읽어들이십시오"
    )
    NO_STATEMENT_HERE = Wording(
        "a statement cannot stand here in SQL", "SQL의 이 자리에는 문장을 쓸 수 없습니다"
    )
    BEHIND_FROM = Wording("put it behind FROM (…)", "FROM (…) 안에 쓰십시오")


class TS107(Code):
    """A comma is missing between two options."""

    MEANING = Wording(
        "a comma is missing between two options",
        "두 옵션 사이에 쉼표가 없습니다",
    )
    COMMA_MISSING = Wording("a comma is missing before {name}", "{name} 앞에 쉼표가 없습니다")
    INSERT_COMMA = Wording("insert a comma", "쉼표를 넣으십시오")
    INSERTING_COMMA = Wording("insert a comma", "쉼표 넣기")
