"""DELETE, UPDATE and INSERT by row: the values that SQL says, in order, whatever was deleted and added before."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import duckdb
import lance
import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from random_edits import EDITS, SEEDS

from thanosql_kernel.engine.store import edit
from thanosql_kernel.engine.store.failures import Conflict

CONDITIONS = [
    "id = {n}",
    "id % {m} = 0",
    "id BETWEEN {n} AND {n} + {m}",
    "이름 LIKE '고%'",
    "이름 IS NULL",
    "수 > {n}",
    "NOT (수 > {n})",
    "d < 0.25 OR l IS NULL",
    "s.a = {m}",
    "len(l) = 2 AND v[1] > 0.5",
    "id IN (SELECT 수 FROM other)",
    "수 > (SELECT avg(수) FROM t)",
    "EXISTS (SELECT 1 FROM other o WHERE o.수 = t.id AND o.이름 IS NOT NULL)",
    "NULL",
    "false",
]
ASSIGNMENTS = [
    ("이름", "'새 ' || coalesce(이름, '없음')"),
    ("이름", "NULL"),
    ("이름", "(SELECT min(o.이름) FROM other o WHERE o.수 = t.수)"),
    ("수", "수 + 1"),
    ("수", "(SELECT count(*)::INTEGER FROM t)"),
    ("수", "CASE WHEN d > 0.5 THEN 7 END"),
    ("d", "수 / 4"),
    ("d", "d"),
    ("l", "list_append(l, 이름)"),
    ("l", "NULL"),
    ("l", "['가', NULL]"),
    ("s", "{{'a': {m}, 'b': 이름}}"),
    ("s", "NULL"),
    ("v", "[수, d, 0, 1]::FLOAT[4]"),
    ("v", "NULL"),
]


def some_rows(first: int, count: int, chance: random.Random) -> pa.Table:
    """Rows of every kind of column, NULLs among them."""

    def maybe(value: object) -> object:
        return None if chance.random() < 0.2 else value

    ids = list(range(first, first + count))
    vector = pa.list_(pa.float32(), 4)
    struct = pa.struct([("a", pa.int32()), ("b", pa.string())])
    names = ["고양이", "강아지", "새", "", "o'b"]
    return pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "이름": pa.array([maybe(chance.choice(names)) for _ in ids], pa.string()),
            "수": pa.array([maybe(chance.randrange(40)) for _ in ids], pa.int32()),
            "d": pa.array([maybe(chance.randrange(8) / 8) for _ in ids], pa.float64()),
            "l": pa.array([maybe(["x", "y"][: chance.randrange(3)]) for _ in ids], pa.list_(pa.string())),
            "s": pa.array([maybe({"a": chance.randrange(5), "b": "나"}) for _ in ids], struct),
            "v": pa.array([maybe([chance.randrange(4) / 4 for _ in range(4)]) for _ in ids], vector),
        }
    )


class Model:
    """The same table in memory; DuckDB says what each edit makes of it."""

    def __init__(self, rows: pa.Table, other: pa.Table) -> None:
        self.rows = rows
        self.other = other

    def run(self, sql: str) -> pa.Table:
        """A query over the present rows."""
        duck = duckdb.connect()
        duck.register("t", self.rows)
        duck.register("other", self.other)
        return duck.sql(sql).to_arrow_table().cast(self.rows.schema)

    def delete(self, condition: str) -> None:
        """The rows for which it does not hold, in their order."""
        kept = f"SELECT * EXCLUDE (_p) FROM (SELECT row_number() OVER () AS _p, * FROM t) t WHERE NOT coalesce(({condition}), false) ORDER BY _p"
        self.rows = self.run(kept)

    def update(self, assignments: dict[str, str], condition: str) -> None:
        """All rows in their order, with the new values where it holds."""
        items = [
            f'CASE WHEN ({condition}) THEN ({assignments[name]}) ELSE "{name}" END AS "{name}"'
            if name in assignments
            else f'"{name}"'
            for name in self.rows.column_names
        ]
        numbered = f"SELECT _p, {', '.join(items)} FROM (SELECT row_number() OVER () AS _p, * FROM t) t"
        self.rows = self.run(f"SELECT * EXCLUDE (_p) FROM ({numbered}) ORDER BY _p")

    def append(self, rows: pa.Table) -> None:
        """More rows at the end."""
        self.rows = pa.concat_tables([self.rows, rows]).combine_chunks()


@pytest.fixture
def edited(world):
    """Makes a database with table t in several fragments, table other, and the model of t."""

    def make(seed: int) -> tuple[Model, random.Random]:
        chance = random.Random(seed)
        rows, other = some_rows(0, 12, chance), some_rows(100, 15, chance)
        world.put("t", rows)
        world.put("other", other)
        return Model(rows, other), chance

    return make


def check_same(world, model: Model) -> None:
    assert world.session.database.table("t").fetch().to_pylist() == model.rows.to_pylist()


@pytest.mark.hunt
@pytest.mark.parametrize("seed", SEEDS)
def test_random_deletes_and_inserts_leave_what_duckdb_says(world, edited, seed):
    model, chance = edited(seed)
    for number in range(EDITS):
        if len(model.rows) < 8 or chance.random() < 0.3:
            rows = some_rows(1000 + number * 20, chance.randrange(1, 15), chance)
            world.put("more", rows)
            world.run("INSERT INTO t SELECT * FROM more")
            model.append(rows)
            continue
        numbers = {"n": chance.randrange(40), "m": chance.randrange(1, 5)}
        condition = chance.choice(CONDITIONS).format(**numbers)
        before = len(model.rows)
        model.delete(condition)
        (result,) = world.run(f"DELETE FROM t WHERE {condition}")
        assert result.text.startswith(f"{before - len(model.rows)} row")
        check_same(world, model)


@pytest.mark.hunt
@pytest.mark.parametrize("seed", SEEDS)
def test_random_updates_between_deletes_and_inserts_leave_what_duckdb_says(world, edited, seed):
    model, chance = edited(100 + seed)
    for number in range(EDITS):
        numbers = {"n": chance.randrange(40), "m": chance.randrange(1, 5)}
        condition = chance.choice(CONDITIONS).format(**numbers)
        kind = chance.random()
        if len(model.rows) < 8 or kind < 0.15:
            rows = some_rows(1000 + number * 20, chance.randrange(1, 15), chance)
            world.put("more", rows)
            world.run("INSERT INTO t SELECT * FROM more")
            model.append(rows)
        elif kind < 0.3:
            model.delete(condition)
            world.run(f"DELETE FROM t WHERE {condition}")
        else:
            chosen = dict(chance.sample(ASSIGNMENTS, chance.randrange(1, 4)))
            chosen = {name: text.format(**numbers) for name, text in chosen.items()}
            condition = condition if chance.random() < 0.9 else "true"
            model.update(chosen, condition)
            assigned = ", ".join(f"{name} = {text}" for name, text in chosen.items())
            world.run(f"UPDATE t SET {assigned} WHERE {condition}")
        check_same(world, model)


def folder_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def wide(rows: int) -> pa.Table:
    vectors = pa.FixedSizeListArray.from_arrays(pa.array([0.5] * (rows * 64), pa.float32()), 64)
    labels = [f"label {n % 7}" for n in range(rows)]
    return pa.table({"id": pa.array(range(rows), pa.int64()), "label": labels, "v": vectors})


def test_a_deletion_writes_no_row(world):
    world.put("t", wide(5000))
    before = folder_bytes(world.folder)
    world.run("DELETE FROM t WHERE id = 4321")
    assert folder_bytes(world.folder) - before < 10_000
    assert world.rows("SELECT count(*) AS n FROM t") == [{"n": 4999}]


def test_rows_are_located_behind_deleted_rows_and_emptied_fragments(tmp_path):
    dataset = lance.write_dataset(
        pa.table({"id": list(range(12))}), tmp_path / "t.lance", max_rows_per_file=4
    )
    dataset.delete("id IN (1, 2) OR id BETWEEN 4 AND 7 OR id = 9")
    ids = dataset.to_table().column("id").to_pylist()
    found = [
        (int(rows.fragment.fragment_id), None if rows.offsets is None else rows.offsets.tolist())
        for rows in edit.located(dataset, np.array([1, 2, 4]))
    ]
    assert ids == [0, 3, 8, 10, 11]
    assert found == [(0, [3]), (2, [0, 3])]


@pytest.mark.parametrize("statement", ["DELETE FROM t WHERE id < 3", "DELETE FROM t"])
def test_what_was_overtaken_is_refused_and_changes_nothing(world, statement, monkeypatch):
    """Somebody else's commit between finding the rows and deleting them: the session runs the statement again."""
    world.put("t", wide(10))
    commit, calls = type(world.session.database.tables.store).commit_deletion, []

    def overtaken(self, dataset, changed, removed):
        if not calls:
            lance.dataset(dataset.uri).delete("id = 0")
        calls.append(int(dataset.version))
        commit(self, dataset, changed, removed)

    monkeypatch.setattr(type(world.session.database.tables.store), "commit_deletion", overtaken)
    world.run(statement)
    assert len(calls) == 2
    expected = [] if statement == "DELETE FROM t" else list(range(3, 10))
    assert [row["id"] for row in world.rows("SELECT id FROM t")] == expected


