"""A JupyterLab of one's own and a browser before it, for tests."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Error, Locator, Page

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "test-artifacts"
EXTENSION = ROOT / "lsp" / "jupyterlab" / "labextension"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
_OPTIONS = (
    "--no-browser --ip=127.0.0.1 --allow-root --IdentityProvider.token= --ServerApp.password= "
    "--LabApp.expose_app_in_browser=True --ServerApp.port_retries=0"
).split()
_START_S = 60
#: The server waits 60 s for a kernel that is just being started before it ends.
_STOP_S = 150
#: The kernel of the notebook in front, for scripts.
_KERNEL = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel"
#: Of JupyterLab itself, whatever the kernel; anything else fails.
#: JupyterLab says the last where a kernel is restarted while it is being asked something.
_HARMLESS = re.compile(r"favicon|Failed to load resource.*404|Canceled future for")
#: JupyterLab draws a cell some time after it has been scrolled to, and may then move it.
_IS_IN_SIGHT = """image => {
    image.scrollIntoView({block: 'center'});
    const box = image.getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === image;
}"""
#: A page takes its time where everything else runs too.
_PATIENCE_MS = 90_000


@contextmanager
def running_lab(folder: Path, home: Path, **settings: str) -> Iterator[str]:
    """The address of a JupyterLab over ``folder`` that knows nothing of the user's settings.

    Args:
        folder: What it shows.
        home: Where it keeps its own things; ``lab.log`` there is what it says.
        settings: More environment variables.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: make programs")
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed: pip install -e '.[e2e]'")
    port = free_port()
    own = {f"JUPYTER_{kind.upper()}_DIR": str(home / kind) for kind in ("config", "data", "runtime")}
    _ask_for_no_news(home / "config")
    own["JUPYTER_PATH"] = str(_with_our_extension(home / "shared"))
    environment = {**os.environ, "HOME": str(home), **own, "HF_HUB_OFFLINE": "1", **settings}
    command = [sys.executable, "-m", "jupyter", "lab", *_OPTIONS]
    command += [f"--port={port}", f"--ServerApp.root_dir={folder}"]
    with (home / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/api", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(timeout=_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _ask_for_no_news(config: Path) -> None:
    """Answer the question about Jupyter's news, which would lie over what tests look at."""
    file = config / "lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")


def _with_our_extension(path: Path) -> Path:
    """A folder of Jupyter's whose extension of JupyterLab is the one of these sources, whatever is installed."""
    shutil.copytree(EXTENSION, path / "labextensions" / "thanosql-jupyterlab")
    return path


@contextmanager
def browser_page(profile: Path, *, may_complain: bool = False) -> Iterator[Page]:
    """An empty page in a headless Chromium whose profile is in the folder ``profile``.

    An error of a script or on the console fails the test, unless it ``may_complain``.
    """
    from playwright.sync_api import sync_playwright

    ARTIFACTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            headless=True,
            args=_FLAGS,
            viewport={"width": 1280, "height": 1000},
        )
        try:
            page = browser.new_page()
            page.set_default_timeout(_PATIENCE_MS)
            complaints = _complaints(page)
            yield page
            assert may_complain or complaints == [], complaints
        finally:
            browser.close()


def _complaints(page: Page) -> list[str]:
    """Errors of scripts and on the console, as they come."""
    complaints: list[str] = []

    def mind(error: Error) -> None:
        # JupyterLab takes its splash away twice where themes follow each other within 200 ms.
        if not ("removeChild" in error.message and "jlab_core" in (error.stack or "")):
            complaints.append(str(error))

    def hear(message: object) -> None:
        if message.type == "error" and not _HARMLESS.search(message.text):  # type: ignore[attr-defined]
            complaints.append(message.text)  # type: ignore[attr-defined]

    page.on("pageerror", mind)
    page.on("console", hear)
    return complaints


def use_theme(page: Page, name: str) -> None:
    """Change to a theme, ``JupyterLab Dark`` or ``JupyterLab Light``."""
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
    page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=name)
    page.wait_for_selector("#jupyterlab-splash", state="detached")


@contextmanager
def window(page: Page, width: int, height: int, percent: int = 100) -> Iterator[None]:
    """A window of that size, with the browser's zoom at ``percent``."""
    share, before = percent / 100, page.viewport_size
    sides = {"width": round(width / share), "height": round(height / share)}
    page.set_viewport_size(sides)  # type: ignore[arg-type]
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setDeviceMetricsOverride", {**sides, "deviceScaleFactor": share, "mobile": False})
    try:
        yield
    finally:
        session.detach()
        page.set_viewport_size(before)  # type: ignore[arg-type]


def keep_screenshot(page: Page, name: str) -> None:
    """Leave a picture of the page in ``test-artifacts/``, for people to look at."""
    page.screenshot(path=ARTIFACTS / f"{name}.png")


def wait_for_kernel(page: Page) -> None:
    """Wait until the kernel of the notebook in front is there and does nothing."""
    page.wait_for_function(f"{_KERNEL}?.status === 'idle' && {_KERNEL}?.connectionStatus === 'connected'")


def command(page: Page, name: str) -> None:
    """What the menu item of that name does."""
    page.evaluate("name => void jupyterapp.commands.execute(name)", name)


def wait_for_number(page: Page, number: int) -> None:
    """Wait until the cell of that number is done."""
    page.wait_for_selector(f'.jp-InputPrompt:text-is("[{number}]:")')


def save(page: Page) -> None:
    """Save the notebook in front."""
    page.keyboard.press("Control+s")
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')")


def assert_pictures_are_seen(page: Page, least: int) -> None:
    """Every picture of the outputs has loaded; cells out of sight are drawn when they come into it."""
    page.wait_for_function(
        "least => { document.querySelectorAll('.jp-Cell').forEach(cell => cell.scrollIntoView());"
        " return document.querySelectorAll('.jp-OutputArea-output img').length >= least }",
        arg=least,
        polling=500,
    )
    widths = page.locator(".jp-OutputArea-output img").evaluate_all(
        "async images => { await Promise.all(images.map(image => image.decode().catch(() => 0)));"
        " return images.map(image => image.naturalWidth) }"
    )
    assert len(widths) >= least
    assert all(width > 20 for width in widths), widths
    bring_into_sight(page, page.locator(".jp-OutputArea-output img").first)


def bring_into_sight(page: Page, image: Locator) -> None:
    """Scroll to a picture until it is drawn and stays where it is."""
    page.wait_for_function(_IS_IN_SIGHT, arg=image.element_handle())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for a server that has just been started."""
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer")
