"""A widget over the first page that is kept for where there is none: the page stays, the widget needs the kernel."""

from __future__ import annotations

import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thanosql_kernel.jupyter.display import finder, first_page, media_bundle
from thanosql_kernel.jupyter.grid import count_text
from thanosql_kernel.jupyter.media import prepare_media
from thanosql_kernel.wording import pictures

if TYPE_CHECKING:
    from thanosql_kernel.jupyter.host import BrowsedSession
    from thanosql_kernel.jupyter.widgets.browser import PictureBrowser
    from thanosql_kernel.statements.results import MediaResult

Publish = Callable[[str, dict[str, Any]], None]
"""Sends a message on the publishing channel: its type and content."""

#: Widgets that live at the same time, each of about 120 parts; a page that is loaded asks for all of them.
MAX_BROWSERS = 16
VIEW_MIME = "application/vnd.jupyter.widget-view+json"
_alive: deque[_Shown] = deque()
#: How often a page was shown.
_pages: Counter[str] = Counter()


@dataclass(frozen=True, slots=True)
class _Shown:
    """A widget in an output of its own, below one with its first page.

    Attributes:
        browser: The widget.
        publish: Sends messages.
        view_id: The display id of the widget's own output.
    """

    browser: PictureBrowser
    publish: Publish
    view_id: str

    def close(self) -> None:
        """Let go of the widget; no output asks for it any more, and the page that it hid is seen."""
        self.browser.close()
        self.publish("update_display_data", _content({"text/plain": pictures.CLOSED()}, self.view_id))


def show_browser(
    result: MediaResult,
    session: BrowsedSession,
    publish: Publish,
    *,
    folder: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> PictureBrowser:
    """Show the first page, then the widget, which hides the page wherever it is seen itself.

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
    prepared = prepare_media(first_page(result), paths, cancelled)
    page_id, view_id = uuid.uuid4().hex, uuid.uuid4().hex
    page = _page_class(first_page(result))
    publish("display_data", _content(media_bundle(prepared, page), page_id))
    browser = PictureBrowser(result, session, paths, first=prepared, page=page)
    view = {"version_major": 2, "version_minor": 0, "model_id": browser.view.model_id}
    note = pictures.INSTALL_WIDGETS(pictures=count_text("image", len(result.items), result.total))
    publish("display_data", _content({"text/plain": note, VIEW_MIME: view}, view_id))
    _remember(_Shown(browser, publish, view_id))
    return browser


def _page_class(result: MediaResult) -> str:
    """A class for the kept page that no other page has, and that is the same whenever a notebook is run anew."""
    digest = sha256(repr(result.items).encode()).hexdigest()[:16]
    _pages[digest] += 1
    return f"thanosql-page-{digest}-{_pages[digest]}"


def _content(data: dict[str, Any], display_id: str) -> dict[str, Any]:
    return {"data": data, "metadata": {}, "transient": {"display_id": display_id}}


def _remember(shown: _Shown) -> None:
    """Close the oldest widgets: whoever runs a cell a hundred times sees the last one."""
    _alive.append(shown)
    while len(_alive) > MAX_BROWSERS:
        _alive.popleft().close()
