"""The program that Jupyter starts."""

# The base class is not annotated.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import ipaddress
import logging
import os
from typing import Any

from ipykernel.kernelapp import IPKernelApp

from thanosql_kernel.jupyter.kernel import ThanoSQLKernel


class ThanoSQLApp(IPKernelApp):
    """As ipykernel's, with our kernel, and silent about encryption where nobody could listen.

    ipykernel warns in every console that the traffic is not encrypted, also when it never leaves the machine; messages
    are signed in any case. With another address the warning stays: the kernel spec says that it can encrypt.
    """

    _is_made = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._is_made = True
        self.kernel_class = ThanoSQLKernel

    def exit(self, exit_status: int | str | None = 0) -> None:
        """As the base class, but for its giving up where the working folder is gone: the kernel answers there too."""
        if self._is_made or _working_folder_is_there():
            super().exit(exit_status)

    def init_path(self) -> None:
        """Keep the working folder out of the places where modules are found.

        The base class puts it in front of the packages: a ``numpy.py`` beside a notebook would be run.
        """

    def init_io(self) -> None:
        """As the base class; what libraries log goes where the kernel's own log does, and below no cell."""
        super().init_io()
        for handler in self.log.handlers:
            logging.getLogger().addHandler(handler)

    def init_sockets(self) -> None:
        """As the base class."""
        if not _is_loopback(self.ip):
            super().init_sockets()
            return
        self.log.addFilter(_is_worth_saying)
        try:
            super().init_sockets()
        finally:
            self.log.removeFilter(_is_worth_saying)


def _working_folder_is_there() -> bool:
    try:
        return bool(os.getcwd())
    except OSError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_worth_saying(record: logging.LogRecord) -> bool:
    return "without encryption" not in record.getMessage()
