"""``make demo`` as somebody does it who has never seen the project, and the page it leaves, in a browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "test-artifacts" / "demo.png"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
FLAGS += ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def page_file() -> Path:
    """The page, made by the command in the README."""
    done = subprocess.run(["make", "demo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    page = ROOT / "demo" / "demo.html"
    assert str(page) in done.stdout
    return page


@pytest.fixture
def browser_folder(tmp_path: Path) -> Path:
    """A profile for the browser; the test is skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: make programs")
    return tmp_path / "profile"


def test_the_demo_page_shows_every_picture_without_a_network(page_file: Path, browser_folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            browser_folder,
            executable_path=CHROMIUM,
            headless=True,
            args=FLAGS,
            offline=True,
            viewport={"width": 1440, "height": 900},
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_file.as_uri())
        widths = page.evaluate("[...document.querySelectorAll('img')].map(image => image.naturalWidth)")
        text = page.inner_text("body")
        step = page.locator(".jp-Cell", has_text="'a black cat'").filter(has_text="PRINT IMAGE").first
        step.screenshot(path=PICTURE)
        browser.close()
    assert len(widths) >= 50
    assert all(width > 50 for width in widths)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert "a black cat" in text
    assert "해변" in text
    assert PICTURE.stat().st_size > 100_000
