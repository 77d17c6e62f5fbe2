"""Signs that only look like SQL's, as phones, word processors and East Asian keyboards write them: “ ” ； （ ＝ １."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from thanosql_kernel.errors import Fix, ParseError, Replace, Span
from thanosql_kernel.sql.brackets import CLOSING
from thanosql_kernel.sql.edits import writing
from thanosql_kernel.sql.lexer import CURLY_DOUBLE, Token
from thanosql_kernel.sql.literals import is_curly, straight
from thanosql_kernel.wording.grammar import TS100, WRITE

#: Quotes that open or close a text, whichever way they bend, each kind with its own.
_QUOTE_KINDS = (
    frozenset("“”„‟＂"),
    frozenset("‘’‚‛＇"),
    frozenset("«»"),
    frozenset("「」"),
    frozenset("『』"),
)
_QUOTES = frozenset().union(*_QUOTE_KINDS)
#: What `unicodedata` does not know to be the same.
_SIGNS = {
    "、": ",",
    "。": ".",
    "−": "-",
    "–": "-",
    "—": "-",
    "×": "*",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "<>",
}

#: Signs that nobody gives a column's name.
_NEVER_IN_NAMES = frozenset("；，＝")
_NAME_WITH_UNIT = re.compile(r"\w+（\w+）\w*")


def plain(text: str) -> str:
    """The text in the signs, letters and digits that SQL has; the same text if it has no others."""
    return text if text.isascii() else "".join(_SIGNS.get(char) or _of_full_width(char) for char in text)


def _of_full_width(char: str) -> str:
    """``１``, ``Ａ``, ``；`` as ASCII has them; every other character as it is."""
    folded = unicodedata.normalize("NFKC", char)
    return folded if folded.isascii() and unicodedata.east_asian_width(char) == "F" else char


def is_lookalike(token: Token) -> bool:
    """Whether a token is a sign or number of another alphabet, which SQL takes for a part of a name."""
    if token.text.isascii() or token.kind not in ("symbol", "number"):
        return False
    return token.text in _QUOTES or plain(token.text) != token.text


def stands_for_sql(tokens: Sequence[Token], index: int) -> bool:
    """Whether a lookalike is no part of a name: DuckDB takes ``가격（원）`` and ``１월`` for names of columns."""
    token = tokens[index]
    if is_curly(token):
        return token.text[0] in CURLY_DOUBLE and not _is_text(tokens, index)
    if not is_lookalike(token):
        return False
    if token.text in _QUOTES or token.text in _NEVER_IN_NAMES:
        return True
    if token.text in "（）":
        return not _NAME_WITH_UNIT.fullmatch(_run(tokens, index))
    return _run(tokens, index) == token.text


#: Behind these a text stands rather than a column's name.
_BEFORE_TEXT = frozenset(
    "= == <> != < > <= >= || -> ->> [ { : LIKE ILIKE GLOB TO ESCAPE THEN ELSE AS DATE TIME TIMESTAMP INTERVAL".split()
)


def _is_text(tokens: Sequence[Token], index: int) -> bool:
    """Whether what stands in “ ” can only be a text: behind an operator, or within a list or a function's brackets."""
    before = tokens[index - 1].upper if index else ""
    if before == "(":
        return index > 1 and tokens[index - 2].upper in ("IN", "VALUES", ",")
    depth = 0
    for token in reversed(tokens[:index] if before == "," else ()):
        depth += (token.text in CLOSING.values()) - (token.text in CLOSING)
        if depth < 0:
            return True
    return before in _BEFORE_TEXT


def _run(tokens: Sequence[Token], index: int) -> str:
    """The words, numbers and lookalikes around an index that no space parts."""
    first, last = index, index
    while first and tokens[first - 1].end == tokens[first].start and _is_in_run(tokens[first - 1]):
        first -= 1
    while (
        last + 1 < len(tokens) and tokens[last].end == tokens[last + 1].start and _is_in_run(tokens[last + 1])
    ):
        last += 1
    return "".join(token.text for token in tokens[first : last + 1])


def _is_in_run(token: Token) -> bool:
    return token.kind in ("word", "number") or is_lookalike(token)


def lookalike_error(source: str, tokens: Sequence[Token], index: int) -> ParseError:
    """The error for the sign or word at an index, with the fix that mends it and all that follow it."""
    token, written = tokens[index], plain(tokens[index].text)
    span, message = token.span, TS100.NO_SIGN
    if is_curly(token):
        return _text_or_name(token)
    if token.text in _QUOTES:
        end = _closing(tokens, index)
        span = Span(token.start, tokens[end].end)
        message, written = (
            TS100.NO_QUOTE,
            "'" + source[token.end : tokens[end].start] + "'" if end > index else "'",
        )
    elif _is_digit(token):
        end = _digits_end(tokens, index)
        span, message = Span(token.start, tokens[end].end), TS100.NO_NUMBER
        written = plain(source[span.start : span.end])
    elif token.kind != "symbol":
        message = TS100.WIDE_WORD
    edit = _mended(source, tokens[index:])
    title = WRITE if edit.span == span else TS100.WRITE_ALL
    fix = Fix(title(text=written), edit, advice=TS100.TYPE(text=written))
    text = source[span.start : span.end] if message is TS100.NO_NUMBER else token.text
    return ParseError(message(text=text), span=span, fixes=[fix])


def _text_or_name(token: Token) -> ParseError:
    """The error for what stands in “ ” where SQL may as well mean a column or table."""
    inside = token.text[1:-1]
    name, text = '"' + inside.replace('"', '""') + '"', straight(token)
    fixes = [writing(token.span, name), replace(writing(token.span, text), is_preferred=False)]
    return ParseError(
        TS100.TEXT_OR_NAME(text=token.text),
        span=token.span,
        hint=TS100.TYPE_EITHER(name=name, text=text),
        fixes=fixes,
    )


def _digits_end(tokens: Sequence[Token], index: int) -> int:
    """Index of the last of the digits that follow each other."""
    while (
        index + 1 < len(tokens)
        and tokens[index].end == tokens[index + 1].start
        and _is_digit(tokens[index + 1])
    ):
        index += 1
    return index


def _is_digit(token: Token) -> bool:
    return plain(token.text).isdigit()


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Index of the quote that closes one; its own if none does."""
    alike = next(kind for kind in _QUOTE_KINDS if tokens[index].text in kind)
    return next((at for at in range(index + 1, len(tokens)) if tokens[at].text in alike), index)


def _mended(source: str, tokens: Sequence[Token]) -> Replace:
    """All from the first to the last such sign in SQL's own."""
    edits = list(_edits(source, tokens))
    first, last = edits[0][0], edits[-1][0]
    parts, at = [], first.start
    for span, text in edits:
        parts += [source[at : span.start], text]
        at = span.end
    return Replace(Span(first.start, last.end), "".join(parts))


def _edits(source: str, tokens: Sequence[Token]) -> Iterator[tuple[Span, str]]:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _closing(tokens, at) if token.text in _QUOTES else at
        if end > at:
            inside = source[token.end : tokens[end].start].replace("'", "''")
            yield Span(token.start, tokens[end].end), f"'{inside}'"
        elif token.text in _QUOTES:
            yield token.span, "'"
        elif token.kind in ("symbol", "number", "word") and plain(token.text) != token.text:
            yield token.span, plain(token.text)
        at = end + 1
