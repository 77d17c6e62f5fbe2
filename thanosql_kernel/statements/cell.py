"""A cell's text to its statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, UnexpectedEnd, Unsupported, nearest
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.lexer import significant, tokenize
from thanosql_kernel.sql.parameters import NO_VARIABLES, Parameters
from thanosql_kernel.sql.script import Piece, named, split
from thanosql_kernel.statements.boundaries import Boundaries, read
from thanosql_kernel.statements.foresight import Unforeseen
from thanosql_kernel.statements.magic import parse_magic
from thanosql_kernel.statements.registry import heads, parse_at, parse_nested
from thanosql_kernel.statements.statement import Statement
from thanosql_kernel.statements.templates import gap_at
from thanosql_kernel.visible import HALF
from thanosql_kernel.wording.grammar import TS100
from thanosql_kernel.wording.refusals import TS600


def parse_cell(text: str, parameters: Parameters | None = None) -> list[Statement]:
    """The statements of a cell, in order; blank and comment-only cells have none.

    Args:
        text: The cell.
        parameters: What ``$name`` stands for; what the cell itself sets stays open.

    Raises:
        ThanoSQLError: Some statement does not parse, or breaks a rule that needs no catalogue.
    """
    found, given = pieces(text), parameters or Parameters()
    statements = []
    for piece in found:
        statements.append(parse_piece(text, piece, found, given))
        given = replace(given, variables=statements[-1].variables(given.variables))
    for statement in statements:
        for problem in statement.all_problems(Unforeseen()):
            raise problem
    return statements


def statements_to_run(text: str, parameters: Parameters) -> Iterator[Statement]:
    """The statements of a cell, each with the values that there are when the one before it has run.

    Args:
        text: The cell.
        parameters: What ``$name`` stands for; its variables are those of the session, at any time.

    Raises:
        ThanoSQLError: At the beginning, some statement does not parse, or breaks a rule that needs no catalogue.
    """
    sets = False
    for piece, statement in zip(found := pieces(text), parse_cell(text, parameters), strict=True):
        yield parse_piece(text, piece, found, parameters) if sets else statement
        sets = sets or statement.variables(NO_VARIABLES) is not NO_VARIABLES


def parse_statement(text: str, parameters: Parameters | None = None) -> Statement:
    """The one statement of a text; without parameters, ``$name`` may stay open.

    Raises:
        ParseError: It does not parse, or there is more than one, or none.
    """
    cursor = Cursor(text, significant(tokenize(text)), nested=parse_nested, parameters=parameters)
    return parse_at(cursor)


def pieces(text: str) -> list[Piece]:
    """Where the statements of a cell stand, whether or not they parse."""
    return split(text, Boundaries(text))


def begins_statement(line: str) -> bool:
    """Whether what stands behind ``%%thanosql`` on its line begins a statement."""
    return named(line, Boundaries(line)) == ""


def parse_piece(
    text: str, piece: Piece, cell: Sequence[Piece] = (), parameters: Parameters | None = None
) -> Statement:
    """Parse one statement of a cell, given all its pieces; without parameters, ``$name`` may stay open.

    Raises:
        ThanoSQLError: It does not parse.
    """
    if (half := half_letter(text, piece)) is not None:
        raise half
    if piece.magic is not None:
        return parse_magic(text, piece, parameters)
    if any(other.magic for other in cell) and (free := free_text(piece)) is not None:
        raise free
    try:
        return parse_at(cursor_over(text, piece, parameters))
    except ParseError as error:
        raise gap_at(text, piece.tokens, error) or error from None


def free_text(piece: Piece) -> Unsupported | None:
    """The error for prose that stands beside magic lines; None if a statement word begins the piece."""
    if piece.magic is not None or piece.tokens[0].upper in heads():
        return None
    first = piece.tokens[0]
    if first.kind == "symbol" or (first.text.isupper() and nearest(first.text, heads())):
        return None
    return Unsupported(TS600.FREE_TEXT(), span=piece.span, hint=TS600.DELETE_THE_LINE())


def half_letter(text: str, piece: Piece) -> ParseError | None:
    """The error for half of a letter in a statement, which no file and no table can hold; None if there is none."""
    found = HALF.search(text, *piece.span)
    if found is None:
        return None
    return ParseError(TS100.HALF_LETTER(), span=Span(*found.span()), hint=TS100.WRITE_IT_AGAIN())


def ends_early(outcome: Statement | ThanoSQLError) -> bool:
    """Whether that is the error of a statement that is right so far and goes on."""
    return isinstance(outcome, UnexpectedEnd)


def cursor_over(text: str, piece: Piece, parameters: Parameters | None = None) -> Cursor:
    """A fresh cursor at the start of a statement of a cell."""
    return Cursor(text, piece.tokens, nested=parse_nested, parameters=parameters)


def parse_each(text: str) -> Iterator[tuple[Piece, Statement | ThanoSQLError]]:
    """Every statement of a cell, or the error that it does not parse: for editors, which want all of them."""
    found = pieces(text)
    for piece in found:
        try:
            yield piece, parse_piece(text, piece, found)
        except ThanoSQLError as error:
            yield piece, error


def completeness(text: str) -> Literal["complete", "incomplete", "invalid"]:
    """Whether a console should run the text, wait for more lines, or let the user see an error."""
    found = pieces(text)
    for piece in found:
        try:
            parse_piece(text, piece, found)
        except ThanoSQLError as error:
            return "incomplete" if isinstance(error, UnexpectedEnd) or error.code == "TS101" else "invalid"
        if piece.magic is None and read(text, piece.tokens).is_unfinished:
            return "incomplete"
    return "complete"
