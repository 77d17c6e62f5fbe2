"""What is said of what this kernel does not do, of interrupts and of its own bugs: TS6xx, TS700, TS900."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS600(Code):
    """A part of ThanoSQL or SQL that this kernel does not have."""

    MEANING = Wording(
        "a part of ThanoSQL or SQL that this kernel does not have",
        "이 커널에 없는 ThanoSQL 또는 SQL 기능입니다",
    )
    NO_PRINT_FORMAT = Wording(
        "PRINT {kind} has no format '{format}'",
        "PRINT {kind}에는 '{format}' 형식이 없습니다",
    )
    LEAVE_FORMAT_OUT = Wording(
        "leave it out: players are shown in a grid",
        "format을 빼십시오. 재생기는 격자로 표시됩니다",
    )
    NO_LABELS = Wording(
        "{model} was not trained on labels, so PREDICT needs to be told some",
        "{model} 모델은 레이블을 학습하지 않았으므로 PREDICT에 레이블을 써야 합니다",
    )
    NAME_LABELS = Wording(
        "name them: PREDICT USING {model} OPTIONS(labels=['cat', 'dog']) AS …",
        "레이블을 쓰십시오: PREDICT USING {model} OPTIONS(labels=['cat', 'dog']) AS …",
    )
    DUCKDB_SETTING = Wording(
        "{name} is a setting of DuckDB, which has its value here",
        "DuckDB의 {name} 설정은 여기서 값이 정해져 있습니다",
    )
    FOR_PYTHON = Wording(
        "{word} belongs to Python notebooks",
        "Python 노트북에서 쓰는 명령입니다: {word}",
    )
    CHOOSE_PYTHON = Wording(
        "this kernel speaks ThanoSQL only; choose a Python kernel for it",
        "이 커널은 ThanoSQL만 실행합니다. Python 커널을 선택하십시오",
    )
    TEXT_OF_VARIABLE = Wording(
        "{name} would be the text of a Python variable, and there are none here",
        "{name}은(는) Python 변수에 든 텍스트인데, 여기에는 Python 변수가 없습니다",
    )
    PASTE_OR_PYTHON = Wording(
        "put the statement itself here; in a Python notebook with %load_ext thanosql_kernel the line runs",
        "문장을 여기에 직접 쓰십시오. %load_ext thanosql_kernel을 실행한 Python 노트북에서는 이 줄이 실행됩니다",
    )
    KNOWN_AFTERWARDS = Wording(
        "what this gives is known only when it has run",
        "이 문장의 결과는 실행한 뒤에야 알 수 있습니다",
    )
    RUN_IT_FIRST = Wording(
        "run the statement by itself first, and query the table that it stores",
        "먼저 이 문장만 실행하고, 저장된 테이블에서 쿼리하십시오",
    )
    OTHER_FORMAT = Wording("files that end in {ending} cannot be read", "{ending} 파일은 읽을 수 없습니다")
    NO_ENDING = Wording("files that end in nothing cannot be read", "확장자가 없는 파일은 읽을 수 없습니다")
    FORMATS = Wording(
        "COPY takes csv, tsv, json, jsonl, parquet, xlsx, xls or a folder of media files",
        "COPY 문은 csv, tsv, json, jsonl, parquet, xlsx, xls 파일이나 미디어 파일이 있는 폴더를 읽습니다",
    )
    REFRESHES_FOLDERS = Wording(
        "only a table of a folder is refreshed", "폴더로 만든 테이블만 새로 고칠 수 있습니다"
    )
    NO_FOLDER_KNOWN = Wording(
        "it is not known which folder {table} was copied from",
        "{table} 테이블을 어느 폴더에서 만들었는지 알 수 없습니다",
    )
    NAME_THE_FOLDER = Wording(
        "REFRESH {table} FROM 'folder' says it; a table of a file is read anew by "
        "COPY {table} OPTIONS(if_exists='replace') FROM 'file'",
        "REFRESH {table} FROM '폴더'로 알려 주십시오. 파일로 만든 테이블은 "
        "COPY {table} OPTIONS(if_exists='replace') FROM '파일'로 다시 읽습니다",
    )
    NO_PATHS_OF_FILES = Wording(
        "{table} has no column image_path, audio_path or video_path: it is no table of a folder",
        "{table} 테이블에는 image_path, audio_path, video_path 컬럼이 없습니다. 폴더로 만든 테이블이 아닙니다",
    )
    REPLACE_OR_APPEND = Wording(
        "if_exists='replace' reads a file anew, 'append' adds its rows",
        "if_exists='replace'는 파일을 새로 읽고, 'append'는 파일의 행을 추가합니다",
    )
    READS_STORED_TABLES = Wording(
        "{statement} reads stored tables, not what WITH calls {name}",
        "{statement} 문은 저장된 테이블만 읽습니다. WITH의 {name}에서는 읽을 수 없습니다",
    )
    STORE_IT_FIRST = Wording(
        "write its query here, or store it first: CREATE TABLE … AS, with another name than {name}",
        "그 쿼리를 여기에 쓰거나, {name} 말고 다른 이름으로 먼저 저장하십시오: CREATE TABLE … AS",
    )
    ROW_BY_ROW = Wording(
        "RETURNING takes no aggregates and windows", "RETURNING에는 집계 함수와 윈도 함수를 쓸 수 없습니다"
    )
    QUERY_THE_TABLE = Wording(
        "RETURNING gives something of each row: query the table for the rest",
        "RETURNING은 행마다 값을 돌려줍니다. 그 밖의 것은 테이블을 쿼리하십시오",
    )
    LANCEDB_CLOUD = Wording(
        "LanceDB Cloud (db://) is not supported", "LanceDB Cloud(db://)는 지원하지 않습니다"
    )
    FOLDER_OR_BUCKET = Wording(
        "set THANOSQL_DATABASE to a folder or s3://bucket/folder",
        "THANOSQL_DATABASE를 폴더나 s3://버킷/폴더로 설정하십시오",
    )
    OWN_VECTORS = Wording(
        "rows cannot go while {columns} gets vectors that no model made",
        "{columns} 컬럼에 모델이 만들지 않은 벡터를 넣으면서 행을 삭제할 수는 없습니다",
    )
    DELETE_FIRST = Wording(
        "delete the rows first, in a statement of its own", "먼저 별도의 문장으로 행을 삭제하십시오"
    )
    NOT_SUPPORTED = Wording("{words} is not supported", "이 커널은 {words} 문을 지원하지 않습니다")
    NO_SUCH_OPTION = Wording("{name} is not supported", "이 커널은 {name} 옵션을 지원하지 않습니다")
    OTHER_KIND = Wording(
        "{name} is a kind of model that this kernel does not run",
        "{name}은(는) 이 커널이 실행하지 않는 종류의 모델입니다",
    )
    NOT_DONE = Wording("{words} is not done here", "이 커널에서는 {words} 문을 실행하지 않습니다")
    FREE_TEXT = Wording(
        "free text beside the old magic lines is not run", "매직 줄 옆에 쓴 글은 실행하지 않습니다"
    )
    DELETE_THE_LINE = Wording("delete the line", "이 줄을 지우십시오")
    NO_CONSTRAINTS = Wording(
        "tables here do not keep {words}", "이 커널의 테이블은 {words} 설정을 지원하지 않습니다"
    )
    PYTHON_VARIABLE = Wording(
        "{name} would be a Python variable, which this kernel does not have",
        "따옴표가 없는 {name}은(는) 파이썬 변수가 되는데, 이 커널에는 파이썬 변수가 없습니다",
    )
    PATH_IN_QUOTES = Wording(
        "write a path in quotes: FROM 'photos.csv'", "경로를 따옴표로 묶어 쓰십시오: FROM 'photos.csv'"
    )
    THIS_MACHINE = Wording("EXPORT writes to this machine only", "EXPORT는 이 컴퓨터에만 저장합니다")
    COPY_IT_THERE = Wording(
        "write the file here, and copy it there", "파일을 이 컴퓨터에 저장한 다음 그곳으로 복사하십시오"
    )
    NO_FORMAT = Wording("no format is known for {path}", "{path}의 형식을 알 수 없습니다")
    ENDINGS = Wording(
        "end the path in {endings}, or in / for a folder",
        "경로를 {endings} 가운데 하나로 끝내십시오. 폴더는 /로 끝냅니다",
    )
    NO_MODEL_TO_GET = Wording("no model named {name} can be had", "{name} 모델은 가져올 수 없습니다")
    NO_FUNCTION = Wording("there is no function {name}", "{name} 함수가 없습니다")
    THERE_ARE = Wording("there are {names}", "가져올 수 있는 모델은 {names}입니다")
    IN_EXTENSION = Wording(
        "{name} is in DuckDB's extension {extension}, and no extensions are loaded here",
        "{name}은(는) DuckDB의 확장 {extension}에 있는데 여기에서는 확장을 쓰지 않습니다",
    )
    WRITTEN_OUT = Wording(
        "written out, this query may be more than {most:,} columns, fields and expressions",
        "이 쿼리를 모두 풀어 쓰면 컬럼, 필드, 식이 {most:,}개를 넘을 수 있습니다",
    )
    NAME_FEWER = Wording(
        "name the columns that you need, and put none into a struct more than once",
        "필요한 컬럼만 쓰고, 한 컬럼을 구조체에 두 번 이상 넣지 마십시오",
    )
    CATALOGUES_ALONE = Wording(
        "catalogues of SQL are read alone, without other tables",
        "SQL의 카탈로그는 다른 테이블 없이 단독으로만 읽을 수 있습니다",
    )
    STORE_CATALOGUE = Wording(
        "store what they say first: CREATE TABLE names AS SELECT table_name FROM information_schema.tables",
        "내용을 먼저 저장하십시오: CREATE TABLE names AS SELECT table_name FROM information_schema.tables",
    )
    NO_PANDAS = Wording("pandas is not installed", "pandas가 설치되어 있지 않습니다")
    INSTALL_PANDAS = Wording(
        "pip install pandas, or take .arrow() or .rows()",
        "pip install pandas 명령을 실행하거나 .arrow() 또는 .rows()를 사용하십시오",
    )


class TS601(Code):
    """A file format refused because reading it would run code."""

    MEANING = Wording(
        "a file format refused because reading it would run code",
        "읽으면 코드가 실행될 수 있어 거부한 파일 형식입니다",
    )
    WOULD_RUN_CODE = Wording(
        "reading this file would run the code in it",
        "이 파일을 읽으면 그 안의 코드가 실행됩니다",
    )
    SAVE_SAFELY = Wording(
        "save the model with safe_serialization=True and give its folder",
        "모델을 safe_serialization=True로 저장하고 그 폴더를 지정하십시오",
    )
    RUNS_CODE = Wording(
        "{ending} files are refused: opening one runs code from it",
        "{ending} 파일은 열면 그 안의 코드가 실행되므로 읽지 않습니다",
    )
    SAVE_AS_PARQUET = Wording(
        "save it as parquet where it was made, e.g. DataFrame.to_parquet('data.parquet')",
        "파일을 만든 곳에서 parquet로 저장하십시오. 예: DataFrame.to_parquet('data.parquet')",
    )
    IS_PICKLE = Wording(
        "{name} is a pickle, and reading a pickle runs code",
        "{name} 파일은 읽으면 코드가 실행되는 pickle 파일입니다",
    )
    DELETE_OR_SAVE_AGAIN = Wording(
        "delete it if model.safetensors lies beside it; else save the model again as safetensors",
        "같은 폴더에 model.safetensors가 있으면 이 파일을 지우고, 없으면 모델을 safetensors로 다시 저장하십시오",
    )
    ONLY_PICKLE = Wording(
        "{folder} has its weights as a pickle only, and reading a pickle runs code",
        "{folder} 폴더의 가중치는 읽으면 코드가 실행되는 pickle 파일뿐입니다",
    )
    OTHER_REPOSITORY = Wording(
        "use a repository that has model.safetensors", "model.safetensors가 있는 저장소를 지정하십시오"
    )
    SAVE_AGAIN = Wording("save the model again as safetensors", "모델을 safetensors로 다시 저장하십시오")
    OWN_CODE = Wording(
        "{folder} needs code of its own ({what}), which this kernel does not run",
        "{folder} 폴더의 모델에 필요한 자체 코드를 이 커널은 실행하지 않습니다 ({what})",
    )
    MODULE = Wording("the module {name}", "{name} 모듈")
    KEY = Wording("{key} in {file}", "{file}의 {key}")
    OTHER_ARCHITECTURE = Wording(
        "use a model of an architecture that transformers itself has",
        "transformers에 들어 있는 구조의 모델을 사용하십시오",
    )


class TS602(Code):
    """A gap of the manual, [like this], still waits to be filled in."""

    MEANING = Wording(
        "a gap of the manual, [like this], still waits to be filled in",
        "설명서의 [빈칸]이 아직 채워지지 않았습니다",
    )
    GAP = Wording("{text} is a gap to fill in", "{text}은(는) 채워야 할 빈칸입니다")
    WRITE_YOUR_NAME = Wording("write your own name in its place", "그 자리에 원하는 이름을 쓰십시오")


class TS603(Code):
    """A widget's statement would have changed something."""

    MEANING = Wording(
        "a widget's statement would have changed something",
        "위젯의 문장이 무엇인가를 변경하려고 했습니다",
    )
    ONLY_READS = Wording("what a widget asks for can only read", "위젯의 문장은 읽기만 할 수 있습니다")
    RUN_IN_A_CELL = Wording("run the statement in a cell of its own", "문장을 별도의 셀에서 실행하십시오")


