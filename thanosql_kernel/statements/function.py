"""FUNCTION module.name: what is computed of rows, or of a file, beyond what SQL has functions for.

Each function is a subclass in a module of its own, as each statement is; `registry.functions` finds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from thanosql_kernel.errors import ThanoSQLError, Unsupported, nearest
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import functions_of_rows
from thanosql_kernel.wording.refusals import TS600

if TYPE_CHECKING:
    Functions = Mapping[str, type["Function"]]


@dataclass(frozen=True)
class Function(Statement):
    """``FUNCTION module.name [OPTIONS(...)] AS query | FROM 'path'``; by itself one of a name that none has.

    Attributes:
        function: The name, with its module's.
        given: The options.
        query: The rows that it is computed of, if it takes rows.
        path: The file or folder, if it takes one.
    """

    #: Its name, with its module's, and those of older generations.
    called: ClassVar[tuple[str, ...]] = ()

    table_valued: ClassVar[bool] = True

    function: Name
    given: tuple[Assignment, ...]
    query: Query | None
    path: Value | None

    @classmethod
    def is_supported(cls) -> bool:
        """Whether it has a name, or reads those of others."""
        return bool(cls.called) or super().is_supported()

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Nothing begins with a function's own name: `AnyFunction` reads it, and `read` the rest."""
        return cls.read(cursor, cursor.start_of(words), cursor.name("function"))

    @classmethod
    def read(cls, cursor: Cursor, start: int, function: Name) -> Self:
        """Read what follows the function's name, from ``start`` on one statement."""
        given = cursor.options()
        query = path = None
        if cursor.accept("FROM"):
            path = cursor.text("path")
        else:
            cursor.expect("AS")
            query = cursor.query()
        return cls(cursor.span_from(start), ("FUNCTION",), function, given, query, path)


@dataclass(frozen=True)
class AnyFunction(Function):
    """The statement that begins with FUNCTION: it reads the name, and the function of that name the rest."""

    heads = (("FUNCTION",),)
    syntax = "FUNCTION module.name [OPTIONS(…)] AS query | FROM 'path'"
    help = functions_of_rows.FUNCTION
    #: Gives the functions by lower-case name; set by `registry`, which finds them.
    functions: ClassVar[staticmethod[[], Functions]] = staticmethod(dict)

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read the name, and what the function of that name makes of the rest."""
        start = cursor.start_of(words)
        module = cursor.name("function")
        cursor.expect(".")
        name = cursor.name("function")
        function = Name(f"{module.text}.{name.text}", cursor.span_from(module.span.start), "function")
        kind = cls.functions().get(function.text.lower(), cls)
        if kind is not cls and cursor.open:
            cursor.open[-1] = kind
        return kind.read(cursor, start, function)  # type: ignore[return-value]

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Only a name that no function has is read as this."""
        names = [kind.called[0] for kind in dict.fromkeys(self.functions().values())]
        yield Unsupported(
            TS600.NO_FUNCTION(name=self.function),
            span=self.function.span,
            hint=TS600.THERE_ARE(names=", ".join(names)) if names else None,
            meant=nearest(self.function.text, names),
        )
