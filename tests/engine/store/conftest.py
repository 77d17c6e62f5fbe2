"""The tables of an empty database, and their upkeep."""

from pathlib import Path

import pytest

from thanosql_kernel.catalog.location import locate
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.maintenance import Maintenance


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(locate(tmp_path / "db"))


@pytest.fixture
def maintenance(store: Store) -> Maintenance:
    return Maintenance(store)
