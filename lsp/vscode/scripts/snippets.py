"""The snippets, from the examples of the statements that the kernel has."""

from __future__ import annotations

from typing import Any

from thanosql_kernel.analysis.features.completion.skeletons import skeleton
from thanosql_kernel.statements.registry import statement_types
from thanosql_kernel.statements.statement import Statement


def snippets() -> dict[str, Any]:
    """One snippet a supported statement: its example, with what is yours to choose as tab stops."""
    return {
        " ".join(kind.heads[0]): {
            "prefix": _prefixes(kind),
            "body": skeleton(kind).split("\n"),
            "description": str(kind.help),
        }
        for kind in statement_types()
        if kind.is_supported() and kind.example
    }


def _prefixes(kind: type[Statement]) -> list[str]:
    """The words that begin the statement, as its example has them, and the first of them alone."""
    example = kind.example.upper()
    head = next(
        head for head in sorted(kind.heads, key=len, reverse=True) if example.startswith(" ".join(head))
    )
    return list(dict.fromkeys([" ".join(head).lower(), head[0].lower()]))
