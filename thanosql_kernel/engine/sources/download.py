"""Files from the web and from object storage, fetched into a temporary folder first."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.interrupts import Call, abandonable

_CHUNK_BYTES = 1 << 18
_TIMEOUT_S = 30.0
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
    request = urllib.request.Request(url, headers={"User-Agent": "thanosql-kernel"})
    try:
        with abandonable(work.check) as call:
            # Not closed when interrupted: that would wait for the read at the side.
            response = call(lambda: urllib.request.urlopen(request, timeout=_TIMEOUT_S))
            total = response.headers.get("Content-Length")
            target = folder / _file_name(url, response.headers.get_content_type())
            _copy(response, target, int(total) if total else None, work, call)
            response.close()
    except urllib.error.HTTPError as error:
        code = "TS500" if error.code in (404, 410) else "TS502"
        raise DataError(
            f"the server answered {error.code} {error.reason}", code=code, span=work.span
        ) from error
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise DataError(
            f"{urlsplit(url).netloc} cannot be reached: {reason}", code="TS502", span=work.span
        ) from error
    return target


def _fetch_s3(url: str, folder: Path, work: Work) -> Path:
    import pyarrow as pa
    from pyarrow import fs

    try:
        with abandonable(work.check) as call:
            system, path = call(lambda: fs.FileSystem.from_uri(url))
            info = call(lambda: system.get_file_info(path))
            if info.type is not fs.FileType.File:
                raise DataError(f"there is no file {url}", code="TS500", span=work.span)
            target = folder / Path(path).name
            source = call(lambda: system.open_input_stream(path))
            _copy(source, target, info.size, work, call)
            source.close()
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{url} cannot be read: {error}", code="TS502", span=work.span) from error
    return target


def _copy(
    source: IO[bytes] | Any,
    target: Path,
    total: int | None,
    work: Work,
    call: Call,
) -> None:
    done = 0
    with work.progress("download", total, "bytes") as bar, open(target, "wb") as file:
        while chunk := call(lambda: source.read(_CHUNK_BYTES)):
            file.write(chunk)
            done += len(chunk)
            bar.advance(len(chunk))
    if total is not None and done < total:
        raise OSError(f"the connection ended after {done} of {total} bytes")


def _file_name(url: str, media_type: str) -> str:
    name = Path(unquote(urlsplit(url).path)).name or "download"
    return name if Path(name).suffix else name + _ENDINGS.get(media_type, "")
