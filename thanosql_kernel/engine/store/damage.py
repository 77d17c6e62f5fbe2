"""Tables whose files cannot be read: which file it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from thanosql_kernel.engine.store.failures import reason_of
from thanosql_kernel.wording.data import TS507
from thanosql_kernel.wording.system import system_reason

_MAGIC = b"LANC"  # ends data files and manifests: https://lance.org/format/file/


def files_of(dataset: Any) -> Iterator[tuple[str, int | None]]:
    """The paths of a local data set's files, and the size that each should have if that is known."""
    for fragment in dataset.get_fragments():
        yield from _files_of(dataset, fragment)


def _files_of(dataset: Any, fragment: Any) -> Iterator[tuple[str, int | None]]:
    for file in fragment.data_files():
        if getattr(file, "base_id", None) is None:
            yield os.path.join(dataset.uri, "data", file.path), file.file_size_bytes
    deletions = fragment.deletion_file()
    if deletions is not None:
        yield os.path.join(dataset.uri, deletions), None


def missing_file(dataset: Any) -> str | None:
    """The first file of a local data set that is not there."""
    return next((path for path, _ in files_of(dataset) if not os.path.exists(path)), None)


def broken_file(dataset: Any) -> str | None:
    """What is wrong with the first file of a local data set that is not as it was written.

    Looks at sizes and at the last bytes: 1,500 files take 20 ms.
    """
    problems = (_problem(path, size) for path, size in files_of(dataset))
    return next(filter(None, problems), None)


def has_defect(dataset: Any, fragment: Any) -> bool:
    """Whether a file of a local data set's fragment is gone or not as it was written, seen by its size and end.

    Raises:
        OSError: It may not be read now.
    """
    return any(_defect(path, size) is not None for path, size in _files_of(dataset, fragment))


def unreadable_rows(dataset: Any, check: Callable[[], None]) -> str | None:
    """Why not all rows can be read; reads them all.

    Args:
        dataset: The Lance data set, or a fragment of one.
        check: Raises `Interrupted` when the user asked to stop.
    """
    batches = iter(dataset.scanner(batch_size=4096, batch_readahead=4).to_reader())
    while True:
        check()
        try:
            if next(batches, None) is None:
                return None
        except (OSError, ValueError, RuntimeError) as error:  # pyarrow's ArrowInvalid is a ValueError
            return TS507.ROWS(reason=reason_of(error))


def _problem(path: str, size: int | None) -> str | None:
    try:
        return _defect(path, size)
    except OSError as error:
        return TS507.NO_READ(file=os.path.basename(path), reason=system_reason(error))


def _defect(path: str, size: int | None) -> str | None:
    name = os.path.basename(path)
    try:
        with open(path, "rb") as file:
            present = os.fstat(file.fileno()).st_size
            if size is not None and present != size:
                return TS507.OTHER_SIZE(file=name, present=present, wanted=size)
            if size is None:
                return None if present else TS507.EMPTY_FILE(file=name)
            file.seek(-len(_MAGIC), os.SEEK_END)
            return None if file.read() == _MAGIC else TS507.DAMAGED_FILE(file=name)
    except FileNotFoundError:
        return TS507.GONE_FILE(file=name)