def test_a_deletion_of_an_old_version_is_a_conflict(tmp_path):
    from thanosql_kernel.catalog.location import locate
    from thanosql_kernel.engine.store.lance import Store

    store = Store(locate(tmp_path / "db", working_folder=tmp_path))
    store.append("t", pa.table({"id": [1, 2, 3]}))
    old = store.open("t")
    store.append("t", pa.table({"id": [4]}))
    with pytest.raises(Conflict):
        edit.delete_all(store, old)
    assert store.open("t").count_rows() == 4


def test_all_rows_deleted_by_a_condition_leave_a_table_that_takes_rows_again(world):
    world.put("t", wide(10))
    world.run("DELETE FROM t WHERE id >= 0")
    assert world.rows("SELECT * FROM t") == []
    world.run("INSERT INTO t (id, label) VALUES (7, '새')")
    assert world.rows("SELECT id, label, v FROM t") == [{"id": 7, "label": "새", "v": None}]
    (result,) = world.run("DELETE FROM t")
    assert result.text.startswith("1 row ")


def test_an_update_writes_its_columns_of_the_rows_fragments_and_nothing_else(world, monkeypatch):
    monkeypatch.setattr("thanosql_kernel.engine.store.lance.FRAGMENT_ROWS", 1000)
    world.put("t", wide(5000))
    table = lance.dataset(world.folder / "db" / "t.lance")
    assert [fragment.count_rows() for fragment in table.get_fragments()] == [1000] * 5
    before = folder_bytes(world.folder)
    world.run("UPDATE t SET label = '새' WHERE id = 4321")
    assert folder_bytes(world.folder) - before < 20_000  # the vectors of one fragment are 256,000 bytes
    assert world.rows("SELECT id, label FROM t WHERE label = '새'") == [{"id": 4321, "label": "새"}]


