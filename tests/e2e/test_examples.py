"""The example notebooks, run in a live kernel and compared with the outputs stored in them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
TUTORIALS = [path for path in NOTEBOOKS if path.name.startswith("tutorial")]
SANITIZE = Path(__file__).with_name("nbval_sanitize.cfg")
# Stored outputs were made with the weights of the package, and with small pictures; a hub within reach must not change that. Other plugins of
# pytest have no business in notebooks (pytest-lsp stops nbval's cells).
SETTINGS = {"HF_HUB_OFFLINE": "1", "THANOSQL_OUTPUT_KB": "80", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


@pytest.fixture(scope="session")
def wheel_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The photo wheels, downloaded once for all notebooks."""
    return tmp_path_factory.mktemp("wheels")


def run_nbval(notebook: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    options = (
        "-q -p nbval.plugin -p nbval_progress -p no:cacheprovider --nbval --nbval-cell-timeout=300".split()
    )
    command = [sys.executable, "-m", "pytest", *options, "--nbval-sanitize-with", str(SANITIZE)]
    command += ["-c", os.devnull, "--rootdir", str(folder), str(notebook)]
    path = os.pathsep.join(filter(None, [str(SANITIZE.parent), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, **SETTINGS, "PYTHONPATH": path}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.e2e
@pytest.mark.timeout(600)
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_an_example_gives_the_outputs_stored_in_it(notebook: Path, wheel_cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "새 폴더"
    (folder / "thanosql-dataset").mkdir(parents=True)
    (folder / "thanosql-dataset" / ".wheels").symlink_to(wheel_cache, target_is_directory=True)
    copy = Path(shutil.copy(notebook, folder))
    if name := contents(notebook)["metadata"].get("prepare"):
        subprocess.run(
            [sys.executable, str(ROOT / "tools" / name), str(folder)], check=True, capture_output=True
        )
    done = run_nbval(copy, folder)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert f"{len(code_cells(notebook))} passed" in done.stdout


def contents(notebook: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))
    return found


def code_cells(notebook: Path) -> list[dict[str, Any]]:
    return [cell for cell in contents(notebook)["cells"] if cell["cell_type"] == "code"]


def test_there_are_two_tutorials_and_an_example_of_each_use() -> None:
    uses = ["classify.ipynb", "duplicates.ipynb", "films.ipynb", "pictures-by-pictures.ipynb"]
    assert [path.name for path in NOTEBOOKS] == [*uses, "tutorial.ipynb", "tutorial.ko.ipynb"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_an_example_is_small_enough_to_be_kept_in_a_repository(notebook: Path) -> None:
    assert notebook.stat().st_size < 1_000_000


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_every_step_has_its_output_stored(notebook: Path) -> None:
    cells = code_cells(notebook)
    assert len(cells) > (20 if notebook in TUTORIALS else 5)
    for cell in cells:
        assert cell["outputs"], cell["source"]
        assert "error" not in [output["output_type"] for output in cell["outputs"]]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_stored_outputs_tell_nothing_about_the_machine(notebook: Path) -> None:
    text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", notebook.read_text(encoding="utf-8"))
    assert not re.search(r"/(home|root|tmp|Users|work)/", text.replace("C:/Users/me", ""))
    assert not re.search(r"(?<!every )\b\d+ (ms|s|seconds)\b|images/s", text)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_the_kernel_of_an_example_is_thanosql(notebook: Path) -> None:
    assert contents(notebook)["metadata"]["kernelspec"]["name"] == "thanosql"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_no_output_is_left_out_of_the_comparison(notebook: Path) -> None:
    assert not any("tags" in cell["metadata"] for cell in code_cells(notebook))
