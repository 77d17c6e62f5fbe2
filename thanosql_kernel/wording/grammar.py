"""What is said when a text is no statement: TS1xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

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

# What an editor calls its fixes; behind each, the hint that says the same.
WRITE = Wording("write {text}", "{text}(으)로 바꾸기")
WRITE_SO = Wording("write {text}", "이렇게 쓰십시오: {text}")
WRITE_FOR = Wording("write {text} for {old}", "{old} 대신 이렇게 쓰십시오: {text}")
INSERT_AT_END = Wording("insert {text} at the end", "끝에 {text} 넣기")
INSERT_AT_END_SO = Wording("insert {text} at the end", "끝에 넣으십시오: {text}")
INSERT_BEFORE = Wording("insert {text} in front of {next}", "{next} 앞에 {text} 넣기")
INSERT_BEFORE_SO = Wording("insert {text} in front of {next}", "{next} 앞에 넣으십시오: {text}")
REMOVE = Wording("remove {text}", "{text} 지우기")
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


class TS103(Code):
    """An option value of the wrong kind, or outside the allowed values."""

    MEANING = Wording(
        "an option value of the wrong kind, or outside the allowed values",
        "옵션 값의 종류가 다르거나 허용된 값이 아닙니다",
    )
    NO_TEXT = Wording("{name} is not a text", "{name}의 값이 텍스트가 아닙니다")


class TS104(Code):
    """Something is given twice, or two things that exclude each other."""

    MEANING = Wording(
        "something is given twice, or two things that exclude each other",
        "같은 것을 두 번 지정했거나 함께 쓸 수 없는 것을 지정했습니다",
    )


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


class TS107(Code):
    """A comma is missing between two options."""

    MEANING = Wording(
        "a comma is missing between two options",
        "두 옵션 사이에 쉼표가 없습니다",
    )
