"""What is said of what this kernel does not do, of interrupts and of its own bugs: TS6xx, TS700, TS900."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS600(Code):
    """A part of ThanoSQL or SQL that this kernel does not have."""

    MEANING = Wording(
        "a part of ThanoSQL or SQL that this kernel does not have",
        "이 커널에 없는 ThanoSQL 또는 SQL 기능입니다",
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
