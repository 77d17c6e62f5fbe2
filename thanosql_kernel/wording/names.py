"""What is said about names: TS2xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

#: Below every error.
HINT = Wording("hint: {hint}", "도움말: {hint}")
DID_YOU_MEAN = Wording("did you mean {name}?", "{name}을(를) 쓰려고 하셨습니까?")
CHOOSE_ANOTHER_NAME = Wording("choose another name", "다른 이름을 사용하십시오")
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
    NO_TABLE_FOR_VIEW = Wording(
        "no table named {name}, which the view {view} reads",
        "{view} 뷰가 읽는 {name} 테이블이 없습니다",
    )
    MEND_VIEW = Wording(
        "make {name} again, or give the view another query: CREATE OR REPLACE VIEW {view} AS …",
        "{name} 테이블을 다시 만들거나 뷰의 쿼리를 바꾸십시오: CREATE OR REPLACE VIEW {view} AS …",
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
    NOT_IN_QUERY = Wording("the query has no column {column}", "쿼리에 {column} 컬럼이 없습니다")
    NAME_THE_COLUMN = Wording(
        "name the column: OPTIONS({option}='…'); there are {names}",
        "컬럼 이름을 쓰십시오: OPTIONS({option}='…'). 있는 컬럼: {names}",
    )
    GROUP_BY_WHAT = Wording(
        "pictures are grouped by {periods} or by a column: {names}",
        "사진은 {periods} 또는 컬럼으로 묶습니다. 있는 컬럼: {names}",
    )
    QUERY = Wording("the query", "쿼리")
    NO_COLUMN = Wording("no column named {name}", "{name} 컬럼이 없습니다")
    NO_COLUMN_IN = Wording("{owner} has no column {name}", "{owner}에 {name} 컬럼이 없습니다")
    COLUMNS_ARE = Wording("the columns are {names}", "있는 컬럼: {names}")
    MADE_BY_SEARCH = Wording(
        "a SEARCH makes it: SELECT … FROM (SEARCH IMAGE text='…' USING … AS SELECT * FROM …)",
        "SEARCH 문이 만드는 컬럼입니다: SELECT … FROM (SEARCH IMAGE text='…' USING … AS SELECT * FROM …)",
    )
    SEVERAL_MEANT = Wording(
        "{name} is an old name that can mean several columns: {names}",
        "{name}은(는) 옛 이름이며 여러 컬럼을 뜻할 수 있습니다: {names}",
    )
    WRITE_ONE_OF_THEM = Wording("write the name of the one that is meant", "뜻하는 컬럼의 이름을 쓰십시오")
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
    NO_DATA_SET = Wording("no data set named {name}", "{name} 데이터 세트가 없습니다")
    HOSTED = Wording(
        "the data set {name} was hosted by the ThanoSQL service, which is gone",
        "{name} 데이터 세트는 지금은 없어진 ThanoSQL 서비스에 있었습니다",
    )
    SAMPLE_PHOTOS = Wording(
        "GET THANOSQL DATASET sample_photos fetches 297 free photos",
        "GET THANOSQL DATASET sample_photos 문으로 무료 사진 297장을 받을 수 있습니다",
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
    REPLACE_TABLE = Wording(
        "OPTIONS(if_exists='replace') or 'append', CREATE OR REPLACE TABLE, or DROP TABLE first",
        "OPTIONS(if_exists='replace')나 'append', CREATE OR REPLACE TABLE을 쓰거나 먼저 DROP TABLE 문을 실행하십시오",
    )
    REPLACE_VIEW = Wording(
        "CREATE OR REPLACE VIEW replaces it", "CREATE OR REPLACE VIEW 문으로 바꿀 수 있습니다"
    )
    CREATE_OR_REPLACE_TABLE = Wording(
        "CREATE OR REPLACE TABLE replaces it", "CREATE OR REPLACE TABLE 문으로 바꿀 수 있습니다"
    )
    REPLACE_OR_APPEND = Wording(
        "OPTIONS(if_exists='replace') replaces it, 'append' adds to it",
        "바꾸려면 OPTIONS(if_exists='replace'), 행을 추가하려면 'append'를 쓰십시오",
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
    TAKEN_MODEL = Wording("a model named {name} exists already", "{name} 모델이 이미 있습니다")
    OVERWRITE = Wording("OPTIONS(overwrite=True) replaces it", "바꾸려면 OPTIONS(overwrite=True)를 쓰십시오")


class TS206(Code):
    """A name that cannot be used."""

    MEANING = Wording(
        "a name that cannot be used",
        "사용할 수 없는 이름입니다",
    )
    ONLY_COLUMN = Wording("{column} is the only column", "컬럼이 {column} 하나뿐입니다")
    DROP_TABLE = Wording(
        "DROP TABLE {table} removes it all", "DROP TABLE {table} 문은 테이블 전체를 삭제합니다"
    )
    NO_NAME = Wording("a table needs a name", "테이블에 이름이 있어야 합니다")
    KEPT = Wording(
        "names that start with {prefix} are kept for the kernel",
        "커널이 사용하는 이름입니다: {prefix}…",
    )
    TOO_LONG = Wording("the table's name is too long", "테이블 이름이 너무 깁니다")
    CHOOSE_A_SHORTER_NAME = Wording("choose a shorter name", "더 짧은 이름을 사용하십시오")
    EMPTY_COLUMN = Wording(
        "a column cannot be stored as {name}: the name is empty",
        "{name} 컬럼은 저장할 수 없습니다. 이름이 비어 있습니다",
    )
    DOTTED_COLUMN = Wording(
        "a column cannot be stored as {name}: the name holds a dot or a backtick",
        "{name} 컬럼은 저장할 수 없습니다. 이름에 점이나 백틱(`)이 있습니다",
    )
    KEPT_COLUMN = Wording(
        "a column cannot be stored as {name}: the name is kept for LanceDB",
        "{name} 컬럼은 저장할 수 없습니다. LanceDB가 사용하는 이름입니다",
    )
    NAME_COLUMN = Wording("name it otherwise, e.g. AS {name}", "다른 이름을 붙이십시오. 예: AS {name}")
    NOT_READABLE = Wording(
        "a view reads tables and views, and {name} is neither",
        "뷰는 테이블과 뷰만 읽을 수 있으며, {name}은(는) 어느 쪽도 아닙니다",
    )
    STORE_ITS_ROWS = Wording(
        "store its rows first: CREATE TABLE … AS SELECT * FROM {name}",
        "먼저 행을 저장하십시오: CREATE TABLE … AS SELECT * FROM {name}",
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
    NO_STATEMENT = Wording("no statement begins with {words}", "{words}(으)로 시작하는 문장은 없습니다")
    HELP_ALONE = Wording("HELP alone lists the statements", "HELP만 쓰면 문장의 목록이 나옵니다")


class TS208(Code):
    """No result of that name is kept."""

    MEANING = Wording(
        "no result of that name is kept",
        "그런 이름으로 보관된 결과가 없습니다",
    )
    NO_RESULT = Wording("no result {name} is kept", "{name} 결과가 보관되어 있지 않습니다")
    KEPT_RESULTS = Wording("there are {names}", "보관된 결과: {names}")
    NOTHING_SHOWN = Wording(
        "a statement that shows rows comes first", "먼저 행을 보여 주는 문장을 실행하십시오"
    )
    TOO_LARGE = Wording(
        "it is too large to keep: CREATE TABLE t AS … stores it",
        "결과가 너무 커서 보관하지 않았습니다. CREATE TABLE t AS … 문으로 저장하십시오",
    )
    LAST_TOO_LARGE = Wording(
        "the last one is too large to keep: CREATE TABLE t AS … stores it",
        "마지막 결과가 너무 커서 보관하지 않았습니다. CREATE TABLE t AS … 문으로 저장하십시오",
    )


class TS209(Code):
    """No value for a $parameter."""

    MEANING = Wording(
        "no value for a $parameter",
        "$매개변수의 값이 없습니다",
    )
    NO_VALUE = Wording("no value for {name}", "{name}의 값이 없습니다")
    SET_VARIABLE = Wording(
        "SET VARIABLE {name} = … gives it one", "SET VARIABLE {name} = … 문으로 값을 줄 수 있습니다"
    )
    ASSIGN = Wording(
        "in Python, assign {name} or pass {name}=… to sql(); or SET VARIABLE {name} = …",
        "Python에서 {name}에 값을 넣거나 sql()에 {name}=…을 전달하십시오. SET VARIABLE {name} = … 문도 됩니다",
    )


class TS210(Code):
    """No version of that number."""

    MEANING = Wording(
        "no version of that number",
        "그런 번호의 버전이 없습니다",
    )
    NO_VERSION = Wording("{table} has no version {number}", "{table} 테이블에는 버전 {number}이(가) 없습니다")
    CLEANED_AWAY = Wording(
        "{table} has no version {number} any more", "{table} 테이블의 버전 {number}은(는) 이제 없습니다"
    )
    VERSIONS = Wording("the versions are {numbers}", "있는 버전: {numbers}")


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
    TOO_MANY_VIEWS = Wording(
        "more than {count} views read one another",
        "서로를 읽는 뷰가 {count}개보다 많습니다",
    )
    STORE_ONE = Wording(
        "store one of them: CREATE TABLE … AS SELECT * FROM it",
        "그중 하나를 CREATE TABLE … AS SELECT * FROM …으로 저장하십시오",
    )
    READS_ITSELF = Wording("the view {name} reads itself", "{name} 뷰가 자신을 읽습니다")
    CIRCLE = Wording("views read each other in a circle: {names}", "뷰들이 서로를 돌아가며 읽습니다: {names}")
    READ_TABLES = Wording(
        "a view reads tables, and views that do not read it; CREATE OR REPLACE VIEW gives it another query",
        "뷰는 테이블과, 그 뷰를 읽지 않는 다른 뷰만 읽을 수 있습니다. CREATE OR REPLACE VIEW로 쿼리를 바꿀 수 있습니다",
    )
