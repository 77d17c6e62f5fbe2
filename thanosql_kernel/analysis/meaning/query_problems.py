"""What is wrong with the SQL in a statement: its grammar, and names in it that are not there.

No guess: where something is unknown nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from thanosql_kernel.analysis.meaning.binding import Binding, bind_expression, bind_query
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.meaning.queries import BUILT_IN, ParsedSql, Reference, parse_query
from thanosql_kernel.analysis.meaning.sources import Scope, Scopes, Source, find_source
from thanosql_kernel.analysis.text.clauses import Tokens
from thanosql_kernel.catalog import View, old_names
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.catalog.unknown import no_column, no_table
from thanosql_kernel.duck import slips
from thanosql_kernel.duck.binder import bind
from thanosql_kernel.duck.errors import Place, SqlFailure, no_function, translate
from thanosql_kernel.duck.words import is_catalogue, is_function
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, UnknownName
from thanosql_kernel.sql.lexer import Token, read_tokens
from thanosql_kernel.sql.query import Query, is_result_name
from thanosql_kernel.statements.foresight import Named, are_all
from thanosql_kernel.statements.statement import Statement, raised
from thanosql_kernel.statements.views import check_readable
from thanosql_kernel.wording import Said
from thanosql_kernel.wording.grammar import TS105
from thanosql_kernel.wording.names import TS202

Problems = Iterator[ThanoSQLError]

FROM = Token("word", "FROM", 0, 0)

_NUMBERED = re.compile(r"(.*_similarity)([1-9]\d*)\Z", re.IGNORECASE)


def query_problems(statement: Statement, known: Known) -> Problems:
    """What DuckDB says about the SQL in a statement, and names in it that are not there."""
    for query in statement.queries:
        parsed = parse_query(query)
        if parsed.failure is not None:
            yield _placed(translate(parsed.failure, Place(query.sql(), query.span.start)), query)
        elif statement.words not in statement.unsupported:
            yield from _meaning_problems(query, parsed, known, statement)


def _placed(error: ThanoSQLError, query: Query) -> ThanoSQLError:
    """The parser's error; at a nested statement, about all of that."""
    for nested in query.nested:
        if error.span is not None and nested.span.start <= error.span.start < nested.span.end:
            message, hint = TS105.NO_STATEMENT_HERE(), TS105.BEHIND_FROM()
            return ParseError(message, code=error.code, span=nested.span, hint=hint)
    return error


def _meaning_problems(query: Query, parsed: ParsedSql, known: Known, statement: Statement) -> Problems:
    """What the binder says first, and names elsewhere in the query that are not there."""
    bound = _bound(query, known, statement)
    if bound is not None and bound.problem is None:
        return
    first = bound.problem if bound is not None else None
    if first is not None and (known.has_database or not isinstance(first, UnknownName)):
        yield first
    for problem in _name_problems(query, parsed, known, statement):
        if first is None or not _overlap(first.span, problem.span):
            yield problem


def _bound(query: Query, known: Known, statement: Statement) -> Binding | None:
    """What binding shows; an expression is bound over one table alone, and a part of a query by itself never."""
    if query.form == "query":
        return bind_query(query, known, for_table=any(name.kind == "table" for name in statement.names))
    named = statement.in_scope(query, known) if query.is_expression else ()
    only = named[0] if len(named) == 1 else None
    if not isinstance(only, Named) or not only.name:
        return None
    return bind_expression(query, known, only, is_value=query is not getattr(statement, "where", None))


def _overlap(one: Span | None, other: Span | None) -> bool:
    return one is None or other is None or (one.start < other.end and other.start < one.end)


def _name_problems(query: Query, parsed: ParsedSql, known: Known, statement: Statement) -> Problems:
    """Tables and columns in SQL that are not there.

    Args:
        query: The SQL.
        parsed: What DuckDB says about it.
        known: What is known there.
        statement: What it stands in.
    """
    is_part = query.form in ("expression", "items")
    named = statement.in_scope(query, known) if is_part else ()
    if is_part and not named:
        return
    start, given = query.span.start, given_tokens(statement)
    if known.has_database:
        yield from _unknown_names(query.sql(), parsed, known, start, known.names.given(given))
    tokens = tuple(read_tokens(query.text))
    if is_part and any(token.upper == "SELECT" for token in tokens):
        return
    if is_part:
        scopes = Scopes((0,), (Scope("WHERE", tuple(sources_of(named, given, known))),))
    else:
        scopes = known.names.scopes((FROM, *tokens) if query.form == "tables" else tokens)
    for column in parsed.columns:
        scope = scopes.at(column.span.start)
        problem = _wrong_column(column, scope, parsed, known.has_database)
        if problem is not None:
            yield problem.moved(start)


