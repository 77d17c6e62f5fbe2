"""What ``$name`` stands for, a value of Python's or a variable: in options as it is, in SQL as a literal of its own."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from thanosql_kernel.errors import Span, TypeMismatch, UnknownName, nearest
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.nodes import Scalar, Value
from thanosql_kernel.wording.names import TS209
from thanosql_kernel.wording.values import TS300


@dataclass(frozen=True, slots=True)
class Variable:
    """What SET VARIABLE has given a name.

    Attributes:
        name: As it was written.
        value: As Python has it: what options get.
        literal: As SQL writes it, of this value and type and nothing else.
        type: Its SQL type.
        text: As SQL shows it; None for NULL.
    """

    name: str
    value: object
    literal: str
    type: str
    text: str | None


#: The variables that there are, by `variable_key`; None for one whose value is not known yet.
Variables = Mapping[str, Variable | None]
NO_VARIABLES: Variables = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Parameters:
    """What ``$name`` may stand for in a cell.

    Attributes:
        variables: Those of the session.
        python: Python's values, which come first; None where there is no Python: in the kernel's own cells.
    """

    variables: Variables = field(default_factory=lambda: NO_VARIABLES)
    python: Mapping[str, object] | None = None

    def given(self, token: Token) -> object:
        """The value, the variable, or `OPEN`.

        Raises:
            UnknownName: TS209, there is none.
        """
        name = token.text[1:]
        if self.python is not None and name in self.python:
            return self.python[name]
        key = variable_key(name)
        if key not in self.variables:
            raise no_value(token, [*self.variables, *(self.python or ())], in_python=self.python is not None)
        found = self.variables[key]
        return OPEN if found is None else found


#: What a variable has whose statement has not run yet.
OPEN = object()


def variable_key(name: str) -> str:
    """The name as DuckDB compares it: of letters only ASCII's have no case."""
    return "".join(char.lower() if char.isascii() else char for char in name)


def no_value(token: Token, names: Iterable[str], *, in_python: bool = False) -> UnknownName:
    """The error that nothing gives ``$name`` a value."""
    name = token.text[1:]
    hint = TS209.ASSIGN if in_python else TS209.SET_VARIABLE
    close = nearest(name, names)
    meant = None if close is None else f"${close}"
    return UnknownName(TS209.NO_VALUE(name=token.text), span=token.span, hint=hint(name=name), meant=meant)


_MAX_DEPTH = 32
_MAX_INTEGER = 2**127


def option_value(token: Token, parameters: Parameters) -> Value:
    """The value of ``$name`` where options stand.

    Raises:
        UnknownName: TS209, there is no such value.
        TypeMismatch: TS300, it is no text, number, True, False, None or a list of those.
    """
    found = parameters.given(token)
    if found is OPEN:
        return unresolved(token)
    given = _plain(found.value if isinstance(found, Variable) else found)
    if isinstance(given, list):
        items = tuple(_scalar(token, item) for item in given)
        return Value([_as_scalar(item) for item in items], token.span, "list", items)
    return _scalar(token, given)


def sql_literal(token: Token, parameters: Parameters) -> str | None:
    """``$name`` as SQL writes its value; None as long as it is not known.

    A blank on either side and parentheses around a sign keep it apart from whatever stands beside it.

    Raises:
        UnknownName: TS209, there is no such value.
        TypeMismatch: TS300, SQL has no form for it.
    """
    given = parameters.given(token)
    if given is OPEN:
        return None
    try:
        return f" {literal_of(given)} "
    except ValueError as error:
        hint = TS300.FROM_READS(name=token.text[1:]) if hasattr(given, "__arrow_c_stream__") else None
        message = TS300.NOT_USABLE(name=token.text, reason=error)
        raise TypeMismatch(message, span=token.span, hint=hint) from None


def literal_of(value: object, depth: int = 0) -> str:
    """A value as a DuckDB literal.

    Raises:
        ValueError: There is none.
    """
    if depth > _MAX_DEPTH:
        raise ValueError(TS300.TOO_DEEP())
    if isinstance(value, Variable):
        return value.literal
    value = _plain(value)
    if value is None or isinstance(value, bool):
        return "NULL" if value is None else str(value).upper()
    if isinstance(value, str):
        return text_literal(value)
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, (datetime, date, time, timedelta)):
        return _moment(value)
    if isinstance(value, (bytes, bytearray)):
        return f"from_hex('{value.hex()}')"
    if isinstance(value, UUID):
        return f"CAST('{value}' AS UUID)"
    if isinstance(value, list):
        return f"[{', '.join(literal_of(item, depth + 1) for item in value)}]"
    if isinstance(value, Mapping) and value and all(isinstance(key, str) for key in value):
        return f"{{{', '.join(f'{text_literal(key)}: {literal_of(item, depth + 1)}' for key, item in value.items())}}}"
    raise ValueError(TS300.NO_FORM(kind=type(value).__name__))


def _plain(value: object) -> object:
    """Paths as texts, numpy's numbers, arrays and series as Python's, other sequences as lists."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (bytes, bytearray)):
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if type(value).__module__.partition(".")[0] in ("numpy", "pandas", "polars", "pyarrow"):
        return _plain_of_library(value)
    return list(value) if isinstance(value, Sequence) else value


def _plain_of_library(value: object) -> object:
    """By the methods that those libraries share, for none of them need be there."""
    for method in ("to_pydatetime", "to_pytimedelta", "as_py", "tolist", "to_list", "to_pylist"):
        if hasattr(value, method) and not hasattr(value, "columns"):
            return getattr(value, method)()
    return value


def _scalar(token: Token, item: object) -> Value:
    value = _plain(item)
    if value is None or isinstance(value, bool):
        return Value(value, token.span, "constant")
    if isinstance(value, (int, float, Decimal)):
        number = float(value) if isinstance(value, Decimal) else value
        return Value(number, token.span, "number")
    if isinstance(value, str):
        return Value(value, token.span, "string")
    message = TS300.NO_OPTION_VALUE(name=token.text, kind=type(value).__name__)
    raise TypeMismatch(message, span=token.span)


def _as_scalar(item: Value) -> Scalar:
    assert not isinstance(item.value, list)
    return item.value


def text_literal(value: str) -> str:
    """A text as a literal.

    Raises:
        ValueError: There is none.
    """
    if "\0" in value:
        raise ValueError(TS300.NUL())
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(TS300.NO_UNICODE()) from None
    return "'" + value.replace("'", "''") + "'"


def _number(value: float | Decimal) -> str:
    """Floats get an exponent: without one DuckDB reads a DECIMAL."""
    if isinstance(value, int):
        if abs(value) >= _MAX_INTEGER:
            raise ValueError(TS300.TOO_LARGE())
        text = str(int(value))
    elif not math.isfinite(value):
        return f"CAST('{float(value)}' AS DOUBLE)"
    elif isinstance(value, Decimal):
        text = format(value, "f")
    else:
        shortest = repr(float(value))
        text = shortest if "e" in shortest else f"{shortest}e0"
    return f"({text})" if text.startswith("-") else text


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        microseconds = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
        return f"to_microseconds(CAST({_number(microseconds)} AS BIGINT))"
    if isinstance(value, datetime):
        return f"{'TIMESTAMP' if value.tzinfo is None else 'TIMESTAMPTZ'} '{value.isoformat(' ')}'"
    return f"{'DATE' if isinstance(value, date) else 'TIME'} '{value.isoformat()}'"


def unresolved(token: Token) -> Value:
    """``$name`` where its value is not known: in an editor, or before the statement above it has run."""
    return Value(token.text, Span(token.start, token.end), "parameter")
