"""Widgets as a whole: what a view is made of is given back with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipywidgets import Widget


def widgets_of(view: Widget) -> Iterator[Widget]:
    """A widget and all that it is made of, each once: children at any depth, layouts and styles."""
    waiting, seen = [view], {id(view)}
    while waiting:
        widget = waiting.pop()
        yield widget
        for part in _parts(widget):
            if id(part) not in seen:
                seen.add(id(part))
                waiting.append(part)


def close_tree(view: Widget) -> None:
    """Close a widget and all that it is made of; the kernel and the front end forget them.

    A widget's own ``close`` leaves the others alive, a browser of pictures nearly two hundred.
    """
    for widget in list(widgets_of(view)):
        widget.close()


def _parts(widget: Widget) -> Iterator[Widget]:
    from ipywidgets import Widget

    for name in widget.keys:
        value = getattr(widget, name)
        for part in value if isinstance(value, tuple | list) else (value,):
            if isinstance(part, Widget):
                yield part
