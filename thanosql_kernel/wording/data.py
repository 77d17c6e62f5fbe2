"""What is said about files, the network and the database: TS5xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS500(Code):
    """A file or folder that is not there."""

    MEANING = Wording(
        "a file or folder that is not there",
        "파일이나 폴더가 없습니다",
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
    CONNECTION_CLOSED = Wording("the connection is closed", "연결이 닫혀 있습니다")
    OPEN_ONE = Wording(
        "thanosql_kernel.connect() opens one", "thanosql_kernel.connect()로 새 연결을 여십시오"
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
