"""What queries may name beside stored tables: Python's data frames and the results of earlier statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.results import KeptRelation, KeptResults
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.errors import Interrupted, Span, ThanoSQLError, TypeMismatch
from thanosql_kernel.sql.identifiers import unique_names
from thanosql_kernel.sql.query import is_result_name
from thanosql_kernel.wording.values import TS300

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

Frames = Mapping[str, object]
"""Python variables by name; those that hold tables are what queries may name."""

_TABLE_MARKS = ("columns", "column_names", "schema")


class NamedRelations:
    """The names that one statement may use where no stored table has them.

    Args:
        results: Of earlier statements.
        frames: Python's variables, if Python asks.
        sql_types: Gives the SQL types of an Arrow schema's fields.
        check: Raises `Interrupted` when the user asked to stop.
    """

    def __init__(
        self,
        results: KeptResults,
        frames: Frames | None,
        sql_types: Callable[[pa.Schema], Sequence[str]],
        check: Callable[[], None],
    ) -> None:
        self._results = results
        self._frames = frames or {}
        self._sql_types = sql_types
        self._check = check
        self._read: dict[str, ArrowRelation] = {}
        self._kept: list[KeptRelation] = []

    def find(self, name: str) -> Relation | None:
        """The rows of that name: a data frame's, else those of an earlier result."""
        if name in self._read:
            return self._read[name]
        kept = self._results.find(name)
        if name in self._frames and is_frame(frame := self._frames[name]):
            kept = getattr(frame, "kept_rows", None)
            if not isinstance(kept, KeptRelation):
                self._read[name] = self._as_rows(name, frame)
                return self._read[name]
            kept.called = name
        if kept is None:
            return None
        self._kept.append(kept)
        return kept.watch(self._check)

    @property
    def stored(self) -> Sequence[StoredRelation]:
        """The stored tables that earlier results are, which have been found so far."""
        return [kept.stored for kept in self._kept if kept.stored is not None]

    def explained(self, error: ThanoSQLError, name: str, span: Span | None) -> ThanoSQLError:
        """A better error than that there is no table of that name, if there is one."""
        if is_result_name(name):
            return self._results.missing(name, span)
        if name in self._frames:
            kind = type(self._frames[name]).__name__
            hint = TS300.WRITE_PARAMETER(name=name) if not callable(self._frames[name]) else error.hint
            return TypeMismatch(TS300.NO_TABLE_IN_PYTHON(name=name, type=kind), span=span, hint=hint)
        return error

    def _as_rows(self, name: str, frame: object) -> ArrowRelation:
        try:
            table = as_arrow(frame)
            if not table.column_names:
                raise ValueError(TS300.NO_COLUMNS())
        except Interrupted:
            raise
        except Exception as error:
            reason = " ".join(str(error).split())[:200]
            raise TypeMismatch(TS300.UNREADABLE_VARIABLE(name=name, reason=reason)) from error
        types = self._sql_types(table.schema)
        names = unique_names(table.column_names)
        columns = [Column(field, kind) for field, kind in zip(names, types, strict=True)]
        return ArrowRelation(table, columns)


def is_frame(value: object) -> bool:
    """Whether a Python object is a table: of pandas, polars, pyarrow or whatever else speaks Arrow's stream protocol.

    The protocol: https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
    """
    if isinstance(value, type) or not hasattr(value, "__arrow_c_stream__"):
        return False
    return any(hasattr(value, mark) for mark in _TABLE_MARKS)


def as_arrow(frame: Any) -> pa.Table:
    """A table of Python's as Arrow data; the index of a pandas frame becomes a column if it has a name."""
    import pyarrow as pa

    if type(frame).__module__.partition(".")[0] == "pandas":
        named = any(name is not None for name in frame.index.names)
        table = pa.Table.from_pandas(frame.reset_index() if named else frame, preserve_index=False)
    else:
        table = pa.table(frame)
    return table.replace_schema_metadata(None)
