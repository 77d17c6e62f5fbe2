"""Give the same documents to our language server and to SQL servers from npm, and print what each makes of them.

    python tools/compare_language_servers.py [--peers FOLDER] [--postgres postgresql://postgres@127.0.0.1:5432/postgres]

The table in docs/comparison-language-servers.md is what this prints. The others are installed into ``--peers`` by npm.
postgres-language-server completes from a live database: give it a scratch one, in which psql makes two small tables.
Needs Linux (memory is read from /proc), Node.js 20 and npm.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compared_tasks import TASKS, VENDOR, labels
from language_client import LanguageClient, Unanswered

ROOT = Path(__file__).parents[1]
TABLES = {
    "sample_photos": ("photo_id", "image_path", "photo_description", "licence"),
    "사진": ("image_path", "설명"),
}
PACKAGES = {
    "name": "peers",
    "private": True,
    "dependencies": {"@postgres-language-server/cli": "0.25.5", "sql-language-server": "1.7.1"},
    # Newer ones do not export what sql-language-server 1.7.1 imports, so that it ends at its start.
    "overrides": {"vscode-languageserver-protocol": "3.17.0-next.16"},
}
STARTS = 5
_LONGEST_S = 30


@dataclass(frozen=True)
class Server:
    """A language server to compare.

    Attributes:
        name: With its version.
        command: What starts it.
        language: The language id of its documents.
        ending: How its documents' names end.
        settle: Writes its settings into a workspace; the tables are there or not.
        settings: What its client sends as settings.
    """

    name: str
    command: list[str]
    language: str
    ending: str
    settle: Callable[[Path, bool], None]
    settings: dict[str, Any]


def ours() -> Server:
    """The server of this project."""
    from thanosql_kernel import __version__

    return Server(
        f"thanosql-language-server {__version__}",
        [sys.executable, "-P", "-m", "thanosql_lsp"],
        "thanosql",
        ".thanosql",
        _write_catalog,
        {},
    )


def _write_catalog(folder: Path, has_tables: bool) -> None:
    from thanosql_kernel.catalog.model import Catalog, Column, Model, Table
    from thanosql_kernel.catalog.store import CatalogFile

    if not has_tables:
        return
    tables = {
        name: Table(name, tuple(Column(one, "VARCHAR") for one in columns), 0, f"t{number}", 1)
        for number, (name, columns) in enumerate(TABLES.items())
    }
    models = {
        name: Model(name, spec) for name, spec in {"mini": "mini", "tutorial_search_clip": "clip"}.items()
    }
    CatalogFile(folder / ".thanosql" / "_thanosql").write(Catalog(1, tables, models))


def postgres_server(binaries: Path, database: str | None) -> Server:
    """postgres-language-server, over a live database if there is one."""

    def settle(folder: Path, has_tables: bool) -> None:
        connected = {"connectionString": database} if has_tables and database else {"disableConnection": True}
        settings = {"db": connected, "format": {"enabled": True}}
        (folder / "postgres-language-server.jsonc").write_text(json.dumps(settings))

    name = f"postgres-language-server {_version('@postgres-language-server/cli')}"
    return Server(name, [str(binaries / "postgres-language-server"), "lsp-proxy"], "sql", ".sql", settle, {})


def sql_server(binaries: Path) -> Server:
    """sql-language-server with its schema file; its rules of style are off, as they are no errors."""

    def settle(folder: Path, has_tables: bool) -> None:
        tables = [
            {
                "catalog": None,
                "database": None,
                "tableName": name,
                "columns": [{"columnName": column, "description": ""} for column in columns],
            }
            for name, columns in TABLES.items()
        ]
        (folder / "schema.json").write_text(json.dumps({"tables": tables, "functions": []}))
        if has_tables:
            settings = {"name": "compared", "adapter": "json", "filename": str(folder / "schema.json")}
            (folder / ".sqllsrc.json").write_text(json.dumps(settings))

    command = ["node", str(binaries / "sql-language-server"), "up", "--method", "stdio"]
    name = f"sql-language-server {_version('sql-language-server')}"
    settings = {"sqlLanguageServer": {"lint": {"rules": {}}}}
    return Server(name, command, "sql", ".sql", settle, settings)


def _version(package: str) -> str:
    return str(PACKAGES["dependencies"][package])  # type: ignore[index]


@contextmanager
def running(server: Server, *, has_tables: bool = True) -> Iterator[LanguageClient]:
    """The server at work in a fresh workspace."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        server.settle(folder, has_tables)
        client = LanguageClient(server.command, folder, server.language, server.ending)
        try:
            client.start()
            client.tell("workspace/didChangeConfiguration", {"settings": server.settings})
            yield client
        finally:
            client.stop()
            for process in _processes(folder):
                os.kill(process, signal.SIGKILL)


