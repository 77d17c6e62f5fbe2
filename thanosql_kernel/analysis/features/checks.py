"""What is wrong with the names in a statement, given what is known in front of it. No guess: unknown means silent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.meaning.queries import BUILT_IN, ParsedSql, Reference
from thanosql_kernel.analysis.meaning.scope import Scope, Scopes, Source, find_source
from thanosql_kernel.analysis.text.blocks import shift
from thanosql_kernel.catalog import Catalog, Column, Model, Table
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import ModelError, Span, ThanoSQLError, TypeMismatch, UnknownName, did_you_mean
from thanosql_kernel.models.spec import SPECS, find_spec
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.query import Query, is_result_name
from thanosql_kernel.statements.alter_table import AlterTable
from thanosql_kernel.statements.convert import Convert, generated_name
from thanosql_kernel.statements.copy import Copy, if_exists_of
from thanosql_kernel.statements.create_table import CreateTable
from thanosql_kernel.statements.delete import Delete
from thanosql_kernel.statements.delete_model import DeleteModel
from thanosql_kernel.statements.describe import Describe
from thanosql_kernel.statements.drop_table import DropTable
from thanosql_kernel.statements.foresight import are_all
from thanosql_kernel.statements.get_model import GetModel
from thanosql_kernel.statements.insert import Insert
from thanosql_kernel.statements.print_media import PrintMedia
from thanosql_kernel.statements.search import Search, made_by_search
from thanosql_kernel.statements.statement import Statement
from thanosql_kernel.statements.update import Update

Problems = Iterator[ThanoSQLError]

_NUMBERED = re.compile(r"(.*_similarity)([1-9]\d*)\Z", re.IGNORECASE)


def name_problems(statement: Statement, known: Known) -> Problems:
    """Models, tables and columns that the statement itself names; nothing without a database."""
    if not known.has_database or not statement.supported:
        return
    catalog = known.catalog
    if isinstance(statement, (Convert, Search, DeleteModel)):
        yield from _unknown_model(catalog, statement.model)
    if isinstance(statement, (Insert, Delete, Update, AlterTable, Describe)) or (
        isinstance(statement, DropTable) and not statement.if_exists
    ):
        yield from _unknown_table(catalog, statement.table)
    if isinstance(statement, (Copy, CreateTable, AlterTable)):
        yield from _taken_name(catalog, statement)
    if isinstance(statement, GetModel):
        yield from _taken_model(catalog, statement)
    if isinstance(statement, (Insert, Update, AlterTable)):
        yield from _unknown_targets(catalog, statement)
    if isinstance(statement, Convert):
        yield from _convert_problems(statement, known)
    if isinstance(statement, Search):
        yield from _search_problems(statement, known)
    if isinstance(statement, PrintMedia):
        yield from _print_problems(statement, known)


def _unknown_model(catalog: Catalog, name: Name) -> Problems:
    if not name.placeholder and name.text not in catalog.models:
        try:
            catalog.model(name.text, name.span)
        except UnknownName as error:
            yield error


def _unknown_table(catalog: Catalog, name: Name) -> Problems:
    if not name.placeholder and catalog.find_table(name.text) is None:
        try:
            catalog.table(name.text, name.span)
        except UnknownName as error:
            yield error


def _taken_name(catalog: Catalog, statement: Copy | CreateTable | AlterTable) -> Problems:
    name: Name | None = statement.table
    if isinstance(statement, Copy):
        taken = if_exists_of(statement.options) == "fail"
        hint = "OPTIONS(if_exists='replace') replaces it"
    elif isinstance(statement, CreateTable):
        taken, hint = statement.if_exists == "fail", "CREATE OR REPLACE TABLE replaces it"
    else:
        taken, hint, name = statement.action == "rename table", "choose another name", statement.new_name
    if taken and name is not None and catalog.find_table(name.text) is not None:
        yield UnknownName(f"a table named {name} exists already", code="TS204", span=name.span, hint=hint)


def _taken_model(catalog: Catalog, statement: GetModel) -> Problems:
    """A model of another kind has the name."""
    model, spec = catalog.models.get(statement.name), find_spec(statement.wanted.text)
    if model is None or spec is None or model.spec == spec.name or statement.options.flag("overwrite"):
        return
    span = statement.alias.span if statement.alias else statement.options.given_span("model_name")
    hint = "OPTIONS(overwrite=True) replaces it"
    message = f"a model named {model.name} exists already"
    yield UnknownName(message, code="TS205", span=span or statement.wanted.span, hint=hint)


def _unknown_targets(catalog: Catalog, statement: Insert | Update | AlterTable) -> Problems:
    """Columns of the table that a statement changes."""
    table = catalog.find_table(statement.table.text)
    if table is None or not table.columns or not are_all(table.columns):
        return
    for name in _targets(statement):
        if name is not None and table.column(name.text) is None:
            yield _no_column(name.text, name.span, table.columns, table)


def _targets(statement: Insert | Update | AlterTable) -> tuple[Name | None, ...]:
    if isinstance(statement, AlterTable):
        return () if statement.action == "add column" else (statement.column,)
    return statement.columns


def _no_column(name: str, span: Span, columns: tuple[Column, ...], table: Table | None = None) -> UnknownName:
    names = [column.name for column in columns]
    listed = f"the columns are {', '.join(names[:12])}{' …' if len(names) > 12 else ''}" if names else None
    message = f"{table.name} has no column {name}" if table else f"no column named {name}"
    hint = made_by_search(name, names) or did_you_mean(name, names, otherwise=listed)
    return UnknownName(message, code="TS202", span=span, hint=hint)


# -- statements with models --------------------------------------------------------------------------------------
def _convert_problems(statement: Convert, known: Known) -> Problems:
    model = known.catalog.models.get(statement.model.text)
    if model is not None and statement.kind not in SPECS[model.spec].modalities:
        yield _cannot(model, statement.kind, statement.model.span)
    columns = known.columns(statement.query)
    if not are_all(columns) or find_column(columns or (), statement.source):
        return
    span = statement.options.given_span(f"{statement.kind}_col")
    problem = _no_column(statement.source, span or statement.query.span, columns or ())
    if span is None:
        problem.hint = f"name the column: OPTIONS({statement.kind}_col='…'); {problem.hint or ''}".rstrip(
            "; "
        )
    yield problem


def _search_problems(statement: Search, known: Known) -> Problems:
    model = known.catalog.models.get(statement.model.text)
    if model is None or statement.target not in ("IMAGE", "TEXT"):
        return
    modalities = SPECS[model.spec].modalities
    for item in statement.search_inputs():
        if item.kind not in modalities:
            yield _cannot(model, item.kind, item.span or statement.model.span)
            break
    yield from _embedding_problems(statement, model, known)


def _cannot(model: Model, kind: str, span: Span) -> ModelError:
    summary = SPECS[model.spec].summary
    return ModelError(f"{model.name} cannot embed {kind}s", code="TS403", span=span, hint=f"it is {summary}")


def _embedding_problems(statement: Search, model: Model, known: Known) -> Problems:
    """The column of embeddings is not there, holds none, or is another model's."""
    columns = known.columns(statement.query)
    stated, span = statement.options.text("emb_col"), statement.options.given_span("emb_col")
    wanted = stated or generated_name(statement.model.text, model)
    column = find_column(columns or (), wanted)
    if column is not None:
        yield from _vector_problems(column, model, span or statement.model.span)
    elif are_all(columns) and stated is not None:
        hint = did_you_mean(stated, [column.name for column in columns or ()])
        message = f"the query has no column {stated}"
        yield UnknownName(message, code="TS202", span=span, hint=hint or statement.advice(stated))
    elif are_all(columns):
        yield from _missing_vectors(statement, columns or (), known.catalog)


