"""Processes forked off one at work: the threads of LanceDB, DuckDB and ONNX Runtime stayed behind.

What is asked of them would wait for those threads for good, or end the process with a signal. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
from typing import TypeVar
from weakref import WeakSet

T = TypeVar("T")

_at_work = False
_is_fork = False
_with_threads: WeakSet[object] = WeakSet()


def start_work() -> None:
    """Say that this process works with those libraries from here on: what it forks later cannot."""
    global _at_work
    _at_work = True


def is_fork() -> bool:
    """Whether this process was forked off one at work."""
    return _is_fork


def has_threads(native: T) -> T:
    """The object itself; a forked child never destroys it, which would wait for threads that are not there."""
    _with_threads.add(native)
    return native


def _begin_child() -> None:
    global _is_fork
    _is_fork = _at_work
    if _is_fork:
        for native in _with_threads:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(native))
        _end_at_once()


def _end_at_once() -> None:
    """Let the child end with its status before destructors of the libraries wait for their threads."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "on_exit"):  # glibc's
        libc.on_exit(ctypes.cast(libc._exit, ctypes.c_void_p), None)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_child)
