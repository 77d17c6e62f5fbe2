"""A ThanoSQL kernel whose engine obeys single words, to look at the messages without an engine.

Started by the tests as ``python fake_kernel.py -f connection_file``.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.work import showing
from thanosql_kernel.errors import Interrupted, Span, UnknownName
from thanosql_kernel.jupyter.app import ThanoSQLApp
from thanosql_kernel.jupyter.host import Host
from thanosql_kernel.jupyter.kernel import ThanoSQLKernel
from thanosql_kernel.statements.results import Message, TableResult


class WordSession:
    def run(self, text, *, emit, progress, cancelled, number, keep):
        for word in text.replace(";", " ").split():
            getattr(self, f"do_{word}", self.do_unknown)(text, word, emit, progress, cancelled)

    def do_unknown(self, text, word, emit, progress, cancelled):
        start = text.index(word)
        raise UnknownName(
            f"no word {word}", code="TS201", span=Span(start, start + len(word)), hint="try hello"
        )

    def do_hello(self, text, word, emit, progress, cancelled):
        emit(Message("hello, world", notices=("said quietly",)))

    def do_table(self, text, word, emit, progress, cancelled):
        emit(TableResult(pa.table({"n": [1]}), 24_968, (Column("n", "BIGINT"),)))

    def do_print(self, text, word, emit, progress, cancelled):
        print("to stdout")
        print("to stderr", file=sys.stderr)

    def do_log(self, text, word, emit, progress, cancelled):
        """Log as a library does of what it did beside the cell."""
        logging.getLogger("asyncio").error("Task was destroyed but it is pending!")
        emit(Message("logged"))

    def do_work(self, text, word, emit, progress, cancelled):
        with showing(progress, "Working", 10_000, "steps") as bar:
            for _ in range(10_000):
                if cancelled():
                    raise Interrupted("interrupted: 3 steps are kept")
                time.sleep(0.01)
                bar.advance()

    def do_chatter(self, text, word, emit, progress, cancelled):
        """Print from a plain thread, which has a context of its own, until somebody interrupts."""

        def talk():
            while not cancelled():
                print("tick", flush=True)
                time.sleep(0.01)

        thread = threading.Thread(target=talk)
        thread.start()
        thread.join()
        raise Interrupted("interrupted: nothing more is said")

    def do_gate(self, text, word, emit, progress, cancelled):
        """Fail as soon as there is a file ``go``."""
        while not Path("go").exists():
            time.sleep(0.001)
        Path("go").unlink()
        self.do_unknown(text, word, emit, progress, cancelled)

    def do_bug(self, text, word, emit, progress, cancelled):
        raise ZeroDivisionError(text)

    def do_widget(self, text, word, emit, progress, cancelled):
        import ipywidgets

        slider = ipywidgets.IntSlider(value=7)
        emit(Message(slider.model_id))

    def close(self):
        pass


class FakeKernel(ThanoSQLKernel):
    def make_host(self):
        return Host(WordSession, warmer=lambda: None)


class FakeApp(ThanoSQLApp):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.kernel_class = FakeKernel


if __name__ == "__main__":
    FakeApp.launch_instance()
