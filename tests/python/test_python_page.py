"""docs/python.md: what it shows runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from PIL import Image

import thanosql_kernel
from thanosql_kernel.jupyter.install import spec_folder

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_first_script_and_the_chain_of_results_run(tmp_path):
    (tmp_path / "pictures").mkdir()
    for colour in ("red", "green", "black"):
        Image.new("RGB", (64, 48), colour).save(tmp_path / "pictures" / f"{colour}.png")
    chain = next(block for block in blocks("sql") if "EXPORT _" in block)
    script = blocks("python")[0] + f"\nwith thanosql_kernel.connect() as db:\n    db.sql({chain!r})\n"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THANOSQL_")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert "mini_clipmini_similarity1" in done.stdout
    assert len((tmp_path / "cats.csv").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.e2e
@pytest.mark.timeout(180)
def test_the_notebook_with_parameters_runs_once_a_year(tmp_path):
    pytest.importorskip("papermill", reason="pip install papermill")
    with thanosql_kernel.connect(tmp_path / ".thanosql", progress=False) as db:
        db.sql(
            "CREATE TABLE photos AS SELECT 'cat' AS label, unnest([DATE '2024-05-01', '2025-01-01', '2025-02-01']) AS taken"
        )
    given, read = (block for block in blocks("sql") if "$year" in block or "VARIABLE year" in block)
    cells = [
        nbformat.v4.new_code_cell(given, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(read),
    ]
    kernel = {"kernelspec": {"name": "thanosql", "display_name": "ThanoSQL", "language": "thanosql"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "report.ipynb")
    script = next(block for block in blocks("python") if "papermill" in block)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    for year, count in ((2024, 1), (2025, 2)):
        (shown,) = nbformat.read(tmp_path / f"report-{year}.ipynb", 4).cells[-1].outputs
        assert shown.data["text/plain"].splitlines()[2] == str(count)


def environment(folder):
    """One whose kernel of that name is started by this Python."""
    spec = json.loads((spec_folder() / "kernel.json").read_text(encoding="utf-8"))
    spec["argv"][0] = sys.executable
    kernel = folder / "jupyter" / "kernels" / "thanosql"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name != "THANOSQL_DATABASE"}
    return kept | {"JUPYTER_PATH": str(folder / "jupyter"), "HOME": str(folder), "PYTHONUTF8": "1"}
