"""The tutorial in JupyterLab: run from top to bottom, saved, and read by somebody who trusts nothing."""

import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from jupyter_lab import (
    ARTIFACTS,
    assert_pictures_are_seen,
    browser_page,
    command,
    running_lab,
    save,
    wait_for_kernel,
    wait_for_number,
)

from tests.hunts import only_whole

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

TUTORIAL = Path(__file__).parents[2] / "examples" / "tutorial.ipynb"
RUN_MS = 300_000


def code_cells(notebook: Path) -> list[dict]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def count_in_outputs(cells: list[dict], tag: str) -> int:
    pages = [output.get("data", {}).get("text/html", "") for cell in cells for output in cell["outputs"]]
    return sum("".join(page).count(f"<{tag} ") for page in pages)


@pytest.mark.hunt
@only_whole
def test_the_tutorial_runs_and_an_untrusted_reader_sees_all_of_it(tmp_path: Path) -> None:
    notebook = Path(shutil.copy(TUTORIAL, tmp_path / "lab.ipynb"))
    homes = [tmp_path / "home", tmp_path / "another home"]
    for home in homes:
        home.mkdir()
    with running_lab(tmp_path, homes[0]) as url, browser_page(tmp_path / "profile") as page:
        page.set_default_timeout(RUN_MS)
        page.goto(f"{url}/lab/tree/{notebook.name}")
        page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
        wait_for_kernel(page)
        command(page, "notebook:restart-clear-output")
        page.locator("button.jp-mod-accept").click()
        page.wait_for_function("!document.querySelector('.jp-OutputArea-output')")
        wait_for_kernel(page)
        command(page, "notebook:run-all-cells")
        wait_for_number(page, len(code_cells(TUTORIAL)))
        save(page)
    cells = code_cells(notebook)
    assert all(cell["outputs"] for cell in cells)
    pictures, tables = count_in_outputs(cells, "img"), count_in_outputs(cells, "table")
    assert pictures == count_in_outputs(code_cells(TUTORIAL), "img") >= 40
    shutil.rmtree(tmp_path / "thanosql-dataset")
    with running_lab(tmp_path, homes[1]) as url, browser_page(tmp_path / "another profile") as page:
        page.goto(f"{url}/lab/tree/{notebook.name}?reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-OutputArea-output")
        assert_pictures_are_seen(page, pictures)
        assert page.locator(".jp-OutputArea-output table").count() == tables >= 5
        page.screenshot(path=ARTIFACTS / "tutorial-untrusted.png")
        wait_for_kernel(page)
