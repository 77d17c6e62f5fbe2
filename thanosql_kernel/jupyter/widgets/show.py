"""A widget beside its first page: the page stays in the notebook, the widget needs the kernel."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thanosql_kernel.jupyter.display import PAGE_TILES, finder, mime_bundle, small_page

if TYPE_CHECKING:
    from thanosql_kernel.jupyter.host import BrowsedSession
    from thanosql_kernel.jupyter.widgets.browser import PictureBrowser
    from thanosql_kernel.statements.results import MediaResult

Publish = Callable[[str, dict[str, Any]], None]
"""Sends a message on the publishing channel: its type and content."""

#: Widgets that live at the same time, each of about 120 parts; a page that is loaded asks for all of them.
MAX_BROWSERS = 16
_CLOSED = "(closed, others were opened since: run the cell again to browse)"
VIEW_MIME = "application/vnd.jupyter.widget-view+json"
_alive: deque[_Shown] = deque()


@dataclass(frozen=True, slots=True)
class _Shown:
    """A widget in an output of its own, below one with its first page.

    Attributes:
        browser: The widget.
        publish: Sends messages.
        page: The first page as `display_data`.
        view_id: The display id of the widget's own output.
    """

    browser: PictureBrowser
    publish: Publish
    page: dict[str, Any]
    view_id: str

    def close(self) -> None:
        """Let go of the widget; no output asks for it any more, and the page stands where the strip has been."""
        self.browser.close()
        self.publish("update_display_data", self.page)
        self.publish("update_display_data", _content({"text/plain": _CLOSED}, self.view_id))


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
    display_id, view_id = uuid.uuid4().hex, uuid.uuid4().hex
    publish("display_data", _content(page, display_id))
    browser = PictureBrowser(result, session, paths)
    strip = small_page(result, paths, cancelled) | {"text/plain": page["text/plain"]}
    browser.when_seen(lambda: publish("update_display_data", _content(strip, display_id)))
    view = {"version_major": 2, "version_minor": 0, "model_id": browser.view.model_id}
    note = f"(a notebook browses them here, {PAGE_TILES} a page)"
    publish("display_data", _content({"text/plain": note, VIEW_MIME: view}, view_id))
    _remember(_Shown(browser, publish, _content(page, display_id), view_id))
    return browser


def _content(data: dict[str, Any], display_id: str) -> dict[str, Any]:
    return {"data": data, "metadata": {}, "transient": {"display_id": display_id}}


def _remember(shown: _Shown) -> None:
    """Close the oldest widgets: whoever runs a cell a hundred times sees the last one."""
    _alive.append(shown)
    while len(_alive) > MAX_BROWSERS:
        _alive.popleft().close()
