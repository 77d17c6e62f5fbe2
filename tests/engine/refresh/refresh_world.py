"""A folder of photos, a table of it, and a small model."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import thanosql_kernel
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.python.connection import Connection

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, age, write_picture

CONVERT = "CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM t"
STARS = [("photos/a.png", 1), ("photos/b.png", 2), ("photos/sub/c.png", 3), ("photos/sub/d.png", 4)]


class Photos:
    """A folder of photos, and a table of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.photos = folder, folder / "photos"
        self.encoder = PixelEncoder()
        self.connection = self.connect()

    def connect(self) -> Connection:
        return thanosql_kernel.connect(self.folder / "db", working_folder=self.folder, progress=False)

    def paint(self, *names: str, seed: int = 0, side: int = 8) -> None:
        for name in names:
            age(write_picture(self.photos / f"{name}.png", seed or sum(map(ord, name)), side))

    def sql(self, text: str) -> object:
        return self.connection.sql(text)

    def told(self, text: str) -> list[str]:
        """The first line of an answer, and the notices."""
        result = self.sql(text)
        return [str(result).splitlines()[0], *result.notices]

    def rows(self, columns: str = "image_path, star") -> list[tuple[object, ...]]:
        found = self.connection.sql(f"SELECT {columns} FROM t").arrow().to_pylist()
        return [tuple(row.values()) for row in found]

    def fail(self, text: str) -> ThanoSQLError:
        with pytest.raises(ThanoSQLError) as caught:
            self.sql(text)
        return caught.value
