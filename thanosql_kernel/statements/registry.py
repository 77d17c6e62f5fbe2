"""Which statements there are: every module of this package is looked into once."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from thanosql_kernel.errors import ParseError, Span, Unsupported, nearest
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.lookalikes import is_lookalike, plain
from thanosql_kernel.sql.token_reader import Want
from thanosql_kernel.statements.answers import answer
from thanosql_kernel.statements.function import AnyFunction, Function
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.statements.table_version import TableVersionRead
from thanosql_kernel.wording.grammar import TS100


class Head(NamedTuple):
    """Words that begin a statement, and which."""

    words: Words
    kind: type[Statement]

    @property
    def is_supported(self) -> bool:
        """Whether this kernel runs what begins so."""
        return self.words not in self.kind.unsupported


@cache
def statement_types() -> tuple[type[Statement], ...]:
    """All statements, sorted by the words that begin them."""
    return tuple(sorted((item for item in _found() if item.heads), key=lambda item: item.heads))


@cache
def functions() -> dict[str, type[Function]]:
    """What FUNCTION computes, by lower-case name, those of older generations among them.

    Raises:
        TypeError: Two functions have the same name.
    """
    by_name: dict[str, type[Function]] = {}
    for kind in sorted(_found(), key=lambda item: item.__name__):
        if issubclass(kind, Function):
            for name in kind.called:
                if by_name.setdefault(name.lower(), kind) is not kind:
                    raise TypeError(f"{by_name[name.lower()].__name__} and {kind.__name__} are both {name}")
    return by_name


AnyFunction.functions = staticmethod(functions)


def documented_types() -> tuple[type[Statement], ...]:
    """All statements, and each function as if it were one."""
    return (*statement_types(), *dict.fromkeys(functions().values()))


def titles(kind: type[Statement]) -> tuple[str, ...]:
    """What the statement is known by: the words that begin it, or the function that it is."""
    if issubclass(kind, Function) and kind.called:
        return tuple(f"FUNCTION {name}" for name in kind.called)
    return tuple(" ".join(words) for words in kind.heads)


@cache
def _found() -> frozenset[type[Statement]]:
    """Every kind of statement in the modules of this package."""
    package = __name__.rpartition(".")[0]
    path = importlib.import_module(package).__path__
    modules = [
        importlib.import_module(f"{package}.{info.name}")
        for info in pkgutil.iter_modules(path)
        if info.name[0] != "_"
    ]
    return frozenset(
        item
        for module in modules
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Statement)
    )


@cache
def heads() -> dict[str, tuple[Head, ...]]:
    """First word -> the statements that it may begin, longest word sequence first.

    Raises:
        TypeError: Two statements begin with the same words.
    """
    by_words: dict[Words, Head] = {}
    for head in (Head(words, kind) for kind in statement_types() for words in kind.heads):
        if (other := by_words.setdefault(head.words, head)) is not head:
            raise TypeError(f"{other.kind.__name__} and {head.kind.__name__} both begin with {head.words}")
    longest_first = sorted(by_words.values(), key=lambda head: (-len(head.words), head.words))
    first_words = dict.fromkeys(words[0] for words in by_words)
    return {word: tuple(head for head in longest_first if head.words[0] == word) for word in first_words}


def is_runnable(words: Words) -> bool:
    """Whether some statement that this kernel runs begins with these words, or goes on with more of them."""
    found = heads().get(words[0], ())
    return any(head.words[: len(words)] == words and head.is_supported for head in found)


@cache
def query_type() -> type[Statement]:
    """The statement that a query is when it stands alone."""
    return next(kind for kind in statement_types() if kind.is_query)


def begins_statement(tokens: Sequence[Token]) -> bool:
    """Whether the tokens start with all the words of some statement that may begin a line."""
    return find_head(tokens) is not None and tokens[0].upper != "FROM"


def find_head(tokens: Sequence[Token]) -> Head | None:
    """The statement whose words the tokens start with."""
    if not tokens or tokens[0].kind != "word":
        return None
    for head in heads().get(tokens[0].upper, ()):
        more = len(head.words) - 1
        if not more or tuple([token.upper for token in tokens[1 : 1 + more]]) == head.words[1:]:
            return head
    return None


def parse_at(cursor: Cursor) -> Statement:
    """Parse the statement at the cursor, up to where the cursor stops.

    Raises:
        ParseError: No statement begins here, or it does not follow its grammar.
        Unsupported: There is something else instead of it.
    """
    if not cursor.open and (told := _answer(cursor)) is not None:
        raise told
    cursor.read_given(_behind_with())
    words, kind = _read_head(cursor)
    cursor.open.append(kind)
    if cursor.given is not None and len(cursor.open) == 1 and not kind.takes_given:
        raise ParseError(TS100.WITH_IN_FRONT(words=" ".join(words)), span=cursor.given.span)
    statement = kind.parse(cursor, words)
    cursor.expect_end()
    cursor.open.pop()
    return statement


def _answer(cursor: Cursor) -> Unsupported | None:
    """What there is instead of the statement at the cursor; None where it is one of the longer words of ours."""
    tokens = cursor.tokens[cursor.at : cursor.stop]
    head = find_head(tokens)
    return answer(tokens, longer_than=len(head.words) if head is not None else 0)


@cache
def _behind_with() -> frozenset[str]:
    """The first words of statements that common table expressions may stand in front of."""
    return frozenset(words[0] for kind in statement_types() if kind.takes_given for words in kind.heads)


class _Nesting:
    """What reading queries asks of the statements."""

    def __call__(self, cursor: Cursor) -> Statement | None:
        """Parse the table-valued statement at the cursor; None when plain SQL stands there."""
        found = find_head(cursor.tokens[cursor.at : cursor.at + 4])
        if found is None:
            _want_table_valued(cursor)
            return None
        return parse_at(cursor) if found.kind.table_valued else None

    def begins_query(self, tokens: Sequence[Token]) -> bool:
        """Whether the tokens start with the words of SQL's own queries."""
        found = find_head(tokens)
        return found is not None and found.kind.is_query

    def at_version(self, cursor: Cursor) -> Statement:
        """Parse the table at a version that stands at the cursor."""
        return TableVersionRead.parse(cursor, ())


