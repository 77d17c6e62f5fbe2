"""The JupyterLab extension that is shipped is what its sources give."""

from __future__ import annotations

import filecmp
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from node_packages import install, needs_node, npm

from thanosql_kernel import __version__

EXTENSION = Path(__file__).parents[2] / "lsp" / "jupyterlab"
BUILT = EXTENSION / "labextension"


def about(folder: Path) -> dict[str, object]:
    return json.loads((folder / "package.json").read_text(encoding="utf-8"))


def differences(one: Path, other: Path) -> list[str]:
    """The files that are not the same in both folders."""
    names = {
        path.relative_to(folder) for folder in (one, other) for path in folder.rglob("*") if path.is_file()
    }
    _, different, missing = filecmp.cmpfiles(one, other, sorted(map(str, names)), shallow=False)
    return different + missing


def test_it_says_where_its_code_is_and_has_the_version_of_the_kernel() -> None:
    described = about(BUILT)
    assert described["name"] == "thanosql-jupyterlab"
    assert described["version"] == about(EXTENSION)["version"] == __version__
    assert (BUILT / described["jupyterlab"]["_build"]["load"]).is_file()  # type: ignore[index]


def test_it_says_nothing_of_the_machine_that_built_it() -> None:
    (code,) = (BUILT / "static").iterdir()
    text = code.read_text(encoding="utf-8")
    assert str(Path.home()) not in text
    assert str(EXTENSION.parent) not in text
    assert "sourceMappingURL" not in text


@pytest.mark.e2e
@pytest.mark.timeout(900)
@needs_node
def test_the_committed_build_is_what_the_sources_give(tmp_path: Path) -> None:
    install(EXTENSION)
    npm(EXTENSION, "run", "--silent", "types")
    for name in ("first", "second"):
        npm(EXTENSION, "run", "--silent", "build", str(tmp_path / name))
        assert differences(BUILT, tmp_path / name) == [], "stale: make lab"
