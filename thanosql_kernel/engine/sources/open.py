"""What COPY reads: table files, media folders, JSON texts, and URLs of table files."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

from thanosql_kernel.catalog.spellings import respelt
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.sources import download, packed
from thanosql_kernel.engine.sources.beside import with_found_paths
from thanosql_kernel.engine.sources.csv import read_csv
from thanosql_kernel.engine.sources.files import is_pattern, matching, tables_in, tell_of_lists
from thanosql_kernel.engine.sources.json import read_json
from thanosql_kernel.engine.sources.media.folder import read_folder
from thanosql_kernel.engine.sources.parquet import read_parquet
from thanosql_kernel.engine.sources.reading import Named, Reading
from thanosql_kernel.engine.sources.union import Part, united
from thanosql_kernel.engine.sources.workbook import read_workbook
from thanosql_kernel.errors import DataError, Span, Unsupported, nearest
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.copy_options import SourceKind, misplaced, source_kind
from thanosql_kernel.web.client import shown
from thanosql_kernel.wording.refusals import TS600, TS601
from thanosql_kernel.wording.system import system_reason
from thanosql_kernel.wording.tables import TS500, TS501

_PICKLES = frozenset((".pkl", ".pickle", ".p", ".joblib", ".npy", ".pt", ".pth"))
_PACKED = ".gz"
_READERS: Mapping[SourceKind, Callable[[Path, Reading], Relation]] = {
    "csv": lambda path, reading: read_csv([Named(path.name, path)], reading),
    "json": lambda path, reading: read_json([Named(path.name, path)], reading),
    "parquet": read_parquet,
    "workbook": read_workbook,
}
_NOT_FILES = {
    stat.S_ISFIFO: TS501.PIPE,
    stat.S_ISSOCK: TS501.SOCKET,
    stat.S_ISCHR: TS501.DEVICE,
    stat.S_ISBLK: TS501.DEVICE,
}


def read_source(source: str | Sequence[str], reading: Reading) -> Relation:
    """The rows of a file, a media folder, a JSON text or a URL; of several files for a list, a pattern, their folder.

    Big files are streamed when they are read.

    Raises:
        DataError: TS500 not there, TS501 cannot be read, TS502 the network.
        Unsupported: TS600 a format that is not known, TS601 one that would run code.
    """
    if not isinstance(source, str):
        return _read_files([file for one in source for file in _listed(one, reading)], reading)
    if source.lstrip()[:1] in ("[", "{"):
        return _read_json_text(source, reading)
    if download.is_url(source):
        file = Named(shown(source), _fetched(source, reading))
        _check_file(file.path, reading)
        return _rows([file], {source_kind(file.path.name)}, reading)
    if is_pattern(source) and not _is_there(_path(source, reading), reading):
        return _read_files(matching(source, reading), reading)
    source, mode = _found(source, reading)
    path = _path(source, reading)
    if not stat.S_ISDIR(mode):
        return _read_files([Named(source, path)], reading)
    if found := tables_in(path, source, reading):
        return _read_files(found, reading)
    _check_options("folder", reading)
    rows = read_folder(path, source, reading)
    tell_of_lists(path, source, reading)
    return rows


def _listed(source: str, reading: Reading) -> list[Named]:
    """The files that one source of a list stands for."""
    if download.is_url(source):
        folder = Path(tempfile.mkdtemp(dir=reading.temporary))
        return [Named(shown(source), _fetched(source, replace(reading, temporary=folder)))]
    if is_pattern(source) and not _is_there(_path(source, reading), reading):
        return matching(source, reading)
    source, mode = _found(source, reading)
    path = _path(source, reading)
    if not stat.S_ISDIR(mode):
        return [Named(source, path)]
    found = tables_in(path, source, reading)
    if not found:
        raise reading.error(TS501.NO_TABLES(folder=source), hint=TS501.ONE_FOLDER())
    return found


def _fetched(url: str, reading: Reading) -> Path:
    _refuse_unsafe(_suffix(Path(url.split("?")[0])), reading.span)
    return download.fetch(url, reading.temporary, reading.work.at(reading.span))


def _read_files(files: Sequence[Named], reading: Reading) -> Relation:
    for file in files:
        _check_file(file.path, reading)
    kinds = {source_kind(file.path.name) for file in files}
    rows = _rows(files, kinds, reading)
    folders = {file.path.parent for file in files}
    return with_found_paths(rows, files[0], reading) if len(folders) == 1 else rows


def _rows(files: Sequence[Named], kinds: Set[SourceKind | None], reading: Reading) -> Relation:
    named = reading.options.flag("filename")
    if kinds == {"csv"}:
        return _reading(files[0].path, reading, lambda: read_csv(files, reading))
    if kinds == {"json"} and not named:
        return _reading(files[0].path, reading, lambda: read_json(files, reading))
    if len(files) == 1 and not named:
        return _read_file(files[0].path, reading)
    with reading.of_each(files) as each:
        parts = [Part(file.name, _read_file(file.path, own)) for file, own in each]
    return united(parts, reading)


def _is_there(path: Path, reading: Reading) -> bool:
    with abandonable(reading.work.check) as call:
        return call(lambda: os.path.lexists(path))


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


def _check_file(path: Path, reading: Reading) -> None:
    """Refuse endings that are not known, and options that say nothing about the kind of file."""
    suffix = _suffix(path)
    _refuse_unsafe(suffix, reading.span)
    kind = source_kind(path.name)
    if kind is None:
        message = TS600.OTHER_FORMAT(ending=suffix) if suffix else TS600.NO_ENDING()
        raise Unsupported(message, span=reading.span, hint=TS600.FORMATS())
    _check_options(kind, reading)


def _read_file(path: Path, reading: Reading) -> Relation:
    kind = source_kind(path.name)
    assert kind is not None
    return _reading(path, reading, lambda: _READERS[kind](packed.unpacked_file(path, reading), reading))


def _reading(path: Path, reading: Reading, read: Callable[[], Relation]) -> Relation:
    """What ``read`` gives; what the system says of a file is told with its name."""
    try:
        return read()
    except OSError as error:
        path = Path(error.filename) if isinstance(error.filename, str) else path
        if isinstance(error, PermissionError):
            raise reading.error(TS501.FORBIDDEN(name=path.name)) from error
        raise reading.error(TS501.UNREADABLE(name=path.name, reason=system_reason(error))) from error


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
    return read_json([Named(path.name, path)], reading, what=TS501.JSON_TEXT())


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