def _missing_vectors(statement: Search, columns: tuple[Column, ...], catalog: Catalog) -> Problems:
    name, span = statement.model.text, statement.model.span
    made = [column.name for column in columns if column.generated and column.generated.model == name]
    if not made:
        yield statement.nothing_to_search(catalog)
    elif len(made) > 1:
        message = f"{name} made several columns here: {', '.join(made)}"
        yield ModelError(message, code="TS402", span=span, hint=f"choose: OPTIONS(emb_col='{made[0]}')")


def _vector_problems(column: Column, model: Model, span: Span) -> Problems:
    made = column.generated
    if column.type and not column.type.endswith("]"):
        yield TypeMismatch(f"column {column.name} holds {column.type}, not vectors", span=span)
    elif made is not None and made.base != SPECS[model.spec].base:
        message = f"column {column.name} was made by {made.model}, not by {model.name}"
        yield ModelError(message, code="TS401", span=span, hint=f"SEARCH … USING {made.model}")


def _print_problems(statement: PrintMedia, known: Known) -> Problems:
    columns = known.columns(statement.query)
    stated = statement.options.text(f"{statement.kind}_col")
    if stated is not None and are_all(columns) and not find_column(columns or (), stated):
        span = statement.options.given_span(f"{statement.kind}_col") or statement.query.span
        yield _no_column(stated, span, columns or ())


