"""A folder of pictures and a widget over them."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from browser_cases import WAIT_S, RecordingSession, result_of

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.jupyter.widgets.browser import PictureBrowser
from thanosql_kernel.wording import set_language


@pytest.fixture
def photos(tmp_path):
    for number in range(50):
        Image.new("RGB", (64, 48), (5 * number, 0, 0)).save(tmp_path / f"{number}.png")
    return tmp_path


@pytest.fixture
def session():
    return RecordingSession()


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def browser(photos, session, settled):
    opened = PictureBrowser(result_of(45), session, PathFinder.over(photos))
    settled(opened)
    yield opened
    opened.close()


@pytest.fixture
def settled():
    """Waits until a browser has done what it was asked for."""

    def wait(browser):
        while threads := [thread for thread in threading.enumerate() if thread.name.startswith("latest")]:
            for thread in threads:
                thread.join(WAIT_S)
                assert not thread.is_alive()

    return wait
