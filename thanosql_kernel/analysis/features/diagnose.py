"""Everything wrong with a document: each statement's own errors, its queries' and, with a database, its names'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thanosql_kernel.analysis.features.earlier_runs import MISSING, TAKEN, Owner, has_taken_away, owner
from thanosql_kernel.analysis.features.findings import Diagnostic, Edit, Fix, Severity, severity_of
from thanosql_kernel.analysis.features.fixes import fixes_for
from thanosql_kernel.analysis.meaning.document import Document, Part
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.meaning.query_problems import query_problems
from thanosql_kernel.analysis.text.blocks import Block, begins_line, parse
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, Unsupported, too_deep
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.parameters import no_value, variable_key
from thanosql_kernel.sql.script import Piece
from thanosql_kernel.sql.token_reader import token_index
from thanosql_kernel.statements.cell import ends_early
from thanosql_kernel.statements.registry import find_head, heads
from thanosql_kernel.statements.repair import repaired
from thanosql_kernel.wording import language
from thanosql_kernel.wording.grammar import TS101

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
    key = f"diagnostics {magic} {check_queries} {language()}"
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
        yield repaired(outcome, block.text, block.tokens)
        if outcome.code != "TS600":
            yield from _long_strings(block, outcome)
        return
    if outcome is None:
        return
    yield from _without_value(block, known)
    yield from outcome.all_problems(known)
    for statement in (outcome, *outcome.children()) if check_queries else ():
        for error in query_problems(statement, known):
            yield repaired(_before_next_line(error, block), block.text, block.tokens)


def _without_value(block: Block, known: Known) -> Iterator[ThanoSQLError]:
    """Each ``$name`` that nothing gives a value, where that can be known."""
    for token in block.tokens if known.has_variables else ():
        if token.kind == "parameter" and variable_key(token.text[1:]) not in known.variables:
            yield no_value(token, known.variables)


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
                if isinstance(outcome, (ParseError, Unsupported)) and (
                    part[0] is not tokens[0] or ends_early(outcome)
                ):
                    return outcome
    return error


def _may_begin(tokens: Sequence[Token], *, whole: bool) -> bool:
    """Whether tokens begin a statement that is no query, with the first of its words or with all of them."""
    kinds = [head.kind for head in heads().get(tokens[0].upper, ())]
    first = bool(kinds) and not any(kind.is_query for kind in kinds)
    return first and find_head(tokens) is not None if whole else first


def _long_strings(block: Block, error: ThanoSQLError) -> Iterator[ThanoSQLError]:
    """Where a statement does not parse, a string over several lines in front of the error most likely lacks its end."""
    place = error.span.start if error.span else len(block.text)
    for token in block.tokens:
        if token.kind in ("string", "quoted") and token.start < place and "\n" in token.text:
            end = token.start + token.text.index("\n")
            yield ParseError(TS101.OVER_LINES(), span=Span(token.start, end))
            return


def _diagnostic(error: ThanoSQLError, block: Block, known: Known) -> Diagnostic:
    whole = block.piece.span if block.piece else Span(0, len(block.text))
    span = error.span or whole
    if span.start == span.end:
        span = _widened(span, block)
    severity, fixes = _severity(error, block, known), fixes_for(error, block)
    return Diagnostic(error.code, error.message, span, severity, error.hint, fixes)


def _severity(error: ThanoSQLError, block: Block, known: Known) -> Severity:
    statement = block.statement
    if statement is not None and error.code in TAKEN:
        return _TAKEN_BY[owner(statement, known, error)]
    if statement is not None and error.code in MISSING and has_taken_away(statement, known, error):
        return "hint"
    return severity_of(error)


_TAKEN_BY: dict[Owner, Severity] = {"itself": "hint", "text": "error", "database": "information"}


def _widened(span: Span, block: Block) -> Span:
    """An empty place as one that can be seen: the token in front of it, in lines without tokens the last word."""
    index = token_index(block.tokens, span.start)
    if index:
        return block.tokens[index - 1].span
    before = block.text[: span.start].rstrip()
    if not block.tokens and before:
        return Span(len(before) - len(before.split()[-1]), len(before))
    return Span(span.start, min(span.start + 1, len(block.text)))
