"""The documentation as a site: every page is in it, every link leads somewhere, nothing comes from elsewhere."""

import importlib.util
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def make_site() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_site", ROOT / "tools" / "make_site.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# -- pages ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<b onclick='alert(1)'>x</b>",
        "<img src='https://example.org/x.png'>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' JavaScript:alert(1)'>x</a>",
        "<iframe src='data:text/html,x'></iframe>",
        "<div style='background:url(https://example.org/x)'>x</div>",
        "<svg><animate onbegin=alert(1)></svg>",
        "<style>b { color: red }</style>",
    ],
)
def test_an_output_that_runs_or_fetches_something_is_refused(make_site: ModuleType, markup: str) -> None:
    with pytest.raises(make_site.SiteError, match=r"tutorial\.ipynb"):
        make_site.check_safe(f"<div>{markup}</div>", "tutorial.ipynb")


@pytest.mark.parametrize("notebook", sorted((ROOT / "examples").glob("*.ipynb")), ids=lambda path: path.name)
def test_the_example_notebooks_are_safe_and_their_pictures_are_files(
    make_site: ModuleType, notebook: Path, tmp_path: Path
) -> None:
    page = make_site.notebook_page(notebook, tmp_path / "pictures")
    named = set(re.findall(r'src="pictures/([^"#]+)', page))
    assert named == {path.name for path in (tmp_path / "pictures").iterdir()}
    assert len(named) > 3
    assert "base64" not in page
    for cell in nbformat.read(notebook, as_version=4).cells:
        assert cell.source in page


def test_lists_and_tables_may_follow_a_paragraph_at_once(make_site: ModuleType) -> None:
    written = "words\n- one\n  - inner\n  goes on\n- two\nwords\n| a |\n|---|\n| `b\\|c` |\n```sql\n- not a list\n```\n"
    assert make_site.as_page(written) == (
        "words\n\n- one\n    - inner\n  goes on\n- two\nwords\n\n| a |\n|---|\n| `b|c` |\n\n"
        "```thanosql\n- not a list\n```\n"
    )


def test_a_link_to_nothing_is_an_error(make_site: ModuleType) -> None:
    with pytest.raises(make_site.SiteError, match=r"README\.md leads to docs/absent\.md"):
        make_site.with_links("[x](docs/absent.md)", "README.md")
    with pytest.raises(make_site.SiteError, match="leads to"):
        make_site.with_links("[x](../../etc/passwd)", "README.md")


def test_links_lead_to_pages_of_notebooks_and_folders(make_site: ModuleType) -> None:
    text, more = make_site.with_links(
        "[a](../examples/tutorial.ipynb#x) [b](decisions) `[c](d)`", "docs/sql.md"
    )
    assert text.startswith("[a](../examples/tutorial.md#x) [b](decisions/index.md)")
    assert more == ["examples/tutorial.ipynb", "docs/decisions"]


# -- the site ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make site` builds."""
    pytest.importorskip("mkdocs", reason="pip install mkdocs-material, or make site")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(ROOT / "tools" / "make_site.py"), "--to", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"The site: {folder / 'index.html'}" in done.stdout
    return folder


class Reached(HTMLParser):
    """Collects what a page fetches, where its links lead, and the names of its places."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.fetched: set[str] = set()
        self.links: set[str] = set()
        self.places: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        if "src" in given:
            self.fetched.add(given["src"])
        if "href" in given:
            (self.links if tag == "a" else self.fetched).add(given["href"])


def pages_of(site: Path) -> list[Path]:
    return [path for path in site.rglob("*.html") if path.name != "404.html"]


@pytest.mark.e2e
def test_every_document_and_notebook_is_a_page(site: Path) -> None:
    documents = [*ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md"), *ROOT.glob("examples/*.ipynb")]
    for document in documents:
        assert (site / document.relative_to(ROOT)).with_suffix(".html").exists()
    for name in ("index.html", "README.ko.html", "lsp/index.html", "docs/decisions/index.html", "LICENSE"):
        assert (site / name).exists()


@pytest.mark.e2e
def test_every_page_is_in_the_navigation(site: Path) -> None:
    start = Reached(site / "index.html").links
    for page in pages_of(site):
        assert page.relative_to(site).as_posix() in start, page


@pytest.mark.e2e
def test_every_link_leads_somewhere(site: Path) -> None:
    read = {page.resolve(): Reached(page) for page in pages_of(site)}
    for page, reached in read.items():
        for link in sorted(reached.links | reached.fetched):
            target, _, place = link.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            found = (page.parent / target).resolve() if target else page
            assert found.exists(), f"{page} -> {link}"
            if place and found in read:
                assert unquote(place) in read[found].places, f"{page} -> {link}"


@pytest.mark.e2e
def test_nothing_comes_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert not [found for found in Reached(page).fetched if re.match(r"(https?:)?//", found)], page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import", style.read_text(encoding="utf-8")), style


@pytest.mark.e2e
@pytest.mark.parametrize("words", ["black cat", "고양이", "if_exists"])
def test_the_site_is_searched_from_disk(site: Path, words: str) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: make programs")
    asked: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], timeout=60_000
        )
        page = browser.new_context(offline=True).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site / "docs" / "sql.html").as_uri())
        page.locator(".md-search__input").fill(words)
        page.locator(".md-search__input").press("End")
        page.locator(".md-search-result__link").first.wait_for(state="attached", timeout=30_000)
        browser.close()
    assert not [url for url in asked if not url.startswith(("file:", "data:", "about:", "blob:"))]
