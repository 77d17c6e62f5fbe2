"""``python -P -m thanosql_kernel``: start the kernel, or install, remove and check it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from thanosql_kernel.command_line import ArgumentParser
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import commands, workers
from thanosql_kernel.workers.arguments import add_arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0].startswith("-") and arguments[0] not in ("-h", "--help", "--version"):
        return _launch(arguments)
    options = _parser().parse_args(arguments or ["--help"])
    if options.command == "doctor":
        from thanosql_kernel.jupyter.doctor import report

        return report()
    if options.command == "convert-worker":
        from thanosql_kernel.workers.convert import run

        return run(options)
    try:
        return _install(options) if options.command == "install" else _uninstall(options)
    except OSError as error:
        place = error.filename or options.command
        told = commands.FAILED(place=place, reason=error.strerror or error)
        print(visible(told), commands.CHOOSE_ANOTHER_PLACE, sep="\n", file=sys.stderr)
        return 1


def _launch(arguments: list[str]) -> int:
    """Start the kernel as Jupyter asks for it (``-f connection_file``)."""
    from thanosql_kernel.jupyter.app import ThanoSQLApp

    ThanoSQLApp.launch_instance(argv=arguments)
    return 0


def _install(options: argparse.Namespace) -> int:
    from thanosql_kernel.jupyter.install import install

    folder = install(user=options.user, prefix=_prefix(options))
    print(visible(commands.INSTALLED(folder=folder)))
    return 0


def _uninstall(options: argparse.Namespace) -> int:
    from thanosql_kernel.jupyter.install import uninstall

    removed = uninstall(user=options.user, prefix=_prefix(options))
    print(visible(commands.REMOVED(folder=removed)) if removed else commands.NOTHING_TO_REMOVE)
    return 0 if removed else 1


def _prefix(options: argparse.Namespace) -> str | Path | None:
    return sys.prefix if options.sys_prefix else options.prefix


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="thanosql-kernel", description=str(commands.ABOUT))
    parser.add_version()
    named = parser.add_subparsers(dest="command", required=True, title=str(commands.COMMANDS))
    for name, does in (("install", commands.INSTALL), ("uninstall", commands.UNINSTALL)):
        where = named.add_parser(name, help=str(does)).options.add_mutually_exclusive_group()
        where.add_argument("--user", action="store_true", help=str(commands.FOR_USER))
        where.add_argument("--sys-prefix", action="store_true", help=str(commands.FOR_ENVIRONMENT))
        where.add_argument("--prefix", type=Path, help=str(commands.FOR_PREFIX))
    named.add_parser("doctor", help=str(commands.DOCTOR))
    worker = named.add_parser("convert-worker", help=str(workers.ABOUT), description=str(workers.ABOUT))
    add_arguments(worker)
    return parser


if __name__ == "__main__":
    sys.exit(main())