# -- names in queries --------------------------------------------------------------------------------------------
def query_name_problems(query: Query, parsed: ParsedSql, known: Known, target: Table | None) -> Problems:
    """Tables and columns in SQL that are not there.

    Args:
        query: The SQL.
        parsed: What DuckDB says about it.
        known: What is known there.
        target: The table that a condition or value is about; None for queries.
    """
    start = query.span.start
    if known.has_database:
        for table in parsed.tables:
            name = table.parts[0]
            if known.catalog.find_table(name) is None and not is_result_name(name):
                yield _no_table(table, known.catalog, start)
    tokens = tuple(read_tokens(query.text))
    if target is not None and any(token.upper == "SELECT" for token in tokens):
        return
    own = Scope("WHERE", (Source(target.name, target.columns, target.name),)) if target is not None else None
    scopes = Scopes((0,), (own,)) if own is not None else known.names.scopes(tokens)
    for column in parsed.columns:
        scope = scopes.at(column.span.start)
        problem = _wrong_column(column, scope, parsed, known.has_database)
        if problem is not None:
            problem.span = shift(problem.span or column.span, start)
            yield problem


def _no_table(table: Reference, catalog: Catalog, start: int) -> UnknownName:
    name = table.parts[0]
    hint = did_you_mean(name, catalog.tables, otherwise="LIST TABLE shows the tables there are")
    return UnknownName(f"no table named {name}", code="TS201", span=shift(table.span, start), hint=hint)


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
        if name.lower() == "rowid":
            return None
    elif name.lower() in BUILT_IN | parsed.aliases or find_source(sources, name):
        return None
    if any(find_column(source.columns or (), name) for source in sources):
        return None
    if (beyond := _beyond_inputs(name, sources)) is not None:
        span = Span(column.span.end - len(name), column.span.end) if len(column.parts) == 2 else column.span
        return UnknownName(beyond[0], code="TS202", span=span, hint=beyond[1])
    if not has_database or not _are_known(sources):
        return None
    found = [item for source in sources for item in source.columns or ()]
    return _no_column(name, column.span, tuple(found))


def _are_known(sources: tuple[Source, ...]) -> bool:
    return all(are_all(source.columns) for source in sources)


def _no_owner(column: Reference, scope: Scope, parsed: ParsedSql) -> ThanoSQLError | None:
    owner = column.parts[0]
    if owner.lower() in parsed.aliases or any(find_column(s.columns or (), owner) for s in scope.sources):
        return None
    names = [source.name for source in scope.sources if source.name]
    span = Span(column.span.start, column.span.start + len(owner))
    return UnknownName(
        f"no table named {owner} here", code="TS201", span=span, hint=did_you_mean(owner, names)
    )


def _beyond_inputs(name: str, sources: tuple[Source, ...]) -> tuple[str, str] | None:
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
    inputs = "one input" if max(numbers) == 1 else f"{max(numbers)} inputs"
    return f"the SEARCH has {inputs}: there is no {name}", f"did you mean {match[1]}{max(numbers)}?"
