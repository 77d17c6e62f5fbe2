"""What every statement is: words that begin it, a grammar, what it makes, what can be wrong, and what it does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Self

from thanosql_kernel.catalog import old_names
from thanosql_kernel.catalog.unknown import no_column, no_model, not_a_table, not_a_view, view_in_the_way
from thanosql_kernel.errors import Fix, InsertBefore, Span, ThanoSQLError, Unsupported
from thanosql_kernel.models.spec import find_spec
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.parameters import Variables
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight, Makes, Named, are_all
from thanosql_kernel.statements.options import Option, Options
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.templates import gap, gaps_for_tables
from thanosql_kernel.wording import Wording, instead
from thanosql_kernel.wording.grammar import INSERT
from thanosql_kernel.wording.names import TS202
from thanosql_kernel.wording.refusals import TS600

if TYPE_CHECKING:
    from thanosql_kernel.catalog import Catalog, Table, View
    from thanosql_kernel.statements.changes import Relation
    from thanosql_kernel.statements.results import Result

Words = tuple[str, ...]
_READABLE = ("table", "view", "table or view")


@dataclass(frozen=True)
class Statement(ABC):
    """A parsed statement.

    Attributes:
        span: Where it stands in the cell.
        words: Those of its `heads` that it begins with.
    """

    #: The word sequences that begin it, in capitals.
    heads: ClassVar[tuple[Words, ...]] = ()
    #: Of the heads that this kernel parses and does not run, what to do instead.
    unsupported: ClassVar[Mapping[Words, Wording]] = MappingProxyType({})
    #: Words of its grammar that lead to what this kernel does not run.
    unsupported_words: ClassVar[frozenset[str]] = frozenset()
    #: Its grammar, as documentation shows it.
    syntax: ClassVar[str] = ""
    #: What it does, in a sentence or two.
    help: ClassVar[Wording] = Wording("", "")
    #: A statement to try.
    example: ClassVar[str] = ""
    #: The options it has.
    option_specs: ClassVar[tuple[Option, ...]] = ()
    #: What may be given beside its first words, written as options are.
    input_specs: ClassVar[tuple[Option, ...]] = ()
    #: Whether it may stand in parentheses where SQL allows a table.
    table_valued: ClassVar[bool] = False
    #: Whether its rows are those of a stored table, for which nothing has to run.
    reads_stored: ClassVar[bool] = False
    #: Whether it is a query, which SQL can go on with or put in parentheses.
    is_query: ClassVar[bool] = False
    #: Whether it is SQL throughout, as other databases write it.
    plain_sql: ClassVar[bool] = False
    #: Whether common table expressions may stand in front of it: ``WITH a AS (…) INSERT INTO …``.
    takes_given: ClassVar[bool] = False

    span: Span
    words: Words

    @classmethod
    @abstractmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read the statement; its first ``words`` are read already.

        Raises:
            ParseError: It does not follow the grammar.
        """

    @classmethod
    def is_supported(cls) -> bool:
        """Whether this kernel runs it, with some of its heads at least."""
        return any(head not in cls.unsupported for head in cls.heads)

    @property
    def options(self) -> Options:
        """The options given, read through `option_specs`."""
        given: tuple[Assignment, ...] = getattr(self, "given", ())
        return Options(given, self.option_specs)

    @property
    def gives_best(self) -> bool:
        """Whether it gives so many of its query's rows that fit best, and needs no other."""
        return False

    def finds_best_by(self, catalog: Catalog) -> Sequence[str]:
        """Columns of numbers beside all rows of its query, for the highest of which it needs no other row."""
        return ()

    @property
    def words_in(self) -> str | None:
        """The column of its query's rows in whose texts it looks for words."""
        return None

    @property
    def queries(self) -> tuple[Query, ...]:
        """The queries and expressions in it, those of nested statements left out."""
        return tuple(value for value in self._values() if isinstance(value, Query))

    @property
    def names(self) -> tuple[Name, ...]:
        """The names in it, those in queries left out."""
        return tuple(value for value in self._values() if isinstance(value, Name))

    def _values(self) -> Iterator[object]:
        for item in fields(self):
            value = getattr(self, item.name)
            yield from value if isinstance(value, tuple) else (value,)

    def children(self) -> Iterator[Statement]:
        """The statements nested in it, at any depth, outermost first."""
        for query in self.queries:
            for nested in query.nested:
                yield nested.statement
                yield from nested.statement.children()

    # -- what it means ---------------------------------------------------------------------------------------
    def makes(self, known: Foresight) -> Makes:
        """What it will have made once it has run, as far as can be known."""
        return Makes(known.catalog)

    def called_before(self, catalog: Catalog) -> Iterator[tuple[str, old_names.Names]]:
        """The columns that it adds, and what they may be called in notebooks of earlier generations."""
        yield from ()

    def variables(self, before: Variables) -> Variables:
        """The variables that there are behind it, given those in front of it."""
        return before

    def target(self, known: Foresight) -> Table | None:
        """The stored table that its column names, and its expressions, are about."""
        table = next((name for name in self.names if name.kind == "table"), None)
        return known.catalog.find_table(table.text) if table is not None else None

    def in_scope(self, query: Query, known: Foresight) -> tuple[Named | Query, ...]:
        """The rows that an expression of the statement may name; a `Query` for all that stands behind FROM there."""
        table, alias = self.target(known), getattr(self, "alias", None)
        return (Named(alias.text if alias else table.name, table.columns, table.name),) if table else ()

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Every problem of its own that can be told before it runs; what its queries say is not looked at.

        The same for editors and runs, which stop at the first. Without a database no name is wrong.
        """
        if self.words in self.unsupported:
            yield self.refusal()
            return
        yield from (gap(name.text, name.span) for name in self.names if name.placeholder)
        for query in self.queries:
            yield from gaps_for_tables(query.source, query.tokens)
        yield from self.options.problems()
        if known.has_database:
            yield from self._unknown_names(known)
            yield from self._views_in_the_way(known)
            yield from self._unknown_columns(known)

    def refusal(self) -> Unsupported:
        """The error that says what there is instead."""
        hint = str(self.unsupported.get(self.words) or instead.RUN_HERE)
        return Unsupported(TS600.NOT_SUPPORTED(words=" ".join(self.words)), span=self.span, hint=hint)

    def _unknown_names(self, known: Foresight) -> Iterator[ThanoSQLError]:
        for name in self.names:
            if name.placeholder:
                continue
            if name.kind in _READABLE:
                yield from self._unknown_readable(name, known.catalog)
            elif name.is_optional:
                continue
            elif name.kind == "model" and name.text not in known.catalog.models:
                yield no_model(name.text, name.span, known.catalog.models, _getting(name))
            elif name.kind == "column":
                yield from self._unknown_target(name, known)

    def _unknown_readable(self, name: Name, catalog: Catalog) -> Iterator[ThanoSQLError]:
        """A table or view that is not there, or the one where the other has to be."""
        table, view = catalog.find_table(name.text), catalog.find_view(name.text)
        if name.kind == "table" and table is None and view is not None:
            hint, fixes = self.for_view(view)
            yield not_a_table(view.name, name.span, hint, fixes)
        elif name.kind == "view" and view is None and table is not None:
            hint, fixes = self.for_table(table)
            yield not_a_view(table.name, name.span, hint, fixes)
        elif table is None and view is None and not name.is_optional:
            find = catalog.view if name.kind == "view" else catalog.named_table
            yield from raised(find, name.text, name.span)

    def for_view(self, view: View) -> tuple[str | None, Sequence[Fix]]:
        """What to do where it needs a table and a view is named: a hint, and edits that do it."""
        return None, ()

    def for_table(self, table: Table) -> tuple[str | None, Sequence[Fix]]:
        """What to do where it needs a view and a table is named."""
        return None, ()

    def _views_in_the_way(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Views that have the name of a table that it makes."""
        named = [
            (name.text, name.span) for name in self.names if name.kind == "new table" and not name.is_optional
        ]
        options = [option.name for option in self.option_specs if option.role == "new table"]
        for option in options:
            if (text := self.options.text(option)) and (span := self.options.given_span(option)):
                named.append((text, span))
        for text, span in named:
            view = known.catalog.find_view(text)
            if view is not None and known.catalog.find_table(text) is None:
                yield view_in_the_way(view.name, span)

    def _unknown_target(self, name: Name, known: Foresight) -> Iterator[ThanoSQLError]:
        table = self.target(known)
        if table is not None and table.columns and are_all(table.columns) and table.column(name.text) is None:
            yield no_column(name.text, name.span, (column.name for column in table.columns), table.name)

    def _unknown_columns(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """The columns of its query that its options name."""
        for option in self.column_options():
            name, span = self.options.text(option), self.options.given_span(option)
            if name is not None and span is not None and self.queries:
                columns = known.columns(self.queries[0])
                names = [column.name for column in columns or ()]
                if are_all(columns) and name.lower() not in map(str.lower, names):
                    yield no_column(name, span, names, TS202.QUERY())

    def column_options(self) -> Iterator[str]:
        """The options that name columns which its query must have."""
        return (option.name for option in self.option_specs if option.role == "column" and not option.of)

    def all_problems(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """`check` of the statement and of those nested in it."""
        yield from self.check(known)
        for child in self.children():
            yield from child.check(known)

    # -- what it does ----------------------------------------------------------------------------------------
    def ensure(self, known: Foresight) -> None:
        """Go on only if `check` finds nothing.

        Raises:
            ThanoSQLError: The first problem.
        """
        for problem in self.check(known):
            raise problem

    def run(self, runtime: Runtime) -> Result:
        """Do it; `ensure` was called before.

        Raises:
            ThanoSQLError: It cannot be done; nothing is half-written.
        """
        return runtime.preview(self.evaluate(runtime))

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows of a table-valued statement; `ensure` was called before.

        Raises:
            ThanoSQLError: There are none to be had.
        """
        raise self.refusal()


def called_before(query: Query, catalog: Catalog) -> dict[str, old_names.Names]:
    """What the columns that the statements in a query add were called before, by name in lower case."""
    found: dict[str, old_names.Names] = {}
    for nested in query.nested:
        for statement in (nested.statement, *nested.statement.children()):
            for column, names in statement.called_before(catalog):
                found[column.lower()] = found.get(column.lower(), frozenset()) | names
    return found


def raised(call: object, *arguments: object) -> Iterator[ThanoSQLError]:
    """The error that a call ends with, as something to yield."""
    assert callable(call)
    try:
        call(*arguments)
    except ThanoSQLError as error:
        yield error


def repeated(names: Sequence[Name]) -> Iterator[Name]:
    """The names that an earlier one says already, letter case ignored as SQL does."""
    seen: set[str] = set()
    for name in names:
        if name.text.lower() in seen:
            yield name
        seen.add(name.text.lower())


def _getting(name: Name) -> list[Fix]:
    """What fetches a model that could be had."""
    if find_spec(name.text) is None:
        return []
    get = InsertBefore(f"GET THANOSQL MODEL {name};\n")
    return [Fix(INSERT(text="GET THANOSQL MODEL"), get, is_preferred=False)]
