"""``python worker.py FOLDER`` runs the cells that it reads and says how each ended; a line of JSON each.

With a cell may come the number of the step at which to die: steps are what Python asks of the file system (PEP 578).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import small_model

import thanosql_kernel
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.python.connection import Connection

FILE_STEPS = ("open", "os.", "shutil.", "fcntl.")


class Steps:
    """Counts steps, and dies at one of them."""

    def __init__(self) -> None:
        self.count = 0
        self.last: int | None = None
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _arguments: object) -> None:
        if event.startswith(FILE_STEPS):
            self.count += 1
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path) -> None:
    """Say "ready", and for each cell "begun" and then "done" or its error, with the number of its steps."""
    small_model.put_in_place()
    steps = Steps()
    say("ready")
    with thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False) as connection:
        for line in sys.stdin:
            cell, last = json.loads(line)
            say("begun")
            steps.count, steps.last = 0, last
            say(run(connection, cell), steps.count)


def run(connection: Connection, cell: str) -> str:
    try:
        connection.sql(cell)
    except ThanoSQLError as error:
        return f"{error.code}: {error.message}"
    return "done"


def say(text: str, steps: int = 0) -> None:
    print(json.dumps([text, steps]), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
