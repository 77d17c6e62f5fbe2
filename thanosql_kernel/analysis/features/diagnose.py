"""Everything wrong with a document: each statement's own errors, its queries' and, with a database, its names'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thanosql_kernel.analysis.features.checks import name_problems, query_name_problems
from thanosql_kernel.analysis.features.findings import Diagnostic, Edit, Fix, Severity, severity_of
from thanosql_kernel.analysis.features.fixes import fixes_for
from thanosql_kernel.analysis.meaning.document import Document, Part
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.meaning.queries import parse_query, parse_sql
from thanosql_kernel.analysis.text.blocks import Block, begins_line, parse, shift
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, too_deep
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.query import Query
from thanosql_kernel.sql.script import Piece
from thanosql_kernel.sql.token_reader import token_index
from thanosql_kernel.statements.alter_table import AlterTable
from thanosql_kernel.statements.cell import ends_early
from thanosql_kernel.statements.delete import Delete
from thanosql_kernel.statements.registry import find_head, heads
from thanosql_kernel.statements.select import Select
from thanosql_kernel.statements.statement import Statement
from thanosql_kernel.statements.update import Update

__all__ = ["Diagnostic", "Edit", "Fix", "Severity", "diagnose", "diagnose_part"]


def diagnose(document: Document, *, check_queries: bool = True) -> list[Diagnostic]:
    """What is wrong, in the order of the text; nothing that could be right.

    Args:
        document: The text and what the database holds; without a database no name is wrong.
        check_queries: Whether DuckDB's parser, loaded on first use, reads the query bodies.
    """
    magic = document.is_old_notebook
    found: list[Diagnostic] = []
    for part in document.parts:
        found += diagnose_part(part, magic=magic, check_queries=check_queries)
    return found


def diagnose_part(part: Part, *, magic: bool = False, check_queries: bool = True) -> list[Diagnostic]:
    """What is wrong with one statement of a document; remembered until it or what is known there changes.

    Args:
        part: One of `Document.parts`.
        magic: `Document.is_old_notebook`.
        check_queries: As for `diagnose`.
    """
    if part.block.piece is None:
        return []
    key = f"diagnostics {magic} {check_queries}"
    memory: tuple[Known, list[Diagnostic]] | None = part.block.memory.get(key)
    if memory is None or (memory[0] is not part.known and memory[0] != part.known):
        memory = (part.known, _all_diagnostics(part.block, part.known, magic, check_queries))
        part.block.memory[key] = memory
    return [diagnostic.moved(part.start) for diagnostic in memory[1]]


def _all_diagnostics(block: Block, known: Known, magic: bool, check_queries: bool) -> list[Diagnostic]:
    """The diagnostics of a block; of one that is nested too deeply for all of them, that it is."""
    try:
        return list(_diagnostics(block, known, magic, check_queries))
    except RecursionError:
        return [_diagnostic(too_deep(), block, known)]


def _diagnostics(block: Block, known: Known, magic: bool, check_queries: bool) -> Iterator[Diagnostic]:
    """The diagnostics of a block, places counted from its start, one a place and code."""
    seen: set[tuple[str, Span | None]] = set()
    for error in _problems(block, known, magic, check_queries):
        if (error.code, error.span) not in seen:
            seen.add((error.code, error.span))
            yield _diagnostic(error, block, known)


def _problems(block: Block, known: Known, magic: bool, check_queries: bool) -> Iterator[ThanoSQLError]:
    outcome = block.outcome_beside(magic=magic)
    if isinstance(outcome, ThanoSQLError):
        yield outcome
        if outcome.code != "TS600":
            yield from _long_strings(block, outcome)
        return
    if outcome is None:
        return
    yield from outcome.all_problems()
    for statement in (outcome, *outcome.children()):
        if outcome.supported:
            yield from name_problems(statement, known)
        if check_queries:
            for error in _query_problems(statement, known):
                yield _before_next_line(error, block)


def _before_next_line(error: ThanoSQLError, block: Block) -> ThanoSQLError:
    """The error itself; where SQL runs into a line that begins a statement, what keeps the two from being two."""
    if error.code != "TS105" or error.span is None:
        return error
    tokens = block.tokens
    wrong = token_index(tokens, error.span.start)
    for index in (wrong, wrong - 1):
        if begins_line(block, index) and _may_begin(tokens[index:], whole=index < wrong):
            for part in (tokens[:index], tokens[index:]):
                outcome = parse(block.text, Piece(Span(part[0].start, part[-1].end), part))
                if isinstance(outcome, ParseError) and (part[0] is not tokens[0] or ends_early(outcome)):
                    return outcome
    return error


def _may_begin(tokens: Sequence[Token], *, whole: bool) -> bool:
    """Whether tokens begin a statement that is no query, with the first of its words or with all of them."""
    kinds = [kind for _, kind in heads().get(tokens[0].upper, ())]
    first = bool(kinds) and Select not in kinds
    return first and find_head(tokens) is not None if whole else first


def _long_strings(block: Block, error: ThanoSQLError) -> Iterator[ThanoSQLError]:
    """Where a statement does not parse, a string over several lines in front of the error most likely lacks its end."""
    place = error.span.start if error.span else len(block.text)
    for token in block.tokens:
        if token.kind in ("string", "quoted") and token.start < place and "\n" in token.text:
            end = token.start + token.text.index("\n")
            message = "this string goes on over several lines: its closing quote may be missing"
            yield ParseError(message, code="TS101", span=Span(token.start, end))
            return


def _query_problems(statement: Statement, known: Known) -> Iterator[ThanoSQLError]:
    """What DuckDB says about the SQL in a statement, and names in it that are not there."""
    is_change = isinstance(statement, (Update, Delete))
    target = (
        known.catalog.find_table(statement.table.text) if isinstance(statement, (Update, Delete)) else None
    )
    if isinstance(statement, AlterTable) and statement.action == "add column" and statement.column:
        yield from _type_problems(statement)
    for query in statement.queries:
        parsed = parse_query(query, expression=is_change)
        if parsed.error is not None:
            yield _placed(parsed.error, query)
        elif statement.supported and (not is_change or target is not None):
            yield from query_name_problems(query, parsed, known, target)


def _type_problems(statement: AlterTable) -> Iterator[ThanoSQLError]:
    """What DuckDB says about the type of a new column, the last thing in the statement."""
    parsed = parse_sql("SELECT CAST(NULL AS ", statement.sql_type, ")")
    if parsed.error is not None:
        start = statement.span.end - len(statement.sql_type)
        span = Span(start, statement.span.end)
        if "\n" in statement.sql_type:
            span = shift(parsed.error.span or span, start)
        yield ParseError("this is no column type", code="TS105", span=span)


def _placed(error: ThanoSQLError, query: Query) -> ThanoSQLError:
    """The parser's error where it stands in the block; at a nested statement, all of that."""
    span = shift(error.span or Span(0, 0), query.span.start)
    for nested in query.nested:
        if nested.span.start <= span.start < nested.span.end:
            message = "a statement cannot stand here in SQL"
            return type(error)(message, code=error.code, span=nested.span, hint="put it behind FROM (…)")
    return type(error)(error.message, code=error.code, span=span, hint=error.hint)


def _diagnostic(error: ThanoSQLError, block: Block, known: Known) -> Diagnostic:
    whole = block.piece.span if block.piece else Span(0, len(block.text))
    span = error.span or whole
    if span.start == span.end:
        span = _widened(span, block)
    severity = "information" if error.code in ("TS204", "TS205") else severity_of(error)
    return Diagnostic(error.code, error.message, span, severity, error.hint, fixes_for(error, block, known))


def _widened(span: Span, block: Block) -> Span:
    """An empty place as one that can be seen: the token in front of it, in lines without tokens the last word."""
    index = token_index(block.tokens, span.start)
    if index:
        return block.tokens[index - 1].span
    before = block.text[: span.start].rstrip()
    if not block.tokens and before:
        return Span(len(before) - len(before.split()[-1]), len(before))
    return Span(span.start, min(span.start + 1, len(block.text)))