def _processes(folder: Path) -> list[int]:
    """The processes whose home is that folder: a server's and those that it started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"HOME={folder}".encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def cost(folder: Path) -> tuple[float, float]:
    """Seconds of processor time and resident megabytes of the processes of a workspace."""
    ticks = kilobytes = 0
    for process in _processes(folder):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
        status = Path(f"/proc/{process}/status").read_text().splitlines()
        kilobytes += next((int(line.split()[1]) for line in status if line.startswith("VmRSS")), 0)
    return ticks / os.sysconf("SC_CLK_TCK"), kilobytes / 1000


def first_completion(server: Server) -> tuple[float, float, float]:
    """From starting the server to a list with our table in it: seconds, processor seconds, megabytes."""
    with running(server) as client:
        while "sample_photos" not in labels(client, "SELECT * FROM ‸"):
            if time.perf_counter() - client.began > _LONGEST_S:
                return float("inf"), *cost(client.folder)
        return time.perf_counter() - client.began, *cost(client.folder)


def column(server: Server) -> list[str]:
    """What the server makes of each task."""
    cells = []
    with running(server) as full, running(server, has_tables=False) as bare:
        _wait_until_warm(full)
        for task in TASKS:
            try:
                cells.append(task.run(bare if task.without_database else full))
            except Unanswered:
                cells.append("no")
    return cells


def measured(servers: list[Server]) -> list[list[str]]:
    """What each server's start costs; the starts take turns, and the least disturbed of each counts."""
    starts: list[list[tuple[float, float, float]]] = [[] for _ in servers]
    for _ in range(STARTS):
        for server, times in zip(servers, starts, strict=True):
            times.append(first_completion(server))
    best = [[min(one[part] for one in times) for part in range(3)] for times in starts]
    return [[f"{wall:.1f} s", f"{processor:.2f} s", f"{memory:.0f} MB"] for wall, processor, memory in best]


def _wait_until_warm(client: LanguageClient) -> None:
    """Give a server time to read its database: until it offers a table."""
    while time.perf_counter() - client.began < 10 and "sample_photos" not in labels(
        client, "SELECT * FROM ‸"
    ):
        pass


def install(folder: Path) -> Path:
    """Install the others with npm unless they are there; the folder of their commands."""
    folder.mkdir(parents=True, exist_ok=True)
    binaries = folder / "node_modules" / ".bin"
    if not (binaries / "sql-language-server").exists():
        (folder / "package.json").write_text(json.dumps(PACKAGES))
        subprocess.run(["npm", "install", "--ignore-scripts", "--loglevel=error"], cwd=folder, check=True)
    return binaries


def make_tables(database: str) -> None:
    """Make the tables in Postgres."""
    for name, columns in TABLES.items():
        typed = ", ".join(f'"{one}" text' for one in columns)
        statement = f'CREATE TABLE IF NOT EXISTS "{name}" ({typed})'
        subprocess.run(["psql", "--quiet", database, "-c", statement], check=True, stderr=subprocess.DEVNULL)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--peers", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--postgres", help="address of a scratch Postgres database")
    options = parser.parse_args()
    if not shutil.which("npm"):
        parser.error("npm is needed")
    if options.postgres:
        make_tables(options.postgres)
    binaries = install(options.peers)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", file=sys.stderr)
    servers = [ours(), postgres_server(binaries, options.postgres), sql_server(binaries)]
    columns = [
        [*column(server), *figures] for server, figures in zip(servers, measured(servers), strict=True)
    ]
    tasks = [task.name for task in TASKS] + ["Start to first list", "… processor time", "… memory then"]
    columns.append([VENDOR.get(task, "not known") for task in tasks])
    heads = ["", *(server.name for server in servers), "the vendor's editor (described, not run)"]
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for task, *answers in zip(tasks, *columns, strict=True):
        print("| " + " | ".join([task, *answers]) + " |")


if __name__ == "__main__":
    main()
