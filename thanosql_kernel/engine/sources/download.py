"""Files from the web and from object storage, fetched into a temporary folder first."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from thanosql_kernel.catalog.location import without_secrets
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.interrupts import Call, abandonable
from thanosql_kernel.web.addresses import Reach, Unreachable
from thanosql_kernel.web.client import Client, shown, told
from thanosql_kernel.wording import answers
from thanosql_kernel.wording.data import TS500, TS502

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

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
    from urllib3.exceptions import HTTPError

    if url.lower().startswith("s3://"):
        return _fetch_s3(url, folder, work)
    name = shown(url)
    try:
        with abandonable(work.check) as call:
            # Not closed when interrupted: that would wait for the read at the side.
            response = call(partial(_client(work).open, url, reach=_reach(work)))
            _refuse_failure(response, name, work)
            target = folder / _file_name(url, response.headers.get("Content-Type", ""))
            total = response.headers.get("Content-Length", "")
            read = partial(response.read, _CHUNK_BYTES, decode_content=False)
            _copy(read, target, int(total) if total.isdecimal() else None, work, call)
            response.close()
    except (Unreachable, HTTPError, OSError) as error:
        reason = error.reason if isinstance(error, Unreachable) else told(error)
        message = TS502.NOT_FETCHED(name=name, reason=reason)
        raise DataError(message[:_LONGEST], code=message.code, span=work.span) from error
    return target


def _client(work: Work) -> Client:
    return Client() if work.web is None else work.web.client


def _reach(work: Work) -> Reach:
    """The user wrote the address: it may be of an intranet, but no server of the internet may send us there."""
    is_anywhere = work.web is not None and work.web.reach() is Reach.ANYWHERE
    return Reach.ANYWHERE if is_anywhere else Reach.INTRANET


def _refuse_failure(response: BaseHTTPResponse, name: str, work: Work) -> None:
    if response.status < 400:
        return
    answered = TS500.ANSWERED if response.status in (404, 410) else TS502.ANSWERED
    raise DataError(answered(name=name, status=response.status, reason=response.reason), span=work.span)


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
            _copy(partial(source.read, _CHUNK_BYTES), target, info.size, work, call)
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
    read: Callable[[], bytes],
    target: Path,
    total: int | None,
    work: Work,
    call: Call,
) -> None:
    done = 0
    with work.progress(answers.DOWNLOAD(), total, "bytes") as bar, open(target, "wb") as file:
        while chunk := call(read):
            file.write(chunk)
            done += len(chunk)
            bar.advance(len(chunk))
    if total is not None and done < total:
        raise OSError(TS502.ENDED(done=done, total=total))


def _file_name(url: str, media_type: str) -> str:
    name = _short(Path(unquote(urlsplit(url).path).replace("\0", "")).name) or "download"
    kind = media_type.partition(";")[0].strip().lower()
    return name if Path(name).suffix else name + _ENDINGS.get(kind, "")


def _short(name: str) -> str:
    """The name with at most 100 characters before its ending: file systems hold 255 bytes."""
    path = Path(name)
    return name if len(name) <= 100 else path.stem[: 100 - len(path.suffix)] + path.suffix[:20]
