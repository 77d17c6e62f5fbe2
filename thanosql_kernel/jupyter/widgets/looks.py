"""How the photo widget looks: its style sheet, and layouts and styles that all its parts share."""

# ipywidgets is not annotated.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import ipywidgets as widgets
from ipywidgets.widgets.widget_bool import ToggleButtonStyle
from ipywidgets.widgets.widget_description import DescriptionStyle
from ipywidgets.widgets.widget_string import HTMLStyle, TextStyle

HIDDEN = "thanosql-hidden"
#: Wider and narrower pictures have bars around them.
_WIDEST, _NARROWEST = 4.0, 0.55
_CAPTION_PX = 100
#: How much higher the pictures of a row become at most to fill it.
_GROWS = 1.4


class Looks:
    """Makes the parts of a widget, told apart by their classes.

    Each layout and style of its own would be one more widget to open and keep.
    """

    def __init__(self) -> None:
        self._layout = widgets.Layout()
        self._button, self._toggle, self._html = widgets.ButtonStyle(), ToggleButtonStyle(), HTMLStyle()
        self._text, self._slider = TextStyle(), widgets.SliderStyle()
        self._choices = DescriptionStyle()
        for style in (self._text, self._slider, self._choices):
            style.description_width = "initial"

    def box(self, parts: Sequence[Any], *classes: str) -> Any:
        """Parts in a box."""
        return widgets.Box(list(parts), layout=self._layout, _dom_classes=classes)

    def html(self, *classes: str, value: str = "") -> Any:
        """A piece of HTML."""
        return widgets.HTML(value, layout=self._layout, style=self._html, _dom_classes=classes)

    def button(self, press: Callable[[], None], *classes: str, **traits: Any) -> Any:
        """A button; one without a description is drawn by its class."""
        made = widgets.Button(layout=self._layout, style=self._button, _dom_classes=classes, **traits)
        made.on_click(lambda button: press())
        return made

    def toggle(self, press: Callable[[bool], None], *classes: str, **traits: Any) -> Toggle:
        """A button that stays pressed."""
        return Toggle(
            widgets.ToggleButton(layout=self._layout, style=self._toggle, _dom_classes=classes, **traits),
            press,
        )

    def slider(self, *classes: str, **traits: Any) -> Any:
        """A slider over whole numbers."""
        return widgets.IntSlider(
            layout=self._layout, style=self._slider, readout=False, _dom_classes=classes, **traits
        )

    def range_slider(self, *classes: str, **traits: Any) -> Any:
        """A slider over whole numbers with two ends."""
        return widgets.IntRangeSlider(
            value=(0, 0),
            min=0,
            max=0,
            layout=self._layout,
            style=self._slider,
            readout=False,
            _dom_classes=classes,
            **traits,
        )

    def choices(self, *classes: str, **traits: Any) -> Any:
        """A list to choose one of."""
        return widgets.Dropdown(layout=self._layout, style=self._choices, _dom_classes=classes, **traits)

    def text(self, *classes: str, **traits: Any) -> Any:
        """A line to type into."""
        return widgets.Text(layout=self._layout, style=self._text, _dom_classes=classes, **traits)


class Toggle:
    """A button that stays pressed.

    Args:
        view: The button.
        press: Told when the user presses it, not when the program does.
    """

    def __init__(self, view: Any, press: Callable[[bool], None]) -> None:
        self.view = view
        self._press = press
        self._setting = False
        view.observe(self._changed, "value")

    def set(self, pressed: bool) -> None:
        """Press it or not, without telling anybody."""
        self._setting = True
        try:
            self.view.value = pressed
        finally:
            self._setting = False

    def _changed(self, change: Any) -> None:
        if not self._setting:
            self._press(bool(change["new"]))


def show_if(shown: bool, *parts: Any) -> None:
    """Show parts of a widget or hide them."""
    for part in parts:
        (part.remove_class if shown else part.add_class)(HIDDEN)


@cache
def style_sheet() -> str:
    """The rules that all photo widgets share, as HTML."""
    return f"<style>{files(__package__).joinpath('browser.css').read_text(encoding='utf-8')}</style>"


def page_style(owner: str, ratios: Sequence[float], side_px: int, page: str) -> str:
    """Rules for the tiles of one page, and one that hides the page that is kept for where there is no widget.

    All pictures of a row are equally high, each is as wide as its shape wants, and rows are filled to their end where
    that does not make them much higher.

    Args:
        owner: The class of the widget.
        ratios: Width by height of each picture.
        side_px: How high they are at least.
        page: The class of the kept page.
    """
    rules = [f".{page},.jp-OutputArea-child:has(.{page}){{display:none!important}}"] if page else []
    for place, ratio in enumerate(ratios, 1):
        shown = round(max(_NARROWEST, _CAPTION_PX / side_px, min(_WIDEST, ratio)), 3)
        tile = f".{owner} .thanosql-tile:nth-child({place})"
        width_px = side_px * shown
        rules.append(
            f"{tile}{{--ratio:{shown};flex:{shown} 1 {width_px:g}px;max-width:{_GROWS * width_px:g}px}}"
        )
    return f"<style>{''.join(rules)}</style>"
