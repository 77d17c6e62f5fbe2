"""Files from the web and from object storage, fetched into a temporary folder first."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, unquote, urlsplit

from thanosql_kernel.catalog.location import without_secrets
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.wording import answers
from thanosql_kernel.wording.data import TS500, TS502
from thanosql_kernel.wording.system import system_reason

_CHUNK_BYTES = 1 << 18
_TIMEOUT_S = 30.0
_LONGEST = 300
"""Of what others say."""
_ENDINGS = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
}


def is_url(path: str) -> bool:
    """Whether the path is one that `fetch` takes."""
    return path.lower().startswith(("http://", "https://", "s3://"))


def fetch(url: str, folder: Path, work: Work) -> Path:
    """Copy a file into ``folder``; the name is the URL's, with an ending by its media type if it has none.

    Raises:
        DataError: TS500 when there is no such file, TS502 when the server cannot be reached.
    """
    if url.lower().startswith("s3://"):
        return _fetch_s3(url, folder, work)
    name = shown_name(url)
    try:
        request = urllib.request.Request(_ascii(url), headers={"User-Agent": "thanosql-kernel"})
        with abandonable(work.check) as call:
            # Not closed when interrupted: that would wait for the read at the side.
            response = call(lambda: urllib.request.urlopen(request, timeout=_TIMEOUT_S))
            total = response.headers.get("Content-Length")
            target = folder / _file_name(url, response.headers.get_content_type())
            _copy(response, target, int(total) if total else None, work, call)
            response.close()
    except urllib.error.HTTPError as error:
        answered = TS500.ANSWERED if error.code in (404, 410) else TS502.ANSWERED
        message = answered(name=name, status=error.code, reason=error.reason)
        raise DataError(message, span=work.span) from error
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        message = TS502.NOT_FETCHED(name=name, reason=system_reason(getattr(error, "reason", error)))
        raise DataError(message[:_LONGEST], code=message.code, span=work.span) from error
    return target


def _fetch_s3(url: str, folder: Path, work: Work) -> Path:
    import pyarrow as pa
    from pyarrow import fs

    name = without_secrets(url)
    try:
        with abandonable(_in_time(name, work)) as call:
            system, path = call(lambda: fs.FileSystem.from_uri(url))
            info = call(lambda: system.get_file_info(path))
        if info.type is not fs.FileType.File:
            raise DataError(TS500.NO_FILE(name=name), span=work.span)
        with abandonable(work.check) as call:
            target = folder / _short(Path(path).name)
            source = call(lambda: system.open_input_stream(path))
            _copy(source, target, info.size, work, call)
            source.close()
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).replace(url, name).replace(urlsplit(url).query or url, "…")
        message = TS502.UNREADABLE(name=name, reason=reason)
        raise DataError(message[:_LONGEST], code=message.code, span=work.span) from None
    return target


def _in_time(name: str, work: Work) -> Callable[[], None]:
    """A check that ends waiting when the user asks to, and after half a minute."""
    deadline = time.monotonic() + _TIMEOUT_S

    def check() -> None:
        work.check()
        if time.monotonic() > deadline:
            raise DataError(TS502.SILENT(name=name), span=work.span)

    return check


def _copy(
    source: IO[bytes] | Any,
    target: Path,
    total: int | None,
    work: Work,
    call: Call,
) -> None:
    done = 0
    with work.progress(answers.DOWNLOAD(), total, "bytes") as bar, open(target, "wb") as file:
        while chunk := call(lambda: source.read(_CHUNK_BYTES)):
            file.write(chunk)
            done += len(chunk)
            bar.advance(len(chunk))
    if total is not None and done < total:
        raise OSError(TS502.ENDED(done=done, total=total))


def _file_name(url: str, media_type: str) -> str:
    name = _short(Path(unquote(urlsplit(url).path).replace("\0", "")).name) or "download"
    return name if Path(name).suffix else name + _ENDINGS.get(media_type, "")


def _short(name: str) -> str:
    """The name with at most 100 characters before its ending: file systems hold 255 bytes."""
    path = Path(name)
    return name if len(name) <= 100 else path.stem[: 100 - len(path.suffix)] + path.suffix[:20]


def shown_name(url: str) -> str:
    """Server and path, without what may be a password."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") + unquote(parts.path)
    except ValueError:
        return TS502.ADDRESS()


def _ascii(url: str) -> str:
    """The URL as servers know it; people write Korean and spaces as they are."""
    parts = urlsplit(url)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    kept = "%/:=&?~#+!$,;'@()*[]"
    return parts._replace(netloc=host, path=quote(parts.path, kept), query=quote(parts.query, kept)).geturl()
