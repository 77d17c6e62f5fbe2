"""One COPY on its way: what its readers may use, and how they fail."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.engine.work import Advancing, Work
from thanosql_kernel.errors import DataError, Span
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.statements.options import Options
from thanosql_kernel.wording import Said, counted, tables

_LONGEST = 300
_CHUNK_BYTES = 1 << 20
_NAMED = 3


class Named(NamedTuple):
    """A file.

    Attributes:
        name: As the user would write it.
        path: Where it is.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Reading:
    """One COPY on its way.

    Attributes:
        work: The statement's.
        temporary: A folder for what lives as long as the statement.
        duck: A connection that may read files.
        span: Where the user wrote the source.
        options: What the user said about it.
    """

    work: Work
    temporary: Path
    duck: Duck
    span: Span
    options: Options

    def error(self, message: Said, *, hint: str | None = None) -> DataError:
        """An error that points at the source; what others say of it may be long."""
        return DataError(message[:_LONGEST], code=message.code, span=self.span, hint=hint)

    def chunks(self, path: Path) -> Iterator[bytes]:
        """The bytes of a file; a disk that does not answer is left when the user asks to stop."""
        with open(path, "rb", buffering=0) as file, abandonable(self.work.check) as call:
            while chunk := call(lambda: file.read(_CHUNK_BYTES)):
                yield chunk

    @contextmanager
    def of_each(self, files: Sequence[Named]) -> Iterator[Iterator[tuple[Named, Reading]]]:
        """Several files one after the other, each with a reading that has a folder of its own for what is made of it.

        What is told of many of them in the same words is told once, at the end.
        """
        if len(files) == 1:
            yield iter([(files[0], self)])
            return
        told = Alike(self.work.notice)
        with self.work.progress(tables.READING_FILES(), len(files), "files") as bar:
            yield self._each(files, told, bar)
        told.tell()

    def _each(self, files: Sequence[Named], told: Alike, bar: Advancing) -> Iterator[tuple[Named, Reading]]:
        for file in files:
            self.work.check()
            # What is made of two files of one name may not meet.
            folder = Path(tempfile.mkdtemp(dir=self.temporary))
            work = replace(self.work, notice=partial(told.add, file.path.name))
            yield file, replace(self, temporary=folder, work=work)
            bar.advance()


def tell_missing(files: Sequence[tuple[str, Sequence[str]]], notice: Callable[[str], None]) -> None:
    """Say which columns some of several files lack.

    Args:
        files: The files' names, each with those of its columns.
        notice: Tells the user a line.
    """
    names = {name.lower(): name for _, columns in reversed(files) for name in reversed(columns)}
    holding = [(file, {name.lower() for name in columns}) for file, columns in files]
    for lower, name in reversed(names.items()):
        lacking = [file for file, columns in holding if lower not in columns]
        if lacking:
            told = tables.COLUMN_MISSING if len(lacking) <= _NAMED else tables.COLUMN_MISSING_MORE
            notice(told(name=name, files=", ".join(lacking[:_NAMED]), more=len(lacking) - _NAMED))


class Alike:
    """What is told of many files: once where it differs by the file's name alone.

    Args:
        notice: Tells the user a line.
    """

    def __init__(self, notice: Callable[[str], None]) -> None:
        self._notice = notice
        self._said: dict[str, list[str]] = {}

    def add(self, name: str, text: str) -> None:
        """Note what is to be told of a file."""
        self._said.setdefault(text.replace(name, "\0"), []).append(name)

    def tell(self) -> None:
        """Tell what was noted."""
        for text, names in self._said.items():
            self._notice(text.replace("\0", names[0]))
            if others := len(names) - 1:
                self._notice(tables.ALIKE(name=names[0], others=counted(others, "file")))
