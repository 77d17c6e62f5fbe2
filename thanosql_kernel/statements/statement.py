"""What every statement is: words that begin it, a grammar, checks, and what it does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar, Self

from thanosql_kernel.errors import Span, ThanoSQLError, Unsupported
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.options import Option, Options

if TYPE_CHECKING:
    from thanosql_kernel.catalog import Catalog
    from thanosql_kernel.statements.foresight import Columns, Foresight
    from thanosql_kernel.statements.results import Result
    from thanosql_kernel.statements.runtime import Relation, Runtime

SUPPORTED = "this kernel runs COPY, SELECT, CONVERT, SEARCH IMAGE, SEARCH TEXT, PRINT and table statements"


@dataclass(frozen=True)
class Statement(ABC):
    """A parsed statement.

    Attributes:
        span: Where it stands in the cell.
    """

    #: The word sequences that begin it, in capitals.
    heads: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: Its grammar, as documentation shows it.
    syntax: ClassVar[str] = ""
    #: What it does, in a sentence or two.
    help: ClassVar[str] = ""
    #: A statement to try.
    example: ClassVar[str] = ""
    #: The options it has.
    option_specs: ClassVar[tuple[Option, ...]] = ()
    #: Whether it may stand in parentheses where SQL allows a table.
    table_valued: ClassVar[bool] = False
    #: Whether it is SQL throughout.
    plain_sql: ClassVar[bool] = False
    #: Whether this kernel runs it.
    supported: ClassVar[bool] = True

    span: Span

    @classmethod
    @abstractmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read the statement; its first ``words`` are read already.

        Raises:
            ParseError: It does not follow the grammar.
        """

    @property
    def options(self) -> Options:
        """The options given, read through `option_specs`."""
        given: tuple[Assignment, ...] = getattr(self, "given", ())
        return Options(given, self.option_specs)

    @property
    def queries(self) -> tuple[Query, ...]:
        """The queries in it, nested statements included."""
        return tuple(value for value in self._values() if isinstance(value, Query))

    @property
    def names(self) -> tuple[Name, ...]:
        """The names in it, those in queries left out."""
        return tuple(value for value in self._values() if isinstance(value, Name))

    def _values(self) -> Iterator[object]:
        for item in fields(self):
            value = getattr(self, item.name)
            yield from value if isinstance(value, tuple) else (value,)

    def problems(self) -> Iterator[ThanoSQLError]:
        """What can be seen to be wrong without a catalogue; an empty iterator lets it run."""
        if not self.supported:
            yield self.unsupported()
            return
        for name in self.names:
            if name.placeholder:
                yield gap(name.text, name.span)
        yield from self.options.problems()

    def unsupported(self) -> Unsupported:
        """The error that says what there is instead."""
        head = " ".join(word for word in self.heads[0])
        return Unsupported(f"{head} is not supported", span=self.span, hint=SUPPORTED)

    def children(self) -> Iterator[Statement]:
        """The statements nested in it, at any depth, outermost first."""
        for query in self.queries:
            for nested in query.nested:
                yield nested.statement
                yield from nested.statement.children()

    def all_problems(self) -> Iterator[ThanoSQLError]:
        """`problems` of the statement and of those nested in it."""
        yield from self.problems()
        for child in self.children():
            yield from child.problems()

    def run(self, runtime: Runtime) -> Result:
        """Do it.

        Raises:
            ThanoSQLError: It cannot be done; nothing is half-written.
        """
        return runtime.preview(self.evaluate(runtime))

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows of a table-valued statement.

        Raises:
            ThanoSQLError: There are none to be had.
        """
        raise self.unsupported()

    def output(self, known: Foresight) -> Columns:
        """The columns its rows will have, as far as can be known before it runs."""
        return None

    def effect(self, known: Foresight) -> Catalog:
        """The catalogue after it will have run, as far as can be known."""
        return known.catalog


def plural(count: int, noun: str) -> str:
    """``1 row``, ``24,968 rows``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def repeated(names: Sequence[Name]) -> Iterator[Name]:
    """The names that an earlier one says already, letter case ignored as SQL does."""
    seen: set[str] = set()
    for name in names:
        if name.text.lower() in seen:
            yield name
        seen.add(name.text.lower())


def gap(text: str, span: Span) -> Unsupported:
    """The error for a ``[gap to fill in]`` that was copied from a manual."""
    return Unsupported(
        f"{text} is a gap to fill in", code="TS602", span=span, hint="write your own name in its place"
    )