class TS604(Code):
    """A process forked off one that uses the engine."""

    MEANING = Wording(
        "a process forked off one that uses the engine",
        "엔진을 사용하는 프로세스에서 fork된 프로세스입니다",
    )
    FORKED = Wording(
        "this process was forked off one that uses ThanoSQL, which cannot be used in it",
        "ThanoSQL을 사용하는 프로세스에서 fork된 프로세스이므로 여기서는 ThanoSQL을 사용할 수 없습니다",
    )
    SPAWN = Wording(
        'start it with multiprocessing.get_context("spawn"), or fork before the first connect()',
        'multiprocessing.get_context("spawn")으로 시작하거나, 첫 connect() 전에 fork하십시오',
    )


class TS700(Code):
    """Interrupted."""

    MEANING = Wording(
        "interrupted",
        "중단되었습니다",
    )
    INTERRUPTED = Wording("interrupted", "중단되었습니다")
    STOPPED_WAITING = Wording(
        "interrupted while it waited for another cell",
        "다른 셀을 기다리는 중에 중단되었습니다",
    )


class TS900(Code):
    """A bug in this kernel."""

    MEANING = Wording(
        "a bug in this kernel",
        "이 커널의 버그입니다",
    )
    BUG = Wording("a bug in the kernel: {kind}: {summary}", "커널의 버그입니다: {kind}: {summary}")
    TRACEBACK = Wording("the traceback is in {path}", "자세한 오류 기록은 {path} 파일에 있습니다")
    NO_TRACEBACK = Wording(
        "the traceback could not be written anywhere",
        "자세한 오류 기록을 어디에도 쓸 수 없었습니다",
    )
