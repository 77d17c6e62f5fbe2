"""Which progress bars statements get in Python: the session's setting and what shows the output decide."""

# IPython's `display` is not annotated.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from thanosql_kernel.jupyter.cell_progress import CellProgress
from thanosql_kernel.jupyter.progress import TextProgress

if TYPE_CHECKING:
    from thanosql_kernel.engine.session import Session
    from thanosql_kernel.jupyter.widgets.progress import WidgetProgress


def progress_of(session: Session, cancel: Callable[[], None]) -> CellProgress:
    """The bars of one call: lines, or in a notebook widgets where ``SET display.progress = widget`` asks for them.

    A Python kernel hears a button while it works only if its front end speaks to it in a subshell, so that ``auto`` is
    the line here.

    Args:
        session: What has the setting.
        cancel: Stops the statements.
    """
    found = kernel()
    return CellProgress(
        lambda: str(session.settings["display.progress"]),
        widgets=None if found is None else _widgets(cancel),
        text=TextProgress(rewrites=True if _is_looked_at(found) else None),
        automatic="text",
    )


def publish(kind: str, content: dict[str, Any]) -> None:
    """Send a message the way IPython does."""
    from IPython.display import display

    display_id = content["transient"].get("display_id")
    display(content["data"], raw=True, display_id=display_id, update=kind == "update_display_data")


def kernel() -> Any:
    """The Python kernel that this runs in; None outside of notebooks."""
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    return getattr(get_ipython(), "kernel", None)


def _is_looked_at(found: Any) -> bool:
    """Whether a front end has said which of its cells runs: nbclient and others that only keep outputs say nothing."""
    return found is not None and "cellId" in found.get_parent().get("metadata", {})


def _widgets(cancel: Callable[[], None]) -> WidgetProgress:
    from thanosql_kernel.jupyter.widgets.progress import WidgetProgress

    return WidgetProgress(publish, cancel)
