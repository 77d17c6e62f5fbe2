"""JSON files: values as they are written. Strings stay text whatever they look like, whole numbers stay exact.

DuckDB's own detection makes dates, times and (lower-cased) UUIDs of strings and doubles of whole numbers beyond 64
bits, so that it is asked for the structure alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from thanosql_kernel.duck.connection import SqlFailure
from thanosql_kernel.engine.sources import exact
from thanosql_kernel.engine.sources.duck_files import FileRelation, call, file_rows, literal, unreadable
from thanosql_kernel.engine.sources.encoding import as_utf8
from thanosql_kernel.engine.sources.packed import unpacked_file
from thanosql_kernel.engine.sources.reading import Named, Reading
from thanosql_kernel.sql.identifiers import quote, unique_names
from thanosql_kernel.wording import tables
from thanosql_kernel.wording.tables import TS501

_MAX_OBJECT_BYTES = 256 << 20
_CHUNK_BYTES = 1 << 20
#: Numbers that a BIGINT or DOUBLE may not hold; in texts too, where it costs a look and changes nothing.
_LONG_NUMBER = re.compile(rb"[0-9]{16}|[0-9][eE][+-]?[0-9]{3}")
_PLAIN = {"BOOLEAN": "BOOLEAN", "VARCHAR": "VARCHAR", "NULL": "VARCHAR", "JSON": "JSON"}
_INTEGERS = ("BIGINT", "UBIGINT")

Structure = Any
"""What DuckDB's ``json_group_structure`` gives: a type's name, a list of one structure, or names with structures."""
Place = tuple[str | int, ...]
"""Steps into a structure: names of fields, 0 for the elements of a list."""


def read_json(files: Sequence[Named], reading: Reading, *, what: str | None = None) -> FileRelation:
    """JSON files: arrays of records, one record a line, or records one after the other; several are one table.

    Raises:
        DataError: TS501, with the place, when it is no JSON.
    """
    called = what or files[0].path.name
    with reading.of_each(files) as each:
        texts = [_text(file, own, what) for file, own in each]
    objects = call("read_json_objects", texts, {"maximum_object_size": str(_MAX_OBJECT_BYTES)})
    try:
        found = reading.duck.table(f"SELECT json_group_structure(json) FROM {objects}").column(0)[0].as_py()
        structure: Structure = json.loads(found) if found else "JSON"
        if isinstance(structure, dict) and _has_twins(structure):
            return file_rows(_by_path(structure, objects), reading, called)
        is_records = isinstance(structure, dict) and "" not in structure
        columns = structure if is_records else {"json": structure}
        source = _typed(texts, columns, "auto" if is_records else "false", reading)
        sql = _rows(structure, source, objects, called, reading)
    except SqlFailure as failure:
        raise unreadable(failure, reading, called) from failure
    return file_rows(sql, reading, called)


def _rows(structure: Structure, source: str, objects: str, what: str, reading: Reading) -> str:
    """The records; those of the list in it for one object that holds nothing else."""
    if isinstance(structure, dict) and len(structure) == 1:
        ((name, part),) = structure.items()
        is_list = isinstance(part, list) and isinstance(part[0], dict) and not _is_opaque(part[0])
        if is_list and reading.duck.table(f"SELECT count(*) FROM {objects}").column(0)[0].as_py() == 1:
            reading.work.notice(tables.RECORDS_IN(file=what, name=name))
            return f"SELECT unnest({quote(name)}, max_depth := 2) FROM {source}"
    return f"SELECT * FROM {source}"


def _text(file: Named, reading: Reading, what: str | None) -> Path:
    path = unpacked_file(file.path, reading)
    text = as_utf8(path, reading, keep_mark=False)
    if _is_cut(text):
        raise reading.error(TS501.CUT_OFF(name=what or path.name))
    return text


def _is_cut(path: Path) -> bool:
    """Whether an array has no end: DuckDB takes the records before a last comma for all there are."""
    with open(path, "rb") as file:
        begins = file.read(_CHUNK_BYTES).lstrip()[:1]
        file.seek(max(0, path.stat().st_size - _CHUNK_BYTES))
        return begins == b"[" and file.read().rstrip()[-1:] not in (b"]", b"}")


def _typed(paths: Sequence[Path], columns: dict[str, Structure], records: str, reading: Reading) -> str:
    """The file as a table; where numbers are long, all are looked at before they are given a type."""
    numbers = [place for name, part in columns.items() for place in _numbers(part, (name,))]
    kinds = {place: "BIGINT" if _at(columns, place) in _INTEGERS else "DOUBLE" for place in numbers}
    if numbers and any(_holds_long_numbers(path, reading) for path in paths):
        texts = {
            name: _sql(part, dict.fromkeys(numbers, "VARCHAR"), (name,)) for name, part in columns.items()
        }
        kinds = _fitting(numbers, columns, _source(paths, texts, records), reading)
    types = {name: _sql(part, kinds, (name,)) for name, part in columns.items()}
    return _source(paths, types, records)


def _fitting(
    numbers: Sequence[Place], columns: dict[str, Structure], source: str, reading: Reading
) -> dict[Place, str]:
    """For each place with numbers, the narrowest type that holds all of them as they are written."""
    exact.prepare(reading.duck)
    names = (f"_x{number}" for number in count())
    tests = [
        f"coalesce(bool_and({_everywhere(quote(str(place[0])), columns[str(place[0])], place[1:], kind, names)}), true)"
        for place in numbers
        for kind in exact.NUMBERS
    ]
    held = list(reading.duck.table(f"SELECT {', '.join(tests)} FROM {source}").to_pylist()[0].values())
    width = len(exact.NUMBERS)
    return {
        place: next(
            (kind for kind, fits in zip(exact.NUMBERS, held[at * width :], strict=False) if fits), "VARCHAR"
        )
        for at, place in enumerate(numbers)
    }


def _numbers(structure: Structure, place: Place) -> Iterator[Place]:
    """Where the numbers of a structure are."""
    if isinstance(structure, list):
        yield from _numbers(structure[0], (*place, 0))
    elif isinstance(structure, dict):
        if not _is_opaque(structure):
            for name, part in structure.items():
                yield from _numbers(part, (*place, name))
    elif structure not in _PLAIN:
        yield place


def _sql(structure: Structure, numbers: Mapping[Place, str], place: Place) -> str:
    """The SQL type of a structure; ``numbers`` says what those at a place are."""
    if isinstance(structure, list):
        return _sql(structure[0], numbers, (*place, 0)) + "[]"
    if isinstance(structure, dict):
        if _is_opaque(structure):
            return "JSON"
        fields = (f"{quote(name)} {_sql(part, numbers, (*place, name))}" for name, part in structure.items())
        return f"STRUCT({', '.join(fields)})"
    return _PLAIN.get(structure) or numbers[place]


def _at(structure: Structure, place: Place) -> str:
    for step in place:
        structure = structure[step]
    return str(structure)


def _everywhere(value: str, structure: Structure, place: Place, kind: str, names: Iterator[str]) -> str:
    """SQL: whether all values at a place of ``value`` are of a kind; JSON's neighbours write NaN and Infinity too."""
    if not place:
        condition = exact.condition(kind, value)
        return (
            f"({value} IN ('NaN', 'Infinity', '-Infinity') OR {condition})" if kind == "DOUBLE" else condition
        )
    step, rest = place[0], place[1:]
    if isinstance(step, int):
        name = next(names)
        inner = _everywhere(name, structure[0], rest, kind, names)
        return f"coalesce(list_bool_and(list_transform({value}, lambda {name}: {inner})), true)"
    return _everywhere(f"struct_extract({value}, {literal(step)})", structure[step], rest, kind, names)


