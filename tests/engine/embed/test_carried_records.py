"""What vectors were made from goes with rows that are written closer together, and never to other rows."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder, age, write_picture

import thanosql_kernel
from tests.hunts import rounds
from thanosql_kernel.engine.embed import convert
from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.models import registry

CONVERT = (
    "CONVERT USING mini OPTIONS(image_col='image_path', result_col='v') AS SELECT * FROM t; "
    "CONVERT USING mini OPTIONS(text_col='label', result_col='w') AS SELECT * FROM t"
)


class Table:
    """A table of pictures and texts that is used by two connections, and what it must hold."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random, self.seeds, self.count = folder, Random(seed), 0, 0
        self.encoder = PixelEncoder()
        self.connections = [
            thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False) for _ in range(2)
        ]
        self.sql("CREATE TABLE t (n BIGINT, image_path VARCHAR, label VARCHAR)")
        self.append()

    def sql(self, text: str) -> object:
        return self.random.choice(self.connections).sql(text)

    def rows(self) -> list[dict]:
        return self.sql("SELECT * FROM t").arrow().to_pylist()

    def append(self) -> None:
        for _ in range(self.random.randint(1, 4)):
            self.count += 1
            self.paint(f"{self.count}.png")
            path = "NULL" if self.random.random() < 0.1 else f"'{self.count}.png'"
            self.sql(f"INSERT INTO t (n, image_path, label) VALUES ({self.count}, {path}, 'l{self.count}')")

    def paint(self, name: str) -> None:
        self.seeds += 1
        path = age(write_picture(self.folder / name, self.seeds))
        self.encoded(path)

    def encoded(self, path: Path) -> np.ndarray:
        picture = open_rgb(path, min_side=self.encoder.preprocess.size)
        return self.encoder.encode_images(self.encoder.preprocess(picture)[None])[0]

    def change(self) -> None:
        some = f"n % 3 = {self.random.randrange(3)}"
        number = self.random.randint(1, self.count)
        action = self.random.choice(
            [
                self.append,
                self.append,
                lambda: self.paint(f"{number}.png"),
                lambda: self.sql(f"UPDATE t SET image_path = '{number}.png' WHERE {some}"),
                lambda: self.sql(f"UPDATE t SET label = 'm{number}' WHERE {some}"),
                lambda: self.sql(f"UPDATE t SET n = n WHERE {some}"),
                lambda: self.sql(f"DELETE FROM t WHERE n = {number}"),
                lambda: self.sql(
                    "ALTER TABLE t RENAME TO u; CREATE TABLE t AS SELECT * FROM u; DROP TABLE u"
                ),
                lambda: self.sql("ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t"),
                lambda: self.sql("VACUUM t"),
                lambda: self.sql("VACUUM t"),
                lambda: self.sql(CONVERT),
            ]
        )
        action()

    def check(self) -> None:
        """After CONVERT all vectors are those of their own values."""
        self.sql(CONVERT)
        for row in self.rows():
            text = self.encoder.encode_texts([row["label"]])[0]
            assert np.abs(np.array(row["w"]) - text).max() < 1e-5, row["n"]
            if row["image_path"] is None:
                assert row["v"] is None, row["n"]
            else:
                assert np.abs(np.array(row["v"]) - self.encoded(self.folder / row["image_path"])).max() < 1e-5


@pytest.fixture
def small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())


@pytest.mark.usefixtures("small_model")
def test_rows_that_were_written_together_are_known_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table(tmp_path, seed=1)
    for _ in range(3):
        table.append()
        table.sql("DELETE FROM t WHERE image_path IS NULL")
        table.check()
    assert "written again" in str(table.sql("DELETE FROM t WHERE n % 3 = 0; VACUUM t"))
    monkeypatch.setattr(convert.Conversion, "_compare", None)
    table.sql(CONVERT)


@pytest.mark.hunt
@pytest.mark.usefixtures("small_model")
@pytest.mark.parametrize("seed", range(rounds(4, 100)))
def test_vectors_are_those_of_their_rows_whatever_was_written_together(tmp_path: Path, seed: int) -> None:
    table = Table(tmp_path, seed)
    for _ in range(5):
        for _ in range(table.random.randint(1, 5)):
            table.change()
        table.check()
    for connection in table.connections:
        connection.close()
