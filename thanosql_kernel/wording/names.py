"""What is said about names: TS2xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

#: Below every error.
HINT = Wording("hint: {hint}", "도움말: {hint}")
DID_YOU_MEAN = Wording("did you mean {name}?", "{name}을(를) 쓰려고 하셨습니까?")


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
    PASSED_BESIDE_TABLE = Wording(
        "a table named {name} is stored, and one is passed",
        "{name} 테이블이 저장되어 있는데 같은 이름의 테이블을 넘겼습니다",
    )
    PASSED_BESIDE_VIEW = Wording(
        "a view named {name} is stored, and a table is passed",
        "{name} 뷰가 저장되어 있는데 같은 이름의 테이블을 넘겼습니다",
    )
    PASS_ANOTHER_NAME = Wording("pass it under another name", "다른 이름으로 넘기십시오")


class TS205(Code):
    """A model of that name exists already."""

    MEANING = Wording(
        "a model of that name exists already",
        "그런 이름의 모델이 이미 있습니다",
    )


class TS206(Code):
    """A name that cannot be used."""

    MEANING = Wording(
        "a name that cannot be used",
        "사용할 수 없는 이름입니다",
    )


class TS207(Code):
    """No statement of that name."""

    MEANING = Wording(
        "no statement of that name",
        "그런 이름의 문장이 없습니다",
    )


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


class TS221(Code):
    """Views that read each other in a circle."""

    MEANING = Wording(
        "views that read each other in a circle",
        "뷰들이 서로를 돌아가며 읽습니다",
    )
