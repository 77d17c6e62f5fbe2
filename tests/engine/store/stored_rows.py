"""Rows with vectors, written in as many fragments as a test wants, and what lies on the disk then."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pyarrow as pa

from thanosql_kernel.engine.store.lance import Store

DIM = 4


def rows(first: int, stop: int) -> pa.Table:
    numbers = np.arange(first * DIM, stop * DIM, dtype=np.float32)
    return pa.table(
        {
            "번호": pa.array(range(first, stop), pa.int64()),
            "이름": [f"사진 {number}" for number in range(first, stop)],
            "v": pa.FixedSizeListArray.from_arrays(pa.array(numbers), DIM),
        }
    )


def fill(store: Store, sizes: list[int], name: str = "t") -> pa.Table:
    at = 0
    for size in sizes:
        store.append(name, rows(at, at + size))
        at += size
    return rows(0, at)


def read(store: Store, name: str = "t") -> pa.Table:
    return store.open(name).scanner(scan_in_order=True).to_table()


def fragments(store: Store, name: str = "t") -> list[Any]:
    return list(store.open(name).get_fragments())


def versions(store: Store, name: str = "t") -> list[int]:
    return [int(version["version"]) for version in store.open(name).versions()]


def data_files(store: Store, name: str = "t") -> set[str]:
    return set(os.listdir(store.folder(name) / "data"))
