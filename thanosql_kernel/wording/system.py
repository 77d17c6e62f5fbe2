"""Why the operating system refuses what it was asked: the common reasons."""

from __future__ import annotations

import errno
from socket import gaierror

from thanosql_kernel.wording.text import Wording

#: By the number of the error; English as the system says it.
_REASONS = {
    errno.EPERM: Wording("Operation not permitted", "허용되지 않는 작업입니다"),
    errno.ENOENT: Wording("No such file or directory", "파일이나 폴더가 없습니다"),
    errno.EIO: Wording("Input/output error", "입출력 오류가 발생했습니다"),
    errno.EACCES: Wording("Permission denied", "권한이 없습니다"),
    errno.EEXIST: Wording("File exists", "파일이 이미 있습니다"),
    errno.ENOTDIR: Wording("Not a directory", "폴더가 아닙니다"),
    errno.EISDIR: Wording("Is a directory", "파일이 아니라 폴더입니다"),
    errno.EMFILE: Wording("Too many open files", "열린 파일이 너무 많습니다"),
    errno.EFBIG: Wording("File too large", "파일이 너무 큽니다"),
    errno.ENOSPC: Wording("No space left on device", "디스크에 남은 공간이 없습니다"),
    errno.EROFS: Wording("Read-only file system", "읽기 전용 파일 시스템입니다"),
    errno.ENAMETOOLONG: Wording("File name too long", "파일 이름이 너무 깁니다"),
    errno.ELOOP: Wording("Too many levels of symbolic links", "심볼릭 링크가 서로를 가리킵니다"),
    errno.ENOTEMPTY: Wording("Directory not empty", "폴더가 비어 있지 않습니다"),
    errno.ENETUNREACH: Wording("Network is unreachable", "네트워크에 연결할 수 없습니다"),
    errno.ECONNRESET: Wording("Connection reset by peer", "상대가 연결을 끊었습니다"),
    errno.ETIMEDOUT: Wording("Connection timed out", "연결 시간이 초과되었습니다"),
    errno.ECONNREFUSED: Wording("Connection refused", "연결이 거부되었습니다"),
    errno.EHOSTUNREACH: Wording("No route to host", "서버까지 가는 경로가 없습니다"),
}

_NO_SERVER = Wording("{reason}", "서버를 찾을 수 없습니다 ({reason})")
_TIMED_OUT = Wording("{reason}", "시간이 초과되었습니다 ({reason})")


def system_reason(error: BaseException | str) -> str:
    """Why something failed: the common reasons of the system in the language spoken now, others as they are told.

    Args:
        error: What was raised, or what was told.
    """
    known = _REASONS.get(getattr(error, "errno", None) or 0)
    if known is not None:
        return known()
    reason = str(getattr(error, "strerror", None) or error)
    if isinstance(error, gaierror):
        return _NO_SERVER(reason=reason)
    return _TIMED_OUT(reason=reason) if isinstance(error, TimeoutError) else reason