def _unknown_names(sql: str, parsed: ParsedSql, known: Known, start: int, given: Collection[str]) -> Problems:
    """Functions that DuckDB does not have, and tables and views that the database does not, or that cannot be read."""
    for function in parsed.functions:
        if not is_function(name := function.parts[0]):
            span = Span(function.span.start, min(function.span.end, function.span.start + len(name)))
            yield no_function(name, span).moved(start)
    for table in parsed.tables:
        name = table.parts[0]
        found = known.catalog.find(name)
        if table.in_text:
            yield _not_there(table, sql, known).moved(start)
        elif isinstance(found, View):
            yield from (it.moved(start) for it in raised(check_readable, known.catalog, found, table.span))
        elif found is None and not (is_result_name(name) or is_catalogue(name) or name.lower() in given):
            yield _not_there(table, sql, known).moved(start)


def _not_there(table: Reference, sql: str, known: Known) -> ThanoSQLError:
    """What DuckDB says of a name that no table has: it may be that of a file."""
    written, tables = f"FROM {sql[slice(*table.span)]}", tuple(known.catalog.readable)
    if (one := slips.in_one(list(read_tokens(sql)), table.span.start, tables)) is not None:
        return slips.mended(no_table(table.parts[0], table.span, tables), one)
    try:
        bind(written, {})
    except SqlFailure as failure:
        return translate(failure, Place(written, table.span.end - len(written), tables=tables))
    return no_table(table.parts[0], table.span, tables)


def given_tokens(statement: Statement) -> Tokens:
    """The common table expressions in front of a statement."""
    given: Query | None = getattr(statement, "ctes", None)
    return given.tokens if given is not None else ()


def sources_of(named: Sequence[Named | Query], given: Tokens, known: Known) -> Iterator[Source]:
    """What an expression may name, as a scope has it."""
    for item in named:
        if isinstance(item, Named):
            yield Source(item.name or None, item.columns, item.table)
        else:
            tokens = (*given, *item.tokens)
            yield from known.names.at(tokens, tokens[-1].end).sources


def _wrong_column(
    column: Reference, scope: Scope, parsed: ParsedSql, has_database: bool
) -> ThanoSQLError | None:
    """The problem with a column's name, if every place it could come from is known."""
    sources, name = scope.sources, column.parts[-1]
    if not sources or len(column.parts) > 2:
        return None
    if len(column.parts) == 2:
        owner = find_source(sources, column.parts[0])
        if owner is None:
            return _no_owner(column, scope, parsed) if has_database and _are_known(sources) else None
        sources = (owner,)
    elif name.lower() in BUILT_IN | parsed.aliases or find_source(sources, name):
        return None
    if any(find_column(source.columns or (), name) for source in sources):
        return None
    if name.lower() in old_names.LABELS or any(old_names.meant(name, it.columns or ()) for it in sources):
        return None
    if (beyond := _beyond_inputs(name, sources)) is not None:
        return UnknownName(beyond[0], span=column.last, meant=beyond[1])
    if not has_database or not _are_known(sources):
        return None
    found = [item for source in sources for item in source.columns or ()]
    return no_column(name, column.last, (item.name for item in found))


def _are_known(sources: tuple[Source, ...]) -> bool:
    return all(are_all(source.columns) for source in sources)


def _no_owner(column: Reference, scope: Scope, parsed: ParsedSql) -> ThanoSQLError | None:
    owner = column.parts[0]
    if owner.lower() in parsed.aliases or any(find_column(s.columns or (), owner) for s in scope.sources):
        return None
    names = [source.name for source in scope.sources if source.name]
    return no_table(owner, Span(column.span.start, column.span.start + len(owner)), names)


def _beyond_inputs(name: str, sources: tuple[Source, ...]) -> tuple[Said, str] | None:
    """The problem with ``…_similarity3`` where a SEARCH with two inputs makes the columns."""
    match = _NUMBERED.match(name)
    if match is None:
        return None
    prefix = match[1].lower()
    numbers = [
        int(found[2])
        for source in sources
        for column in source.columns or ()
        if (found := _NUMBERED.match(column.name)) and found[1].lower() == prefix
    ]
    if not numbers:
        return None
    count = max(numbers)
    message = TS202.NO_INPUT_OF_ONE(name=name) if count == 1 else TS202.NO_INPUT_OF(count=count, name=name)
    return message, f"{match[1]}{count}"
