"""Where a file is written before it takes its place: whole or not at all, and nothing left beside the user's files.

What is unfinished lies in the database's own folder; on another file system than the target's, where a rename is
impossible, beside the target, with a note in the database's folder. Whatever a killed kernel left is cleaned up by the
next EXPORT, and a folder that it had moved away is put back.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NOTE = "note.json"
_LOCK = "lock"
_NEW = "new"
_OLD = "old"


@contextmanager
def whole(target: Path, *, is_folder: bool, internal: Path) -> Iterator[Path]:
    """A path that becomes ``target`` if the block ends well and is removed if not.

    Args:
        target: The file or folder; if it is there already, it is replaced.
        is_folder: Which of the two.
        internal: The database's own folder.

    Raises:
        OSError: It cannot be written, or not take the target's place; then what was there is there still.
    """
    from filelock import FileLock

    homes = internal / "export"
    clean(homes)
    home = homes / uuid.uuid4().hex
    home.mkdir(parents=True)
    lock = FileLock(home / _LOCK)
    with lock:
        scratch = _scratch(home, target)
        try:
            unfinished = scratch / _NEW / target.name
            (unfinished if is_folder else unfinished.parent).mkdir(parents=True)
            yield unfinished
            _take_place(unfinished, target, scratch / _OLD)
        finally:
            if scratch != home:
                shutil.rmtree(scratch, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def clean(homes: Path) -> None:
    """Remove what killed kernels left, and give back what they had moved away."""
    from filelock import FileLock, Timeout

    with suppress(OSError):
        for home in list(homes.iterdir()):
            lock = FileLock(home / _LOCK, timeout=0)
            with suppress(Timeout, OSError), lock:
                _restore(home)
                shutil.rmtree(home, ignore_errors=True)


def _restore(home: Path) -> None:
    with suppress(OSError, ValueError, KeyError):
        note = json.loads((home / _NOTE).read_text("utf-8"))
        scratch, target = Path(note["scratch"]), Path(note["target"])
        if (scratch / _OLD).is_dir() and not target.exists():
            os.replace(scratch / _OLD, target)
        if scratch != home:
            shutil.rmtree(scratch, ignore_errors=True)


def _scratch(home: Path, target: Path) -> Path:
    """A folder from which a rename to the target is one step; the note is written first."""
    scratch = home
    if os.stat(home).st_dev != os.stat(target.parent).st_dev:
        scratch = target.parent / f".export-{home.name}"
    note = {"scratch": str(scratch), "target": str(target)}
    (home / _NOTE).write_text(json.dumps(note), "utf-8")
    scratch.mkdir(exist_ok=True)
    return scratch


def _take_place(unfinished: Path, target: Path, replaced: Path) -> None:
    """Rename; a folder cannot replace another in one step, so that the old one goes back if the second step fails."""
    is_replacing = unfinished.is_dir() and target.exists()
    if is_replacing:
        _move(target, replaced)
    try:
        _move(unfinished, target)
    except BaseException:
        if is_replacing:
            os.replace(replaced, target)
        raise


def _move(source: Path, target: Path) -> None:
    """Rename, across mounts of one device too: then by way of a copy beside the target."""
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.parent / f".export-{uuid.uuid4().hex}"
        try:
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, beside)
            os.replace(beside, target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
            beside.unlink(missing_ok=True)
