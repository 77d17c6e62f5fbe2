"""What is said about names: TS2xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

#: Below every error.
HINT = Wording("hint: {hint}", "도움말: {hint}")
DID_YOU_MEAN = Wording("did you mean {name}?", "{name}을(를) 쓰려고 하셨습니까?")
CHOOSE_ANOTHER_NAME = Wording("choose another name", "다른 이름을 사용하십시오")


class TS200(Code):
    """No model of that name."""

    MEANING = Wording(
        "no model of that name",
        "그런 이름의 모델이 없습니다",
    )


class TS201(Code):
    """No table of that name."""

    MEANING = Wording(
        "no table of that name",
        "그런 이름의 테이블이 없습니다",
    )


class TS202(Code):
    """No column of that name."""

    MEANING = Wording(
        "no column of that name",
        "그런 이름의 컬럼이 없습니다",
    )
    QUERY = Wording("the query", "쿼리")


class TS203(Code):
    """No data set of that name."""

    MEANING = Wording(
        "no data set of that name",
        "그런 이름의 데이터 세트가 없습니다",
    )


class TS204(Code):
    """A table, view or column of that name exists already."""

    MEANING = Wording(
        "a table, view or column of that name exists already",
        "그런 이름의 테이블, 뷰 또는 컬럼이 이미 있습니다",
    )
    COLUMN_EXISTS = Wording(
        "{table} has a column {column} already", "{table} 테이블에 {column} 컬럼이 이미 있습니다"
    )
    CREATE_OR_REPLACE_TABLE = Wording(
        "CREATE OR REPLACE TABLE replaces it", "CREATE OR REPLACE TABLE 문으로 바꿀 수 있습니다"
    )
    REPLACE_VIEW = Wording(
        "CREATE OR REPLACE VIEW replaces it", "CREATE OR REPLACE VIEW 문으로 바꿀 수 있습니다"
    )
    REPLACE_OR_APPEND = Wording(
        "OPTIONS(if_exists='replace') replaces it, 'append' adds to it",
        "바꾸려면 OPTIONS(if_exists='replace'), 행을 추가하려면 'append'를 쓰십시오",
    )


class TS205(Code):
    """A model of that name exists already."""

    MEANING = Wording(
        "a model of that name exists already",
        "그런 이름의 모델이 이미 있습니다",
    )
    TAKEN_MODEL = Wording("a model named {name} exists already", "{name} 모델이 이미 있습니다")
    OVERWRITE = Wording("OPTIONS(overwrite=True) replaces it", "바꾸려면 OPTIONS(overwrite=True)를 쓰십시오")


class TS206(Code):
    """A name that cannot be used."""

    MEANING = Wording(
        "a name that cannot be used",
        "사용할 수 없는 이름입니다",
    )
    NOT_READABLE = Wording(
        "a view reads tables and views, and {name} is neither",
        "뷰는 테이블과 뷰만 읽을 수 있으며, {name}은(는) 어느 쪽도 아닙니다",
    )
    STORE_ITS_ROWS = Wording(
        "store its rows first: CREATE TABLE … AS SELECT * FROM {name}",
        "먼저 행을 저장하십시오: CREATE TABLE … AS SELECT * FROM {name}",
    )


class TS207(Code):
    """No statement of that name."""

    MEANING = Wording(
        "no statement of that name",
        "그런 이름의 문장이 없습니다",
    )
    NO_STATEMENT = Wording("no statement begins with {words}", "{words}(으)로 시작하는 문장은 없습니다")
    HELP_ALONE = Wording("HELP alone lists the statements", "HELP만 쓰면 문장의 목록이 나옵니다")


class TS208(Code):
    """No result of that name is kept."""

    MEANING = Wording(
        "no result of that name is kept",
        "그런 이름으로 보관된 결과가 없습니다",
    )


class TS209(Code):
    """No value for a $parameter."""

    MEANING = Wording(
        "no value for a $parameter",
        "$매개변수의 값이 없습니다",
    )


class TS210(Code):
    """No version of that number."""

    MEANING = Wording(
        "no version of that number",
        "그런 번호의 버전이 없습니다",
    )


class TS220(Code):
    """A view where a table has to be, or a table where a view has."""

    MEANING = Wording(
        "a view where a table has to be, or a table where a view has",
        "테이블이 있어야 할 자리에 뷰가, 또는 뷰가 있어야 할 자리에 테이블이 있습니다",
    )
    WRITE = Wording("write {statement}", "{statement} 문을 쓰십시오")
    REPLACE_ITS_QUERY = Wording(
        "CREATE OR REPLACE VIEW {view} AS … gives it another query",
        "CREATE OR REPLACE VIEW {view} AS …로 뷰의 쿼리를 바꿉니다",
    )
    DROPS_VIEW = Wording(
        "{statement} removes it, and none of the rows that it reads",
        "{statement} 문이 뷰를 삭제하며, 뷰가 읽는 행은 그대로 있습니다",
    )
    DROPS_TABLE = Wording(
        "{statement} removes it and its rows", "{statement} 문이 테이블과 그 행을 삭제합니다"
    )


class TS221(Code):
    """Views that read each other in a circle."""

    MEANING = Wording(
        "views that read each other in a circle",
        "뷰들이 서로를 돌아가며 읽습니다",
    )
