"""Rows as an HTML table, and what of them is drawn in any form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

from thanosql_kernel.jupyter.cells import (
    NULL,
    column_texts,
    is_number,
    is_text,
    is_vector,
    shorten,
    shorten_value,
    value_text,
    width,
)
from thanosql_kernel.jupyter.table_images import SIDE_PX
from thanosql_kernel.statements.film_options import with_frames
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import counted, pictures
from thanosql_kernel.wording.viewed import with_views

if TYPE_CHECKING:
    from thanosql_kernel.catalog import Column
from thanosql_kernel.statements.results import TableResult

HTML_COLUMNS = 160
TITLE_CHARACTERS = 1_000
MAX_CELLS = 20_000
_LINE_COLUMNS = 36
_WORD_COLUMNS = 90
_NO_IMAGES: Mapping[str, str] = MappingProxyType({})

# Borders and shades are half-transparent greys: readable on light and dark themes alike. JupyterLab drops
# position:sticky and var(…) from outputs it does not trust; the header then scrolls away with its rows.
_GREY = "rgba(128,128,128,0.35)"
_HEAD_STYLE = (
    f"position:sticky;top:0;background:var(--jp-layout-color0,var(--vscode-editor-background,Canvas));"
    f"border-bottom:1px solid {_GREY};padding:3px 10px;white-space:nowrap"
)
_MUTED = "opacity:0.6"
# Beside columns that are never broken, one that may be would shrink to a letter a line: Korean has breaks everywhere.
_LINES = ";min-width:16em;word-break:keep-all;overflow-wrap:anywhere"


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column ready to draw.

    Attributes:
        column: Its name and type.
        right: Whether its values line up at the right.
        wraps: Whether they may be broken into lines.
        cuts: Whether they may be shortened to make room for other columns; a number would be another one.
        texts: The values, None for NULL.
    """

    column: Column
    right: bool
    wraps: bool
    cuts: bool
    texts: list[str | None]


def table_html(result: TableResult, images: Mapping[str, str] = _NO_IMAGES) -> str:
    """The table for a notebook, in a box that scrolls; the header names each column's type in its title.

    The header's cells are plain ones: nbconvert's sanitiser would print ``<thead>`` and ``<th>`` as text.

    Args:
        result: The table.
        images: Path -> address of the picture to show beside it.
    """
    shown, rows = shown_columns(result)
    head = "".join(_head(column) for column in shown)
    body = "".join(_row(shown, row, images) for row in range(rows))
    table = f'<table style="border-collapse:collapse;margin:0"><tr>{head}</tr>{body}</table>'
    box = f'<div style="max-height:720px;overflow:auto">{table}</div>' if shown else ""
    return f'{box}<div style="{_MUTED};font-size:90%;padding:3px 0">{summary(rows, result.total)}</div>'


def _head(shown: ShownColumn) -> str:
    name = escape(shorten(value_text(shown.column.name), HTML_COLUMNS))
    return (
        f'<td title="{escape(visible(_describe(shown.column)))}" '
        f'style="text-align:{_side(shown)};{_HEAD_STYLE}"><strong>{name}</strong></td>'
    )


def _row(columns: Sequence[ShownColumn], row: int, images: Mapping[str, str]) -> str:
    return f"<tr>{''.join(_cell(column, column.texts[row], images) for column in columns)}</tr>"


def _cell(shown: ShownColumn, text: str | None, images: Mapping[str, str]) -> str:
    side = _side(shown)
    if text is None:
        return f'<td style="text-align:{side};{_MUTED};font-style:italic">{NULL}</td>'
    short = shorten_value(text, HTML_COLUMNS)
    title = "" if short == text else f' title="{escape(text[:TITLE_CHARACTERS])}"'
    wrapping = _LINES if shown.wraps and _is_long(short) else ";white-space:nowrap"
    content = _with_image(images[text], escape(short)) if text in images else escape(short)
    return f'<td style="text-align:{side}{wrapping}"{title}>{content}</td>'


def _is_long(text: str) -> bool:
    """Whether to break the text into lines: a path only when it is very long."""
    return width(text) > (_LINE_COLUMNS if " " in text else _WORD_COLUMNS)


def _with_image(source: str, text: str) -> str:
    """The text with a picture before it; copying the cell gives the text alone."""
    return (
        '<div style="display:flex;align-items:center;gap:8px">'
        f'<div style="flex:0 0 auto;width:{SIDE_PX}px"><img src="{source}" alt="" '
        f'style="max-width:{SIDE_PX}px;max-height:{SIDE_PX}px;border-radius:3px;display:block;margin:0 auto"></div>'
        f"<div>{text}</div></div>"
    )


def _side(shown: ShownColumn) -> str:
    return "right" if shown.right else "left"


def _describe(column: Column) -> str:
    """The column's type, and which model made it."""
    made = column.generated
    if made is None:
        return column.type
    said = pictures.MADE_OF if made.source else pictures.MADE
    told = said(
        type=column.type,
        kind=pictures.KINDS[made.kind],
        source=made.source,
        model=made.model,
        weights=made.weights.name,
    )
    return with_frames(with_views(told, made.views), made.sampling)


def shown_columns(result: TableResult) -> tuple[list[ShownColumn], int]:
    """The columns to draw and how many rows of them: at most `MAX_CELLS` in all."""
    names = len(result.columns)
    rows = min(result.rows.num_rows, max(1, MAX_CELLS // max(1, names)))
    table = result.rows.slice(0, rows)
    shown = []
    for number, column in enumerate(result.columns):
        values = table.column(number)
        right, wraps = is_number(values.type), is_text(values.type)
        cuts = wraps or is_vector(values.type)
        shown.append(ShownColumn(column, right, wraps, cuts, column_texts(values)))
    return shown, rows


def summary(rows: int, total: int) -> str:
    """How many rows there are, and are shown."""
    things = counted(total, "row")
    return things if rows >= total else pictures.SHOWN_OF["row"](shown=rows, things=things)
