"""What is said when a text is no statement: TS1xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


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


class TS107(Code):
    """A comma is missing between two options."""

    MEANING = Wording(
        "a comma is missing between two options",
        "두 옵션 사이에 쉼표가 없습니다",
    )
