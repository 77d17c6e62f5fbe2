"""What is said about names: TS2xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

#: Below every error.
HINT = Wording("hint: {hint}", "도움말: {hint}")
DID_YOU_MEAN = Wording("did you mean {name}?", "{name}을(를) 쓰려고 하셨습니까?")
TYPE = Wording("type {text}", "다음과 같이 입력하십시오: {text}")
#: Of a problem in the text of a view.
IN_VIEW = Wording("{problem} (in the view {view})", "{problem}({view} 뷰에서)")


class TS200(Code):
    """No model of that name."""

    MEANING = Wording(
        "no model of that name",
        "그런 이름의 모델이 없습니다",
    )
    NO_MODEL = Wording("no model named {name}", "{name} 모델이 없습니다")
    LIST_MODEL = Wording(
        "LIST MODEL shows the models there are", "LIST MODEL로 어떤 모델이 있는지 볼 수 있습니다"
    )


class TS201(Code):
    """No table of that name."""

    MEANING = Wording(
        "no table of that name",
        "그런 이름의 테이블이 없습니다",
    )
    NO_TABLE = Wording("no table named {name}", "{name} 테이블이 없습니다")
    LIST_TABLE = Wording(
        "LIST TABLE shows the tables there are", "LIST TABLE로 어떤 테이블이 있는지 볼 수 있습니다"
    )
    NO_VIEW = Wording("no view named {name}", "{name} 뷰가 없습니다")
    LIST_VIEW = Wording("LIST VIEW shows the views there are", "LIST VIEW로 어떤 뷰가 있는지 볼 수 있습니다")
    COPY_FILE = Wording(
        "COPY t FROM '{path}' makes a table of a file", "COPY t FROM '{path}'로 파일을 테이블로 만드십시오"
    )
    NO_TEXT = Wording(
        "a text or value names no table: write {name} itself",
        "텍스트나 값은 테이블의 이름이 아닙니다. 다음과 같이 쓰십시오: {name}",
    )


class TS202(Code):
    """No column of that name."""

    MEANING = Wording(
        "no column of that name",
        "그런 이름의 컬럼이 없습니다",
    )
    NO_COLUMN = Wording("no column named {name}", "{name} 컬럼이 없습니다")
    NO_COLUMN_IN = Wording("{owner} has no column {name}", "{owner}에 {name} 컬럼이 없습니다")
    COLUMNS_ARE = Wording("the columns are {names}", "있는 컬럼: {names}")
    MADE_BY_SEARCH = Wording(
        "a SEARCH makes it: SELECT … FROM (SEARCH IMAGE text='…' USING … AS SELECT * FROM …)",
        "SEARCH 문이 만드는 컬럼입니다: SELECT … FROM (SEARCH IMAGE text='…' USING … AS SELECT * FROM …)",
    )
    NO_FIELD = Wording("no field named {name}", "{name} 필드가 없습니다")
    QUOTE_TEXT = Wording(
        "text is written in single quotes: '{text}'", "텍스트는 작은따옴표로 쓰십시오: '{text}'"
    )
    NO_INPUT_OF_ONE = Wording(
        "the SEARCH has one input: there is no {name}", "SEARCH 문의 입력이 하나이므로 {name} 컬럼은 없습니다"
    )
    NO_INPUT_OF = Wording(
        "the SEARCH has {count} inputs: there is no {name}",
        "SEARCH 문의 입력이 {count}개이므로 {name} 컬럼은 없습니다",
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
    TABLE_EXISTS = Wording("a table named {name} exists already", "{name} 테이블이 이미 있습니다")
    VIEW_EXISTS = Wording("a view named {name} exists already", "{name} 뷰가 이미 있습니다")
    RENAME_OR_DROP = Wording(
        "choose another name, or run first: {drop}",
        "다른 이름을 쓰거나 다음을 먼저 실행하십시오: {drop}",
    )
    RENAME_OR_DROP_TABLE = Wording(
        "choose another name; DROP TABLE {name} removes the table and its rows",
        "다른 이름을 쓰십시오. DROP TABLE {name} 문은 테이블과 그 행을 삭제합니다",
    )


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
    NO_NAME_HERE = Wording("there is no name to change here", "여기에는 바꿀 이름이 없습니다")
    NEEDS_LETTER = Wording(
        "a name needs at least one letter, on one line", "이름은 한 글자 이상이어야 하며 한 줄이어야 합니다"
    )
    IN_STATEMENT = Wording(
        "{name} is a name in this statement already", "{name}(이)라는 이름이 이 문장에 이미 있습니다"
    )
    TABLE_THERE = Wording("there is a table named {name} already", "{name} 테이블이 이미 있습니다")
    STORED_TABLE = Wording(
        "{name} is stored: ALTER TABLE {name} RENAME TO {new} renames it",
        "{name} 테이블은 저장되어 있습니다. ALTER TABLE {name} RENAME TO {new} 문으로 이름을 바꾸십시오",
    )
    STORED_VIEW = Wording(
        "{name} is stored: ALTER VIEW {name} RENAME TO {new} renames it",
        "{name} 뷰는 저장되어 있습니다. ALTER VIEW {name} RENAME TO {new} 문으로 이름을 바꾸십시오",
    )
    OF_DATA = Wording(
        "{name} is a column of the data: SELECT {name} AS … names it otherwise",
        "{name} 컬럼은 데이터에 있습니다. SELECT {name} AS …로 다른 이름을 붙이십시오",
    )
    OF_MODEL = Wording(
        "{name} is named after its model: OPTIONS(result_col='…') gives it another name",
        "{name} 컬럼의 이름은 모델의 이름을 따릅니다. OPTIONS(result_col='…')로 다른 이름을 붙이십시오",
    )
    COLUMN_AND_NAME = Wording(
        "{name} is both a column and a name given in one statement here",
        "{name}(이)라는 컬럼과 붙인 이름이 여기 한 문장에 함께 있습니다",
    )
    COLUMN_IN_STATEMENT = Wording(
        "{name} is a column in this statement already", "{name} 컬럼이 이 문장에 이미 있습니다"
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
    IS_VIEW = Wording("{name} is a view, not a table", "{name} 뷰는 테이블이 아닙니다")
    IS_TABLE = Wording("{name} is a table, not a view", "{name} 테이블은 뷰가 아닙니다")
    CHANGE_ITS_TABLES = Wording(
        "its rows are those of its query: change the tables that it reads (SHOW VIEWS), or DROP VIEW {name}",
        "뷰의 행은 쿼리의 결과입니다. 뷰가 읽는 테이블을 변경하거나(SHOW VIEWS) DROP VIEW {name} 문을 실행하십시오",
    )


class TS221(Code):
    """Views that read each other in a circle."""

    MEANING = Wording(
        "views that read each other in a circle",
        "뷰들이 서로를 돌아가며 읽습니다",
    )
    READS_ITSELF = Wording("the view {name} reads itself", "{name} 뷰가 자신을 읽습니다")
    CIRCLE = Wording("views read each other in a circle: {names}", "뷰들이 서로를 돌아가며 읽습니다: {names}")
    READ_TABLES = Wording(
        "a view reads tables, and views that do not read it; CREATE OR REPLACE VIEW gives it another query",
        "뷰는 테이블과, 그 뷰를 읽지 않는 다른 뷰만 읽을 수 있습니다. CREATE OR REPLACE VIEW로 쿼리를 바꿀 수 있습니다",
    )
