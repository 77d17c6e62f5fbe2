"""A connection whose working folder is empty but for the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import thanosql_kernel


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    """A new database in ``.thanosql``."""
    connection = thanosql_kernel.connect(tmp_path / ".thanosql", working_folder=tmp_path, progress=False)
    yield connection
    connection.close()


@pytest.fixture
def exported(connection: Any, tmp_path: Path) -> Callable[[str, str], str]:
    """What a file holds that a query is written to."""

    def export(query: str, ending: str) -> str:
        connection.sql(f"EXPORT {query} TO '값.{ending}' OPTIONS(overwrite=True)")
        return (tmp_path / f"값.{ending}").read_bytes().decode()

    return export


@pytest.fixture
def beside(tmp_path: Path) -> Callable[[], list[str]]:
    """The names in the working folder beside the database."""
    return lambda: sorted(path.name for path in tmp_path.iterdir() if path.name != ".thanosql")
