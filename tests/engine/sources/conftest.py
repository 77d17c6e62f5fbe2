"""A connection in a temporary folder, and what COPY makes of a file written there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import thanosql_kernel
from thanosql_kernel.errors import ThanoSQLError


class Copies:
    """Files in a working folder, and the tables that COPY makes of them.

    Attributes:
        folder: The working folder.
        connection: To a database in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False)
        self.notices: tuple[str, ...] = ()

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def copy(self, source: str, options: str = "if_exists='replace'") -> list[dict[str, Any]]:
        """The rows of a source, read into table t."""
        escaped = source.replace("'", "''")
        done: list[Any] = []
        self.connection.session.run(f"COPY t OPTIONS({options}) FROM '{escaped}'", emit=done.append)
        self.notices = done[-1].notices
        return self.rows("SELECT * FROM t")

    def paths(self, source: str, options: str = "if_exists='replace'") -> list[str]:
        """The pictures of a folder, read into table t."""
        return [row["image_path"] for row in self.copy(source, options)]

    def rows(self, text: str) -> list[dict[str, Any]]:
        """The rows of a query."""
        return list(self.connection.sql(text).arrow().to_pylist())

    def of(self, name: str, content: str | bytes) -> list[dict[str, Any]]:
        """The rows of a file with this content."""
        self.write(name, content)
        return self.copy(name)

    def types(self) -> dict[str, str]:
        """The types of the columns of table t."""
        return {row["column_name"]: row["type"] for row in self.rows("SELECT * FROM (DESCRIBE t)")}

    def error(self, source: str, options: str = "if_exists='replace'") -> ThanoSQLError:
        """How COPY refuses a source."""
        with pytest.raises(ThanoSQLError) as caught:
            self.copy(source, options)
        return caught.value


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Copies]:
    """A new database."""
    copies = Copies(tmp_path)
    yield copies
    copies.connection.close()


@pytest.fixture
def column(copies: Copies) -> Callable[..., tuple[str, list[Any]]]:
    """Type and values of the column that COPY makes of texts in a csv."""

    def make(*texts: str) -> tuple[str, list[Any]]:
        lines = ["n,x", *(f'{at},"{text}"' for at, text in enumerate(texts))]
        values = [row["x"] for row in copies.of("값.csv", "\n".join(lines) + "\n")]
        return copies.connection.session.catalog.table("t").columns[1].type, values

    return make
