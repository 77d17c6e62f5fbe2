"""A plugin for nbval runs: progress bars, which go to stderr while a cell takes long, are no result to compare."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for notebook in {item.parent for item in items}:
        notebook.skip_compare += ("stderr",)  # type: ignore[union-attr]
