"""Which files a COPY of several reads: those of a list, of a pattern, of a folder of tables."""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Sequence
from pathlib import Path

from thanosql_kernel.engine.sources.media.telling import unread
from thanosql_kernel.engine.sources.reading import Named, Reading
from thanosql_kernel.folders.kinds import KIND_OF, ending
from thanosql_kernel.folders.walk import LeftOut, readable
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.copy_options import source_kind
from thanosql_kernel.wording import tables
from thanosql_kernel.wording.system import system_reason
from thanosql_kernel.wording.tables import TS500, TS501

#: Lists of pictures that Hugging Face's ImageFolder keeps beside them.
LISTS = ("metadata.csv", "metadata.jsonl", "metadata.parquet")
#: Files that are read together.
MOST_FILES = 10_000


def is_pattern(source: str) -> bool:
    """Whether it may stand for several files."""
    return any(sign in source for sign in "*?[")


def matching(pattern: str, reading: Reading) -> list[Named]:
    """The files that a pattern with ``*``, ``?``, ``[…]`` and ``**`` names, in natural order.

    Raises:
        DataError: TS500, there is none, or there are photos.
    """
    from natsort import natsorted, ns

    folder = reading.work.folder
    pattern_there = os.path.expanduser(pattern)
    with abandonable(reading.work.check) as call:
        found = call(lambda: glob.glob(pattern_there, root_dir=folder, recursive=True))
        found = call(lambda: [name for name in found if os.path.isfile(folder / name)])
        closed = call(lambda: _closed_folders(pattern_there, folder))
    if not found and closed:
        reason = system_reason(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
        raise reading.error(TS500.UNREADABLE(name=closed[0], reason=reason))
    if not found:
        raise reading.error(TS500.NO_FILES(pattern=pattern))
    unread(LeftOut(unread=closed), reading.work.notice)
    readable = [name for name in found if source_kind(name) is not None]
    if not readable and any(ending(name) in KIND_OF for name in found):
        hint = TS500.PATTERN_OPTION(pattern=os.path.basename(pattern), folder=os.path.dirname(pattern) or ".")
        raise reading.error(TS500.PHOTOS(pattern=pattern), hint=hint)
    if len(readable) < len(found) and readable:
        reading.work.notice(tables.OTHER_FILES(count=len(found) - len(readable), pattern=pattern))
    ordered = natsorted(readable or found, alg=ns.PATH | ns.IGNORECASE)
    return _few_enough(
        [Named(name.replace(os.sep, "/"), folder / name) for name in ordered], pattern, reading
    )


def _closed_folders(pattern: str, folder: Path) -> list[str]:
    """Those that a pattern leads through and that cannot be looked into: `glob` passes over them without a word."""
    parts = pattern.replace(os.sep, "/").split("/")
    leading = ["/".join(parts[:count]) + "/" for count in range(1, len(parts))]
    there = {name for lead in leading for name in glob.glob(lead, root_dir=folder, recursive=True)}
    return sorted(
        readable(name.rstrip("/")) for name in there if not os.access(folder / name, os.R_OK | os.X_OK)
    )


def tables_in(folder: Path, written: str, reading: Reading) -> list[Named]:
    """The table files in a folder and below it; none if it holds photos, films or sounds.

    Raises:
        DataError: TS501, it holds tables of several kinds, which would hardly be one table.
    """
    from natsort import natsorted, ns

    with abandonable(reading.work.check) as call:
        left_out = LeftOut()
        found = call(lambda: _tables_in(folder, left_out))
    if not found:
        return []
    kinds = sorted({os.path.splitext(name.removesuffix(".gz"))[1] for name in found})
    if len({source_kind(name) for name in found}) > 1:
        raise reading.error(
            TS501.SEVERAL_KINDS(folder=written, kinds=", ".join(kinds)),
            hint=TS501.CHOOSE_KIND(pattern=f"{written.rstrip('/')}/**/*{kinds[0]}"),
        )
    base = written if written.endswith("/") else f"{written}/"
    unread(left_out, reading.work.notice)
    ordered = natsorted(found, alg=ns.PATH | ns.IGNORECASE)
    return _few_enough([Named(base + name, folder / name) for name in ordered], written, reading)


def _tables_in(folder: Path, left_out: LeftOut) -> list[str]:
    """The tables; folders that cannot be looked into are noted."""
    found: list[str] = []

    def note(error: OSError) -> None:
        left_out.unread.append(readable(Path(error.filename).relative_to(folder).as_posix()))

    for here, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "@", "$")))
        for name in names:
            if ending(name) in KIND_OF:
                return []
            # A text in a folder of tables is what somebody wrote about them.
            is_table = source_kind(name) is not None and not name.lower().endswith((".txt", ".txt.gz"))
            if is_table and not name.startswith((".", "~$", "_")):
                found.append(Path(here, name).relative_to(folder).as_posix())
    return found


def _few_enough(files: list[Named], what: str, reading: Reading) -> list[Named]:
    if len(files) > MOST_FILES:
        raise reading.error(TS501.TOO_MANY_FILES(name=what, count=len(files), most=MOST_FILES))
    return files


def tell_of_lists(folder: Path, written: str, reading: Reading) -> None:
    """Say that a folder of photos holds a list of them, which was not read."""
    with abandonable(reading.work.check) as call:
        found: Sequence[str] = call(lambda: [name for name in LISTS if (folder / name).is_file()])
    for name in found:
        path = f"{written.rstrip('/')}/{name}"
        reading.work.notice(tables.LIST_BESIDE(name=name, path=path))
