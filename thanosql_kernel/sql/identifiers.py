"""Names as SQL identifiers."""

from __future__ import annotations

import re

from thanosql_kernel.sql.word_marks import WORD_MARKS

_MARK = rf"[^\x00-\x7f](?:(?<=[{WORD_MARKS}]) | (?<=[\u200c\u200d])(?=\w))"

#: A word, for verbose patterns: letters, digits and ``_``, and all else that Unicode lets stand inside a word. DuckDB
#: takes any character beyond ASCII for a part of one; quotes and punctuation that only look alike are none to us.
WORD = rf"[^\W\d][\w$]*+(?: {_MARK} [\w$]*+ )*+"

#: The same without ``$``: what may stand behind ``$`` or between two of them.
TAG = rf"[^\W\d]\w*+(?: {_MARK} \w*+ )*+"

_WHOLE_WORD = re.compile(WORD, re.VERBOSE)


def quote(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def is_plain(name: str) -> bool:
    """Whether the lexer, and DuckDB too, reads the bare name as one word."""
    return _WHOLE_WORD.fullmatch(name) is not None


def quote_if_needed(name: str) -> str:
    """The name as SQL can read it, plain where it can be; for names that are no words of SQL."""
    return name if is_plain(name) else quote(name)


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
