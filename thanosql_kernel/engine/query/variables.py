"""The session's variables: each is kept as the SQL literal that gives its very value and type again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from thanosql_kernel.duck.catalogues import reads_catalogues
from thanosql_kernel.duck.connection import PREFIX, Duck
from thanosql_kernel.duck.errors import Place, SqlFailure, translate
from thanosql_kernel.duck.expressions import expression_tree
from thanosql_kernel.engine.query.catalogues import catalogue_rows
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.errors import ParseError, TypeMismatch
from thanosql_kernel.sql.parameters import Variable, literal_of, text_literal, variable_key
from thanosql_kernel.sql.query import Query
from thanosql_kernel.wording.grammar import TS105
from thanosql_kernel.wording.values import TS300

_HEAD = "SELECT (\n"
_TAIL = "\n) AS v"
_UNTYPED = '"NULL"'


class SessionVariables(dict[str, Variable]):
    """The variables by `variable_key`."""

    def put(self, variable: Variable) -> None:
        """Give a name its value."""
        self[variable_key(variable.name)] = variable

    def forget(self, name: str) -> None:
        """Take a name's value away."""
        self.pop(variable_key(name), None)

    @property
    def literals(self) -> Mapping[str, str]:
        """What DuckDB sets them to, by name."""
        return {variable.name: variable.literal for variable in list(self.values())}


def variable_of(queries: Queries, name: str, expression: Query) -> Variable:
    """What an expression gives, for a variable of that name.

    Raises:
        ThanoSQLError: It is not valid, or gives what no literal gives again, with its place.
    """
    sql, sources = queries.prepare(expression)
    place = queries.place(expression, sql, sources, prefix=len(PREFIX + _HEAD))
    try:
        tree = expression_tree(sql)
    except SqlFailure as failure:
        raise translate(failure, replace(place, prefix=0)) from failure
    if tree is not None and not sources and reads_catalogues(tree, sources):
        return _of_catalogue(queries, name, f"{_HEAD}{sql}{_TAIL}", place)
    try:
        return _computed(queries.duck, name, f"{_HEAD}{sql}{_TAIL}", place)
    except SqlFailure as failure:
        raise queries.explained(translate(failure, place), place) from failure


def _of_catalogue(queries: Queries, name: str, sql: str, place: Place) -> Variable:
    rows = queries.duck.scratch_name()
    try:
        catalogue_rows(sql, queries.catalog, queries.duck).register(queries.duck, rows)
    except SqlFailure as failure:
        raise translate(failure, place) from failure
    return _computed(queries.duck, name, f"SELECT v FROM {rows}", place)


def _computed(duck: Duck, name: str, sql: str, place: Place) -> Variable:
    """The value of a query of one column ``v`` and one row, which runs once."""
    (column,) = duck.describe(sql)
    rows = duck.scratch_name()
    try:
        count = duck.materialise(rows, sql)
    except SqlFailure as failure:
        raise failure.at(None) from failure
    if count != 1:
        raise ParseError(TS105.ONE_VALUE(clause="SET VARIABLE"), span=place.whole)
    if column.type == _UNTYPED:
        return Variable(name, None, "NULL", _UNTYPED, None)
    ((text, kind),) = duck.execute(f"SELECT CAST(v AS VARCHAR), typeof(v) FROM {rows}")
    value = _in_python(duck, rows)
    for literal in _literals(value, text, kind):
        if _gives_it_again(duck, literal, rows):
            return Variable(name, value, literal, kind, text)
    raise TypeMismatch(TS300.NO_LITERAL(type=kind), span=place.whole)


def _in_python(duck: Duck, rows: str) -> object:
    """The value as Python has it; an object that is nothing else where it has no such values, or not without pytz."""
    try:
        return duck.execute(f"SELECT v FROM {rows}")[0][0]
    except (SqlFailure, ArithmeticError, ValueError):
        return object()


def _literals(value: object, text: str | None, kind: str) -> Iterator[str]:
    """What may be written for a value, the shortest first."""
    with suppress(ValueError):
        yield literal_of(value)
    with suppress(ValueError):
        yield f"(CAST({'NULL' if text is None else text_literal(text)} AS {kind}))"


def _gives_it_again(duck: Duck, literal: str, rows: str) -> bool:
    """Whether a literal has the type and value of the ``v`` in a table; equal is not enough: 30 days equal a month."""
    same = f"""
    SELECT typeof({literal}) = typeof(v) AND ({literal}) IS NOT DISTINCT FROM v
           AND CAST(({literal}) AS VARCHAR) IS NOT DISTINCT FROM CAST(v AS VARCHAR)
    FROM {rows}
    """
    try:
        return bool(duck.execute(same)[0][0])
    except SqlFailure:
        return False
