"""Start the language server: ``python -P -m thanosql_lsp``."""

from __future__ import annotations

import gc
import logging
from collections.abc import Sequence

from thanosql_kernel.command_line import ArgumentParser
from thanosql_kernel.wording import commands


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


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="thanosql-language-server", description=str(commands.LANGUAGE_SERVER))
    parser.add_version()
    options = parser.options
    transport = options.add_mutually_exclusive_group()
    transport.add_argument("--stdio", action="store_true", help=str(commands.STDIO))
    transport.add_argument("--tcp", action="store_true", help=str(commands.TCP))
    options.add_argument("--host", default="127.0.0.1", help=str(commands.HOST))
    options.add_argument("--port", type=int, default=2087, help=str(commands.PORT))
    options.add_argument("--strings-elsewhere", action="store_true", help=str(commands.STRINGS_ELSEWHERE))
    levels = ("debug", "info", "warning", "error")
    options.add_argument("--log-level", choices=levels, default="warning", help=str(commands.LOG_LEVEL))
    options.add_argument("--log-file", help=str(commands.LOG_FILE))
    return parser


if __name__ == "__main__":
    main()
