"""Run a notebook from top to bottom in the ThanoSQL kernel of this environment and keep what came out.

``python tools/run_notebook.py examples/tutorial.ipynb --folder demo --page demo/demo.html`` makes the demo;
``--folder`` is where the notebook runs, so its database and photos end up there. ``--in-place`` refreshes the outputs
stored in an example. Progress bars are left out of what is kept: they say how long this one run took.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

from thanosql_kernel.jupyter.widgets.show import VIEW_MIME
from thanosql_kernel.wording import tools

CELL_TIMEOUT_S = 900


def main() -> int:
    """Run; returns the exit status."""
    options = _options()
    notebook = nbformat.read(options.notebook, as_version=4)
    with tempfile.TemporaryDirectory() as fresh:
        folder = options.folder or Path(fresh)
        folder.mkdir(parents=True, exist_ok=True)
        prepare(notebook, folder)
        failure = run(notebook, folder)
    if failure is not None:
        print(failure, file=sys.stderr)
        return 1
    if options.page is not None:
        options.page.write_text(as_page(without_widgets(notebook)), encoding="utf-8")
    kept = options.notebook if options.in_place else options.folder / options.notebook.name
    nbformat.write(without_views(notebook), kept)
    return 0


def prepare(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Let the program beside this one that a notebook names make what the notebook needs."""
    if name := notebook.metadata.get("prepare"):
        program = Path(__file__).with_name(Path(name).name)
        subprocess.run([sys.executable, str(program), str(folder)], check=True)


def run(notebook: nbformat.NotebookNode, folder: Path) -> str | None:
    """Fill in the outputs; returns what went wrong, if something did."""
    client = NotebookClient(
        notebook,
        kernel_name="thanosql",
        timeout=CELL_TIMEOUT_S,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=_say_which,
        store_widget_state=False,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return tools.CELL_FAILED(error=error.traceback)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    notebook.metadata.language_info = {
        name: notebook.metadata.language_info[name] for name in ("name", "file_extension", "mimetype")
    }
    return None


def without_views(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """What is kept: a widget lives as long as its kernel, and its text says what it was."""
    kept = deepcopy(notebook)
    for output in _outputs(kept):
        output.get("data", {}).pop(VIEW_MIME, None)
    return kept


def without_widgets(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """What a page shows: the first page of a widget stands above it."""
    shown = deepcopy(notebook)
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if VIEW_MIME not in output.get("data", {})]
    return shown


def _outputs(notebook: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    return (output for cell in notebook.cells for output in cell.get("outputs", ()))


def _say_which(cell: nbformat.NotebookNode, cell_index: int) -> None:
    if cell.cell_type == "code":
        print("  " + " ".join(cell.source.split())[:100], flush=True)


def as_page(notebook: nbformat.NotebookNode) -> str:
    """One HTML file with everything in it, nothing fetched from elsewhere."""
    exporter = HTMLExporter(
        mathjax_url="",
        require_js_url="",
        jquery_url="",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    page, _ = exporter.from_notebook_node(notebook)
    return str(page)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(tools.RUN_NOTEBOOK))
    parser.add_argument("notebook", type=Path, help=str(tools.NOTEBOOK))
    parser.add_argument("--folder", type=Path, help=str(tools.WHERE_IT_RUNS))
    parser.add_argument("--page", type=Path, help=str(tools.PAGE))
    parser.add_argument("--in-place", action="store_true", help=str(tools.IN_PLACE))
    options = parser.parse_args()
    if not options.in_place and options.folder is None:
        parser.error(tools.SAY_WHERE())
    return options


if __name__ == "__main__":
    sys.exit(main())
