"""Names that users write and the ASCII names under which LanceDB keeps their tables."""

from __future__ import annotations

import re

from thanosql_kernel.catalog.location import INTERNAL
from thanosql_kernel.errors import Span, UnknownName

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
        raise UnknownName("a table needs a name", code="TS206", span=span)
    if is_internal(name.lower()):
        raise UnknownName(
            f"names that start with {INTERNAL} are kept for the kernel",
            code="TS206",
            span=span,
            hint="choose another name",
        )
    if len(storage_name(name)) > _MAX_STORAGE_LENGTH:
        raise UnknownName(
            "the table's name is too long", code="TS206", span=span, hint="choose a shorter name"
        )


def column_problem(name: str) -> str | None:
    """Why LanceDB cannot keep a column of that name; None if it can."""
    if not name.strip():
        return "is empty"
    if "." in name or "`" in name:
        return "holds a dot or a backtick"
    if name.lower() in _RESERVED_COLUMNS:
        return "is kept for LanceDB"
    return None


def check_column_name(name: str, span: Span | None = None) -> None:
    """Refuse column names that LanceDB cannot keep.

    Raises:
        UnknownName: TS206.
    """
    problem = column_problem(name)
    if problem is not None:
        raise UnknownName(
            f"a column cannot be stored as {name!r}: the name {problem}",
            code="TS206",
            span=span,
            hint=f"name it otherwise, e.g. AS {storable_column(name)}",
        )


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
