"""Which type shows a text as it is written: the conditions, as SQL, that all texts of a column must meet.

A number is a DOUBLE only where the double, printed with as many digits as the text has, is the text. What programs
print of doubles is (``0.1``, ``0.30000000000000004``, ``%.18e``); ids of twenty digits and money beyond it are not.
"""

from __future__ import annotations

from thanosql_kernel.duck.connection import Duck

_CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6}0*)?)?"
_DAY = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_ZONE = " ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_INTEGER = r"\s*-?(0|[1-9][0-9]*)\s*"
_FRACTION = r"\s*[+-]?(0|[1-9][0-9]*|)(\.[0-9]*)?([eE][+-]?[0-9]+)?\s*"

#: Macros that the conditions use. Fifteen digits always survive in a double; more are printed again and compared.
_MACROS = (
    rf"""_whole(t) AS regexp_full_match(t, '{_INTEGER}')""",
    r"""_plain(t) AS regexp_replace(regexp_replace(t, '(\.[0-9]*?)0+(e|$)', '\1\2'), '\.(e|$)', '\1')""",
    r"""_whole_kept(t) AS
        coalesce(TRY_CAST(TRY_CAST(t AS DOUBLE) AS HUGEINT) = TRY_CAST(t AS HUGEINT), false)""",
    r"""_fixed_kept(t) AS
        regexp_replace(t, '^([+-]?)\.', '\10.') IN (
            format('{:.{}f}', TRY_CAST(t AS DOUBLE), length(split_part(t, '.', 2))),
            format('+{:.{}f}', TRY_CAST(t AS DOUBLE), length(split_part(t, '.', 2))))""",
    r"""_power_kept(t) AS
        format('{:.{}e}', TRY_CAST(t AS DOUBLE), length(split_part(split_part(t, 'e', 1), '.', 2)))
        = regexp_replace(regexp_replace(t, 'e([0-9])', 'e+\1'), 'e([+-])([0-9])$', 'e\10\2')""",
    r"""_digits_kept(t) AS CASE
        WHEN length(t) <= 15 THEN true
        WHEN regexp_full_match(t, '-?[0-9]+') THEN _whole_kept(t)
        WHEN CAST(TRY_CAST(t AS DOUBLE) AS VARCHAR) = t THEN true
        WHEN length(regexp_replace(regexp_replace(t, 'e.*', ''), '^[-+0.]+|[.]', '', 'g')) <= 15 THEN true
        WHEN contains(t, 'e') THEN _power_kept(t)
        ELSE _fixed_kept(t) END""",
    # Nearly all decimals, in one look.
    r"""_short(t) AS length(t) <= 15 AND regexp_full_match(t, '-?(0|[1-9][0-9]*)(\.[0-9]+)?')""",
    rf"""_double(t) AS
        regexp_full_match(t, '{_FRACTION}')
        AND NOT regexp_full_match(t, '\s*\+[0-9]+\s*')
        AND coalesce(isfinite(TRY_CAST(t AS DOUBLE)), false)
        AND (abs(TRY_CAST(t AS DOUBLE)) > 2.3e-308 OR regexp_matches(t, '^[^1-9]*([eE]|$)'))
        AND coalesce(_digits_kept(_plain(lower(trim(t)))), false)""",
)

_CONDITIONS = {
    "BIGINT": "_whole({0}) AND (length({0}) <= 18 OR TRY_CAST({0} AS BIGINT) IS NOT NULL)",
    "DECIMAL(38,0)": "_whole({0}) AND TRY_CAST({0} AS DECIMAL(38,0)) IS NOT NULL",
    "DOUBLE": "CASE WHEN _short({0}) THEN true ELSE _double({0}) END",
    "BOOLEAN": "lower({0}) IN ('true', 'false')",
    "DATE": "regexp_full_match({0}, '[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}')"
    " AND TRY_CAST({0} AS DATE) IS NOT NULL",
    "TIMESTAMP": "regexp_full_match({0}, '" + (_DAY + "[ T]" + _CLOCK).replace("{", "{{").replace("}", "}}")
    + "') AND TRY_CAST({0} AS TIMESTAMP) IS NOT NULL",
    "TIMESTAMP WITH TIME ZONE": "regexp_full_match({0}, '"
    + (_DAY + "[ T]" + _CLOCK + _ZONE).replace("{", "{{").replace("}", "}}")
    + "') AND TRY_CAST({0} AS TIMESTAMPTZ) IS NOT NULL",
}  # fmt: skip
#: Types from the narrowest on.
KINDS = tuple(_CONDITIONS)
NUMBERS = ("BIGINT", "DECIMAL(38,0)", "DOUBLE")


def prepare(duck: Duck) -> None:
    """Make what the conditions use known to a connection."""
    for macro in _MACROS:
        duck.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")


def condition(kind: str, value: str) -> str:
    """SQL: whether a text is a value of that type as it is written; NULL for NULL, which is of every type."""
    return f"CASE WHEN {value} IS NOT NULL THEN {_CONDITIONS[kind].format(value)} END"
