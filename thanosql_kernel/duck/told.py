"""What DuckDB says, as users read it: in the language spoken, without what is of no use to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter

from thanosql_kernel.wording import Said, Wording
from thanosql_kernel.wording.duckdb import MESSAGES, NOT_VALID, OTHER
from thanosql_kernel.wording.grammar import TS105

_PLACEHOLDER = re.compile(
    r'"?\b_(?:[nq]|thanosql_)\d*\b"?\.?|"?\btemp"?\.main\.'
    r"| \(use: [^)]*\bunnamed_subquery[^)]*\)| when casting from source column SUBQUERY"
)
SOURCE = re.compile(r",? ?/(?:home|rustc)/\S+\.rs:\d+:\d+.*", re.DOTALL)  # where Lance says something
_TOO_DEEP = re.compile(r"Max expression depth limit of (\d+) exceeded")
_NOT_TO_BE_HAD = re.compile(
    r"(?:,? or |(?<=[.!;\n])\s*)(?:[^.!\n]|\.\.\.)*?"
    r"(?:\bSET \w+ ?(?:=|TO )|\bset \w+ ?=|\bPRAGMA \w|\b(?:INSTALL|LOAD)\b)[^\n]*"
)
_SUGGESTION = re.compile(
    r"\s*(Did you mean|Candidate |\tCandidate |LINE \d+:|Either add|Possible solutions:).*", re.DOTALL
)
_IN_QUOTES = re.compile(r"\"[^\"]*\"|'[^']*'")
_HANGUL = re.compile("[가-힣]")


def told(message: str) -> Said:
    """DuckDB's message in the language spoken, without its suggestions, our placeholders and unattainable settings."""
    if deep := _TOO_DEEP.search(message):
        return TS105.NESTED_AT_MOST(depth=int(deep[1]))
    text = _PLACEHOLDER.sub("", _NOT_TO_BE_HAD.sub("", bare(SOURCE.sub("", message))))
    text = " ".join(text.strip().rstrip("!.").split())
    return _said(text) if text else NOT_VALID()


def bare(message: str) -> str:
    """A message without suggestions."""
    return _SUGGESTION.sub("", message)


def _said(text: str) -> Said:
    for template, wording in _templates():
        if (found := template.fullmatch(text)) is not None:
            return wording(**_values(found.groupdict()))
    # What SQL's error() says is ours, or the user's.
    return Said(text) if _HANGUL.search(_IN_QUOTES.sub("", text)) else OTHER(text=text)


def _values(found: Mapping[str, str]) -> dict[str, str]:
    return {name: _said(value) if name == "problem" else value for name, value in found.items()}


@cache
def _templates() -> tuple[tuple[re.Pattern[str], Wording], ...]:
    return tuple((_pattern(template), wording) for template, wording in MESSAGES.items())


def _pattern(template: str) -> re.Pattern[str]:
    """What a message looks like that the template was made into."""
    pieces = Formatter().parse(template)
    return re.compile(
        "".join(re.escape(text) + (f"(?P<{name}>.*?)" if name else "") for text, name, *_ in pieces)
    )
