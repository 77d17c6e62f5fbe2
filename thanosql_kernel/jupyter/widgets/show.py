"""A widget beside its first page: the page stays in the notebook, the widget needs the kernel."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thanosql_kernel.jupyter.display import PAGE_TILES, finder, mime_bundle, small_page

if TYPE_CHECKING:
    from thanosql_kernel.jupyter.host import BrowsedSession
    from thanosql_kernel.jupyter.widgets.browser import PictureBrowser
    from thanosql_kernel.statements.results import MediaResult

Publish = Callable[[str, dict[str, Any]], None]
"""Sends a message on the publishing channel: its type and content."""

MAX_BROWSERS = 16
VIEW_MIME = "application/vnd.jupyter.widget-view+json"
_alive: deque[PictureBrowser] = deque()


def show_browser(
    result: MediaResult,
    session: BrowsedSession,
    publish: Publish,
    *,
    folder: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> PictureBrowser:
    """Show the first page, then the widget; where the widget is seen, the page above it becomes a strip.

    The page is an output of its own because a trusted notebook that is opened without its kernel shows an error in
    the place of a widget, whatever else that output holds.

    Args:
        result: Of the widget form.
        session: What the widget asks later.
        publish: Sends messages.
        folder: Relative paths start here; where the result says unless given.
        cancelled: Asked between pictures.

    Raises:
        Interrupted: ``cancelled`` said so.
    """
    from thanosql_kernel.jupyter.widgets.browser import PictureBrowser

    paths = finder(result, folder)
    page = mime_bundle(result, folder=folder, cancelled=cancelled)
    display_id = uuid.uuid4().hex
    publish("display_data", _content(page, display_id))
    browser = PictureBrowser(result, session, paths)
    strip = small_page(result, paths, cancelled) | {"text/plain": page["text/plain"]}
    browser.when_seen(lambda: publish("update_display_data", _content(strip, display_id)))
    view = {"version_major": 2, "version_minor": 0, "model_id": browser.view.model_id}
    note = f"(a notebook browses them here, {PAGE_TILES} a page)"
    publish("display_data", _content({"text/plain": note, VIEW_MIME: view}))
    _remember(browser)
    return browser


def _content(data: dict[str, Any], display_id: str | None = None) -> dict[str, Any]:
    return {"data": data, "metadata": {}, "transient": {"display_id": display_id} if display_id else {}}


def _remember(browser: PictureBrowser) -> None:
    """Close the oldest widgets: whoever runs a cell a hundred times sees the last one."""
    _alive.append(browser)
    while len(_alive) > MAX_BROWSERS:
        _alive.popleft().close()
