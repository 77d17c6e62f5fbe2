"""Casts on the way into a table: a value is stored as it is, or refused.

DuckDB's casts round: 1.5 becomes the INTEGER 2, the text '7.5' the BIGINT 8, 9007199254740993 the DOUBLE
9007199254740992; they leave out the time of day where a DATE is wanted, and a text's time zone where a TIMESTAMP is.
What has a fraction and is stored as DOUBLE or FLOAT is meant to be rounded to it; whole numbers are not.
"""

from __future__ import annotations

import re

from thanosql_kernel.duck.raised import raising
from thanosql_kernel.engine.store.arrow_types import carried_type
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.wording.values import TS301

_INTEGER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER")
_WHOLE = re.compile(rf"{_INTEGER.pattern}|DECIMAL\(\d+,0\)")
_DECIMAL = re.compile(r"DECIMAL\(\d+,(\d+)\)")
_PLAIN = re.compile(
    rf"{_INTEGER.pattern}|{_DECIMAL.pattern}|BIGNUM|BOOLEAN|FLOAT|DOUBLE|DATE|TIME(_NS)?|TIME WITH TIME ZONE"
    r"|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE"
)
_BINARY = ("FLOAT", "DOUBLE")
_ZONE = r":\d{2}[\d.]*\s*(Z|[+-]\d{2}(:?\d{2})?)\s*$"
_NANOSECONDS = r"\.\d{6}\d*[1-9]"


def exact_cast(name: str, given: str, wanted: str) -> str:
    """The SQL of a column's values in another type; where a value would become another one, `raised` is the column.

    Args:
        name: The column.
        given: Its SQL type.
        wanted: The type that is stored.
    """
    value = quote(name)
    cast = f"CAST({value} AS {wanted})"
    kept = None if given == wanted else _kept(value, given, wanted)
    if kept is None:
        return cast
    error = raising(TS301.MISFIT, value, subject=name, column=name, type=wanted)
    return f"CASE WHEN {value} IS NULL OR ({kept}) THEN {cast} ELSE {error} END"


def _kept(value: str, given: str, wanted: str) -> str | None:
    """The condition under which a cast keeps a value; None if it keeps or refuses all by itself."""
    if given == "VARCHAR":
        return _kept_text(value, wanted)
    if carried_type(given).replace('"', "") == wanted.replace('"', ""):
        return None
    if wanted in _BINARY and not _WHOLE.fullmatch(given):
        return None
    plain = _PLAIN.fullmatch(given) and _PLAIN.fullmatch(wanted)
    if not plain and not _is_nested_alike(given, wanted):
        return None
    if ("ZONE" in given) != ("ZONE" in wanted) and "DATE" not in (given, wanted):
        return "false"
    return f"TRY_CAST(TRY_CAST({value} AS {wanted}) AS {given}) IS NOT DISTINCT FROM {value}"


def _is_nested_alike(given: str, wanted: str) -> bool:
    """Whether both are lists, structs or maps of values that come back from a cast as they were."""
    texts_stay = given.count("VARCHAR") in (0, wanted.count("VARCHAR"))
    return given[-1] in ")]" and wanted[-1] in ")]" and "FLOAT" not in wanted and texts_stay


def _kept_text(value: str, wanted: str) -> str | None:
    decimal = _DECIMAL.fullmatch(wanted)
    if decimal or _INTEGER.fullmatch(wanted):
        digits = decimal[1] if decimal else "0"
        return rf"NOT regexp_matches({value}, '\.\d{{{digits}}}\d*[1-9]')"
    if wanted in _BINARY:
        whole, kept = f"TRY_CAST({value} AS HUGEINT)", f"TRY_CAST(TRY_CAST({value} AS {wanted}) AS HUGEINT)"
        return rf"NOT regexp_full_match(trim({value}), '[+-]?\d+') OR {whole} IS NOT DISTINCT FROM {kept}"
    if wanted == "DATE":
        moment, day = f"TRY_CAST({value} AS TIMESTAMP)", f"CAST(TRY_CAST({value} AS DATE) AS TIMESTAMP)"
        return f"coalesce({moment} = {day}, true)"
    if wanted in ("TIMESTAMP", "TIME"):
        return f"NOT regexp_matches({value}, '{_ZONE}') AND NOT regexp_matches({value}, '{_NANOSECONDS}')"
    return f"NOT regexp_matches({value}, '{_NANOSECONDS}')" if wanted == "TIMESTAMP WITH TIME ZONE" else None
