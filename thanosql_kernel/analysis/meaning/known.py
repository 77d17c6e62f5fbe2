"""What is known at one place of a document: the catalogue plus what the statements above will have done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from thanosql_kernel.analysis.meaning.binding import bind_query
from thanosql_kernel.analysis.meaning.headers import file_columns as header_columns
from thanosql_kernel.analysis.meaning.scope import Names
from thanosql_kernel.analysis.text.clauses import Tokens
from thanosql_kernel.catalog import Catalog, Model
from thanosql_kernel.duck.cheap import is_shallow
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.models.spec import builtin_models
from thanosql_kernel.sql.cursor import QUERY_WORDS, Cursor
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Columns, are_all
from thanosql_kernel.statements.registry import find_head, parse_at, parse_nested
from thanosql_kernel.statements.statement import Statement


@dataclass(frozen=True)
class Known:
    """Implements `statements.foresight.Foresight`.

    Attributes:
        catalog: What exists at this place.
        folder: Where relative paths start; None when files must not be looked at.
        has_database: Whether the catalogue is that of a database, so that a name it lacks is wrong.
    """

    catalog: Catalog = field(default_factory=Catalog)
    folder: Path | None = None
    has_database: bool = True

    @classmethod
    def at_start(cls, catalog: Catalog | None, folder: Path | None) -> Known:
        """What is known before the first statement; without a database, the models that every new one has."""
        if catalog is not None:
            return cls(catalog, folder)
        models = {name: Model(name, spec) for name, spec in builtin_models().items()}
        return cls(Catalog(models=MappingProxyType(models)), folder, has_database=False)

    @cached_property
    def names(self) -> Names:
        """What names mean here."""
        return Names(self._table_columns, self._statement_columns, self._bound_columns)

    def columns(self, query: Query) -> Columns:
        """The columns of a query's rows: as DuckDB binds it, else as far as its words tell."""
        if query.bare_name is not None:
            return self._table_columns(query.bare_name)
        bound = bind_query(query, self)
        if bound is not None and bound.columns is not None:
            return bound.columns
        return self.names.output(tuple(read_tokens(query.text)))

    def file_columns(self, path: str) -> Columns:
        """The header of a csv or tsv file; the one column of a folder of pictures."""
        return header_columns(self.folder, path) if self.folder is not None else None

    def after(self, statements: Iterable[Statement]) -> Known:
        """What will be known once these statements have run."""
        known = self
        for statement in statements:
            catalog = statement.makes(known).catalog
            if catalog is not known.catalog:
                known = Known(catalog, known.folder, known.has_database)
        return known

    def _table_columns(self, name: str) -> Columns:
        table = self.catalog.find_table(name)
        return table.columns or None if table else None

    def _statement_columns(self, tokens: Tokens) -> tuple[bool, Columns]:
        head = find_head(tokens)
        if head is None or not head.kind.table_valued:
            return False, None
        statement = read_statement(tokens)
        return True, statement.makes(self).columns if statement else None

    def _bound_columns(self, tokens: Tokens, ctes: Mapping[str, Columns]) -> Columns:
        query = read_query(tokens) if tokens and is_shallow(tokens) else None
        sources = {name: columns or () for name, columns in ctes.items() if are_all(columns)}
        unknown = ctes.keys() - sources.keys()
        if query is None or any(token.name.lower() in unknown for token in query.tokens if token.is_name):
            return None
        bound = bind_query(query, self, ctes=sources)
        return bound.columns if bound is not None else None


def read_query(tokens: Tokens) -> Query | None:
    """The query that these tokens are, None if they do not parse."""
    if tokens[0].upper not in QUERY_WORDS:
        head = find_head(tokens)  # SUMMARIZE, PIVOT
        statement = read_statement(tokens) if head is not None and head.kind.is_query else None
        return statement.queries[0] if statement is not None else None
    text = " " * tokens[0].start + "".join(_spaced(tokens))
    try:
        return Cursor(text, tokens, nested=parse_nested).query()
    except ThanoSQLError:
        return None


def read_statement(tokens: Tokens) -> Statement | None:
    """The statement that these tokens are, None if they do not parse."""
    text = " " * tokens[0].start + "".join(_spaced(tokens))
    try:
        return parse_at(Cursor(text, tokens, nested=parse_nested))
    except ThanoSQLError:
        return None


def _spaced(tokens: Tokens) -> Iterable[str]:
    """The texts of the tokens with spaces between, so that every token keeps its offset."""
    at = tokens[0].start
    for token in tokens:
        yield " " * (token.start - at) + token.text
        at = token.end
