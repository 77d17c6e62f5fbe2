"""What is said of tables in files: notices of COPY, and errors beside those of `data` and `grammar`."""

from __future__ import annotations

from thanosql_kernel.wording import data, grammar
from thanosql_kernel.wording.text import Wording

# -- options -------------------------------------------------------------------------------------------------
DELIMITER = Wording(
    "what separates the values of a csv file, e.g. ';' or '\\t'; found by itself otherwise",
    "csv 파일의 값을 나누는 글자 (예: ';' 또는 '\\t'). 쓰지 않으면 자동으로 찾습니다",
)
ENCODING = Wording(
    "the encoding of a text file, e.g. 'cp949'; found by itself otherwise",
    "텍스트 파일의 인코딩 (예: 'cp949'). 쓰지 않으면 자동으로 찾습니다",
)
HEADER = Wording(
    "whether the first row of a csv file or sheet names the columns",
    "csv 파일이나 시트의 첫 행이 컬럼 이름인지 여부",
)
SKIP = Wording(
    "how many lines of a csv file or rows of a sheet to leave out before the table",
    "csv 파일이나 시트에서 테이블 앞의 몇 줄을 건너뛸지",
)
TYPES = Wording(
    "types of columns, each as 'name TYPE': types=['zip VARCHAR', 'price DECIMAL(10,2)']",
    "컬럼의 타입. '이름 타입'으로 씁니다: types=['zip VARCHAR', 'price DECIMAL(10,2)']",
)
SHEET = Wording(
    "the sheet of a workbook, by name or number (the first is 1)",
    "통합 문서의 시트 이름이나 번호 (첫 시트가 1)",
)
FILENAME = Wording(
    "whether to add a column filename that says which file a row is from",
    "각 행이 어느 파일에서 왔는지 알려 주는 filename 컬럼을 추가할지 여부",
)

# -- notices -------------------------------------------------------------------------------------------------
READ_AS_PERHAPS = Wording(
    "{name} was read as {encoding} text, which is a guess: if letters are wrong, try OPTIONS(encoding='{other}')",
    "{name} 파일을 {encoding} 텍스트로 읽었지만 확실하지 않습니다. 글자가 깨지면 OPTIONS(encoding='{other}')를 써 보십시오",
)
TITLES = Wording(
    "{name}: left out above the column names: {titles}",
    "{name}: 컬럼 이름 위에 있어 제외한 줄: {titles}",
)
NAMES_LIKE_VALUES = Wording(
    "{name}: the first line was read as column names ({names}); OPTIONS(header=False) reads it as a row",
    "{name}: 첫 줄을 컬럼 이름으로 읽었습니다({names}). 값이면 OPTIONS(header=False)를 쓰십시오",
)
NAME_TAKEN = Wording(
    "{file}: another column {name} is called {new_name}",
    "{file}: 이름이 같은 다른 {name} 컬럼의 이름은 {new_name}입니다",
)
UNNAMED_DROPPED = Wording(
    "{file}: left out, empty and without a name: {columns}",
    "{file}: 이름도 값도 없어 제외했습니다: {columns}",
)


class TS103(grammar.TS103):
    """A wrong value for an option of COPY."""

    ONE_CHARACTER = Wording(
        "{name} takes one character, or '\\t' for a tab",
        "{name}에는 한 글자, 또는 탭을 뜻하는 '\\t'를 씁니다",
    )
    NO_ENCODING = Wording("there is no encoding {name}", "{name}: 그런 인코딩이 없습니다")
    NAME_AND_TYPE = Wording(
        "types takes texts of a name and a type, as 'zip VARCHAR'",
        "types에는 'zip VARCHAR'처럼 이름과 타입을 씁니다",
    )


class TS501(data.TS501):
    """A table file that cannot be read."""

    NOT_IN_ENCODING = Wording(
        "{name} is no {encoding} text at line {line}",
        "{name} 파일의 {line}번째 줄은 {encoding} 텍스트가 아닙니다",
    )
    OTHER_ENCODING = Wording("the encoding of {name} cannot be told", "{name} 파일의 인코딩을 알 수 없습니다")
    SAY_ENCODING = Wording(
        "save it as UTF-8, or say what it is: OPTIONS(encoding='cp949')",
        "UTF-8로 저장하거나 인코딩을 알려 주십시오: OPTIONS(encoding='cp949')",
    )
    REPAIR_OR_SAY = Wording(
        "repair the line, or say another encoding: OPTIONS(encoding='cp949')",
        "그 줄을 고치거나 다른 인코딩을 쓰십시오: OPTIONS(encoding='cp949')",
    )
    SKIP_OR_DELIMITER = Wording(
        "leave out lines above the column names: OPTIONS(skip=1), or say what separates values: OPTIONS(delimiter='\\t')",
        "컬럼 이름 위의 줄을 건너뛰거나(OPTIONS(skip=1)), 값을 나누는 글자를 알려 주십시오(OPTIONS(delimiter='\\t'))",
    )
    QUOTE_OPEN = Wording(
        "{name}: a quote at line {line} is never closed, or text follows it",
        "{name}: {line}번째 줄의 따옴표가 닫히지 않거나 닫힌 뒤에 글자가 있습니다",
    )
    CLOSE_QUOTE = Wording(
        'repair the line; a quote inside of a value is written twice: ""',
        '그 줄을 고치십시오. 값 안의 따옴표는 두 번 씁니다: ""',
    )
    NO_COLUMN = Wording("{file} has no column {name}", "{file} 파일에 {name} 컬럼이 없습니다")
    NOT_OF_TYPE = Wording(
        "{file}: column {name} holds '{value}', which {type} does not hold as it is written",
        "{file}: {name} 컬럼의 값 '{value}'을(를) {type} 타입에 그대로 담을 수 없습니다",
    )
