"""What is said about files, the network and the database: TS5xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS500(Code):
    """A file or folder that is not there."""

    MEANING = Wording(
        "a file or folder that is not there",
        "파일이나 폴더가 없습니다",
    )
    NO_FILE_OR_FOLDER = Wording("there is no file or folder {path}", "{path} 파일이나 폴더가 없습니다")
    NO_FOLDER = Wording("there is no folder {name}", "{name} 폴더가 없습니다")
    MAKE_FOLDER = Wording(
        "EXPORT makes one missing folder, not several: make {name} first, or write another path",
        "EXPORT 문은 없는 폴더를 하나만 만듭니다. {name} 폴더를 먼저 만들거나 다른 경로를 쓰십시오",
    )


class TS501(Code):
    """A file that cannot be read."""

    MEANING = Wording(
        "a file that cannot be read",
        "파일을 읽을 수 없습니다",
    )


class TS502(Code):
    """The network or package index cannot be reached."""

    MEANING = Wording(
        "the network or package index cannot be reached",
        "네트워크나 패키지 인덱스에 연결할 수 없습니다",
    )


class TS503(Code):
    """The database is busy or was changed by somebody else at the same time."""

    MEANING = Wording(
        "the database is busy or was changed by somebody else at the same time",
        "데이터베이스가 사용 중이거나 같은 때에 다른 곳에서 변경되었습니다",
    )


class TS504(Code):
    """The disk or database refused to write."""

    MEANING = Wording(
        "the disk or database refused to write",
        "디스크나 데이터베이스에 쓸 수 없습니다",
    )


class TS505(Code):
    """An earlier result whose tables have changed or are gone."""

    MEANING = Wording(
        "an earlier result whose tables have changed or are gone",
        "이전 결과가 읽은 테이블이 변경되었거나 없어졌습니다",
    )


class TS506(Code):
    """A database that a newer version of this program wrote."""

    MEANING = Wording(
        "a database that a newer version of this program wrote",
        "더 새로운 버전의 프로그램이 쓴 데이터베이스입니다",
    )


class TS507(Code):
    """A table whose files are damaged."""

    MEANING = Wording(
        "a table whose files are damaged",
        "파일이 손상된 테이블입니다",
    )
