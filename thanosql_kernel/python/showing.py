"""Results in IPython: as in a ThanoSQL notebook, widgets where there is a kernel for them."""

# IPython's `display` is not annotated.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from thanosql_kernel.python.progress import kernel, publish
from thanosql_kernel.statements.results import MediaResult, Message, Result

if TYPE_CHECKING:
    from thanosql_kernel.engine.session import Session

_PARAMETER = re.compile(r"\$\w")


def show(result: Result, session: Session) -> None:
    """Show a result now."""
    from IPython.display import display

    from thanosql_kernel.jupyter.display import mime_bundle
    from thanosql_kernel.jupyter.terminal import displayed_columns

    if is_empty(result):
        return
    sys.stderr.flush()
    if is_widget(result):
        show_widget(result, session)
    else:
        display(mime_bundle(result, columns=displayed_columns()), raw=True)


def is_empty(result: Result) -> bool:
    """Whether there is nothing to see."""
    return isinstance(result, Message) and not (result.text or result.notices)


def is_widget(result: Result) -> TypeGuard[MediaResult]:
    """Whether it is one to browse, and there is a kernel to browse with."""
    return isinstance(result, MediaResult) and result.form == "widget" and kernel() is not None


def show_widget(result: MediaResult, session: Session) -> None:
    """Show a widget, with its first page above."""
    from thanosql_kernel.jupyter.widgets.show import show_browser

    show_browser(_without_parameters(result), session, publish)


def _without_parameters(result: MediaResult) -> MediaResult:
    """Values of Python are not at hand when the widget searches: without them there is nothing to type into."""
    browsing = result.browsing
    if (
        browsing is None
        or browsing.search is None
        or not _PARAMETER.search(f"{browsing.search.before}{browsing.search.after}")
    ):
        return result
    return replace(result, browsing=replace(browsing, search=None))
