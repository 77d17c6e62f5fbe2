"""What is known at one place of a document: the catalogue plus what the statements above will have done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from thanosql_kernel.analysis.meaning.binding import bind_query
from thanosql_kernel.analysis.meaning.headers import file_columns as header_columns
from thanosql_kernel.analysis.meaning.scope import Names
from thanosql_kernel.analysis.meaning.sources import Scopes
from thanosql_kernel.analysis.meaning.views import columns_of
from thanosql_kernel.analysis.text.clauses import Tokens, query_of
from thanosql_kernel.catalog import Catalog, Model, Readable, View
from thanosql_kernel.duck.cheap import is_shallow
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.models.spec import builtin_models
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.sql.parameters import NO_VARIABLES, Variables
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Columns, are_all
from thanosql_kernel.statements.options import Options
from thanosql_kernel.statements.registry import find_head, parse_at, parse_nested
from thanosql_kernel.statements.statement import Statement
from thanosql_kernel.statements.views import MOST_VIEWS


@dataclass(frozen=True)
class Known:
    """Implements `statements.foresight.Foresight`.

    Attributes:
        catalog: What exists at this place.
        folder: Where relative paths start; None when files must not be looked at.
        has_database: Whether the catalogue is that of a database, so that a name it lacks is wrong.
        variables: What SET VARIABLE has set, by `variable_key`.
        has_variables: Whether those are all, so that any other ``$name`` is wrong: Python may have values too.
        stored: What exists before the first statement.
    """

    catalog: Catalog = field(default_factory=Catalog)
    folder: Path | None = None
    has_database: bool = True
    variables: Variables = field(default_factory=lambda: NO_VARIABLES)
    has_variables: bool = False
    stored: Catalog = field(default_factory=Catalog)

    @classmethod
    def at_start(
        cls,
        catalog: Catalog | None,
        folder: Path | None,
        variables: Variables = NO_VARIABLES,
        *,
        has_variables: bool = False,
    ) -> Known:
        """What is known before the first statement; without a database, the models that every new one has."""
        if catalog is not None:
            return cls(catalog, folder, True, variables, has_variables, catalog)
        models = {name: Model(name, spec) for name, spec in builtin_models().items()}
        return cls(Catalog(models=MappingProxyType(models)), folder, False, variables, has_variables)

    @cached_property
    def names(self) -> Names:
        """What names mean here."""
        return Names(self.table_columns, self._statement_columns, self._bound_columns)

    def scopes(self, tokens: Tokens) -> Scopes:
        """What can be named at each place of a statement: in its query, in front of it, in expressions over a table."""
        query = query_of(tokens)
        before = tokens[: -len(query)] if query and query[-1] is tokens[-1] else () if query else tokens
        targets = list(_targets(before))
        around = self.names.over_table(before[targets[0] :] if targets else ())
        if not targets:
            around = self.names.of_values(before) or around
        if not query:
            return around
        inside = self.names.scopes(query)
        has_others = bool(targets) or len(around.starts) > 1
        return Scopes(around.starts + inside.starts, around.items + inside.items) if has_others else inside

    def columns(self, query: Query) -> Columns:
        """The columns of a query's rows: as DuckDB binds it, else as far as its words tell."""
        key = (query.form, query.text, query.bound)
        if key not in self._query_columns:
            self._query_columns[key] = self._columns(query)
        return self._query_columns[key]

    @cached_property
    def _query_columns(self) -> dict[object, Columns]:
        """Each level of nested statements asks for the one below it in two ways: without this, 2**levels times."""
        return {}

    def _columns(self, query: Query) -> Columns:
        name = query.plain_table() if query.form == "query" else None
        if name is not None and (query.bare_name or self.catalog.find(name) is not None):
            return self.table_columns(name)
        bound = bind_query(query, self)
        if bound is not None and bound.columns is not None:
            return bound.columns
        return self.names.output(tuple(read_tokens(query.text)))

    def find(self, name: str) -> Readable | None:
        """The table or view of that name; a view with the columns that it has here."""
        found = self.catalog.find(name)
        if not isinstance(found, View):
            return found
        columns = self.view_columns(found)
        return replace(found, columns=columns or ())

    def readable(self) -> Iterator[Readable]:
        """The tables and views that there are."""
        return (found for name in self.catalog.readable if (found := self.find(name)) is not None)

    def view_columns(self, view: View) -> Columns:
        """The columns of a view here, whatever becomes of the tables that it reads."""
        if view.name in self._views_open or len(self._views_open) >= MOST_VIEWS:
            return None  # a circle, which only a hand can have written into the catalogue
        if view.name not in self._view_columns:
            self._views_open.append(view.name)
            self._view_columns[view.name] = columns_of(view, self.names)
            self._views_open.pop()
        return self._view_columns[view.name]

    @cached_property
    def _view_columns(self) -> dict[str, Columns]:
        return {}

    @cached_property
    def _views_open(self) -> list[str]:
        return []

    def file_columns(self, path: str, options: Options) -> Columns:
        """The header of a csv or tsv file; the one column of a folder of pictures."""
        return header_columns(self.folder, path, options) if self.folder is not None else None

    def after(self, statements: Iterable[Statement]) -> Known:
        """What will be known once these statements have run."""
        known = self
        for statement in statements:
            catalog, variables = statement.makes(known).catalog, statement.variables(known.variables)
            if catalog is not known.catalog or variables is not known.variables:
                known = replace(known, catalog=catalog, variables=variables)
        return known

    def table_columns(self, name: str) -> Columns:
        """The columns of a table or view; None where they are not known, or there is none."""
        found = self.catalog.find(name)
        if isinstance(found, View):
            return self.view_columns(found)
        return found.columns or None if found else None

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


def _targets(tokens: Tokens) -> Iterator[int]:
    """Where, behind the words that begin a statement, the table may stand that it is about."""
    head = find_head(tokens)
    if head is not None and not head.kind.table_valued:
        for index in range(len(head.words), len(tokens)):
            if tokens[index].is_name and tokens[index].upper not in _IN_FRONT_OF_TARGET:
                yield index


_IN_FRONT_OF_TARGET = frozenset("IF NOT EXISTS TABLE INTO".split())


def read_query(tokens: Tokens) -> Query | None:
    """The query that these tokens are, None if they do not parse."""
    if tokens[0].text != "(" and not parse_nested.begins_query(tokens[:4]):
        return None
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
