"""Lance data sets as DuckDB can scan them.

DuckDB hands filters down as pyarrow expressions, which Lance translates to Substrait; that fails ("No match for
FieldRef", "Unsupported Substrait type") as soon as the table has a column of a type that Substrait lacks, vectors
among them. So filters are held against the batches here; Lance reads only the columns that are wanted.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

#: Lance reads 16 batches of 8192 rows and 4 fragments ahead by default: gigabytes of vectors.
READ_AHEAD = {"batch_size": 4096, "batch_readahead": 4, "fragment_readahead": 1, "io_buffer_size": 64 << 20}
_NARROW_ROWS = 65_536


def scannable(dataset: Any) -> Any:
    """The data set, at the same version, with a ``scanner`` that takes every filter that DuckDB hands down."""
    copied = copy.copy(dataset)
    kind: Any = type(dataset)
    copied.__class__ = _scannable_type(kind)  # DuckDB looks the method up on the type
    copied.lease = getattr(dataset, "lease", None)
    return copied


@cache
def _scannable_type(kind: Any) -> Any:
    def scanner(self: Any, columns: Sequence[str] | None = None, filter: Any = None, **options: Any) -> Any:
        if filter is None:
            return kind.scanner(self, columns=columns, **{**_read_ahead(self, columns), **options})
        import pyarrow.dataset as pads

        wanted = self.schema.names if columns is None else list(columns)
        extra = [name for name in _named_in(filter, self.schema.names) if name not in wanted]
        scan = kind.scanner(
            self, columns=[*wanted, *extra], **{**_read_ahead(self, [*wanted, *extra]), **options}
        )
        return pads.Scanner.from_batches(scan.to_reader(), columns=wanted, filter=filter)

    return type(f"Scannable{kind.__name__}", (kind,), {"scanner": scanner})


def _read_ahead(dataset: Any, columns: Sequence[str] | None) -> dict[str, int]:
    """How to read columns: numbers alone in larger batches, 9 ms instead of 12 for a condition on a million of them."""
    import pyarrow.types as types

    names = dataset.schema.names if columns is None else columns
    kinds = [dataset.schema.field(name).type for name in names]
    is_narrow = all(types.is_primitive(kind) for kind in kinds)
    return {**READ_AHEAD, "batch_size": _NARROW_ROWS} if is_narrow else READ_AHEAD


def _named_in(expression: Any, names: Sequence[str]) -> list[str]:
    """The columns that a pyarrow expression may name; it can only be asked for its text."""
    text = str(expression)
    return [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
