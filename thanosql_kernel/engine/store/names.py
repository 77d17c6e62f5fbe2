"""Names that users write and the ASCII names under which LanceDB keeps their tables."""

from __future__ import annotations

import re

from thanosql_kernel.catalog.location import INTERNAL
from thanosql_kernel.errors import Span, UnknownName
from thanosql_kernel.wording import Wording
from thanosql_kernel.wording.names import CHOOSE_ANOTHER_NAME, TS206

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
_SAFE = re.compile(r"[A-Za-z0-9_-]")
_ENCODED = re.compile(r"u\.(?:[A-Za-z0-9_-]|\.\.[0-9a-f]{6}|\.[0-9a-f]{4})+\Z")
_ESCAPE = re.compile(r"\.\.([0-9a-f]{6})|\.([0-9a-f]{4})")
_MAX_STORAGE_LENGTH = 240  # file names end at 255 bytes; ".lance" and temporary suffixes need some
_RESERVED_COLUMNS = frozenset({"_rowid", "_rowaddr", "_distance", "_score", "_rowoffset"})


def storage_name(name: str) -> str:
    """The name in LanceDB: plain ASCII names as they are, others as ``u.`` and code points in hex."""
    if _PLAIN.match(name):
        return name
    return "u." + "".join(char if _SAFE.match(char) else _escape(char) for char in name)


def user_name(storage: str) -> str:
    """The name that `storage_name` encoded; names that other programs chose stay as they are."""
    if not _ENCODED.match(storage):
        return storage
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), storage[2:])


def is_internal(storage: str) -> bool:
    """Whether a table is the engine's own and hidden from users."""
    return storage.startswith(INTERNAL)


def check_table_name(name: str, span: Span | None = None) -> None:
    """Refuse names that cannot be stored.

    Raises:
        UnknownName: TS206.
    """
    if not name.strip():
        raise UnknownName(TS206.NO_NAME(), span=span)
    if is_internal(name.lower()):
        raise UnknownName(TS206.KEPT(prefix=INTERNAL), span=span, hint=CHOOSE_ANOTHER_NAME())
    if len(storage_name(name)) > _MAX_STORAGE_LENGTH:
        raise UnknownName(TS206.TOO_LONG(), span=span, hint=TS206.CHOOSE_A_SHORTER_NAME())


def column_problem(name: str) -> Wording | None:
    """What to say of a ``name`` that LanceDB cannot keep a column under; None for one that it can."""
    if not name.strip():
        return TS206.EMPTY_COLUMN
    if "." in name or "`" in name:
        return TS206.DOTTED_COLUMN
    if name.lower() in _RESERVED_COLUMNS:
        return TS206.KEPT_COLUMN
    return None


def check_column_name(name: str, span: Span | None = None) -> None:
    """Refuse column names that LanceDB cannot keep.

    Raises:
        UnknownName: TS206.
    """
    problem = column_problem(name)
    if problem is not None:
        hint = TS206.NAME_COLUMN(name=storable_column(name))
        raise UnknownName(problem(name=repr(name)), span=span, hint=hint)


def storable_column(name: str) -> str:
    """A name near ``name`` that LanceDB can keep."""
    cleaned = re.sub(r"[.`]+", "_", name).strip()
    cleaned = (
        re.sub(r"\W+", "_", cleaned).strip("_") if column_problem(cleaned) or "(" in cleaned else cleaned
    )
    return cleaned if cleaned and column_problem(cleaned) is None else "column"


def _escape(char: str) -> str:
    code = ord(char)
    return f".{code:04x}" if code < 0x10000 else f"..{code:06x}"
