"""Mending a statement that cannot be read: edits are tried until one makes it a statement, and the error says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from itertools import chain, islice

from thanosql_kernel.duck.errors import Place, translate
from thanosql_kernel.duck.parser import failure as failure_of_sql
from thanosql_kernel.errors import Fix, ParseError, Replace, Span, ThanoSQLError, UnexpectedEnd, Unsupported
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.failure import Failure
from thanosql_kernel.sql.lexer import Token, significant, tokenize
from thanosql_kernel.sql.misplaced import last_candidates, trailing_commas
from thanosql_kernel.sql.query import Query
from thanosql_kernel.sql.quote_slips import quote_candidates
from thanosql_kernel.sql.script import Piece
from thanosql_kernel.sql.slips import candidates, first_candidates
from thanosql_kernel.sql.token_reader import token_index
from thanosql_kernel.statements.boundaries import AROUND, read
from thanosql_kernel.statements.cell import pieces
from thanosql_kernel.statements.foresight import Unforeseen
from thanosql_kernel.statements.registry import heads, parse_at, parse_nested

#: Longest statement that is tried, and most tries.
_MOST_TOKENS, _MOST_TRIES = 250, 150
#: Words that may be missing one behind the other: ``IMAGE AS SELECT * FROM``.
_MOST_MISSING = 3
#: Of several words that would do, these first.
_FIRST = ("TABLE", "IMAGE", "MODEL", "AS", "FROM", "=", "text", ",")


def repaired_in_cell(error: ThanoSQLError, text: str) -> ThanoSQLError:
    """The error of a cell with the edit that mends it, if one is found; the error itself if not."""
    found = pieces(text)
    at = error.span.start if error.span is not None else 0
    index = max((index for index, piece in enumerate(found) if piece.span.start <= at), default=None)
    if index is None or not found[index].tokens:
        return error
    parted = _parted(error, text, found, index)
    return parted if parted is not None else repaired(error, text, found[index].tokens)


def repaired(error: ThanoSQLError, text: str, tokens: Sequence[Token]) -> ThanoSQLError:
    """The error of a statement with the edit that mends it, if one is found; the error itself if not.

    Args:
        error: Why the statement cannot be read.
        text: The cell.
        tokens: The statement's.
    """
    if not _may_mend(error, tokens):
        return error
    start, end = tokens[0].start, tokens[-1].end
    local = error.moved(-start)
    search = _Search(text[start:end], local)
    try:
        found = search.best()
    except RecursionError:
        return error
    return error if found is None else _with(local, found, search).moved(start)


def _may_mend(error: ThanoSQLError, tokens: Sequence[Token]) -> bool:
    """Whether the error is one of grammar, and says no surer way to mend it."""
    is_grammar = isinstance(error, ParseError) and error.code in ("TS100", "TS101", "TS105")
    is_known = any(not isinstance(fix.edit, Replace) for fix in error.fixes)
    return is_grammar and not is_known and 0 < len(tokens) <= _MOST_TOKENS and error.view is None


def _with(error: ThanoSQLError, found: Fix, search: _Search) -> ThanoSQLError:
    """The error with the fix that mends it in front of its other ones that do."""
    mended = copy(error)
    is_meant = error.meant is not None and found.edit == Replace(error.span or Span(0, 0), error.meant)
    others = tuple(fix for fix in error.fixes if fix.edit != found.edit and search.mends(fix))
    if is_meant:
        mended.fixes = others
    else:
        is_own = any(fix.edit == found.edit for fix in error.fixes)
        mended.hint = (error.hint if is_own and error.meant is None else None) or found.advice
        mended.meant, mended.fixes = None, (found, *others)
    return mended


class _Search:
    """Tries edits of a text that is one statement.

    Args:
        text: The text.
        error: Why it cannot be read.
    """

    def __init__(self, text: str, error: ThanoSQLError) -> None:
        self._text = text
        self._error = error
        self._tried: dict[str, Failure | None] = {}

    def best(self) -> Fix | None:
        """The first edit after which it can be read; else of the likeliest the first that makes more of it readable."""
        failure = _failure(self._text, checked=False)
        if failure is None:
            return None
        failure = _at_error(failure, self._error)
        first = list(chain(quote_candidates(failure), first_candidates(failure, _query_words())))
        rest = self._candidates(failure) if failure.at else ()
        if self._is_unfinished(failure):
            rest = chain(trailing_commas(failure), self._insertions(failure))
        whole = next(filter(self.mends, islice(chain(first, rest), _MOST_TRIES)), None)
        return whole or next((fix for fix in first if self._left(fix) < failure.left - 1), None)

    def _is_unfinished(self, failure: Failure) -> bool:
        """Whether what is wrong is that more has to follow: then nothing that is there is too much."""
        return isinstance(self._error, UnexpectedEnd) or read(self._text, failure.tokens).is_unfinished

    def _left(self, fix: Fix) -> int:
        """How many tokens cannot be read after the edit."""
        after = self._read(_applied(fix, self._text))
        return 0 if after is None else after.left

    def mends(self, fix: Fix) -> bool:
        """Whether it can be read after the edit."""
        return isinstance(fix.edit, Replace) and self._read(_applied(fix, self._text)) is None

    def _candidates(self, failure: Failure) -> Iterator[Fix]:
        return chain(candidates(failure), self._insertions(failure), last_candidates(failure))

    def _insertions(self, failure: Failure) -> Iterator[Fix]:
        """What is wanted put in front of what cannot be read; where more is wanted then, that too."""
        is_end = failure.at == len(failure.tokens)
        for index in filter(None, failure.around):
            fixes = {"": failure}
            for _ in range(_MOST_MISSING if index == failure.at else 1):
                longer: dict[str, Failure] = {}
                for written, at in fixes.items():
                    for text in _wanted(at, at.at if written or is_end else index):
                        fix = _inserted(failure, index, _joined(written, text))
                        yield fix
                        after = self._read(_applied(fix, self._text))
                        if after is not None and after.left == failure.left and after.at > at.at:
                            longer[_joined(written, text)] = after
                fixes = longer

    def _read(self, text: str) -> Failure | None:
        """Why a text is no statement; None if it is one."""
        if text not in self._tried:
            self._tried[text] = _failure(text)
        return self._tried[text]


def _failure(text: str, *, checked: bool = True) -> Failure | None:
    """Why a text is no statement, or if ``checked`` breaks a rule of its own; None if it is one."""
    tokens = significant(tokenize(text))
    cursor = Cursor(text, tokens, nested=parse_nested)
    error = next(_problems(cursor, checked=checked), None)
    return None if error is None else _at_error(Failure(text, tokens, error, cursor.wants, 0), error)


def _at_error(failure: Failure, error: ThanoSQLError) -> Failure:
    tokens = failure.tokens
    at = token_index(tokens, error.span.start) if error.span is not None else len(tokens)
    return Failure(failure.source, tokens, error, failure.wants, at)


def _problems(cursor: Cursor, *, checked: bool) -> Iterator[ThanoSQLError]:
    """What is wrong with a statement whatever the database holds."""
    try:
        statement = parse_at(cursor)
    except ThanoSQLError as error:
        yield error
        return
    for problem in statement.all_problems(Unforeseen()) if checked else ():
        if isinstance(problem, ParseError | Unsupported):
            yield problem
    for one in (statement, *statement.children()):
        for query in one.queries:
            yield from _wrong_sql(query)


def _wrong_sql(query: Query) -> Iterator[ThanoSQLError]:
    in_front, sql = AROUND.get(query.form, ""), query.sql()
    if query.bare_name is None and (wrong := failure_of_sql(in_front + sql)) is not None:
        yield translate(wrong, Place(sql, query.span.start, len(in_front)))


def _query_words() -> list[str]:
    """The words that begin a query of SQL's own."""
    return [word for word, found in heads().items() if any(head.kind.is_query for head in found)]


