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
    "{name} 파일을 {encoding} 텍스트로 읽었지만 확실하지 않습니다. "
    "글자가 깨지면 OPTIONS(encoding='{other}')를 써 보십시오",
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
ERROR_CELLS = Wording(
    "{file}: NULL for cells that hold an error, as #N/A: {count:,}",
    "{file}: #N/A 같은 오류가 있어 NULL로 읽은 셀: {count:,}개",
)
FORMULA_CELLS = Wording(
    "{file}: NULL for formulas without a value: {count:,} (open and save it in Excel)",
    "{file}: 값이 계산되지 않아 NULL로 읽은 수식: {count:,}개 (Excel에서 열어 저장하십시오)",
)
PATHS_BESIDE = Wording(
    "paths in {column} start beside {file}: {folder} was put before them",
    "{column} 컬럼의 경로는 {file} 파일이 있는 폴더에서 시작하므로 앞에 {folder}을(를) 붙였습니다",
)
PATHS_ADDED = Wording(
    "column {new} was added: where the files of {column} are",
    "{column} 컬럼의 파일이 있는 경로를 {new} 컬럼에 추가했습니다",
)
RECORDS_IN = Wording(
    "{file}: the records in {name} were read as rows", "{file}: {name} 안의 레코드를 행으로 읽었습니다"
)
DURATIONS = Wording(
    "{file}: durations in {name} are read as whole numbers, in {unit}",
    "{file}: {name} 컬럼의 기간을 {unit} 단위의 정수로 읽었습니다",
)
FINE_TIMES = Wording(
    "{file}: times of the day in {name} are kept as text: they are written to the nanosecond",
    "{file}: {name} 컬럼의 시각은 나노초까지 있어 텍스트로 저장합니다",
)
OLD_TIMES = Wording(
    "{file}: times are read to the microsecond: {names}", "{file}: 시각을 마이크로초까지 읽었습니다: {names}"
)
READING_FILES = Wording("reading files", "파일을 읽는 중")
ALIKE = Wording(
    "what is said of {name} holds of {others} besides", "{name}에 대한 위 내용은 다른 {others}에도 해당합니다"
)
OTHER_FILES = Wording(
    "left out, for they are no tables: {count:,} of the files that {pattern} names",
    "{pattern}에 맞지만 테이블이 아니어서 제외한 파일: {count:,}개",
)
COLUMN_MISSING = Wording(
    "column {name} is NULL where it is missing: {files}", "{name} 컬럼이 없어 NULL로 둔 파일: {files}"
)
COLUMN_MISSING_MORE = Wording(
    "column {name} is NULL where it is missing: {files} and {more} more",
    "{name} 컬럼이 없어 NULL로 둔 파일: {files} 외 {more}개",
)
LIST_BESIDE = Wording(
    "{name} in the folder was not read; COPY … FROM '{path}' makes a table of it",
    "폴더의 {name} 파일은 읽지 않았습니다. COPY … FROM '{path}'로 테이블을 만들 수 있습니다",
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


class TS500(data.TS500):
    """Table files that are not there."""

    NO_FILES = Wording("no file fits {pattern}", "{pattern}에 맞는 파일이 없습니다")
    PHOTOS = Wording("{pattern} names no tables", "{pattern}에 맞는 파일은 테이블이 아닙니다")
    PATTERN_OPTION = Wording(
        "photos: COPY … OPTIONS(pattern='{pattern}') FROM '{folder}'",
        "사진은 COPY … OPTIONS(pattern='{pattern}') FROM '{folder}'로 읽습니다",
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
        "leave out lines above the column names: OPTIONS(skip=1), "
        "or say what separates values: OPTIONS(delimiter='\\t')",
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
    TYPES_DISAGREE = Wording(
        "column {name} is {type} in {file} and {other} in {other_file}",
        "{name} 컬럼의 타입이 {file}에서는 {type}, {other_file}에서는 {other}입니다",
    )
    SEVERAL_KINDS = Wording(
        "{folder} holds tables of several kinds: {kinds}",
        "{folder} 폴더에 여러 종류의 테이블이 있습니다: {kinds}",
    )
    CHOOSE_KIND = Wording("choose one: COPY … FROM '{pattern}'", "하나를 고르십시오: COPY … FROM '{pattern}'")
    TOO_MANY_FILES = Wording(
        "{name} names {count:,} files; {most:,} can be read together",
        "{name}에 맞는 파일이 {count:,}개입니다. 한 번에 {most:,}개까지 읽을 수 있습니다",
    )
    NO_TABLES = Wording("{folder} is a folder without tables", "{folder} 폴더에 테이블이 없습니다")
    ONE_FOLDER = Wording(
        "a list names table files; photos are read folder by folder",
        "목록에는 테이블 파일을 씁니다. 사진은 폴더마다 읽습니다",
    )
    NO_SHEET = Wording("{file} has no sheet {sheet}", "{file} 파일에 {sheet} 시트가 없습니다")
    SHEETS = Wording("its sheets: {names}", "시트: {names}")
    EMPTY_SHEET = Wording("sheet {sheet} of {file} is empty", "{file} 파일의 {sheet} 시트가 비어 있습니다")
    PASSWORD = Wording("{name} needs a password", "{name} 파일을 열려면 암호가 필요합니다")
    SAVE_WITHOUT = Wording("save it without a password", "암호를 풀고 저장하십시오")
    TOO_MANY_DIGITS = Wording(
        "{file}: column {name} holds numbers of {digits} digits, more than any type here",
        "{file}: {name} 컬럼의 숫자가 {digits}자리여서 담을 수 있는 타입이 없습니다",
    )
    CAST_FIRST = Wording(
        "write them as text, or with up to 38 digits", "텍스트로 쓰거나 38자리까지만 쓰십시오"
    )
