"""What files were when the rows that name them were written: kept beside the table, a record for each data file.

A file that is gone can be known again under another name by what is remembered of it, and one that has changed by what
it was. A data file of paths never changes, so its record holds whatever happens to the table's name, to other columns
and to other rows, and an earlier version of the table has its own. Rows that others have written have none.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from thanosql_kernel.engine.store.add_column import ColumnPart, column_parts
from thanosql_kernel.engine.store.identity import live_offsets
from thanosql_kernel.engine.store.lance_files import read_beside, write_beside

if TYPE_CHECKING:
    import pyarrow as pa

DIGEST_BYTES = 16
_ENDING = "files"

_log = logging.getLogger(__name__)


def sightings_schema() -> pa.Schema:
    """The columns of sightings, all NULL for a file of which nothing is known.

    ``size_bytes``; ``modified_us``, microseconds since 1970, UTC; ``digest`` of its beginning and end, NULL where it
    could not be read; ``is_lasting``: whether size and time tell it from what it may become later.
    """
    import pyarrow as pa

    return pa.schema(
        [
            ("size_bytes", pa.int64()),
            ("modified_us", pa.int64()),
            ("digest", pa.binary(DIGEST_BYTES)),
            ("is_lasting", pa.bool_()),
        ]
    )


def unseen(count: int) -> pa.Table:
    """Nothing is known of so many files."""
    import pyarrow as pa

    schema = sightings_schema()
    return pa.table([pa.nulls(count, field.type) for field in schema], schema=schema)


def read_sightings(dataset: Any, column: str) -> tuple[pa.Table, list[ColumnPart]]:
    """What is remembered of the files that a table's rows name, row by row.

    Args:
        dataset: A Lance data set.
        column: Its paths.

    Returns:
        The sightings (n,), and the parts of the column of which there are none.
    """
    import pyarrow as pa

    found, without = [unseen(0)], []
    for part in column_parts(dataset, column):
        whole = _read(dataset, part.file, part.field, part.rows.physical_rows)
        if whole is None:
            without.append(part)
            whole = unseen(part.rows.physical_rows)
        is_whole = len(part.rows.offsets) == part.rows.physical_rows
        found.append(whole if is_whole else whole.take(pa.array(part.rows.offsets)))
    return pa.concat_tables(found), without


def write_sightings(dataset: Any, parts: Sequence[ColumnPart], seen: pa.Table) -> None:
    """Remember what the files were that the rows in some parts of a column name; what cannot be written is not.

    Args:
        dataset: A Lance data set.
        parts: Of its column of paths.
        seen: The sightings (n,) of all of its rows.
    """
    import pyarrow as pa

    for part in parts:
        own = seen.slice(part.rows.start, len(part.rows.offsets))
        if part.file is None or own.column("size_bytes").null_count == len(own):
            continue
        places = np.full(part.rows.physical_rows, -1, dtype=np.int64)
        places[part.rows.offsets] = np.arange(len(own))
        _write(dataset, _name(part.file, part.field), own.take(pa.array(places, mask=places < 0)))


def carry_sightings(dataset: Any, fragments: Sequence[Any], new: Any) -> None:
    """Give a fragment that is to stand in the place of others what is remembered of the files of their rows.

    Args:
        dataset: The table.
        fragments: The others, in order.
        new: Metadata of the fragment.
    """
    import pyarrow as pa

    for file in new.files:
        for field in file.fields:
            found = [_of_fragment(dataset, fragment, field) for fragment in fragments]
            if any(part is not None for part in found):
                sizes = [len(live_offsets(fragment)) for fragment in fragments]
                known = [
                    unseen(size) if part is None else part for part, size in zip(found, sizes, strict=True)
                ]
                _write(dataset, _name(str(file._path), field), pa.concat_tables(known))


def _of_fragment(dataset: Any, fragment: Any, field: int) -> pa.Table | None:
    import pyarrow as pa

    file = next((str(it._path) for it in fragment.metadata.files if field in it.fields), None)
    whole = _read(dataset, file, field, int(fragment.physical_rows))
    return None if whole is None else whole.take(pa.array(live_offsets(fragment)))


def _read(dataset: Any, file: str | None, field: int, rows: int) -> pa.Table | None:
    table = None if file is None else read_beside(dataset, _name(file, field))
    if table is None or table.num_rows != rows or table.schema.names != sightings_schema().names:
        return None
    return table.cast(sightings_schema())


def _write(dataset: Any, name: str, rows: pa.Table) -> None:
    try:
        write_beside(dataset, name, rows)
    except OSError:
        _log.info("nothing is remembered of the files in %s", name, exc_info=True)


def _name(file: str, field: int) -> str:
    return f"{Path(file).stem}.{field}.{_ENDING}"
