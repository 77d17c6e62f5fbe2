"""The snippets, from the examples of the statements that the kernel has."""

from __future__ import annotations

from typing import Any

from thanosql_kernel.analysis.features.completion.skeletons import skeleton
from thanosql_kernel.statements.registry import documented_types, titles
from thanosql_kernel.statements.statement import Statement


def snippets() -> dict[str, Any]:
    """One snippet a supported statement: its example, with what is yours to choose as tab stops."""
    return {
        titles(kind)[0]: {
            "prefix": _prefixes(kind),
            "body": skeleton(kind).split("\n"),
            "description": str(kind.help),
        }
        for kind in documented_types()
        if kind.is_supported() and kind.example
    }


def _prefixes(kind: type[Statement]) -> list[str]:
    """The words that begin the statement, as its example has them, and the first of them alone."""
    example = kind.example.upper()
    known = sorted(titles(kind), key=len, reverse=True)
    title = next(title for title in known if example.startswith(title.upper())).lower()
    return list(dict.fromkeys([title, title.partition(" ")[0]]))
