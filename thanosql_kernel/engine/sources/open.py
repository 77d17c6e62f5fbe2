"""What COPY reads: table files, media folders, JSON texts, and URLs of table files."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from thanosql_kernel.catalog.spellings import respelt
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.sources import download, packed
from thanosql_kernel.engine.sources.csv import read_csv
from thanosql_kernel.engine.sources.duck_files import read_parquet
from thanosql_kernel.engine.sources.json import read_json
from thanosql_kernel.engine.sources.media.folder import read_folder
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.engine.sources.workbook import read_workbook
from thanosql_kernel.errors import DataError, Span, Unsupported, nearest
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.copy_options import SourceKind, misplaced, source_kind
from thanosql_kernel.wording.data import TS500, TS501
from thanosql_kernel.wording.refusals import TS600, TS601
from thanosql_kernel.wording.system import system_reason

_PICKLES = frozenset((".pkl", ".pickle", ".p", ".joblib", ".npy", ".pt", ".pth"))
_PACKED = ".gz"
_READERS: dict[str, Callable[[Path, Reading], Relation]] = {
    ".csv": lambda path, reading: read_csv(path, reading),
    ".txt": lambda path, reading: read_csv(path, reading),
    ".tsv": lambda path, reading: read_csv(path, reading, separator="\t"),
    ".tab": lambda path, reading: read_csv(path, reading, separator="\t"),
    ".json": lambda path, reading: read_json(path, reading),
    ".jsonl": lambda path, reading: read_json(path, reading),
    ".ndjson": lambda path, reading: read_json(path, reading),
    ".parquet": lambda path, reading: read_parquet(path, reading),
    ".pq": lambda path, reading: read_parquet(path, reading),
}
_READERS |= dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), read_workbook)
_NOT_FILES = {
    stat.S_ISFIFO: TS501.PIPE,
    stat.S_ISSOCK: TS501.SOCKET,
    stat.S_ISCHR: TS501.DEVICE,
    stat.S_ISBLK: TS501.DEVICE,
}


def read_source(source: str, reading: Reading) -> Relation:
    """The rows of a file, a media folder, a JSON text or a URL; big files are streamed when they are read.

    Raises:
        DataError: TS500 not there, TS501 cannot be read, TS502 the network.
        Unsupported: TS600 a format that is not known, TS601 one that would run code.
    """
    if source.lstrip()[:1] in ("[", "{"):
        return _read_json_text(source, reading)
    if download.is_url(source):
        _refuse_unsafe(_suffix(Path(source.split("?")[0])), reading.span)
        path = download.fetch(source, reading.temporary, reading.work.at(reading.span))
        return _read_file(path, reading)
    source, mode = _found(source, reading)
    path = _path(source, reading)
    if stat.S_ISDIR(mode):
        _check_options("folder", reading)
        return read_folder(path, source, reading)
    return _read_file(path, reading)


def folder_at(source: str, reading: Reading) -> tuple[str, Path] | None:
    """The folder that a source names, as the disk spells it, and where it is; None if it names something else.

    Raises:
        DataError: TS500, there is nothing.
    """
    if source.lstrip()[:1] in ("[", "{") or download.is_url(source):
        return None
    source, mode = _found(source, reading)
    return (source, _path(source, reading)) if stat.S_ISDIR(mode) else None


def _path(source: str, reading: Reading) -> Path:
    try:
        return reading.work.folder / Path(source).expanduser()
    except RuntimeError as error:  # ~somebody
        raise reading.error(TS500.NO_HOME(path=source)) from error


def _found(source: str, reading: Reading) -> tuple[str, int]:
    """The path as the disk spells it, and what is there.

    The file system is asked in a thread, for a server that is gone does not answer.
    """
    path = _path(source, reading)
    try:
        with abandonable(reading.work.check) as call:
            source, mode = call(lambda: _look(source, reading))
            if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
                other = next((told for test, told in _NOT_FILES.items() if test(mode)), TS501.NO_FILE)
                raise reading.error(other(path=source), hint=TS501.FILES_AND_FOLDERS())
            return source, mode
    except (FileNotFoundError, NotADirectoryError):
        raise _missing(path, source, reading.span, _slashed(source, reading)) from None
    except (OSError, ValueError) as error:
        message = TS500.UNREADABLE(name=_shown(source), reason=system_reason(error))
        raise reading.error(message) from error


def _look(source: str, reading: Reading) -> tuple[str, int]:
    try:
        return source, os.stat(_path(source, reading)).st_mode
    except (FileNotFoundError, NotADirectoryError):
        spelt = respelt(source, reading.work.folder)
        if spelt == source:
            raise
        return spelt, os.stat(_path(spelt, reading)).st_mode


def _shown(source: str) -> str:
    """A path that may be very long or hold characters that no path holds."""
    text = source.replace("\0", "\\0")
    return text if len(text) <= 80 else f"…{text[-79:]}"


def _read_file(path: Path, reading: Reading) -> Relation:
    suffix = _suffix(path)
    _refuse_unsafe(suffix, reading.span)
    if (kind := source_kind(path.name)) is not None:
        _check_options(kind, reading)
    reader = _READERS.get(suffix)
    if reader is None:
        message = TS600.OTHER_FORMAT(ending=suffix) if suffix else TS600.NO_ENDING()
        raise Unsupported(message, span=reading.span, hint=TS600.FORMATS())
    try:
        if path.stat().st_size == 0:
            raise reading.error(TS501.EMPTY(name=path.name))
        if path.suffix.lower() == _PACKED or packed.is_packed(path):
            path = packed.unpacked(path, reading)
            if path.stat().st_size == 0:
                raise reading.error(TS501.EMPTY(name=path.name))
        return reader(path, reading)
    except PermissionError as error:
        raise reading.error(TS501.FORBIDDEN(name=path.name)) from error
    except OSError as error:
        message = TS501.UNREADABLE(name=path.name, reason=system_reason(error))
        raise reading.error(message) from error


def _suffix(path: Path) -> str:
    """The ending in lower case; the one before ``.gz`` for compressed files."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix == _PACKED else suffix


