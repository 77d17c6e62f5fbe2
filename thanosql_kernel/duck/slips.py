"""What was meant by SQL that DuckDB can read and finds no sense in: a text without its quotes, a name in two words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy

from thanosql_kernel.duck.words import as_name, is_reserved
from thanosql_kernel.errors import Fix, Span, ThanoSQLError, nearest
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.parameters import text_literal
from thanosql_kernel.sql.token_reader import token_index

Tokens = Sequence[Token]

_KEYWORDS = (
    "SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET JOIN UNION EXCEPT INTERSECT DISTINCT BETWEEN LIKE ILIKE "
    "CASE WHEN THEN ELSE END DESC ASC VALUES USING"
).split()
_BEHIND_SELECTION = frozenset("FROM WHERE GROUP HAVING ORDER LIMIT UNION )".split())
_COMPARING = frozenset("= == <> != < > <= >= LIKE ILIKE IN".split())


def as_text(tokens: Tokens, at: int) -> Fix | None:
    """The name there as a text, if it is compared with something, one of several values, or all there is."""
    index = _index(tokens, at)
    if index is None or not tokens[index].is_name:
        return None
    token, ticks = tokens[index], index > 0 and tokens[index - 1].text == "`"
    before = tokens[index - 1 - ticks].upper if index > ticks else ""
    is_alone = len(tokens) == 1 and token.kind == "quoted"
    is_listed = before in (",", "(") and token.kind == "quoted"
    if not (is_alone or is_listed or before in _COMPARING):
        return None
    return edits.writing(Span(token.start - ticks, token.end + ticks), text_literal(token.name))


def in_one(tokens: Tokens, at: int, names: Iterable[str]) -> Fix | None:
    """Two or three words there as the one name that they are: ``my photos``, ``image path`` for image_path."""
    index, known = _index(tokens, at), {name.lower(): name for name in names}
    if index is None:
        return None
    for count in (3, 2):
        words = tokens[index : index + count]
        if len(words) == count and all(word.kind == "word" for word in words):
            for between in (" ", "_", ""):
                if (name := known.get(between.join(word.text.lower() for word in words))) is not None:
                    return edits.writing(Span(words[0].start, words[-1].end), as_name(name))
    return None


def from_missing(tokens: Tokens, tables: Iterable[str]) -> Fix | None:
    """FROM in front of a table's name, or of the last name."""
    known = {name.lower() for name in tables}
    names = [token for token in tokens[1:] if token.is_name and not is_reserved(token.text)]
    found = next((token for token in names if token.name.lower() in known), None)
    last = names[-1] if names and names[-1] is tokens[-1] and names[-1].kind == "word" else None
    token = found or last
    return None if token is None else edits.insertion("FROM ", token.start, following=token.text)


def equals_missing(tokens: Tokens, at: int) -> Fix | None:
    """``=`` between a name there and the text behind it."""
    index = _index(tokens, at)
    if index is None:
        return None
    following = tokens[index + 1 : index + 2]
    if not following or following[0].kind != "string":
        return None
    return edits.insertion("= ", following[0].start, following=following[0].text)


def mended(error: ThanoSQLError, fix: Fix) -> ThanoSQLError:
    """The error with what mends it instead of a name that is near."""
    found = copy(error)
    found.meant, found.hint, found.fixes = None, fix.advice, (fix,)
    return found


def bare_select(tokens: Sequence[Token]) -> Span:
    """The SELECT that nothing to select follows, where DuckDB says only that there is one; else the last word."""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        nothing = following is None or following.upper in _BEHIND_SELECTION
        if token.upper == "SELECT" and nothing:
            return token.span
    return tokens[-1].span if tokens else Span(0, 0)


def keyword_slip(tokens: Sequence[Token], at: int) -> tuple[Token, str] | None:
    """The word at an error, or the one in front of it, that is a slip of a keyword, and the keyword."""
    for token in [token for token in tokens if token.start <= at][:-3:-1]:
        if token.kind == "word" and token.upper not in _KEYWORDS and len(token.text) > 2:
            meant = nearest(token.text, _KEYWORDS)
            if meant is not None:
                return token, meant
    return None


def _index(tokens: Tokens, at: int) -> int | None:
    index = token_index(tokens, at)
    return index if index < len(tokens) and tokens[index].start == at else None