parse_nested = _Nesting()


@cache
def _first_words(*, table_valued: bool) -> tuple[Want, ...]:
    """What the first word of a statement can be."""
    found = [head for group in heads().values() for head in group]
    words = [head.words[0] for head in found if head.kind.table_valued or not table_valued]
    return tuple(Want("word", word) for word in dict.fromkeys(words))


def _want_table_valued(cursor: Cursor) -> None:
    """Remember the statements that could have stood here, from the first word that is not there yet."""
    token = cursor.peek()
    if token is None:
        cursor.want_words(_first_words(table_valued=True))
        return
    for words, kind in heads().get(token.upper, ()):
        if kind.table_valued:
            start, fitting = cursor.at, 0
            while fitting < len(words) and cursor.looking_at(words[fitting]):
                cursor.at, fitting = cursor.at + 1, fitting + 1
            if fitting < len(words):
                cursor.want("word", words[fitting])
            cursor.at = start


def _read_head(cursor: Cursor) -> Head:
    """Read the words that begin a statement, remembering at each word all that could have followed."""
    cursor.want_words(_first_words(table_valued=False))
    token = cursor.peek()
    if token is not None and token.text == "(":
        return Head((), query_type())
    live = list(heads().get(token.upper, ())) if token is not None else []
    if not live:
        raise _no_statement(cursor)
    cursor.at += 1
    depth = 1
    while True:
        complete = [head for head in live if len(head.words) == depth]
        longer = [head for head in live if len(head.words) > depth]
        for head in longer:
            if head.is_supported or not any(other.is_supported for other in longer):
                cursor.want("word", head.words[depth])
        token = cursor.peek()
        fitting = [head for head in longer if token is not None and token.upper == head.words[depth]]
        if not fitting:
            if complete:
                return complete[0]
            raise cursor.fail()
        live, depth = fitting, depth + 1
        cursor.at += 1


def _no_statement(cursor: Cursor) -> ParseError:
    token = cursor.peek()
    if (
        token is None
        or token.kind == "unclosed"
        or is_lookalike(token)
        or plain(token.text).upper() in heads()
    ):
        return cursor.fail()
    if token.text == "#":
        message, hint = TS100.NO_STATEMENT(word=token.text), TS100.HOW_COMMENTS_BEGIN()
        return ParseError(message, span=_line_at(cursor), hint=hint)
    return ParseError(
        TS100.NO_STATEMENT(word=token.text),
        span=token.span,
        hint=TS100.HOW_STATEMENTS_BEGIN(),
        meant=nearest(token.text, heads()),
    )


def _line_at(cursor: Cursor) -> Span:
    """The tokens of the statement from the cursor to the end of its line."""
    start = cursor.here().start
    end = cursor.source.find("\n", start)
    on_line = [t for t in cursor.tokens[cursor.at :] if end < 0 or t.start < end]
    return Span(start, on_line[-1].end)
