"""papermill runs notebooks of this kernel with values from outside, without being told anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

papermill = pytest.importorskip("papermill", reason="pip install papermill")

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

KERNELSPEC = Path(__file__).parents[2] / "kernelspec"
PARAMETERS = """\
SET VARIABLE year = 2023; -- which pictures
SET VARIABLE words = '산';
SET VARIABLE rate = 1 + 0.5
SET VARIABLE nothing = NULL
"""
QUERY = "SELECT $year AS year, typeof($year) AS kind, $words AS words, $rate AS rate, getvariable('year') + 1 AS next"


@pytest.fixture
def environment(tmp_path):
    """Kernels of this interpreter, whose name in the notebook is the one that the package installs."""
    spec = json.loads((KERNELSPEC / "kernel.json").read_text())
    spec["argv"][0] = sys.executable
    folder = tmp_path / "jupyter" / "kernels" / "thanosql"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec))
    found = os.environ | {"JUPYTER_PATH": str(tmp_path / "jupyter"), "HOME": str(tmp_path), "PYTHONUTF8": "1"}
    found.pop("THANOSQL_DATABASE", None)
    return found


def notebook(folder, *cells):
    written = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "thanosql", "display_name": "ThanoSQL", "language": "thanosql"}}
    )
    for source, *tags in cells:
        written.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": tags}))
    nbformat.write(written, folder / "보고서.ipynb")


def run(folder, environment, *arguments):
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_values_from_outside_stand_in_a_cell_behind_the_parameters(tmp_path, environment):
    notebook(tmp_path, (PARAMETERS, "parameters"), (QUERY,))
    given = ["-p", "year", "2024", "-r", "words", "바다와 '섬'", "-y", "{nothing: [1.5, 2.5], 여분: {a: 1}}"]
    done = run(tmp_path, environment, "보고서.ipynb", "out.ipynb", *given)
    assert done.returncode == 0, done.stderr
    _, injected, query = nbformat.read(tmp_path / "out.ipynb", 4).cells
    assert injected.metadata.tags == ["injected-parameters"]
    assert sorted(injected.source.splitlines()) == [
        "-- Parameters",
        "SET VARIABLE nothing = [1.5e0, 2.5e0];",
        "SET VARIABLE words = '바다와 ''섬''';",
        "SET VARIABLE year = 2024;",
        "SET VARIABLE 여분 = {'a': 1};",
    ]
    (shown,) = query.outputs
    for value in ("2024", "INTEGER", "바다와 '섬'", "1.5", "2025"):
        assert value in shown.data["text/plain"]


def test_papermill_shows_what_can_be_given(tmp_path, environment):
    notebook(tmp_path, (PARAMETERS, "parameters"), (QUERY,))
    done = run(tmp_path, environment, "--help-notebook", "보고서.ipynb")
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.partition("inferred")[2].splitlines()[1:]]
    assert [line for line in lines if line] == [
        "year: INTEGER (default 2023) which pictures",
        "words: VARCHAR (default '산')",
        "rate: DECIMAL(12,1) (default 1 + 0.5)",
        "nothing: NoneType (default NULL)",
    ]


def test_a_notebook_that_lacks_a_value_stops_at_the_cell_that_needs_it(tmp_path, environment):
    notebook(tmp_path, ("SELECT $year AS year",), ("SELECT 1",))
    done = run(tmp_path, environment, "보고서.ipynb", "out.ipynb")
    assert done.returncode != 0
    assert "TS209: no value for $year" in done.stderr
    assert run(tmp_path, environment, "보고서.ipynb", "out.ipynb", "-p", "year", "2024").returncode == 0
