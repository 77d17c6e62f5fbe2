"""Results as Jupyter shows them: text/plain and text/html, the same bytes for the same result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.files import working_folder
from thanosql_kernel.jupyter.grid import media_html, media_text
from thanosql_kernel.jupyter.matrix import matrix_html, matrix_text
from thanosql_kernel.jupyter.media import PreparedMedia, prepare_media
from thanosql_kernel.jupyter.table_images import table_images
from thanosql_kernel.jupyter.tables import table_html
from thanosql_kernel.jupyter.terminal import TEXT_COLUMNS
from thanosql_kernel.jupyter.text_table import table_text
from thanosql_kernel.statements.results import MediaResult, Message, Result, TableResult
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import pictures

#: Pictures of a page.
PAGE_TILES = 20
# Without these classes the front end would typeset the text between two dollar signs as mathematics.
_NO_MATH = "tex2jax_ignore mathjax_ignore"


def mime_bundle(
    result: Result,
    *,
    folder: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    columns: int = TEXT_COLUMNS,
) -> dict[str, str]:
    """The ``data`` of a ``display_data`` message.

    Args:
        result: What a statement gave back.
        folder: Relative paths in it start here; where the result says unless given.
        cancelled: Asked between pictures.
        columns: How wide a table of text may be.

    Raises:
        Interrupted: ``cancelled`` said so.
    """
    if isinstance(result, Message) and result.markdown:
        text, markdown = visible(result.text, lines=True), visible(result.markdown, lines=True)
        return {"text/plain": text, "text/markdown": markdown}
    if isinstance(result, TableResult):
        images = table_images(result, finder(result, folder), cancelled) if result.images else {}
        text, html = _below(result.heading, table_text(result, columns), table_html(result, images))
        if result.matrix is not None:
            text, html = f"{text}\n{matrix_text(result.matrix)}", html + matrix_html(result.matrix)
    elif isinstance(result, MediaResult) and result.form == "sheet":
        return _sheet_bundle(result, finder(result, folder), cancelled)
    elif isinstance(result, MediaResult):
        return media_bundle(prepare_media(first_page(result), finder(result, folder), cancelled))
    else:
        text, html = _message(result, columns)
    return _bundle(text, html, result.notices)


def media_bundle(media: PreparedMedia, name: str = "") -> dict[str, str]:
    """The ``data`` of a ``display_data`` message of what has been read.

    Args:
        media: What to show.
        name: One more class of the HTML, so that others find it.
    """
    return _bundle(media_text(media), media_html(media), media.result.notices, name)


def _bundle(text: str, html: str, notices: Sequence[str], name: str = "") -> dict[str, str]:
    classes = f"{_NO_MATH} {name}".rstrip()
    return {
        "text/plain": _with_notices(text, notices),
        "text/html": f'<div class="{classes}">{html}{_notices_html(notices)}</div>',
    }


def table_plain(result: TableResult, columns: int) -> str:
    """What `mime_bundle` says in text of a table, in another width."""
    text, _ = _below(result.heading, table_text(result, columns))
    return _with_notices(text, result.notices)


def finder(result: TableResult | MediaResult, folder: Path | None = None) -> PathFinder:
    """What finds the files that a result names."""
    if folder is not None:
        return PathFinder.over(folder)
    return result.paths or PathFinder.over(working_folder())


def first_page(result: MediaResult) -> MediaResult:
    """What stands in the notebook of a result that has pages: the first; else the result itself."""
    return replace(result, items=result.items[:PAGE_TILES]) if result.form == "widget" else result


def _sheet_bundle(result: MediaResult, paths: PathFinder, cancelled: Callable[[], bool]) -> dict[str, str]:
    """One picture of them all, and its text twin."""
    from thanosql_kernel.jupyter.media import Sides, Tile
    from thanosql_kernel.jupyter.sheet import contact_sheet

    sheet = contact_sheet(result, paths, cancelled)
    pairs = zip(result.items, sheet.reasons, strict=True)
    tiles = tuple(Tile(item, None, reason) for item, reason in pairs)
    text = media_text(PreparedMedia(result, tiles, Sides(0, 0), None))
    notices = (*result.notices, *([pictures.NO_FONT()] if sheet.lacks_letters else []))
    return {"text/plain": _with_notices(text, notices), "image/png": sheet.base64}


def _with_notices(text: str, notices: Sequence[str]) -> str:
    return "\n".join(part for part in [text, *map(_notice_text, notices)] if part)


def _message(result: Message, columns: int) -> tuple[str, str]:
    """A message as text and as HTML, with its sample below it."""
    if result.sample is None:
        return _below(result.text)
    return _below(result.text, table_text(result.sample, columns), table_html(result.sample))


def _below(heading: str, text: str = "", html: str = "") -> tuple[str, str]:
    """What stands below a text, in both forms, with the text."""
    shown = visible(heading, lines=True)
    return "\n".join(filter(None, [shown, text])), _message_html(shown) + html


def _message_html(text: str) -> str:
    return f'<div style="white-space:pre-wrap">{escape(text)}</div>' if text else ""


def _notice_text(notice: str) -> str:
    return pictures.NOTE(text=visible(notice, lines=True))


def _notices_html(notices: Sequence[str]) -> str:
    return "".join(
        f'<div style="font-style:italic;font-size:90%;opacity:0.8;white-space:pre-wrap">'
        f"{escape(_notice_text(notice))}</div>"
        for notice in notices
    )
