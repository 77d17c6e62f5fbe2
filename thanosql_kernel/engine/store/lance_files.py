"""Single files of Lance's format: data files of one column, and what is kept beside a table's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

BESIDE = "_thanosql"
"""The folder in a table's own: it goes where the table goes, and Lance's cleaning leaves it alone."""
READ_ROWS = 1 << 16
GONE = -2
"""The id that Lance gives to a field in a data file whose values are read from another one."""


def file_writer(path: str, schema: pa.Schema, version: str | None = None) -> Any:
    """Writes a file; of a format version, the newest stable one without it."""
    from lance.file import LanceFileWriter

    return LanceFileWriter(path, schema, version=version)


def write_fragment(dataset: Any, rows: pa.RecordBatchReader) -> Any | None:
    """Write rows as one fragment that no version of a table has yet; its metadata, None without rows."""
    written = write_fragments(dataset, rows, 1 << 31)
    return written[0] if written else None


def write_fragments(dataset: Any, rows: pa.RecordBatchReader, most_rows: int) -> list[Any]:
    """Write rows as fragments of so many rows that no version of a table has yet; their metadata."""
    from lance.fragment import write_fragments

    return list(
        write_fragments(
            rows,
            dataset,
            mode="append",
            data_storage_version=dataset.data_storage_version,
            max_rows_per_file=most_rows,
            max_bytes_per_file=1 << 40,
        )
    )


def data_file(name: str, field: int, version: str, size_bytes: int) -> Any:
    """What a fragment says of a file that holds one field."""
    from lance.fragment import DataFile

    major, minor = map(int, version.split("."))
    return DataFile(name, [field], [0], major, minor, size_bytes)


def without_fields(file: Any, gone: frozenset[int]) -> Any | None:
    """What a fragment says of a file whose fields are in part read from others; None if no field of it is read."""
    from lance.fragment import DataFile

    fields = [GONE if field in gone else field for field in file.fields]
    if all(field == GONE for field in fields):
        return None
    return DataFile(
        file._path,
        fields,
        file.column_indices,
        file.file_major_version,
        file.file_minor_version,
        file.file_size_bytes,
        file.base_id,
    )


def write_beside(dataset: Any, name: str, rows: pa.Table) -> None:
    """Keep rows under a name beside a table's data.

    Raises:
        OSError: They cannot be written.
    """
    with file_writer(_beside(dataset, name), rows.schema) as writer:
        writer.write_batch(rows)


def read_beside(dataset: Any, name: str) -> pa.Table | None:
    """The rows kept under a name; None if there are none, or if whoever wrote them was killed."""
    from lance.file import LanceFileReader

    try:
        reader = LanceFileReader(_beside(dataset, name))
        return reader.read_all(batch_size=READ_ROWS).to_table()
    except (OSError, ValueError):
        return None


def _beside(dataset: Any, name: str) -> str:
    return f"{str(dataset.uri).rstrip('/')}/{BESIDE}/{name}.lance"
