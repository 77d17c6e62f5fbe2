"""Outputs as JupyterLab shows them in a notebook that it does not trust, on a light and on a dark page."""

import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pyarrow as pa
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from thanosql_kernel.catalog import Column
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.media import shown_px
from thanosql_kernel.models.spec import UNKNOWN_SCALE
from thanosql_kernel.statements.results import MediaItem, MediaResult, TableResult

sys.path.insert(0, str(Path(__file__).parent))
from jupyter_lab import ARTIFACTS, browser_page, running_lab

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

KERNEL = {"name": "thanosql", "display_name": "ThanoSQL", "language": "thanosql"}
THEMES = ("JupyterLab Light", "JupyterLab Dark")
PICTURES = 5
OUTPUT = ".jp-NotebookPanel .jp-OutputArea-output"
#: Brightness, from 0 to 255, of an element's text and of what lies behind it.
CONTRAST = """element => {
    const brightness = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number); return (r + g + b) / 3 };
    let behind = element;
    const isClear = node => /rgba\\(.*, 0\\)|transparent/.test(getComputedStyle(node).backgroundColor);
    while (behind.parentElement && isClear(behind)) behind = behind.parentElement;
    return Math.abs(brightness(getComputedStyle(element).color) - brightness(getComputedStyle(behind).backgroundColor));
}"""


def write_notebook(folder: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (30, 40, 3), np.uint8)
    Image.fromarray(noise).resize((1200, 900)).save(folder / "사진.jpg")
    items = tuple(
        MediaItem("사진.jpg", (("similarity", f"0.{9 - n}000"), ("설명", "고양이"))) for n in range(PICTURES)
    )
    pictures = MediaResult("image", items, PICTURES, similarities={"similarity": UNKNOWN_SCALE})
    rows = TableResult(
        pa.table({"image_path": ["사진.jpg"] * 3, "n": [1, 2, None]}),
        3,
        (Column("image_path", "VARCHAR"), Column("n", "BIGINT")),
        images=True,
    )
    sheet = MediaResult("image", items, PICTURES, form="sheet")
    outputs = [
        new_output("display_data", data=mime_bundle(result, folder=folder))
        for result in (pictures, rows, sheet)
    ]
    cells = [new_code_cell("-- shown", outputs=[output]) for output in outputs]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), folder / "shown.ipynb")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("outputs")
    write_notebook(folder)
    with running_lab(
        folder, tmp_path_factory.mktemp("home"), THANOSQL_DATABASE=str(folder / "db")
    ) as address:
        yield address


def test_an_untrusted_notebook_shows_and_enlarges_its_pictures_on_light_and_dark(
    lab: str, tmp_path: Path
) -> None:
    with browser_page(tmp_path / "profile") as page:
        page.goto(f"{lab}/lab/tree/shown.ipynb?reset")
        page.wait_for_selector(f"{OUTPUT} table")
        page.wait_for_function(f"() => document.querySelectorAll('{OUTPUT} img').length === 9")
        for theme in THEMES:
            page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
            page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
            page.wait_for_selector("#jupyterlab-splash", state="detached")
            page.screenshot(path=ARTIFACTS / f"outputs-{theme.split()[1].lower()}.png")
            for text in ("td", "figcaption b"):
                assert page.locator(f"{OUTPUT} {text}").first.evaluate(CONTRAST) > 100, (theme, text)
        widths = page.locator(f"{OUTPUT} img").evaluate_all(
            "images => images.map(image => image.naturalWidth)"
        )
        assert widths[:PICTURES] == [1200] * PICTURES
        assert all(width > 0 for width in widths)
        image = page.locator(f"{OUTPUT} summary img").first
        sizes = [image.evaluate("image => image.clientWidth")]
        for _ in range(2):
            image.click()
            sizes.append(image.evaluate("image => image.clientWidth"))
        (room,) = page.locator(f"{OUTPUT} figure").first.evaluate_all(
            "figures => figures.map(figure => figure.parentElement.clientWidth)"
        )
        assert sizes == [shown_px(None, PICTURES), min(1200, room), shown_px(None, PICTURES)]
