"""What a table is: the files that hold its values and what is deleted of them; never its name and version.

A table that was dropped and made again begins with version 1 once more, and two tables may swap their names. Lance
names each data file by chance, and never writes into one again: the same file of the same database holds the same
values as long as it is there, whatever the table is called now and whatever other rows it has got.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Mask = NDArray[np.bool_]

_OFFSET = np.uint64(0xFFFF_FFFF)
#: Lance reads 16 batches and 4 fragments ahead by default: gigabytes of vectors.
_READ = {"batch_size": 8192, "batch_readahead": 4, "fragment_readahead": 1, "io_buffer_size": 64 << 20}


def table_identity(dataset: Any) -> bytes:
    """Tells a version of a table from all others (16 bytes), those of other tables of its name among them.

    It is the digest of what Lance writes for a commit, which names all files and the commit's own random number.

    Args:
        dataset: A Lance data set.
    """
    manifest = dataset._ds.serialized_manifest()
    return hashlib.sha256(manifest).digest()[:16]


class ValuesKey(NamedTuple):
    """What the values of a column in one fragment are: equal keys, equal values.

    Attributes:
        place: Where the table's folder lies: a table that is renamed takes its files with it.
        files: The files that hold the column, each with its base (other than the table's own folder), its name and
            the numbers of the column's fields in it; none for a column of NULLs that nobody has written.
        changes: Single values laid over them, as Lance describes them; empty for none.
        rows: How many values there are; all that is known of a column without files.
    """

    place: str
    files: tuple[tuple[str, str, tuple[int, ...]], ...]
    changes: str
    rows: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A column in one fragment.

    Attributes:
        number: Of the fragment in its table.
        values: What is stored, deleted rows too.
        deletions: Tells what is deleted of them; empty for nothing.
    """

    number: int
    values: ValuesKey
    deletions: str

    @property
    def rows(self) -> int:
        """How many rows are stored, deleted ones too."""
        return self.values.rows


def fragments(dataset: Any, column: str) -> tuple[Fragment, ...]:
    """What a column is made of, in the order of the table's rows.

    Args:
        dataset: A Lance data set.
        column: One of its columns.
    """
    place = str(dataset.uri).rstrip("/").rpartition("/")[0]
    fields = frozenset(
        field_numbers(next(item for item in dataset.lance_schema.fields() if item.name() == column))
    )
    bases = _Bases(dataset)
    return tuple(_fragment(item.metadata, place, fields, bases) for item in dataset.get_fragments())


def _fragment(metadata: Any, place: str, fields: frozenset[int], bases: _Bases) -> Fragment:
    files = [
        (bases.of(item.base_id), str(item.path), tuple(sorted(fields.intersection(item.fields))))
        for item in metadata.files
    ]
    overlays = metadata.to_json()["overlays"] if "overlays=[]" not in repr(metadata) else []
    values = ValuesKey(
        place,
        files=tuple(item for item in files if item[2]),
        changes=str(overlays) if overlays else "",
        rows=int(metadata.physical_rows),
    )
    deletion = metadata.deletion_file
    return Fragment(int(metadata.id), values, "" if deletion is None else str(deletion.json()))


def field_numbers(field: Any) -> Iterator[int]:
    """The numbers under which files hold a column: its own, and those of a structure's parts."""
    yield int(field.id())
    for child in field.children():
        yield from field_numbers(child)


class _Bases:
    """Where files lie that are not in the table's own folder, as those of a shallow clone."""

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset

    def of(self, number: int | None) -> str:
        """The base of that number; empty for the table's own folder."""
        return "" if number is None else str(self._dataset.base_paths()[number].path)


def stored_values(dataset: Any, column: str, parts: Sequence[Fragment]) -> Iterator[pa.Array]:
    """The values of a column in some fragments, one after the other, deleted rows too.

    Args:
        dataset: A Lance data set.
        column: One of its columns.
        parts: Some of its fragments.

    Yields:
        Arrow arrays, together as long as the fragments.
    """
    chosen = [dataset.get_fragment(part.number) for part in parts]
    batches = dataset.scanner(
        columns=[column],
        fragments=chosen,
        with_row_id=True,  # else deleted rows are left out
        include_deleted_rows=True,
        scan_in_order=True,
        **_READ,
    ).to_batches()
    for batch in batches:
        yield batch.column(column)


def living(dataset: Any, part: Fragment) -> Mask:
    """Which of a fragment's stored rows are not deleted: bool (rows,)."""
    mask = np.zeros(part.rows, dtype=np.bool_)
    mask[live_offsets(dataset.get_fragment(part.number))] = True
    return mask


def live_offsets(fragment: Any) -> NDArray[np.int64]:
    """Where a fragment's rows are in its files, ascending; what was deleted is there too, and is passed over.

    Args:
        fragment: A Lance fragment; it is read only if something of it was deleted.
    """
    if not fragment.num_deletions:
        return np.arange(int(fragment.physical_rows), dtype=np.int64)
    addresses = fragment.scanner(columns=[], with_row_address=True).to_table().column("_rowaddr").to_numpy()
    return np.asarray(addresses & _OFFSET, dtype=np.int64)
