"""Films cut into clips in a folder, which is there whole or not at all."""

from __future__ import annotations

import re
import threading
from functools import partial
from pathlib import Path

from thanosql_kernel.catalog.spellings import respelt
from thanosql_kernel.engine.export.scratch import whole
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.films.clips import Part, clip_ending, plan, write_clip
from thanosql_kernel.films.sampling import SECOND_US
from thanosql_kernel.films.unreadable import UnreadableFilm
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.statements.film_work import Clip
from thanosql_kernel.wording import films
from thanosql_kernel.wording.data import TS500, TS501, TS504
from thanosql_kernel.wording.names import CHOOSE_ANOTHER_NAME
from thanosql_kernel.wording.system import system_reason


def split(path: str, interval_s: float, folder: str | None, work: Work, internal: Path) -> list[Clip]:
    """Cut a film into clips.

    Args:
        path: The film, as a statement names it.
        interval_s: The length of clips, seconds.
        folder: Where they go, from the working folder on; made, and named after the film without one.
        work: The statement's.
        internal: The database's own folder, where what is unfinished lies.

    Raises:
        DataError: TS500, there is no film; TS501, it cannot be read; TS504, the folder cannot be written, or holds
            what are no clips of the film.
    """
    film = work.paths.find(path)
    if not film.exists():
        hint = TS500.RELATIVE_PATHS(folder=work.paths.described)
        raise DataError(TS500.NO_FILE(name=path), span=work.span, hint=hint)
    name = (folder or films.CLIPS_FOLDER.format(film=film.stem)).rstrip("/\\")
    target = work.folder / Path(respelt(name, work.folder)).expanduser()
    _check_free(target, film, internal, work)
    stopped = threading.Event()
    try:
        with whole(target, is_folder=True, internal=internal) as unfinished:
            parts = _written(film, round(interval_s * SECOND_US), unfinished, stopped, work)
    except UnreadableFilm as error:
        message = TS501.CANNOT_READ(path=path, reason=error.reason)
        raise DataError(message, span=work.span) from None
    except (OSError, ValueError) as error:
        message = TS504.NOT_WRITTEN(name=name, reason=system_reason(error))
        raise DataError(message, span=work.span) from error
    finally:
        stopped.set()
    start = work.paths.shortened(name, work.folder)
    return [
        Clip(
            f"{start}/{clip_name(film, part)}".replace("\\", "/"),
            part.start_us / SECOND_US,
            part.end_us / SECOND_US,
        )
        for part in parts
    ]


def _written(film: Path, interval_us: int, folder: Path, stopped: threading.Event, work: Work) -> list[Part]:
    (parts,) = map_aside(
        lambda it: plan(it, interval_us, stopped.is_set), [film], threads=1, check=work.check
    )
    with work.progress(films.CUTTING(film=film.name), len(parts), "videos") as bar:
        write = partial(_write, film, folder, stopped)
        for _ in map_aside(write, parts, threads=2, check=work.check):
            bar.advance(1)
    return parts


def _write(film: Path, folder: Path, stopped: threading.Event, part: Part) -> None:
    write_clip(film, part, folder / clip_name(film, part), stopped.is_set)


def clip_name(film: Path, part: Part) -> str:
    """The name of a part's file."""
    return f"{film.stem}_{part.number:04}{clip_ending(film)}"


def _check_free(target: Path, film: Path, internal: Path, work: Work) -> None:
    """Go on only if nothing is lost: the folder is new or empty, or holds the film's clips and nothing else.

    Raises:
        DataError: TS504, it is not; TS500, more than the folder itself is missing.
    """
    resolved, own = target.resolve(), internal.parent.resolve()
    if resolved == own or own in resolved.parents or resolved in (*film.resolve().parents, *own.parents):
        message = TS504.FOREIGN_FOLDER(name=target.name or str(target))
        raise DataError(message, span=work.span, hint=CHOOSE_ANOTHER_NAME())
    if not target.parent.is_dir():
        name = target.parent.name
        raise DataError(TS500.NO_FOLDER(name=name), span=work.span, hint=TS500.MAKE_FOLDER(name=name))
    clips = re.compile(re.escape(film.stem) + r"_\d{4,}" + re.escape(clip_ending(film)))
    if target.is_dir() and not target.is_symlink():
        if all(clips.fullmatch(entry.name) and entry.is_file() for entry in target.iterdir()):
            return
    elif not target.exists() and not target.is_symlink():
        return
    message = TS504.FOREIGN_FOLDER(name=target.name) if target.is_dir() else TS504.EXISTS(name=target.name)
    raise DataError(message, span=work.span, hint=CHOOSE_ANOTHER_NAME())
