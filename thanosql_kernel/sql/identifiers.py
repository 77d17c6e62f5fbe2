"""Names as SQL identifiers."""

from __future__ import annotations

import re


def quote(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_if_needed(name: str) -> str:
    """The name as SQL can read it, plain where it can be."""
    return name if re.fullmatch(r"[^\W\d]\w*", name) else quote(name)


def unique_names(names: list[str]) -> list[str]:
    """The names with ``_1``, ``_2`` … behind repetitions (letter case ignored)."""
    seen: set[str] = set()
    result = []
    for name in names:
        candidate, number = name, 0
        while candidate.lower() in seen:
            number += 1
            candidate = f"{name}_{number}"
        seen.add(candidate.lower())
        result.append(candidate)
    return result
