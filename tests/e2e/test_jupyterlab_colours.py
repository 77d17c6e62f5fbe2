"""The dialect has its colours in JupyterLab: in cells, consoles and files, in both themes, and SQL's without our extension."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from jupyter_lab import ARTIFACTS, browser_page, command, running_lab, wait_for_kernel

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

CELL = """%load_ext thanosql
# 줄 전체가 주석
-- 사진을 찾는다 /* 한국어 */
CONVERT USING 내모델 OPTIONS(image_col='사진', table_name="표", overwrite=True) AS
SELECT * FROM photos;
PRINT IMAGE AS (
    SEARCH IMAGE text='검은 ''고양이''' USING clip OPTIONS(top_k=3) AS
    SELECT "내 이름", count(*), left(이름, $길이), 이름::VARCHAR FROM 사진 WHERE 점수 > 0.5 /* 밖 /* 안 */ 밖 */
)"""
#: Words of each colour, by the variable of the theme that it is.
COLOURS = {
    "keyword": [
        *("CONVERT", "USING", "OPTIONS", "AS", "PRINT", "IMAGE"),
        *("SEARCH", "SELECT", "FROM", "WHERE", "True"),
    ],
    "attribute": ["image_col", "table_name", "overwrite", "text", "top_k"],
    "string": ["'사진'", '"표"', "'검은 ''고양이'''"],
    "string-2": ['"내 이름"'],
    "builtin": ["count", "left", "VARCHAR"],
    "variable-2": ["내모델", "clip", "$길이"],
    "comment": ["# 줄 전체가 주석", "-- 사진을 찾는다 /* 한국어 */", "/* 밖 /* 안 */ 밖 */"],
    "number": ["3", "0.5"],
    "meta": ["%load_ext thanosql"],
}
THEMES = {"JupyterLab Light": "light", "JupyterLab Dark": "dark"}
#: The colours of the words of an editor, and those that the variables of the theme stand for.
_LOOK = """(content, names) => {
  const probe = content.appendChild(document.createElement("span"));
  const meant = name => {
    probe.style.color = `var(--jp-mirror-editor-${name}-color)`;
    return getComputedStyle(probe).color;
  };
  const expected = Object.fromEntries(names.map(name => [name, meant(name)]));
  probe.remove();
  const seen = [...content.querySelectorAll(".cm-line span")].map(
    span => [span.textContent, getComputedStyle(span).color]
  );
  return {expected, seen, plain: getComputedStyle(content).color};
}"""


#: Whether the language has been loaded, and its first colours are there.
_IS_COLOURED = f"""content => {{
  const {{ expected, seen }} = ({_LOOK})(content, ["keyword"]);
  return seen.some(([word, colour]) => word === "SELECT" && colour === expected.keyword);
}}"""


def wait_for_colours(content: Locator) -> None:
    content.page.wait_for_function(_IS_COLOURED, arg=content.element_handle(), polling=200)


def assert_coloured(content: Locator) -> None:
    """Every word has the colour that the theme has for its kind, which is not that of plain text."""
    wait_for_colours(content)
    looked = content.evaluate(_LOOK, list(COLOURS))
    for name, words in COLOURS.items():
        colour = looked["expected"][name]
        assert colour != looked["plain"], name
        seen = [word for word, its in looked["seen"] if its == colour]
        assert [word for word in words if word not in seen] == [], (name, looked["seen"])


def use_theme(page: Page, name: str) -> None:
    page.evaluate("name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name)
    page.wait_for_selector(f'body[data-jp-theme-name="{name}"]', state="attached")


def open_lab(page: Page, url: str) -> None:
    page.goto(f"{url}/lab?reset")
    page.wait_for_selector(".jp-Launcher")


def wait_for_language(page: Page, where: str, mime: str) -> None:
    """Wait until the widget in front has taken the language from the kernel."""
    page.wait_for_function(f"mime => jupyterapp.shell.currentWidget?.{where} === mime", arg=mime)


def open_file(page: Page, path: str) -> None:
    page.evaluate("path => void jupyterapp.commands.execute('docmanager:open', {path})", path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook and a file with the same cell."""
    folder = tmp_path_factory.mktemp("colours")
    kernel = {"name": "thanosql", "display_name": "ThanoSQL", "language": "thanosql"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(CELL)], metadata={"kernelspec": kernel}
    )
    nbformat.write(notebook, folder / "사진.ipynb")
    (folder / "사진.thanosql").write_text(CELL, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def page(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    home = tmp_path_factory.mktemp("home")
    with running_lab(folder, home) as url, browser_page(home / "profile") as page:
        open_lab(page, url)
        yield page


@pytest.mark.parametrize("theme", THEMES)
def test_a_cell_has_the_colours_of_the_theme(page: Page, theme: str) -> None:
    open_file(page, "사진.ipynb")
    cell = page.locator(".jp-NotebookPanel .jp-CodeCell .cm-content").first
    cell.wait_for()
    wait_for_language(page, "content.codeMimetype", "text/x-thanosql")
    use_theme(page, theme)
    assert_coloured(cell)
    page.screenshot(path=ARTIFACTS / f"jupyterlab-colours-{THEMES[theme]}.png")


@pytest.mark.parametrize("theme", THEMES)
def test_a_file_has_the_colours_of_the_theme(page: Page, theme: str) -> None:
    open_file(page, "사진.thanosql")
    content = page.locator(".jp-FileEditor .cm-content")
    content.wait_for()
    use_theme(page, theme)
    assert_coloured(content)
    page.screenshot(path=ARTIFACTS / f"jupyterlab-colours-file-{THEMES[theme]}.png")


def test_a_file_is_of_the_type_of_our_language(page: Page) -> None:
    found = page.evaluate(
        "() => jupyterapp.docRegistry.getFileTypesForPath('사진.thanosql')"
        ".map(({name, extensions, mimeTypes}) => ({name, extensions, mimeTypes}))"
    )
    assert {"name": "thanosql", "extensions": [".thanosql"], "mimeTypes": ["text/x-thanosql"]} in found


def test_the_prompt_and_the_cells_of_a_console_have_the_colours(page: Page) -> None:
    page.evaluate(
        "() => void jupyterapp.commands.execute('console:create', {kernelPreference: {name: 'thanosql'}})"
    )
    prompt = page.locator(".jp-CodeConsole-promptCell .cm-content")
    prompt.wait_for()
    wait_for_kernel(page)
    wait_for_language(page, "console.promptCell.model.mimeType", "text/x-thanosql")
    use_theme(page, "JupyterLab Light")
    prompt.click()
    page.keyboard.insert_text(CELL)
    assert_coloured(prompt)
    command(page, "console:run-forced")
    ran = page.locator(".jp-CodeConsole-content .jp-CodeCell .cm-content").first
    ran.wait_for()
    assert_coloured(ran)
    page.screenshot(path=ARTIFACTS / "jupyterlab-colours-console.png")


def test_without_our_extension_a_cell_has_the_colours_of_sql(
    page: Page, folder: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "home" / "config" / "labconfig"
    settings.mkdir(parents=True)
    disabled = {"disabledExtensions": {"thanosql-jupyterlab": True}}
    (settings / "page_config.json").write_text(json.dumps(disabled), encoding="utf-8")
    with running_lab(folder, tmp_path / "home") as url, page.context.new_page() as other:
        other.set_default_timeout(90_000)
        open_lab(other, url)
        open_file(other, "사진.ipynb")
        cell = other.locator(".jp-NotebookPanel .jp-CodeCell .cm-content").first
        cell.wait_for()
        wait_for_language(other, "content.codeMimetype", "application/sql")
        wait_for_colours(cell)
        looked = cell.evaluate(_LOOK, ["keyword"])
        words = [word for word, colour in looked["seen"] if colour == looked["expected"]["keyword"]]
        assert {"SELECT", "FROM", "WHERE"} <= set(words)
        assert "CONVERT" not in words
