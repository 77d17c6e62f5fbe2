"""Types that the user gave to columns of a text table: every value must be one as it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from thanosql_kernel.engine.sources.duck_files import literal
from thanosql_kernel.engine.sources.reading import Reading
from thanosql_kernel.errors import DataError, nearest
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.statements.copy_options import typed_columns
from thanosql_kernel.wording.tables import TS501

_WHOLE = re.compile("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_DECIMAL = re.compile(r"DECIMAL\(\d+,(\d+)\)")
#: What a cast of DuckDB's would drop, by type, as a pattern that no text may have.
_DROPPED = {"DATE": r".*[0-9]:[0-9].*", "TIMESTAMP": r".*[0-9]:.*([+-][0-9:]+|Z)\s*", "TIME": r".*[-+Z].*"}


def given_types(names: Sequence[str], what: str, reading: Reading) -> dict[str, str]:
    """The types in ``types=[…]`` by the names of a file's columns.

    Args:
        names: The file's columns.
        what: What to call the file.
        reading: The COPY.

    Raises:
        DataError: TS501, a column that the file has not.
    """
    by_name = {name.lower(): name for name in names}
    given = {}
    for column in typed_columns(reading.options):
        name = by_name.get(column.name.lower())
        if name is None:
            message = TS501.NO_COLUMN(file=what, name=column.name)
            raise DataError(message, span=column.span, meant=nearest(column.name, names))
        given[name] = column.type
    return given


def held(source: str, given: Mapping[str, str], what: str, reading: Reading) -> None:
    """Hold all values against the types that were given.

    Args:
        source: SQL that gives the texts.
        given: Types by column.
        what: What to call the file.
        reading: The COPY.

    Raises:
        DataError: TS501, with a value that would be changed or is none of that type.
    """
    if not given:
        return
    items = [
        f"any_value({quote(name)}) FILTER (NOT {_is_kept(quote(name), kind)})" for name, kind in given.items()
    ]
    row = reading.duck.table(f"SELECT {', '.join(items)} FROM {source}").to_pylist()[0].values()
    for (name, kind), value in zip(given.items(), row, strict=True):
        if value is not None:
            message = TS501.NOT_OF_TYPE(file=what, name=name, value=value, type=kind)
            raise DataError(message, span=reading.options.given_span("types"))


def _is_kept(value: str, kind: str) -> str:
    """SQL: whether a text can be read as a type and nothing of it is lost."""
    casts = f"TRY_CAST({value} AS {kind}) IS NOT NULL"
    decimal = _DECIMAL.fullmatch(kind)
    if _WHOLE.fullmatch(kind) or decimal:
        places = int(decimal[1]) if decimal else 0
        fraction = f"rtrim(split_part(trim({value}), '.', 2), '0')"
        return f"({casts} AND length({fraction}) <= {places} AND NOT contains(lower({value}), 'e'))"
    if kind in _DROPPED:
        return f"({casts} AND NOT regexp_full_match({value}, {literal(_DROPPED[kind])}))"
    return f"({value} IS NULL OR {casts})" if kind == "VARCHAR" else casts
