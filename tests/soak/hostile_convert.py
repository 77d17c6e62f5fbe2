"""CONVERT over hostile files: ``python tests/soak/hostile_convert.py [count [seed]]``.

Each gets a vector or a reason, nothing dies, none takes longer than `SLOW_S`, and all of them no more memory than
`MOST_BYTES` beyond what the model takes. Prints what each kind came to.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]
from hostile_files import Made, make_all, makers  # noqa: E402

from thanosql_kernel.engine.embed import convert as converting  # noqa: E402
from thanosql_kernel.engine.embed.embedding import Embedding  # noqa: E402
from thanosql_kernel.engine.session import Session  # noqa: E402
from thanosql_kernel.images import pipeline  # noqa: E402
from thanosql_kernel.images.decode import Source  # noqa: E402
from thanosql_kernel.statements.results import Result  # noqa: E402

SLOW_S = 5.0
MOST_BYTES = 1_000_000_000


@dataclass
class Outcome:
    """What CONVERT came to.

    Attributes:
        vectors: How many files of each kind have one.
        reasons: Of each kind, how often each reason was given.
        silent: Files that have neither.
        slow: Files that took too long, with seconds.
        peak_bytes: Memory at most beyond that before.
    """

    vectors: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    silent: list[Made] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)
    longest_s: float = 0.0
    peak_bytes: int = 0

    def lines(self) -> list[str]:
        """For people."""
        told = []
        for kind, _ in makers():
            found = self.reasons[kind].most_common(3)
            shown = "; ".join(f"{count} {reason[:60]}" for reason, count in found)
            told.append(
                f"  {kind:<24}{self.vectors[kind]:>5} vectors{sum(self.reasons[kind].values()):>6} reasons: {shown}"
            )
        given = sum(sum(counts.values()) for counts in self.reasons.values())
        told.append(
            f"{self.vectors.total()} vectors, {given} reasons, {len(self.silent)} without either; the longest took "
            f"{self.longest_s:.1f} s; {self.peak_bytes / 1e6:.0f} MB more at most"
        )
        told += [f"  SILENT {item.kind}: {item.path!r}" for item in self.silent]
        return told + [f"  SLOW {seconds:.1f} s {name!r}" for seconds, name in self.slow]

    @property
    def is_well(self) -> bool:
        """Whether all of it is as it should be."""
        return not self.silent and not self.slow and self.peak_bytes < MOST_BYTES


def convert(folder: Path, made: list[Made], model: str) -> Outcome:
    """CONVERT the files; every one of them is told of."""
    outcome, results = Outcome(), list[Result]()
    names = list(dict.fromkeys(item.path for item in made))
    session = Session(folder / "db", working_folder=folder)
    session.database.tables.store.append("photos", pa.table({"image_path": names}))
    try:
        session.run(
            f"CONVERT USING {model} OPTIONS(result_col='v') AS SELECT '' AS image_path", emit=results.append
        )
        with _timed(outcome), _Memory() as memory, _watched() as embeddings:
            session.run(
                f"CONVERT USING {model} OPTIONS(result_col='v') AS SELECT * FROM photos", emit=results.append
            )
        outcome.peak_bytes = memory.more_bytes
        rows = session.database.tables.store.snapshot("photos").to_table().to_pylist()
    finally:
        session.close()
    has_vector = {row["image_path"]: row["v"] is not None for row in rows}
    told = {}
    for embedding in embeddings[-1:]:
        reasons = dict(embedding.failures.every())
        told = {
            name: reasons[at] for name, at in zip(names, embedding.items.of_row, strict=True) if at in reasons
        }
    for item in made:
        if has_vector[item.path]:
            outcome.vectors[item.kind] += 1
        elif item.path in told:
            outcome.reasons[item.kind][re.sub(r"\d+", "9", told[item.path])] += 1
        else:
            outcome.silent.append(item)
    return outcome


@contextmanager
def _watched() -> Iterator[list[Embedding]]:
    """What embeds within: it knows why an item failed, however its name is shown."""
    made: list[Embedding] = []
    embedding_of = converting.embedding_of

    def noted(*given: object) -> Embedding:
        made.append(embedding_of(*given))  # type: ignore[arg-type]
        return made[-1]

    converting.embedding_of = noted  # type: ignore[assignment]
    try:
        yield made
    finally:
        converting.embedding_of = embedding_of


@contextmanager
def _timed(outcome: Outcome) -> Iterator[None]:
    """Notes how long each picture is decoded: CPU of the thread that does."""
    decode = pipeline._decode

    def timed(source: Source, preprocess: object) -> pipeline.Decoded:
        started = time.thread_time()
        found = decode(source, preprocess)  # type: ignore[arg-type]
        took = time.thread_time() - started
        outcome.longest_s = max(outcome.longest_s, took)
        if took > SLOW_S:
            outcome.slow.append((took, str(source)[:100]))
        return found

    pipeline._decode = timed  # type: ignore[assignment]
    try:
        yield
    finally:
        pipeline._decode = decode


class _Memory:
    """Watches how much memory this process holds.

    Attributes:
        more_bytes: At most, beyond what it held before.
    """

    more_bytes = 0

    def __enter__(self) -> _Memory:
        self._before, self._ended = _held_bytes(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.005):
            self.more_bytes = max(self.more_bytes, _held_bytes() - self._before)


def _held_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main(count: int, seed: int) -> int:
    """Make and convert so many files; 1 if something is not as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_all(Path(folder), count, seed)
        started = time.monotonic()
        outcome = convert(Path(folder), made, "mini")
        print(f"{len(made)} files of {len(list(makers()))} kinds, {time.monotonic() - started:.0f} s")
        print(*outcome.lines(), sep="\n")
        return int(not outcome.is_well)


if __name__ == "__main__":
    given = [int(it) for it in sys.argv[1:]] + [10_000, 1][len(sys.argv) - 1 :]
    sys.exit(main(*given))
