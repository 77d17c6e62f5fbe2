"""``python member.py FOLDER NUMBER STATEMENTS SEED``: one of many processes that use a database at the same time.

It changes its own rows of table ``shared`` and makes, renames and drops tables that all of them make, rename and drop.
At the end it prints as JSON what its own rows are, which errors came, and what was wrong.
"""

from __future__ import annotations

import dataclasses
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import small_model
from expected import Row, is_vector_of

import thanosql_kernel
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.statements.registry import heads

ORDINARY = {"TS201", "TS202", "TS204", "TS503", "TS505"}
"""No such table or column any more, such a table already, overtaken, gone while it was read."""
BATCH = 60
IDS_EACH = 1_000_000
CONVERT = "CONVERT USING mini OPTIONS(text_col='source', result_col='v') AS SELECT * FROM shared"


@dataclasses.dataclass
class Findings:
    """What a member says at its end.

    Attributes:
        rows: Its own rows: id, source and label.
        errors: How many of each code.
        faults: A line each.
        statements: How many ran.
    """

    rows: list[tuple[int, str, str | None]] = dataclasses.field(default_factory=list)
    errors: Counter[str] = dataclasses.field(default_factory=Counter)
    faults: list[str] = dataclasses.field(default_factory=list)
    statements: int = 0


