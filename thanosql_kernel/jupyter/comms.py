"""Comms, so that ipywidgets work in a kernel that is not IPython."""

from __future__ import annotations

from typing import Any

import comm


def wire_comms(kernel: Any) -> None:
    """Route comm messages to the process's comm manager and announce the widget targets.

    `ipywidgets` is imported when the first front end asks for widgets, not at start (80 ms).
    """
    manager = comm.get_comm_manager()
    kernel.comm_manager = manager
    for message in ("comm_open", "comm_msg", "comm_close"):
        kernel.shell_handlers[message] = getattr(manager, message)
    manager.register_target("jupyter.widget", _open_widget)
    manager.register_target("jupyter.widget.control", _open_control)


def _open_widget(opened: Any, message: dict[str, Any]) -> None:
    from ipywidgets import Widget

    Widget.handle_comm_opened(opened, message)


def _open_control(opened: Any, message: dict[str, Any]) -> None:
    from ipywidgets import Widget

    Widget.handle_control_comm_opened(opened, message)
