"""``python -P -m thanosql_kernel``: start the kernel, or install, remove and check it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from thanosql_kernel import __version__
from thanosql_kernel.visible import visible


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0].startswith("-") and arguments[0] not in ("-h", "--help", "--version"):
        return _launch(arguments)
    options = _parser().parse_args(arguments or ["--help"])
    if options.command == "doctor":
        from thanosql_kernel.jupyter.doctor import report

        return report()
    try:
        return _install(options) if options.command == "install" else _uninstall(options)
    except OSError as error:
        print(visible(f"{error.filename or options.command}: {error.strerror or error}"), file=sys.stderr)
        print("choose another place: --user, --sys-prefix or --prefix FOLDER", file=sys.stderr)
        return 1


def _launch(arguments: list[str]) -> int:
    """Start the kernel as Jupyter asks for it (``-f connection_file``)."""
    from thanosql_kernel.jupyter.app import ThanoSQLApp

    ThanoSQLApp.launch_instance(argv=arguments)
    return 0


def _install(options: argparse.Namespace) -> int:
    from thanosql_kernel.jupyter.install import install

    folder = install(user=options.user, prefix=_prefix(options))
    print(visible(f"ThanoSQL is now a kernel of Jupyter: {folder}"))
    return 0


def _uninstall(options: argparse.Namespace) -> int:
    from thanosql_kernel.jupyter.install import uninstall

    removed = uninstall(user=options.user, prefix=_prefix(options))
    print(visible(f"removed {removed}") if removed else "there is no ThanoSQL kernel to remove")
    return 0 if removed else 1


def _prefix(options: argparse.Namespace) -> str | Path | None:
    return sys.prefix if options.sys_prefix else options.prefix


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="thanosql-kernel",
        description="ThanoSQL in Jupyter. Jupyter itself starts the kernel with -f CONNECTION_FILE.",
    )
    parser.add_argument("--version", action="version", version=f"thanosql-kernel {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    install = commands.add_parser("install", help="make the kernel known to Jupyter")
    uninstall = commands.add_parser(
        "uninstall", help="remove it from Jupyter, from where Jupyter finds it unless told where"
    )
    for command in (install, uninstall):
        where = command.add_mutually_exclusive_group()
        where.add_argument("--user", action="store_true", help="for you, in every environment")
        where.add_argument("--sys-prefix", action="store_true", help="in this Python environment")
        where.add_argument("--prefix", type=Path, help="under PREFIX/share/jupyter/kernels")
    commands.add_parser("doctor", help="look whether everything is in place, and say what to do")
    return parser


if __name__ == "__main__":
    sys.exit(main())
