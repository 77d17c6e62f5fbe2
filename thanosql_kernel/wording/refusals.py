"""What is said of what this kernel does not do, of interrupts and of its own bugs: TS6xx, TS700, TS900."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS600(Code):
    """A part of ThanoSQL or SQL that this kernel does not have."""

    MEANING = Wording(
        "a part of ThanoSQL or SQL that this kernel does not have",
        "이 커널에 없는 ThanoSQL 또는 SQL 기능입니다",
    )
    NOT_SUPPORTED = Wording("{words} is not supported", "이 커널은 {words} 문을 지원하지 않습니다")
    NO_SUCH_OPTION = Wording("{name} is not supported", "이 커널은 {name} 옵션을 지원하지 않습니다")
    NOT_DONE = Wording("{words} is not done here", "이 커널에서는 {words} 문을 실행하지 않습니다")
    FREE_TEXT = Wording(
        "free text beside the old magic lines is not run", "매직 줄 옆에 쓴 글은 실행하지 않습니다"
    )
    DELETE_THE_LINE = Wording("delete the line", "이 줄을 지우십시오")
    NO_CONSTRAINTS = Wording(
        "tables here do not keep {words}", "이 커널의 테이블은 {words} 설정을 지원하지 않습니다"
    )
    COPY_THEN_CONVERT = Wording(
        "COPY {table} FROM '{path}', then CONVERT USING … AS SELECT * FROM {table}",
        "대신 두 문장을 쓰십시오: COPY {table} FROM '{path}', CONVERT USING … AS SELECT * FROM {table}",
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
    THERE_ARE = Wording("there are {names}", "가져올 수 있는 모델은 {names}입니다")


class TS601(Code):
    """A file format refused because reading it would run code."""

    MEANING = Wording(
        "a file format refused because reading it would run code",
        "읽으면 코드가 실행될 수 있어 거부한 파일 형식입니다",
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


class TS604(Code):
    """A process forked off one that uses the engine."""

    MEANING = Wording(
        "a process forked off one that uses the engine",
        "엔진을 사용하는 프로세스에서 fork된 프로세스입니다",
    )


class TS700(Code):
    """Interrupted."""

    MEANING = Wording(
        "interrupted",
        "중단되었습니다",
    )
    INTERRUPTED = Wording("interrupted", "중단되었습니다")


class TS900(Code):
    """A bug in this kernel."""

    MEANING = Wording(
        "a bug in this kernel",
        "이 커널의 버그입니다",
    )
