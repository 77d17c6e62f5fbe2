"""One large file of the web, fetched in as many goes as it takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from thanosql_kernel.engine.datasets.web import Later, Refused, Web, pieces
from thanosql_kernel.engine.work import Work
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.wording import datasets

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

MOST_FRUITLESS = 6
_NO_SUCH_RANGE = "416"
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


def fetch_archive(url: str, part: Path, web: Web, work: Work) -> None:
    """Fetch a file, or the rest of it: what an earlier run has left of the same version is kept.

    Args:
        url: Where it is.
        part: Where it is written; complete when this returns.
        web: Asks for it; its pace is kept between the goes.
        work: Told the bytes.

    Raises:
        Later: The server gives no byte in some goes.
        Refused: It says that there is nothing.
        OSError: The disk refuses.
    """
    fruitless = 0
    while fruitless < MOST_FRUITLESS:
        before = _size(part)
        try:
            return _go_on(url, part, web, work)
        except Later as reason:
            last = reason
            fruitless = 0 if _size(part) > before else fruitless + 1
            web.pace.pause(max(fruitless, 1))
    raise last


def _go_on(url: str, part: Path, web: Web, work: Work) -> None:
    """One go, behind what is there of the version that the server has."""
    note = part.with_name(f"{part.name}.version")
    version, done = _text(note), _size(part)
    resumed = {"Range": f"bytes={done}-", "If-Range": version} if version and done else {}
    with abandonable(work.check) as call:
        try:
            response = call(lambda: web.ask(url, resumed))
        except Refused as refusal:
            if not resumed or refusal.refusal != _NO_SUCH_RANGE:
                raise
            part.unlink()
            raise Later(str(refusal)) from refusal
        begin = _begin(response, done)
        note.write_text(_version(response), encoding="ascii", errors="replace")
        left = response.headers.get("Content-Length", "")
        body = pieces(response, decoded=False)
        with (
            work.progress(datasets.LIST(), int(left) if left.isdigit() else None, "bytes") as bar,
            part.open("r+b" if begin else "wb") as file,
        ):
            file.seek(begin)
            while piece := call(lambda: next(body, b"")):
                file.write(piece)
                bar.advance(len(piece))


def _begin(response: BaseHTTPResponse, done: int) -> int:
    """Where in the file the body belongs.

    Raises:
        Later: It is a part that nobody asked for.
    """
    if response.status == 200:
        return 0
    told = _RANGE.match(response.headers.get("Content-Range", ""))
    if told is None or int(told[1]) != done:
        response.close()
        raise Later(datasets.STATUS(status=response.status))
    return done


def _version(response: BaseHTTPResponse) -> str:
    """What tells the file from others that were or will be at its address; empty if the server says nothing."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def _text(note: Path) -> str:
    try:
        return note.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return ""