def _refuse_unsafe(suffix: str, span: Span) -> None:
    if suffix in _PICKLES:
        raise Unsupported(TS601.RUNS_CODE(ending=suffix), span=span, hint=TS601.SAVE_AS_PARQUET())


def _read_json_text(text: str, reading: Reading) -> Relation:
    path = reading.temporary / "records.json"
    path.write_text(text, "utf-8")
    return read_json(path, reading, what=TS501.JSON_TEXT())


def _check_options(kind: SourceKind, reading: Reading) -> None:
    """Refuse options that say nothing about this kind of source."""
    for problem in misplaced(reading.options, kind):
        raise problem


def _slashed(source: str, reading: Reading) -> str | None:
    """A path of Windows as other systems write it, if that is there."""
    slashed = source.replace("\\", "/")
    return slashed if slashed != source and _path(slashed, reading).exists() else None


def _missing(path: Path, written: str, span: Span, slashed: str | None) -> DataError:
    """TS500 with the nearest name beside it, or the part of the path that does exist."""
    parent = path.parent
    if slashed is not None:
        return DataError(TS500.NO_FILE_OR_FOLDER(path=written), span=span, meant=slashed)
    if not parent.is_dir():
        return DataError(
            TS500.NO_FILE_OR_FOLDER(path=written),
            span=span,
            hint=TS500.NO_FOLDER(name=parent.name),
        )
    with os.scandir(parent) as entries:
        names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    prefix = written[: len(written) - len(path.name)] if written.endswith(path.name) else ""
    close = nearest(path.name, names)
    return DataError(
        TS500.NO_FILE_OR_FOLDER(path=written),
        span=span,
        hint=TS500.RELATIVE_PATHS(folder=parent),
        meant=f"{prefix}{close}" if close else None,
    )
