"""A confusion matrix as people look at it: darker where more rows are, with its numbers."""

from __future__ import annotations

from html import escape

from wcwidth import wcswidth

from thanosql_kernel.statements.results import Matrix
from thanosql_kernel.visible import visible

_LONGEST = 14
_RIGHT, _WRONG = "46,125,50", "198,40,40"
_CELL = "padding:4px 8px;text-align:center;border:1px solid rgba(128,128,128,0.3)"


def matrix_html(matrix: Matrix) -> str:
    """The matrix as a table whose cells are shaded by the share of their row: what is right green, the rest red."""
    head = "".join(
        f'<th style="{_CELL}" title="{escape(visible(name))}">{escape(_short(name))}</th>'
        for name in matrix.names
    )
    rows = "".join(_row(matrix, number) for number in range(len(matrix.names)))
    return (
        f'<div style="margin-top:8px;font-size:90%;opacity:0.8">{escape(visible(matrix.caption))}</div>'
        f'<table style="border-collapse:collapse"><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(matrix: Matrix, number: int) -> str:
    counts = matrix.counts[number]
    total = max(1, sum(counts))
    cells = "".join(
        f'<td style="{_CELL};background:rgba({_RIGHT if place == number else _WRONG},{0.75 * count / total:.2f})">'
        f"{count:,}</td>"
        for place, count in enumerate(counts)
    )
    name = matrix.names[number]
    return f'<tr><th style="text-align:right" title="{escape(visible(name))}">{escape(_short(name))}</th>{cells}</tr>'


def matrix_text(matrix: Matrix) -> str:
    """The matrix in columns."""
    names = [_short(name) for name in matrix.names]
    cells = [["", *names], *([name, *map(str, row)] for name, row in zip(names, matrix.counts, strict=True))]
    widths = [max(_width(row[place]) for row in cells) for place in range(len(names) + 1)]
    lines = (
        "  ".join(_padded(text, width) for text, width in zip(row, widths, strict=True)) for row in cells
    )
    return "\n".join([visible(matrix.caption), *lines])


def _short(name: str) -> str:
    name = visible(name)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _width(text: str) -> int:
    return max(0, wcswidth(text))


def _padded(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text
