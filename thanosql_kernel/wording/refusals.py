"""What is said of what this kernel does not do, of interrupts and of its own bugs: TS6xx, TS700, TS900."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS600(Code):
    """A part of ThanoSQL or SQL that this kernel does not have."""

    MEANING = Wording(
        "a part of ThanoSQL or SQL that this kernel does not have",
        "이 커널에 없는 ThanoSQL 또는 SQL 기능입니다",
    )
    IN_EXTENSION = Wording(
        "{name} is in DuckDB's extension {extension}, and no extensions are loaded here",
        "{name}은(는) DuckDB의 확장 {extension}에 있는데 여기에서는 확장을 쓰지 않습니다",
    )
    CATALOGUES_ALONE = Wording(
        "catalogues of SQL are read alone, without other tables",
        "SQL의 카탈로그는 다른 테이블 없이 단독으로만 읽을 수 있습니다",
    )
    STORE_CATALOGUE = Wording(
        "store what they say first: CREATE TABLE names AS SELECT table_name FROM information_schema.tables",
        "내용을 먼저 저장하십시오: CREATE TABLE names AS SELECT table_name FROM information_schema.tables",
    )


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
