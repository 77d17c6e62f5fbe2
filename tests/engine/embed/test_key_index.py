"""The index of a cache table says of every key what a look at the whole table says, whatever happened to it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.hunts import rounds
from thanosql_kernel.catalog.location import locate
from thanosql_kernel.engine.embed import key_index
from thanosql_kernel.engine.embed.digests import Digests, digest_texts, from_arrow, to_arrow
from thanosql_kernel.engine.embed.key_index import KeyIndex, Run
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.lance_files import BESIDE
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.interrupts import never

EVERY_KEY = np.unique(digest_texts([f"열쇠 {number}" for number in range(40)]))


class Table:
    """A table of keys, and what a look at all of it says."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(locate(folder / "db"))

    @property
    def dataset(self):
        return self.store.open("t")

    @property
    def runs(self) -> list[Path]:
        return sorted((Path(self.dataset.uri) / BESIDE).glob("*.keys"))

    def append(self, keys: Digests) -> None:
        self.store.append("t", pa.table({"key": to_arrow(keys)}))

    def positions(self, *, last: bool) -> list[int]:
        column = self.dataset.to_table().column(0)
        present = np.concatenate([from_arrow(chunk) for chunk in column.chunks]).tolist()
        keys = EVERY_KEY.tolist()
        if last:
            return [len(present) - 1 - present[::-1].index(key) if key in present else -1 for key in keys]
        return [present.index(key) if key in present else -1 for key in keys]

    def check(self) -> None:
        for last in (False, True):
            found = KeyIndex("key", last=last).find(self.dataset, EVERY_KEY, never)
            assert found.tolist() == self.positions(last=last)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    monkeypatch.setattr(key_index, "SCANNED_ROWS", 8)
    monkeypatch.setattr(key_index, "SCANNED_FILES", 4)
    return Table(tmp_path)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.lists(st.integers(0, 39), min_size=1, max_size=30)),
        st.tuples(st.sampled_from(["update", "compact", "delete", "lose a run", "cut a run"]), st.just([])),
    ),
    max_size=14,
)


@pytest.mark.hunt
@settings(
    max_examples=rounds(15, 200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_keys_are_found_where_they_are(monkeypatch: pytest.MonkeyPatch, steps) -> None:
    monkeypatch.setattr(key_index, "SCANNED_ROWS", 8)
    monkeypatch.setattr(key_index, "SCANNED_FILES", 4)
    with tempfile.TemporaryDirectory() as folder:
        table = Table(Path(folder))
        table.append(EVERY_KEY[:3])
        for step, numbers in steps:
            match step:
                case "append":
                    table.append(EVERY_KEY[numbers])
                case "update":
                    KeyIndex("key").update(table.dataset, never)
                case "compact":
                    table.dataset.optimize.compact_files()
                case "delete" if table.dataset.count_rows() > 3:
                    row = int(table.dataset.scanner(with_row_id=True).to_table().column("_rowid")[1].as_py())
                    table.dataset.delete(f"_rowid = {row}")
                case "lose a run":
                    for path in table.runs[:1]:
                        path.unlink()
                case "cut a run":
                    for path in table.runs[:1]:
                        path.write_bytes(path.read_bytes()[:-5])
            table.check()


def test_a_few_new_keys_among_many_are_all_that_is_read(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = np.unique(digest_texts([f"많은 {number}" for number in range(3000)]))
    table.append(many)
    index = KeyIndex("key")
    index.update(table.dataset, never)
    table.append(EVERY_KEY[:3])
    read: list[int] = []
    monkeypatch.setattr(
        index, "_keys", lambda part, check, keys=index._keys: _counted(keys(part, check), read)
    )
    wanted = np.unique(np.concatenate([many[[5, 2999]], EVERY_KEY[:2]]))
    found = index.find(table.dataset, wanted, never)
    assert (
        from_arrow(table.dataset.take(found.tolist()).column(0).combine_chunks()).tolist() == wanted.tolist()
    )
    assert sum(read) == 3


def test_runs_stay_few_and_none_is_much_smaller_than_the_next(table: Table) -> None:
    for number in range(40):
        table.append(np.unique(digest_texts([f"{number} {part}" for part in range(9)])))
        KeyIndex("key").update(table.dataset, never)
    sizes = sorted(len(run.keys) for path in table.runs if (run := Run.open(path)))
    assert sum(sizes) == 360
    assert len(sizes) <= 6
    assert all(2 * small <= large for small, large in pairwise(sizes))


def test_runs_stop_growing_where_memory_says_so(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_index, "MOST_KEYS", 50)
    for number in range(20):
        table.append(np.unique(digest_texts([f"{number} {part}" for part in range(9)])))
        if number % 7 == 0:
            KeyIndex("key").update(table.dataset, never)
    KeyIndex("key").update(table.dataset, never)
    sizes = [len(run.keys) for path in table.runs if (run := Run.open(path))]
    assert sum(sizes) == 180
    assert max(sizes) <= 50
    wanted = np.unique(digest_texts([f"{number} 4" for number in range(25)]))
    found = KeyIndex("key").find(table.dataset, wanted, never)
    taken = from_arrow(table.dataset.take(found[found >= 0].tolist()).column(0).combine_chunks())
    assert (taken == wanted[found >= 0]).all()
    assert (found >= 0).sum() == 20


def test_runs_can_be_kept_elsewhere(table: Table, tmp_path: Path) -> None:
    table.append(EVERY_KEY)
    index = KeyIndex("key", folder=tmp_path / "elsewhere")
    assert (index.find(table.dataset, EVERY_KEY, never) >= 0).all()
    assert not table.runs
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


def test_two_processes_that_index_at_once_do_no_harm(table: Table) -> None:
    table.append(EVERY_KEY)
    KeyIndex("key").update(table.dataset, never)
    (first,) = table.runs
    shutil.copy(first, first.with_name("a" * 32 + ".keys"))
    table.check()
    table.append(EVERY_KEY[::2])
    KeyIndex("key").update(table.dataset, never)
    table.check()
    assert sorted(len(run.keys) for path in table.runs if (run := Run.open(path))) == [20, 40]


def test_a_folder_that_cannot_be_written_is_scanned(table: Table) -> None:
    table.append(EVERY_KEY)
    (Path(table.dataset.uri) / BESIDE).write_text("no folder")
    table.check()


def test_looking_for_keys_stops_when_the_user_says_so(table: Table) -> None:
    table.append(EVERY_KEY)

    def check() -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        KeyIndex("key").find(table.dataset, EVERY_KEY, check)


def _counted(parts, read: list[int]):
    for row, keys in parts:
        read.append(len(keys))
        yield row, keys
