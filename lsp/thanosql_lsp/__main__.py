"""Start the language server: ``python -P -m thanosql_lsp``."""

from __future__ import annotations

import argparse
import gc
import logging
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve one editor, over standard input and output unless told otherwise."""
    options = _parser().parse_args(arguments)
    # pygls logs what it sends: cells do not belong into a log.
    logging.getLogger("pygls").setLevel(logging.WARNING)
    logging.basicConfig(
        level=options.log_level.upper(),
        filename=options.log_file,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # With a megabyte open, looking through all objects for cycles takes 0.3 s: do it rarely.
    gc.set_threshold(20_000, 20, 100)
    from thanosql_lsp.features import build

    server = build()
    server.completes_strings = not options.strings_elsewhere
    if options.tcp:
        server.start_tcp(options.host, options.port)
    else:
        server.start_io()


def _parser() -> argparse.ArgumentParser:
    from thanosql_kernel import __version__

    parser = argparse.ArgumentParser(
        prog="thanosql-language-server", description="Language server for ThanoSQL"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    transport = parser.add_mutually_exclusive_group()
    transport.add_argument(
        "--stdio", action="store_true", help="talk over standard input and output (default)"
    )
    transport.add_argument("--tcp", action="store_true", help="wait for one editor on a port")
    parser.add_argument("--host", default="127.0.0.1", help="address for --tcp (default: %(default)s)")
    parser.add_argument("--port", type=int, default=2087, help="port for --tcp (default: %(default)s)")
    parser.add_argument(
        "--strings-elsewhere",
        action="store_true",
        help="complete no word begun inside quotes: JupyterLab would write it behind what is typed; a kernel does it",
    )
    levels = ("debug", "info", "warning", "error")
    parser.add_argument(
        "--log-level", choices=levels, default="warning", help="what is logged (default: %(default)s)"
    )
    parser.add_argument("--log-file", help="where it is logged (default: standard error)")
    return parser


if __name__ == "__main__":
    main()