def _is_opaque(structure: dict[str, Structure]) -> bool:
    """Whether DuckDB has no STRUCT for it; it stays JSON."""
    return not structure or "" in structure or _has_twins(structure)


def _source(paths: Sequence[Path], columns: dict[str, str], records: str) -> str:
    types = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    options = {
        "maximum_object_size": str(_MAX_OBJECT_BYTES),
        "records": records,
        "columns": "{" + types + "}",
    }
    return call("read_json", paths, options)


def _by_path(structure: dict[str, Structure], objects: str) -> str:
    """The records of a file with names that differ by letter case alone: DuckDB's reader takes them for one."""
    items = []
    for name, column in zip(structure, unique_names(list(structure)), strict=True):
        path = literal('$."' + name.replace('"', '\\"') + '"')
        reader = "json_extract_string" if structure[name] == "VARCHAR" else "json_extract"
        items.append(f"{reader}(json, {path}) AS {quote(column)}")
    return f"SELECT {', '.join(items)} FROM {objects}"


def _has_twins(structure: dict[str, Structure]) -> bool:
    return len({name.lower() for name in structure}) < len(structure)


def _holds_long_numbers(path: Path, reading: Reading) -> bool:
    tail = b""
    for chunk in reading.chunks(path):
        if _LONG_NUMBER.search(tail + chunk):
            return True
        tail = chunk[-20:]
    return False
