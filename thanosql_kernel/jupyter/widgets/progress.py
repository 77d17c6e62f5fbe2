"""Progress bars with a button that cancels; when the cell ends, they become a line of text each."""

# ipywidgets is not annotated.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from contextvars import copy_context
from html import escape
from typing import TYPE_CHECKING, Any

from thanosql_kernel.jupyter.meter import Meter
from thanosql_kernel.jupyter.progress import Clock, TimedBar
from thanosql_kernel.jupyter.widgets.trees import close_tree
from thanosql_kernel.wording import pictures

if TYPE_CHECKING:
    from thanosql_kernel.jupyter.widgets.show import Publish

VIEW_MIME = "application/vnd.jupyter.widget-view+json"
#: How long a front end may take to show a widget before it counts as one that has none.
PATIENCE_S = 3.0
_TEXT_INTERVAL_S = 1.0


class WidgetProgress:
    """The bars of one cell, in one output of it.

    A front end that has no widgets is shown the words instead. `close` leaves a line for each bar that was seen.

    Args:
        publish: Sends messages.
        cancel: Called when the user presses the button, from whatever thread serves comm messages.
    """

    def __init__(self, publish: Publish, cancel: Callable[[], None], clock: Clock = time.monotonic) -> None:
        # Timers and the pool's threads draw too: what they send belongs to the cell that is running now.
        context = copy_context()
        self._publish = lambda kind, content: context.copy().run(publish, kind, content)
        self._in_cell = lambda work: context.copy().run(work)
        self._cancel, self._clock = cancel, clock
        self._display_id = uuid.uuid4().hex
        self._lock = threading.RLock()
        self._lines: dict[WidgetBar, str] = {}
        self._view: Any = None
        self._closed = False
        self._shown_s = self._told_s = 0.0

    def start(self, label: str, total: int | None, unit: str) -> WidgetBar:
        """A new bar for a piece of work; ``close`` ends it."""
        return WidgetBar(Meter(label, total, unit), self._clock, self)

    def update(self, bar: WidgetBar, words: str) -> None:
        """Show the state of a bar."""
        self._in_cell(lambda: self._update(bar, words))

    def _update(self, bar: WidgetBar, words: str) -> None:
        with self._lock:
            if self._closed:  # work that was given up still says how far it is
                return
            is_new = bar not in self._lines
            self._lines[bar] = f"{bar.meter.label} {words}"
            if self._view is None:
                self._open()
            if is_new:
                self._bars.children = (*self._bars.children, bar.build())
            bar.fill(words)
            if not self._view._view_count and self._clock() - self._shown_s > PATIENCE_S:
                self._tell()

    def drop(self, bar: WidgetBar, words: str) -> None:
        """A bar has ended: its words are kept for the end of the cell."""

        def drop() -> None:
            with self._lock:
                self._lines[bar] = f"{bar.meter.label} {words}"
                if self._view is None:
                    return
                self._bars.children = tuple(child for child in self._bars.children if child is not bar.box)
                close_tree(bar.box)
                self._button.layout.display = None if self._bars.children else "none"

        self._in_cell(drop)

    def close(self) -> None:
        """Put the words in the place of the bars; nothing if none was shown."""

        def close() -> None:
            with self._lock:
                self._closed = True
                if self._view is None:
                    return
                self._publish("update_display_data", self._content(self._words()))
                close_tree(self._view)
                self._view = None

        self._in_cell(close)

    def _open(self) -> None:
        import ipywidgets as widgets

        self._bars = widgets.VBox()
        self._button = widgets.Button(
            description=str(pictures.CANCEL),
            tooltip=str(pictures.CANCEL_CELL),
            layout=widgets.Layout(width="80px"),
        )
        self._button.on_click(self._pressed)
        self._view = widgets.HBox([self._button, self._bars])
        self._view._view_count = 0
        self._shown_s = self._clock()
        view = {"version_major": 2, "version_minor": 0, "model_id": self._view.model_id}
        data = {"text/plain": next(iter(self._lines)).meter.label + " …", VIEW_MIME: view}
        self._publish("display_data", self._content(data))

    def _pressed(self, button: Any) -> None:
        button.description, button.disabled = str(pictures.STOPPING), True
        self._cancel()

    def _tell(self) -> None:
        """Words for a front end that does not show the widget."""
        if self._clock() - self._told_s >= _TEXT_INTERVAL_S:
            self._told_s = self._clock()
            self._publish("update_display_data", self._content(self._words()))

    def _words(self) -> dict[str, Any]:
        lines = list(self._lines.values())
        html = "".join(f"<div>{escape(line)}</div>" for line in lines)
        style = "opacity:0.65;font-size:90%"
        return {"text/plain": "\n".join(lines), "text/html": f'<div style="{style}">{html}</div>'}

    def _content(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"data": data, "metadata": {}, "transient": {"display_id": self._display_id}}


class WidgetBar(TimedBar):
    """A bar with words beside it."""

    def __init__(self, meter: Meter, clock: Clock, owner: WidgetProgress) -> None:
        self._owner = owner
        super().__init__(meter, clock)

    def build(self) -> Any:
        """The widgets, made when they are first shown."""
        import ipywidgets as widgets

        known = self.meter.total is not None
        self._progress = widgets.FloatProgress(
            min=0.0,
            max=1.0,
            value=0.0,
            layout=widgets.Layout(width="240px", display=None if known else "none"),
        )
        self._label, self._words = widgets.Label(self.meter.label), widgets.Label()
        self.box = widgets.HBox([self._label, self._progress, self._words])
        return self.box

    def fill(self, words: str) -> None:
        """Show the state."""
        self._progress.value = self.meter.share or 0.0
        self._progress.bar_style = "warning" if self.meter.errors else ""
        self._words.value = words

    def draw(self, elapsed_s: float) -> None:
        """Show the state in the cell's output."""
        self._owner.update(self, self.meter.words(elapsed_s))

    def end(self, elapsed_s: float) -> None:
        """Make room for the next bar."""
        self._owner.drop(self, self.meter.words(elapsed_s))
