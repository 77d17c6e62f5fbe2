"""JupyterLab with jupyterlab-lsp, in a real browser: what the language server gives a notebook before anything has run."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from tests.hunts import one_of

sys.path.insert(0, str(Path(__file__).parent))
from jupyter_lab import ARTIFACTS, browser_page, running_lab

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

EXAMPLES = Path(__file__).parents[2] / "examples"
MODEL = "내모델"
SEARCH = f"FROM (SEARCH IMAGE texts=['고양이 😀', 'a dog'] USING {MODEL} AS SELECT * FROM 사진)"
CELLS = (
    f"GET THANOSQL MODEL clip AS {MODEL}",
    "COPY photos FROM 'photos.csv'",
    f"CONVERT USING {MODEL} OPTIONS(table_name='사진') AS SELECT * FROM photos",
    SEARCH,
)
#: What the page says to the language server and hears from it.
RECORD = """
window.lspMessages = [];
const note = (from, data) => lspMessages.push({from, ...JSON.parse(data)});
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(url, protocols) {
    super(url, protocols);
    this.isOurs = String(url).endsWith("/lsp/ws/thanosql-language-server");
    if (this.isOurs) this.addEventListener("message", event => note("server", event.data));
  }
  send(data) {
    if (this.isOurs) note("editor", data);
    super.send(data);
  }
};
"""


class Lab:
    """A page of JupyterLab whose talk with the language server is written down."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.shown = ""
        self.complaints: list[str] = []
        page.add_init_script(RECORD)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self.complaints.append(line.text))

    def start(self, url: str) -> None:
        self.page.goto(f"{url}/lab?reset")
        self.page.wait_for_selector(".jp-Launcher")

    def open(self, notebook: str) -> None:
        """Show a notebook; it is ready when the server has said what is wrong in it."""
        self.page.evaluate("path => jupyterapp.commands.execute('docmanager:open', {path})", notebook)
        self.shown = notebook
        self.panel.locator('[data-status="idle"]').first.wait_for()
        self.diagnostics()

    @property
    def panel(self) -> Locator:
        """The notebook that is shown."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def cell(self, number: int) -> Locator:
        return self.panel.locator(".jp-CodeCell .cm-content").nth(number)

    def write(self, number: int, text: str) -> None:
        """Put another text into a cell."""
        self.cell(number).click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def diagnostics(self, holds: str = "true") -> list[dict[str, Any]]:
        """What the server last said is wrong, once ``holds`` (JavaScript over ``found``) is true of it."""
        return self._heard(
            f"""() => {{
              const here = lspMessages.filter(one => one.params && JSON.stringify(one.params).includes("/{self.shown}"));
              const change = here.filter(one => one.method?.startsWith("textDocument/did")).at(-1);
              const last = here.filter(one => one.method == "textDocument/publishDiagnostics").at(-1);
              const isNew = last && last.params.version >= change.params.textDocument.version;
              const found = last?.params.diagnostics;
              return isNew && ({holds}) ? {{found}} : false;
            }}"""
        )["found"]

    def answers(self, method: str) -> list[dict[str, Any]]:
        """The requests of this kind that were answered: the ``result`` of each."""
        return self._heard(
            f"""() => lspMessages.filter(
              one => one.method == "{method}" && one.params.textDocument.uri.endsWith("/{self.shown}")
            ).map(asked => {{
              const answer = lspMessages.find(one => one.from == "server" && one.id === asked.id);
              return answer && {{result: answer.result}};
            }}).filter(Boolean)"""
        )

    def offered(self) -> list[str]:
        """Press Tab; the labels that are shown."""
        self.page.keyboard.press("Tab")
        items = ".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item"
        self.page.wait_for_selector(items)
        return self.page.locator(f"{items} .jp-Completer-match").all_inner_texts()

    def settings(self) -> dict[str, Any]:
        """What JupyterLab told the server of the user's settings."""
        method = "workspace/didChangeConfiguration"
        return self._heard(
            f"() => lspMessages.findLast(one => one.method == '{method}' && one.params.settings.thanosql)"
        )["params"]["settings"]

    def _heard(self, script: str) -> Any:
        return self.page.wait_for_function(script).json_value()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with notebooks and no database."""
    folder = tmp_path_factory.mktemp("notebooks")
    kernel = {"name": "thanosql", "display_name": "ThanoSQL", "language": "thanosql"}
    written = (*CELLS[:3], "SELECT 1")
    for name, texts in {"search": CELLS, "quick": CELLS, "wrong": written, "strings": written}.items():
        cells = [nbformat.v4.new_code_cell(text) for text in texts]
        nbformat.write(
            nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / f"{name}.ipynb"
        )
    for example in EXAMPLES.glob("*.ipynb"):
        shutil.copy(example, folder)
    return folder


@pytest.fixture(scope="module")
def started(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    pytest.importorskip("jupyterlab_lsp", reason="jupyterlab-lsp is not installed: pip install -e '.[e2e]'")
    home = tmp_path_factory.mktemp("home")
    database = str(folder / "db")
    with running_lab(folder, home, THANOSQL_DATABASE=database) as url, browser_page(home / "profile") as page:
        lab = Lab(page)
        lab.start(url)
        yield lab


@pytest.fixture
def lab(started: Lab) -> Iterator[Lab]:
    """JupyterLab; the browser must not complain while the test runs."""
    yield started
    assert started.complaints == []


def type_select(lab: Lab) -> None:
    """Type ``SELECT `` before the search of the last cell, and stay behind it."""
    lab.cell(3).click()
    lab.page.keyboard.press("Control+Home")
    lab.page.keyboard.type("SELECT  ")
    lab.page.keyboard.press("ArrowLeft")


def test_the_server_offers_generated_columns_before_anything_has_run(lab: Lab) -> None:
    lab.open("search.ipynb")
    type_select(lab)
    offered = lab.offered()
    columns = [f"{MODEL}_clipen_similarity{number}" for number in (1, 2)]
    assert [one for one in offered if one.startswith(f"{MODEL}_clipen_")] == columns
    assert len(offered) == len(set(offered))
    # What is shown is the server's: only it reads the cells above, and it alone gives a column its kind.
    (answer,) = lab.answers("textDocument/completion")
    labels = [one["label"] for one in answer["result"]["items"]]
    assert [one for one in labels if one.startswith(f"{MODEL}_clipen_")] == columns
    assert (
        lab.page.locator(f'.jp-Completer-item[data-value="{columns[1]}"]').get_attribute("title") == "Field"
    )
    lab.page.screenshot(path=ARTIFACTS / "jupyterlab-lsp.png")

    for _ in range(offered.index(columns[1])):
        lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("Enter")
    assert lab.cell(3).inner_text() == f"SELECT {columns[1]} {SEARCH}"
    assert lab.diagnostics("found.length == 0") == []
    prompts = lab.panel.locator(".jp-InputPrompt").all_inner_texts()
    assert [prompt.replace(" ", "") for prompt in prompts] == ["[]:"] * len(CELLS)


def test_the_settings_of_the_server_are_settings_of_jupyterlab(lab: Lab) -> None:
    lab.open("quick.ipynb")
    assert lab.settings() == {"thanosql": {"database": "", "checkQueries": True, "language": ""}}


@pytest.mark.hunt
@pytest.mark.parametrize(
    ("before", "completed"),
    one_of(
        2,
        [
            ("COPY t FROM '내 사진/표", "COPY t FROM '내 사진/표 하나.csv"),
            ("COPY t FROM '내 사", "COPY t FROM '내 사진/"),
            ("CONVERT USING mini OPTIONS(convert_type='im", "CONVERT USING mini OPTIONS(convert_type='image"),
        ],
    ),
)
def test_what_is_begun_inside_quotes_is_offered_once_and_completed(
    lab: Lab, folder: Path, before: str, completed: str
) -> None:
    (folder / "내 사진").mkdir(exist_ok=True)
    (folder / "내 사진" / "표 하나.csv").touch()
    lab.open("strings.ipynb")
    lab.write(3, before)
    assert len(lab.offered()) == 1
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_selector(".jp-Completer:not(.lm-mod-hidden)", state="detached")
    assert lab.cell(3).inner_text() == completed


def test_an_error_is_marked_where_it_is_until_it_is_mended(lab: Lab) -> None:
    lab.open("wrong.ipynb")
    mistake = f"SEARCH IMAGE txt='개' USING {MODEL} AS SELECT * FROM 사진"
    lab.write(3, mistake)
    (wrong,) = lab.diagnostics("found.length == 1")
    assert "txt" in wrong["message"]
    mark = lab.cell(3).locator(".cm-lintRange-error")
    mark.wait_for()
    assert mark.inner_text() == "txt"
    lab.page.screenshot(path=ARTIFACTS / "jupyterlab-lsp-error.png")

    lab.write(3, mistake.replace("txt", "text"))
    assert lab.diagnostics("found.length == 0") == []
    mark.wait_for(state="detached")


@pytest.mark.hunt
@pytest.mark.parametrize(
    "notebook", one_of(2, sorted(path.name for path in EXAMPLES.glob("tutorial*.ipynb"))[::-1])
)
def test_a_tutorial_shows_no_false_error(lab: Lab, notebook: str) -> None:
    lab.open(notebook)
    assert lab.diagnostics() == []
    assert lab.panel.locator(".cm-lintRange").count() == 0
