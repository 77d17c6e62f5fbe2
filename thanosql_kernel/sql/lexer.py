"""Text to tokens: one master regular expression, lossless, with offsets in code points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from thanosql_kernel.errors import Span
from thanosql_kernel.sql.identifiers import TAG, WORD

TokenKind = Literal[
    "space", "comment", "string", "quoted", "number", "word", "parameter", "symbol", "unclosed"
]

#: The byte order mark is what some editors begin a file with.
_SPACE = r"[\s\ufeff]+"
#: A string in which a backslash escapes.
_ESCAPED = r"[eE]'(?:[^'\\]|\\.|'')*'"
_DEEPEST = 8

#: Quotes as word processors and phones bend them. A pair of them on one line is a string; a ’ within a word is none.
CURLY_DOUBLE, CURLY_SINGLE = "“”„‟", "‘’‚‛"
CURLY = CURLY_DOUBLE + CURLY_SINGLE
CURLY_STRING = (
    rf"[{CURLY_DOUBLE}][^{CURLY_DOUBLE}\n]*[{CURLY_DOUBLE}]"
    rf"|[{CURLY_SINGLE}](?:[^{CURLY_SINGLE}\n]|(?<=\w)’(?=\w))*(?:[‘‚‛]|(?<!\w)’|’(?!\w))"
)
_UNCLOSED = r"/\*.* | ['\"“„‘‚][^\n]*"


def _nested_comment(depth: int) -> str:
    """Comments hold comments, as DuckDB reads them; what is nested deeper than ``depth`` counts as not closed."""
    plain = r"[^*/]++ | \*(?!/) | /(?!\*)"
    pattern = rf"/\*(?: {plain} )*+\*/"
    for _ in range(depth):
        pattern = rf"/\*(?: {plain} | {pattern} )*+\*/"
    return pattern


#: As DuckDB reads them: ``_`` between digits only, ``0x1F`` is 0 and a name.
_NUMBER = r"(?:[0-9](?:_?[0-9])*+(?:\.(?:[0-9](?:_?[0-9])*+)?)?|\.[0-9](?:_?[0-9])*+)(?:[eE][+-]?[0-9](?:_?[0-9])*+)?"
_DOLLARS = rf"\$(?P<tag>{TAG}|)\$.*?\$(?P=tag)\$"
_PARAMETER = rf"\${TAG}(?!\$)"

_COMMENT = rf"--[^\n]* | {_nested_comment(_DEEPEST)}"
#: A line of Python's comments; ``#1`` is a column in SQL.
_LINE_COMMENT = r"^\#(?![0-9])[^\n]*"

_TOKEN = re.compile(
    rf"""
    (?P<space>{_SPACE})
  | (?P<comment>{_COMMENT} | (?m:{_LINE_COMMENT}))
  | (?P<string>'(?:[^']|'')*' | {_ESCAPED} | {_DOLLARS} | {CURLY_STRING})
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<unclosed>{_UNCLOSED})
  | (?P<number>{_NUMBER})
  | (?P<word>{WORD})
  | (?P<parameter>{_PARAMETER})
  | (?P<symbol>->>|->|::|<=|>=|<>|!=|\|\||==|.)
    """,
    re.VERBOSE | re.DOTALL,
)

# The same tokens with what carries no meaning read over in front of each: a third of the time of the other.
# Possessive, since a long blank tail would otherwise be tried from every place in it.
_SIGNIFICANT = re.compile(
    rf"""
    (?> {_SPACE} | {_COMMENT} | {_LINE_COMMENT} )*+
    (?:
        (?P<word>(?!{_ESCAPED}){WORD})
      | (?P<mark>[(),;=*\[\]](?!=) | \.(?![0-9]))
      | (?P<string>'[^']*(?:''[^']*)*' | {_ESCAPED} | {_DOLLARS} | {CURLY_STRING})
      | (?P<quoted>"[^"]*(?:""[^"]*)*")
      | (?P<unclosed>{_UNCLOSED})
      | (?P<number>{_NUMBER})
      | (?P<parameter>{_PARAMETER})
      | (?P<symbol>->>|->|::|<=|>=|<>|!=|\|\||==|.)
      | (?P<end>\Z)
    )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


class Token(NamedTuple):
    """A piece of the source: ``source[start:end] == text``."""

    kind: TokenKind
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    @property
    def is_name(self) -> bool:
        """Whether it can name a table or column in SQL: a word or ``"quoted"``."""
        return self.kind in ("word", "quoted")

    @property
    def name(self) -> str:
        """The name without its quotes."""
        return self.text[1:-1].replace('""', '"') if self.kind == "quoted" else self.text

    @property
    def upper(self) -> str:
        """The text in capitals if it is a word, else the text: what keywords are compared with."""
        return self.text.upper() if self.kind == "word" else self.text


def tokenize(source: str) -> list[Token]:
    """All tokens of ``source``, spaces and comments included; joined, their texts are the source again.

    Text that no token fits (an unclosed string, name or comment) becomes one ``unclosed`` token: to the end of its
    line for strings and names, so that one missing quote does not swallow the cell, and to the end for comments.
    """
    return [
        Token(match.lastgroup or "symbol", match.group(), match.start(), match.end())  # type: ignore[arg-type]
        for match in _TOKEN.finditer(source)
    ]


def significant(tokens: list[Token]) -> list[Token]:
    """The tokens that carry meaning: all but spaces and comments."""
    return [token for token in tokens if token.kind not in ("space", "comment")]


def read_tokens(source: str, start: int = 0) -> Iterator[Token]:
    """The tokens that carry meaning, read as they are asked for, from a place where a token begins."""
    for match in _SIGNIFICANT.finditer(source, start):
        kind = match.lastgroup
        if kind == "mark":
            yield Token("symbol", match["mark"], *match.span("mark"))
        elif kind is not None and kind != "end":
            yield Token(kind, match[kind], *match.span(kind))  # type: ignore[arg-type]


def line_comments(source: str, start: int, end: int) -> Iterator[Span]:
    """Where lines of comments stand in a part of a text that begins and ends with tokens."""
    if "\n#" in source[start:end]:
        for match in _TOKEN.finditer(source, start, end):
            if match.lastgroup == "comment" and match.group().startswith("#"):
                yield Span(*match.span())