def test_two_updates_of_one_row_by_two_programs_do_not_both_win(tmp_path):
    from thanosql_kernel.catalog.location import locate
    from thanosql_kernel.engine.store.lance import Store

    store = Store(locate(tmp_path / "db", working_folder=tmp_path))
    store.append("t", pa.table({"id": [1, 2, 3], "이름": ["a", "b", "c"]}))
    first, second = store.open("t"), store.open("t")

    def change(value: str) -> edit.Edit:
        return edit.Edit(changes=[edit.Change(np.array([1]), pa.table({"이름": [value]}))])

    edit.commit(store, first, change("x"), lambda: None)
    with pytest.raises(Conflict):
        edit.commit(store, second, change("y"), lambda: None)
    assert store.open("t").to_table().column("이름").to_pylist() == ["a", "x", "c"]


@pytest.mark.parametrize("seed", range(4))
def test_random_deletions_changes_and_new_rows_are_one_commit(tmp_path, seed):
    from thanosql_kernel.catalog.location import locate
    from thanosql_kernel.engine.store.lance import Store

    chance, store = random.Random(seed), Store(locate(tmp_path / "db", working_folder=tmp_path))
    kinds = {"id": pa.int64(), "이름": pa.string(), "l": pa.list_(pa.int64()), "v": pa.list_(pa.float32(), 2)}
    numbers = iter(range(10_000))

    def rows(count: int) -> list[dict]:
        return [
            {"id": n, "이름": chance.choice(["a", "나", None]), "l": [n], "v": [float(n)] * 2}
            for n in (next(numbers) for _ in range(count))
        ]

    def table(values: list[dict], names=tuple(kinds)) -> pa.Table:
        return pa.table({name: pa.array([row[name] for row in values], kinds[name]) for name in names})

    expected = rows(5)
    store.create("t", table(expected).to_reader())
    for _ in range(15):
        dataset, places = store.open("t"), list(range(len(expected)))
        chance.shuffle(places)
        gone = sorted(places[: chance.choice([0, 0, len(places) // 3, len(places)])])
        changes = []
        for names in (["이름"], ["이름", "l"], ["v"]):
            used = {
                p for c in changes if set(names) & set(c.values.column_names) for p in c.positions.tolist()
            }
            among = sorted(p for p in places if p not in used and p not in gone and chance.random() < 0.3)
            values = [{"이름": chance.choice(["x", None]), "l": [7, 8], "v": [9.0, 9.0]} for _ in among]
            if among:
                changes.append(edit.Change(np.array(among), table(values, names)))
            for place, value in zip(among, values, strict=True):
                expected[place] |= {name: value[name] for name in names}
        new = rows(chance.choice([0, 3]))
        made = edit.Edit(np.array(gone, np.int64), changes, table(new).to_reader() if new else None)
        edit.commit(store, dataset, made, lambda: None)
        expected = [row for place, row in enumerate(expected) if place not in gone] + new
        assert store.open("t").to_table().to_pylist() == expected
        assert store.open("t").version == dataset.version + 1


def test_lance_itself_refuses_updates_and_deletions_of_one_fragment_that_meet(tmp_path):
    """What the look at the version leaves open: a commit between that look and ours."""
    uri = tmp_path / "t.lance"
    base = lance.write_dataset(pa.table({"id": [1, 2, 3], "a": [1, 2, 3]}), uri)
    row = pa.table({"_rowaddr": pa.array([1], pa.uint64()), "a": [9]})
    changed, fields = base.get_fragments()[0].update_columns(row, left_on="_rowaddr")
    update = lance.LanceOperation.Update(updated_fragments=[changed], fields_modified=fields)
    lance.LanceDataset.commit(str(uri), update, read_version=1, max_retries=0)
    deletion = lance.LanceOperation.Delete([base.get_fragments()[0].delete_rows([1])], [], "")
    for late in (update, deletion):
        with pytest.raises((OSError, RuntimeError, ValueError)):
            lance.LanceDataset.commit(str(uri), late, read_version=1, max_retries=0)
    assert lance.dataset(uri).to_table().column("a").to_pylist() == [1, 9, 3]


@pytest.mark.parametrize("version", ["legacy", "2.0", "2.1", "stable"])
def test_tables_in_every_format_of_lances_files_are_edited(world, version):
    rows = pa.table({"id": [1, 2, 3, 4], "이름": ["a", None, "c", "d"], "l": [["x"], ["y"], [], ["z"]]})
    uri = world.folder / "db" / "t.lance"
    uri.parent.mkdir()
    lance.write_dataset(rows, uri, data_storage_version=version, max_rows_per_file=3)
    world.run("DELETE FROM t WHERE id = 1; UPDATE t SET 이름 = 이름 || '!', l = ['새'] WHERE id > 2")
    world.run("INSERT INTO t VALUES (5, 'e', ['w'])")
    assert world.rows("SELECT * FROM t") == [
        {"id": 2, "이름": None, "l": ["y"]},
        {"id": 3, "이름": "c!", "l": ["새"]},
        {"id": 4, "이름": "d!", "l": ["새"]},
        {"id": 5, "이름": "e", "l": ["w"]},
    ]
