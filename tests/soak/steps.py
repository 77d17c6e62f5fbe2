"""Random statements, and what each has to make of the tables."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from expected import Row, State, Table
from small_model import write_picture

from thanosql_kernel.statements.registry import heads

NAMES = ("photos", "words", "사진", "copy_1", "여름 휴가", "trip2")
PICTURES = 60
MOST_ROWS = 4000
CONVERT = "CONVERT USING mini OPTIONS({}_col='source', result_col='v') AS SELECT * FROM {}"


@dataclass(frozen=True)
class Step:
    """A statement.

    Attributes:
        kind: Its name in the report.
        cell: Its text.
        after: The tables when it is done.
    """

    kind: str
    cell: str
    after: State


class Steps:
    """Makes statements that succeed.

    Args:
        folder: Files to copy are written into it.
        seed: The same seed gives the same statements.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._random = random.Random(seed)
        self._ids = 0
        self._makers: dict[str, Callable[[State], Step]] = {
            "COPY": self._copy,
            "CONVERT": self._convert,
            "INSERT": self._insert,
            "UPDATE": self._update,
            "DELETE": self._delete,
            "CREATE TABLE AS": self._create,
            "RENAME": self._rename,
        }
        if "VACUUM" in heads():
            self._makers["VACUUM"] = self._vacuum
        for number in range(PICTURES):
            write_picture(folder / "pictures" / f"{number}.png", number, side=16)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of statements."""
        return tuple(self._makers)

    def make(self, kind: str | None, state: State) -> Step:
        """A statement of a kind, any without one; a COPY while there is no table with a few rows."""
        usable = [name for name, table in state.items() if len(table.rows) > 20]
        if len(usable) < 2:
            kind = "COPY"
        return self._makers[kind or self._random.choice(self.kinds)](state)

    def _copy(self, state: State) -> Step:
        name = self._random.choice(NAMES)
        old = state.get(name)
        append = old is not None and len(old.rows) < MOST_ROWS and self._random.random() < 0.5
        has_pictures = old.has_pictures if append and old else self._random.random() < 0.3
        rows = self._rows(self._random.randint(200, 1500), has_pictures)
        file = self._folder / f"{self._ids}.csv"
        lines = [f"{row.id},{row.source},{row.label}\n" for row in rows]
        file.write_text("id,source,label\n" + "".join(lines), encoding="utf-8")
        table = Table(rows, has_pictures)
        if append and old:
            table = replace(old, rows=(*old.rows, *rows))
        mode = "append" if append else "replace"
        cell = f"COPY \"{name}\" OPTIONS(if_exists='{mode}') FROM '{file.name}'"
        return Step("COPY", cell, {**state, name: table})

    def _convert(self, state: State) -> Step:
        name, table = self._some(state)
        rows = tuple(row.convert() for row in table.rows)
        cell = CONVERT.format("image" if table.has_pictures else "text", f'"{name}"')
        return Step("CONVERT", cell, {**state, name: replace(table, rows=rows, has_vectors=True)})

    def _insert(self, state: State) -> Step:
        name, table = self._some(state)
        rows = self._rows(self._random.randint(1, 30), table.has_pictures)
        values = ", ".join(f"({row.id}, '{row.source}', '{row.label}')" for row in rows)
        cell = f'INSERT INTO "{name}" (id, source, label) VALUES {values}'
        return Step("INSERT", cell, {**state, name: replace(table, rows=(*table.rows, *rows))})

    def _update(self, state: State) -> Step:
        name, table = self._some(state)
        chosen, where = self._condition()
        if table.has_pictures or self._random.random() < 0.7:
            label = f"새 이름 {self._ids}"
            changed = [row._replace(label=label) if chosen(row.id) else row for row in table.rows]
            setting = f"label = '{label}'"
        else:
            changed = [row.rewrite(f"{row.source}!") if chosen(row.id) else row for row in table.rows]
            setting = "source = source || '!'"
        cell = f'UPDATE "{name}" SET {setting} WHERE {where}'
        return Step("UPDATE", cell, {**state, name: replace(table, rows=tuple(changed))})

    def _delete(self, state: State) -> Step:
        name, table = self._some(state)
        chosen, where = self._condition()
        kept = tuple(row for row in table.rows if not chosen(row.id))
        return Step(
            "DELETE", f'DELETE FROM "{name}" WHERE {where}', {**state, name: replace(table, rows=kept)}
        )

    def _create(self, state: State) -> Step:
        source, table = self._some(state)
        name = self._random.choice(NAMES)
        chosen, where = self._condition()
        kept = tuple(row for row in table.rows if not chosen(row.id))
        cell = f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM "{source}" WHERE NOT ({where})'
        return Step("CREATE TABLE AS", cell, {**state, name: replace(table, rows=kept)})

    def _rename(self, state: State) -> Step:
        """To a name that is free; where none is, a table is dropped instead."""
        name, table = self._some(state)
        others = {other: kept for other, kept in state.items() if other != name}
        free = [other for other in NAMES if other not in state]
        if not free:
            return Step("RENAME", f'DROP TABLE "{name}"', others)
        new = self._random.choice(free)
        return Step("RENAME", f'ALTER TABLE "{name}" RENAME TO "{new}"', {**others, new: table})

    def _vacuum(self, state: State) -> Step:
        name = self._random.choice(["", *(f' "{name}"' for name in state)])
        return Step("VACUUM", f"VACUUM{name}", state)

    def _some(self, state: State) -> tuple[str, Table]:
        name = self._random.choice([name for name, table in state.items() if len(table.rows) > 20])
        return name, state[name]

    def _condition(self) -> tuple[Callable[[int], bool], str]:
        divisor = self._random.choice([3, 7, 50])
        rest = self._random.randrange(divisor)
        return lambda number: number % divisor == rest, f"id % {divisor} = {rest}"

    def _rows(self, count: int, has_pictures: bool) -> tuple[Row, ...]:
        first = self._ids
        self._ids += count
        sources = [
            f"pictures/{self._random.randrange(PICTURES)}.png" if has_pictures else f"낱말 {number}"
            for number in range(first, first + count)
        ]
        return tuple(Row(first + at, source, f"label {at} " * 20) for at, source in enumerate(sources))
