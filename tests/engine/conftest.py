"""A database in a temporary folder, and cells run against it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError


class World:
    """A session and what its cells gave.

    Attributes:
        folder: The working folder.
        session: Over a database in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = Session(folder / "db", working_folder=folder)

    def run(self, cell: str, **options: Any) -> list[Any]:
        """All results of a cell."""
        results: list[Any] = []
        self.session.run(cell, emit=results.append, **options)
        return results

    def rows(self, cell: str) -> list[dict[str, Any]]:
        """The rows of the last statement's result."""
        return list(self.run(cell)[-1].rows.to_pylist())

    def fail(self, cell: str) -> ThanoSQLError:
        """The error of a cell."""
        with pytest.raises(ThanoSQLError) as caught:
            self.run(cell)
        return caught.value

    def marked(self, cell: str) -> tuple[str, str]:
        """Code and marked text of a cell's error."""
        error = self.fail(cell)
        assert error.span is not None
        return error.code, cell[slice(*error.span)]

    def put(self, name: str, table: pa.Table) -> None:
        """Store an Arrow table."""
        from thanosql_kernel.engine.runtime import StatementRuntime

        runtime = StatementRuntime(self.session.database, self.folder)
        runtime.changes.store(name, runtime.rows(table), if_exists="replace")
        runtime.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A new database."""
    world = World(tmp_path)
    yield world
    world.session.close()


@pytest.fixture(scope="session")
def photos_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with what `photos` has; copy it, do not change it."""
    world = World(tmp_path_factory.mktemp("photos"))
    vectors = pa.FixedSizeListArray.from_arrays(pa.array([float(n) for n in range(24)], pa.float32()), 4)
    world.put(
        "t",
        pa.table(
            {
                "id": [1, 2, 3, 4, 5, 6],
                "path": [f"p{n}.jpg" for n in range(6)],
                "label": ["cat", "dog", "cat", None, "bird", "dog"],
                "score": [0.5, 0.25, None, 1.0, 0.125, 0.75],
                "v": vectors,
            }
        ),
    )
    world.put("사진", pa.table({"번호": [1, 2, 9], "이름": ["고양이", "강아지", "새"], "Id": [1, 2, 3]}))
    world.put("empty", pa.table({"id": pa.array([], pa.int64()), "s": pa.array([], pa.string())}))
    world.session.close()
    return world.folder / "db"


@pytest.fixture
def photos(world: World, photos_database: Path) -> World:
    """A database with tables t (a few photos with vectors), 사진 (Korean names) and empty (no rows)."""
    shutil.copytree(photos_database, world.folder / "db", dirs_exist_ok=True)
    return world


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Writes a file into the working folder."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file
