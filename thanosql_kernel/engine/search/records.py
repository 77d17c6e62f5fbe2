"""What was noted of indexes when they were built: over which values, told by the files that hold these.

Of a fragment that holds other values by now, nothing is taken from an index.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from thanosql_kernel.engine.store.identity import Fragment, fragments
from thanosql_kernel.files import replace_file

#: Of the rows that an index is built over, at least one part in so many must be as they were for it to be used.
_LEAST_KNOWN = 2


class Noted(Protocol):
    """A record of an index: a dataclass of what JSON holds."""

    @property
    def uuid(self) -> str:
        """Tells it from all others."""
        ...

    @property
    def name(self) -> str:
        """As the user calls it."""
        ...

    @property
    def rows(self) -> int:
        """How many rows it was built over."""
        ...

    @property
    def parts(self) -> dict[str, str]:
        """What the values in its fragments were, by their numbers."""
        ...


R = TypeVar("R", bound=Noted)


class Records(Generic[R]):
    """The records of a database's indexes of one kind, one file each.

    Args:
        folder: Where they are.
        read: Makes a record of its parts.
    """

    def __init__(self, folder: Path, read: Callable[..., R]) -> None:
        self.folder = folder
        self._read = read

    def of(self, uuid: str) -> R | None:
        """The record of an index; None if it was not built here."""
        with suppress(OSError, ValueError, TypeError, AttributeError):
            return self._read(**json.loads((self.folder / f"{uuid}.json").read_text(encoding="utf-8")))
        return None

    def __iter__(self) -> Iterator[R]:
        """All of them, in a fixed order."""
        with suppress(OSError):
            for file in sorted(self.folder.glob("*.json")):
                if (record := self.of(file.stem)) is not None:
                    yield record

    def write(self, record: R) -> None:
        """Keep a record."""
        self.folder.mkdir(parents=True, exist_ok=True)
        written: Any = record
        replace_file(
            self.folder / f"{record.uuid}.json", json.dumps(asdict(written)).encode(), is_shared=True
        )

    def forget(self, uuid: str) -> None:
        """Keep the record of an index no longer."""
        with suppress(OSError):
            (self.folder / f"{uuid}.json").unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which of a column's fragments are as they were when an index was built.

    Attributes:
        known: Their numbers.
        others: All others.
        total: How many rows there are, deleted ones too.
    """

    known: frozenset[int]
    others: tuple[Fragment, ...]
    total: int

    @property
    def others_rows(self) -> int:
        """How many rows are in others, deleted ones too."""
        return sum(part.rows for part in self.others)

    @property
    def is_enough(self) -> bool:
        """Whether so much is known that the index is worth it."""
        return self.total > 0 and (self.total - self.others_rows) * _LEAST_KNOWN >= self.total


def digest(part: Fragment) -> str:
    """Tells the values in a fragment from all others, wherever the database lies."""
    return hashlib.sha256(repr(part.values._replace(place="")).encode()).hexdigest()[:32]


def digests(dataset: Any, column: str) -> dict[str, str]:
    """What the values in a column's fragments are, by their numbers, in the order of the rows."""
    return {str(part.number): digest(part) for part in fragments(dataset, column)}


def is_of(dataset: Any, column: str, noted: Mapping[str, str]) -> bool:
    """Whether any of a column's values are those that were noted; columns of nothing but NULLs all look alike."""
    parts = (part for part in fragments(dataset, column) if part.values.files)
    return any(noted.get(str(part.number)) == digest(part) for part in parts)


def coverage(dataset: Any, column: str, noted: Mapping[str, str]) -> Coverage:
    """What of a column is as it was noted."""
    parts = fragments(dataset, column)
    known = frozenset(part.number for part in parts if noted.get(str(part.number)) == digest(part))
    others = tuple(part for part in parts if part.number not in known)
    return Coverage(known, others, sum(part.rows for part in parts))