class Member:
    """One process's work."""

    def __init__(self, folder: Path, number: int, seed: int) -> None:
        self._folder = folder
        self._first = number * IDS_EACH
        self._next = self._first
        self._rows: dict[int, Row] = {}
        self._random = random.Random(seed * 1000 + number)
        self.findings = Findings()
        self._acts: list[Callable[[Any], None]] = [
            *[self._insert] * 3,
            *[self._update] * 3,
            *[self._delete] * 2,
            *[self._read_own] * 3,
            *[self._read_others] * 2,
            self._convert,
            self._search,
            *[self._make] * 2,
            self._rename,
            self._drop,
            self._read_batch,
            self._copy,
        ]
        if "VACUUM" in heads():
            self._acts.append(self._vacuum)

    def work(self, statements: int) -> Findings:
        """Run so many statements."""
        with thanosql_kernel.connect(
            self._folder / "db", working_folder=self._folder, progress=False
        ) as connection:
            for _ in range(statements):
                act = self._random.choice(self._acts)
                self.findings.statements += 1
                try:
                    act(connection)
                except ThanoSQLError as error:
                    self.findings.errors[error.code] += 1
                    if error.code not in ORDINARY:
                        self._fault(act, f"{error.code}: {error.message}")
                except Exception as error:  # any is a finding
                    self._fault(act, f"{type(error).__name__}: {error}")
            self.findings.rows = [row[:3] for row in self._rows.values()]
        return self.findings

    def _fault(self, act: Callable[[Any], None], told: str) -> None:
        self.findings.faults.append(f"{act.__name__.strip('_')}: {told}")

    # -- its own rows ----------------------------------------------------------------------------------------
    def _insert(self, connection: Any) -> None:
        rows = [
            Row(self._next + at, f"낱말 {self._next + at}", "new")
            for at in range(self._random.randint(1, 20))
        ]
        self._next += len(rows)
        values = ", ".join(f"({row.id}, '{row.source}', '{row.label}')" for row in rows)
        connection.sql(f"INSERT INTO shared (id, source, label) VALUES {values}")
        self._rows.update({row.id: row for row in rows})

    def _copy(self, connection: Any) -> None:
        rows = [Row(self._next + at, f"낱말 {self._next + at}", "copied") for at in range(30)]
        self._next += len(rows)
        name = f"{rows[0].id}.csv"
        lines = "".join(f"{row.id},{row.source},{row.label},\n" for row in rows)
        (self._folder / name).write_text("id,source,label,v\n" + lines, encoding="utf-8")
        connection.sql(f"CREATE OR REPLACE TABLE copied_{self._first} AS SELECT 1 AS one")
        connection.sql(f"COPY copied_{self._first} OPTIONS(if_exists='replace') FROM '{name}'")
        connection.sql(
            f"INSERT INTO shared (id, source, label) SELECT id, source, label FROM copied_{self._first}"
        )
        self._rows.update({row.id: row for row in rows})

    def _update(self, connection: Any) -> None:
        rest, label = self._random.randrange(5), f"이름 {self._random.randrange(1000)}"
        connection.sql(f"UPDATE shared SET label = '{label}' WHERE {self._own} AND id % 5 = {rest}")
        for number, row in self._rows.items():
            if number % 5 == rest:
                self._rows[number] = row._replace(label=label)

    def _delete(self, connection: Any) -> None:
        rest = self._random.randrange(9)
        connection.sql(f"DELETE FROM shared WHERE {self._own} AND id % 9 = {rest}")
        self._rows = {number: row for number, row in self._rows.items() if number % 9 != rest}

    def _read_own(self, connection: Any) -> None:
        found = connection.sql(f"SELECT id, source, label FROM shared WHERE {self._own}").arrow().to_pylist()
        wanted = [dict(zip(("id", "source", "label"), row[:3], strict=True)) for row in self._rows.values()]
        if sorted(found, key=_id_of) != sorted(wanted, key=_id_of):
            self._fault(self._read_own, f"{len(found)} rows, not the {len(wanted)} that were written")

    @property
    def _own(self) -> str:
        return f"id >= {self._first} AND id < {self._first + IDS_EACH}"

    # -- everybody's -----------------------------------------------------------------------------------------
    def _read_others(self, connection: Any) -> None:
        for row in connection.sql("SELECT id, source, v FROM shared").arrow().to_pylist():
            if row["source"] != f"낱말 {row['id']}":
                self._fault(self._read_others, f"row {row['id']} holds {row['source']}")
            elif not is_vector_of(row["v"], (row["source"], None), self._folder):
                self._fault(self._read_others, f"row {row['id']} has another's vector")

    def _convert(self, connection: Any) -> None:
        connection.sql(CONVERT)

    def _search(self, connection: Any) -> None:
        """The row whose text is searched for is the best, and no row is better than its own vector says."""
        chosen = list(self._rows.values()) or [Row(0, "낱말 0", None)]
        text = self._random.choice(chosen).source
        options = f"search_by='text', search_input='{text}', emb_col='v', result_col='sim', top_k=5"
        cell = f"SEARCH IMAGE USING mini OPTIONS({options}) AS SELECT * FROM shared"
        wanted = small_model.vector_of(text, self._folder)
        for row in connection.sql(cell).arrow().to_pylist():
            if row["sim"] is None:
                continue
            own = float(small_model.vector_of(row["source"], self._folder) @ wanted)
            if abs(own - row["sim"]) > 1e-4:
                self._fault(self._search, f"row {row['id']}: similarity {row['sim']:.4f}, not {own:.4f}")

    def _make(self, connection: Any) -> None:
        maker = f"{self._first}-{self.findings.statements}"
        connection.sql(
            f"CREATE OR REPLACE TABLE {self._common} AS "
            f"SELECT range AS n, '{maker}' AS maker, repeat('가', 500) AS padding FROM range({BATCH})"
        )

    def _rename(self, connection: Any) -> None:
        connection.sql(f"ALTER TABLE {self._common} RENAME TO {self._common}")

    def _drop(self, connection: Any) -> None:
        connection.sql(f"DROP TABLE {self._common}")

    def _read_batch(self, connection: Any) -> None:
        """A table that is made anew again and again is always one maker's, and whole."""
        rows = connection.sql(f"SELECT n, maker FROM {self._common}").arrow().to_pylist()
        makers = {row["maker"] for row in rows}
        if len(makers) != 1 or [row["n"] for row in rows] != list(range(BATCH)):
            self._fault(self._read_batch, f"{len(rows)} rows of {sorted(makers)}")

    def _vacuum(self, connection: Any) -> None:
        connection.sql(self._random.choice(["VACUUM", "VACUUM shared"]))

    @property
    def _common(self) -> str:
        return f"공동_{self._random.randrange(3)}"


def _id_of(row: dict[str, Any]) -> int:
    return int(row["id"])


def main(folder: str, number: str, statements: str, seed: str) -> None:
    """Wait for a line, so that all begin together; then work."""
    small_model.put_in_place()
    print("ready", flush=True)
    sys.stdin.readline()
    findings = Member(Path(folder), int(number), int(seed)).work(int(statements))
    print(json.dumps(vars(findings)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
