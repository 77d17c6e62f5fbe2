"""Command lines whose help is in the language that is spoken."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from thanosql_kernel import __version__
from thanosql_kernel.wording import commands


class ArgumentParser(argparse.ArgumentParser):
    """As Python's.

    Args:
        named: As for Python's.

    Attributes:
        options: The group that options belong to.
    """

    def __init__(self, **named: Any) -> None:
        super().__init__(**named, add_help=False, formatter_class=_Help)
        self.options = self.add_argument_group(str(commands.OPTIONS))
        self.options.add_argument("-h", "--help", action="help", help=str(commands.SHOW_HELP))

    def add_version(self) -> None:
        """Add ``--version``."""
        told = f"{self.prog} {__version__}"
        self.options.add_argument(
            "--version", action="version", version=told, help=str(commands.SHOW_VERSION)
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end."""
        told = commands.WRONG_ARGUMENTS(program=self.prog, reason=message)
        self.exit(2, f"{self.format_usage()}{told}\n")


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, commands.USAGE() if prefix is None else prefix)
