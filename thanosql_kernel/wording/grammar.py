"""What is said when a text is no statement: TS1xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

#: Titles of fixes.
INSERTING = Wording("insert {text}", "{text} 넣기")
WRITING = Wording("write {text}", "바꾸기: {text}")


class TS100(Code):
    """The statement is not written as the grammar wants it."""

    MEANING = Wording(
        "the statement is not written as the grammar wants it",
        "문법에 맞지 않는 문장입니다",
    )


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
