"""What is said about files, the network and the database: TS5xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

NO_PATH = Wording("the path is empty", "경로가 비어 있습니다")
REMOTE = Wording("remote pictures are not fetched", "원격 사진은 가져오지 않습니다")
MISSING = Wording("missing", "파일이 없습니다")
NO_PERMISSION = Wording("permission denied", "권한이 없습니다")
NOT_OPENED = Wording("cannot be opened: {reason}", "열 수 없습니다: {reason}")
NOT_READ = Wording("cannot be read: {reason}", "읽을 수 없습니다: {reason}")
A_FOLDER = Wording("a folder, not a file", "파일이 아니라 폴더입니다")
NO_REGULAR_FILE = Wording("not a regular file", "일반 파일이 아닙니다")
EMPTY_FILE = Wording("empty file", "빈 파일입니다")
CHANGED_WHILE_READ = Wording("changed while it was read", "읽는 동안 변경되었습니다")
COPY_OF_UNREADABLE = Wording("a copy of a file that cannot be read", "읽을 수 없는 파일의 사본입니다")
NO_VECTOR = Wording("the model gave no vector", "모델이 벡터를 만들지 못했습니다")


class TS500(Code):
    """A file or folder that is not there."""

    MEANING = Wording(
        "a file or folder that is not there",
        "파일이나 폴더가 없습니다",
    )
    NO_PICTURE = Wording("there is no picture {path}", "{path} 사진이 없습니다")
    RELATIVE_PATHS = Wording("relative paths start in {folder}", "상대 경로는 {folder} 폴더에서 시작합니다")


class TS501(Code):
    """A file that cannot be read."""

    MEANING = Wording(
        "a file that cannot be read",
        "파일을 읽을 수 없습니다",
    )
    CANNOT_READ = Wording("cannot read {path}: {reason}", "{path} 파일을 읽을 수 없습니다: {reason}")
    CANNOT_EMBED = Wording("cannot embed {item}: {reason}", "임베딩할 수 없습니다({item}): {reason}")
    LEAVE_NULL = Wording(
        "on_error='null' leaves its vector NULL and goes on",
        "on_error='null'을 쓰면 그 벡터를 NULL로 두고 계속합니다",
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
