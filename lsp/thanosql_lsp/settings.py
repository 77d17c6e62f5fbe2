"""What a user can set, under ``thanosql`` in the editor's settings or in the client's initialization options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force.

    Attributes:
        database: Folder or URI of the database; None for the nearest ``.thanosql``, as the kernel looks for it.
        check_queries: Whether DuckDB's parser checks the SQL of queries.
        run_command: The client's command that runs a statement; None when it has none.
        statement_snippets: Whether whole statements are offered to clients that understand snippets.
        language: What messages are in, as locales name it; None for the client's, else the system's.
    """

    database: str | None = None
    check_queries: bool = True
    run_command: str | None = None
    statement_snippets: bool = True
    language: str | None = None

    def updated(self, given: object) -> Self:
        """The settings with those that were given, wrong ones left out."""
        values = _plain(given)
        section = values.get("thanosql", values)
        return type(self)(**{**self._fields(), **_read(_plain(section))})

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    if isinstance(values.get("database"), str):
        read["database"] = values["database"].strip() or None
    if isinstance(values.get("language"), str):
        read["language"] = values["language"].strip() or None
    if isinstance(values.get("checkQueries"), bool):
        read["check_queries"] = values["checkQueries"]
    if isinstance(values.get("statementSnippets"), bool):
        read["statement_snippets"] = values["statementSnippets"]
    if isinstance(values.get("runCommand"), str):
        read["run_command"] = values["runCommand"] or None
    return read


def _plain(value: object) -> Mapping[str, Any]:
    """A mapping from what pygls made of a JSON object: a dict or a named tuple."""
    if isinstance(value, Mapping):
        return value
    as_dict = getattr(value, "_asdict", None)
    return as_dict() if as_dict else {}