def _wanted(failure: Failure, index: int) -> list[str]:
    """What could be put in front of a token."""
    words = failure.words(index)
    following = failure.tokens[index] if index < len(failure.tokens) else None
    if following is not None and following.text == "=":
        return []  # what is assigned to is never left out
    if following is not None and failure.takes(index, "query") and following.upper != "OPTIONS":
        words.append("SELECT * FROM" if following.is_name else "VALUES")
    return sorted(words, key=lambda word: _FIRST.index(word) if word in _FIRST else len(_FIRST))


def _joined(words: str, word: str) -> str:
    """Words that stand behind each other; ``text=`` without a blank."""
    return words + word if word == "=" or not words else f"{words} {word}"


def _inserted(failure: Failure, index: int, words: str) -> Fix:
    """Words in front of a token; of an option and its sign the title says what it looks like then."""
    token, before = failure.tokens[index], failure.tokens[index - 1].end
    if words.endswith("=") and len(words) > 1:
        return edits.writing(token.span, words + token.text)
    if words in edits.CLOSING_SIGNS:
        return edits.insertion(words, before, following=token.text)
    is_word = words[-1].isalnum() or words[-1] == "*"
    is_apart = is_word or (words == "=" and before < token.start)
    written = f"{' ' if is_word and before == token.start else ''}{words}{' ' if is_apart else ''}"
    return edits.insertion(written, token.start, following=token.text)


def _applied(fix: Fix, text: str) -> str:
    edit = fix.edit
    assert isinstance(edit, Replace)
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


def _parted(error: ThanoSQLError, text: str, found: Sequence[Piece], index: int) -> ThanoSQLError | None:
    """The error of one statement that a semicolon makes two, with the edit that makes it one again."""
    is_cut = isinstance(error, UnexpectedEnd)
    first = index if is_cut else index - 1
    if first < 0 or first + 1 >= len(found) or not found[first].tokens or not found[first + 1].tokens:
        return None
    one, other = found[first].span, found[first + 1].span
    at = text.find(";", one.end, other.start)
    if at < 0 or not (is_cut or error.span == found[index].tokens[0].span):
        return None
    span = Span(at, at + 1)
    for fix in (edits.writing(span, ",", old=";"), edits.removal(span, ";"))[not is_cut :]:
        if _failure(_applied(fix, text[: other.end])[one.start :]) is None:
            mended = copy(error)
            mended.hint, mended.meant, mended.fixes = fix.advice, None, (fix,)
            return mended
    return None
