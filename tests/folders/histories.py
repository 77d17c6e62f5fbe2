"""Random histories of a folder of photos, its table refreshed now and again by two kernels: held against the oracle."""

from __future__ import annotations

import os
import random
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

import thanosql_kernel
from tests.folders.oracle import Oracle, Seen, files_below, pictures_below
from thanosql_kernel.engine.embed import embedding
from thanosql_kernel.models import registry
from thanosql_kernel.python.connection import Connection

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
from embed_world import PixelEncoder, write_picture

NAMES = ("a", "b", "c", "여름", "é", "IMG 1", "x.y")
FOLDERS = ("", "sub", "sub/deep", "여행", "e\u0301te\u0301")
YEAR_US = 365 * 86_400_000_000


def use_small_model() -> None:
    """Every model is the small one of the engine's tests."""
    registry.load = lambda model, **settings: _encoder()
    embedding.FLUSH_AFTER_S = 0.02


@cache
def _encoder() -> PixelEncoder:
    return PixelEncoder()


@cache
def _vector(data: bytes, folder: Path) -> np.ndarray:
    from thanosql_kernel.images.decode import open_rgb

    path = folder / "one.png"
    path.write_bytes(data)
    encoder = _encoder()
    picture = open_rgb(path, min_side=encoder.preprocess.size)
    return np.asarray(encoder.encode_images(encoder.preprocess(picture)[None])[0])


class History:
    """One folder, one table, two kernels.

    Args:
        folder: An empty folder.
        seed: Of everything that is chosen.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.photos, self.random = folder, folder / "photos", random.Random(seed)
        self.seed, self.seeds, self.clock, self.stars = seed, 0, 0, 0
        self.name, self.told = "t", [f"seed {seed}"]
        self.has_vectors = self.random.random() < 0.7
        self.has_metadata = self.random.random() < 0.7
        self.oracle, self.versions = Oracle(), dict[int, tuple[str, Oracle]]()
        self.before: dict[str, bytes] = {}

    def run(self, rounds: int = 4) -> None:
        """Live through it.

        Raises:
            AssertionError: The table is not what it must be; with all that happened.
        """
        kernels = [
            thanosql_kernel.connect(self.folder / "db", working_folder=self.folder, progress=False)
            for _ in range(2)
        ]
        try:
            self._begin(kernels)
            for _ in range(rounds):
                self._round(kernels)
        except Exception as error:
            raise AssertionError("\n".join(self.told)) from error
        finally:
            for kernel in kernels:
                kernel.close()

    def _sql(self, kernels: list[Connection], text: str) -> object:
        self.told.append(text)
        result = self.random.choice(kernels).sql(text)
        self.told.append("   -> " + str(result).splitlines()[0])
        return result

    # -- the table -----------------------------------------------------------------------------------------------
    def _begin(self, kernels: list[Connection]) -> None:
        for _ in range(self.random.randint(2, 9)):
            self.add()
        options = "" if self.has_metadata else " OPTIONS(metadata=False)"
        self._sql(kernels, f"COPY {self.name}{options} FROM 'photos'")
        self._sql(kernels, f"ALTER TABLE {self.name} ADD COLUMN star INTEGER")
        if self.has_vectors:
            convert = f"CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM {self.name}"
            self._sql(kernels, convert)
        self.oracle = Oracle(has_vectors=self.has_vectors)
        files = self._known()
        found = [(path, None) for path, _ in self._rows(kernels)]
        self.oracle.judge(found, files, keeps=False)
        self._number(kernels)

    def _number(self, kernels: list[Connection]) -> None:
        """Give every row without one a number of its own."""
        self.before = {row.path: b"" for row in self.oracle.rows}
        for row in self.oracle.rows:
            if row.star is None:
                self.stars += 1
                row.star = self.stars
                path = row.path.replace("'", "''")
                self._sql(
                    kernels,
                    f"UPDATE {self.name} SET star = {row.star} WHERE image_path = '{path}' AND star IS NULL",
                )

    def _rows(self, kernels: list[Connection]) -> list[tuple[str, int | None]]:
        rows = self.random.choice(kernels).sql(f"SELECT image_path, star FROM {self.name}").arrow()
        return [(row["image_path"], row["star"]) for row in rows.to_pylist()]

    def _round(self, kernels: list[Connection]) -> None:
        for _ in range(self.random.randint(0, 4)):
            self.random.choice(
                [
                    self.add,
                    self.remove,
                    self.rename,
                    self.rename,
                    self.swap,
                    self.change,
                    self.copy,
                    self.touch,
                    self.other_letters,
                    self.move_folder,
                    self.write_over,
                    self.plug,
                ]
            )()
        self._use_table(kernels)
        if not any(self._files()):
            self.add()
        keeps = self.random.random() < 0.2
        options = " OPTIONS(missing='keep')" if keeps else ""
        files = self._known()
        answer = str(self._sql(kernels, f"REFRESH {self.name}{options}")).splitlines()[0]
        expected = self.oracle.judge(self._rows(kernels), files, keeps=keeps).format(name=self.name)
        assert answer == expected, f"{answer!r}, not {expected!r}"
        self._check_columns(kernels)
        again = str(self._sql(kernels, f"REFRESH {self.name}{options}")).splitlines()[0]
        assert again == f"nothing new in {self.name}; {len(self.oracle.rows)} kept", again
        self._number(kernels)
        self._note_version(kernels)

    def _check_columns(self, kernels: list[Connection]) -> None:
        """Vectors and what is known of files are those of the files that are there."""
        columns = ", v" * self.has_vectors + ", size_bytes, epoch_us(modified_at) AS us" * self.has_metadata
        found = kernels[0].sql(f"SELECT image_path{columns} FROM {self.name}").arrow().to_pylist()
        for row in found:
            path = self.folder / row["image_path"]
            if not path.exists():
                continue
            if self.has_metadata:
                status = path.stat()
                assert (row["size_bytes"], row["us"]) == (status.st_size, status.st_mtime_ns // 1000), row[
                    "image_path"
                ]
            if self.has_vectors:
                assert row["v"] is not None, f"{row['image_path']} has no vector"
                wanted = _vector(path.read_bytes(), self.folder)
                assert np.abs(np.array(row["v"]) - wanted).max() < 1e-5, (
                    f"{row['image_path']} has another's vector"
                )

    def _note_version(self, kernels: list[Connection]) -> None:
        version = kernels[0].session.catalog.tables[self.name].version
        self.versions[version] = self.name, self.oracle.copy()

    def _use_table(self, kernels: list[Connection]) -> None:
        """What people do with a table between."""
        choice = self.random.random()
        if choice < 0.1:
            self.name, old = f"t{self.random.randrange(1000)}", self.name
            self._sql(kernels, f"ALTER TABLE {old} RENAME TO {self.name}")
        elif choice < 0.2 and len(self.oracle.rows) > 1:
            row = self.oracle.rows.pop(self.random.randrange(len(self.oracle.rows)))
            self._sql(kernels, f"DELETE FROM {self.name} WHERE star = {row.star}")
        elif choice < 0.3:
            self._sql(kernels, f"VACUUM {self.name}")
            self.versions.clear()
        elif choice < 0.4 and self.versions:
            version = self.random.choice(sorted(self.versions))
            there = kernels[0].sql(f"SHOW VERSIONS {self.name}").arrow().column("version").to_pylist()
            if version in there:
                self._sql(kernels, f"RESTORE {self.name} TO VERSION {version}")
                self.oracle = self.versions[version][1].copy()
        elif choice < 0.45:
            self._sql(kernels, f"DROP TABLE {self.name}")
            self.versions.clear()
            if any(self._files()):
                self._begin_again(kernels)
            else:
                self.add()
                self._begin_again(kernels)

    def _begin_again(self, kernels: list[Connection]) -> None:
        self._begin(kernels)

    def _known(self) -> dict[str, Seen]:
        """The files that are there, and those that nobody knows to be gone: behind a link that leads nowhere now."""
        away = [path for path in self.photos.rglob("*") if path.is_symlink() and not path.exists()]
        behind = tuple(f"photos/{path.relative_to(self.photos).as_posix()}/" for path in away)
        out_of_reach = {row.path: row.seen for row in self.oracle.rows if row.path.startswith(behind)}
        return files_below(self.photos, "photos/") | out_of_reach

    # -- the folder ----------------------------------------------------------------------------------------------
    def _files(self) -> list[Path]:
        return sorted(pictures_below(self.photos))

    def _one(self) -> Path | None:
        files = self._files()
        return self.random.choice(files) if files else None

    def _stamp(self, path: Path) -> None:
        """Each file is written at a time of its own, now and again at this very moment."""
        self.clock += 1
        if self.random.random() < 0.85:
            us = 40 * YEAR_US + self.clock * 1_000_003
            os.utime(path, ns=(us * 1000, us * 1000))

    def _free(self) -> Path:
        while True:
            folder = self.photos / self.random.choice((*FOLDERS, *self._disks()))
            path = folder / f"{self.random.choice(NAMES)}{self.random.choice(('', '2'))}.png"
            others = {unicodedata.normalize("NFC", str(other)) for other in self._files()}
            if unicodedata.normalize("NFC", str(path)) not in others:
                path.parent.mkdir(parents=True, exist_ok=True)
                return path

    def _disks(self) -> list[str]:
        """Links to the disk that can be written to now."""
        return [path.name for path in self.photos.glob("*") if path.is_symlink() and path.exists()]

    def _new(self) -> int:
        self.seeds += 1
        return self.seed * 1000 + self.seeds

    def add(self) -> None:
        if len(self._files()) < 40:
            path = self._free()
            self.told.append(f"new {path.relative_to(self.photos)}")
            self._stamp(write_picture(path, self._new(), side=self.random.choice((8, 8, 150))))

    def remove(self) -> None:
        if (path := self._one()) is not None:
            self.told.append(f"rm {path.relative_to(self.photos)}")
            path.unlink()

    def rename(self) -> None:
        if (path := self._one()) is not None:
            to = self._free()
            self.told.append(f"mv {path.relative_to(self.photos)} {to.relative_to(self.photos)}")
            path.rename(to)

    def write_over(self) -> None:
        one, other = self._one(), self._one()
        if one is not None and other is not None and one != other:
            self.told.append(f"mv {one.relative_to(self.photos)} over {other.relative_to(self.photos)}")
            one.replace(other)

    def swap(self) -> None:
        one, other = self._one(), self._one()
        if one is not None and other is not None and one != other:
            self.told.append(f"swap {one.relative_to(self.photos)} {other.relative_to(self.photos)}")
            aside = self.folder / "aside"
            one.rename(aside)
            other.rename(one)
            aside.rename(other)

    def change(self) -> None:
        if (path := self._one()) is not None:
            self.told.append(f"change {path.relative_to(self.photos)}")
            self._stamp_anew(write_picture(path, self._new(), side=8))

    def copy(self) -> None:
        if (path := self._one()) is not None:
            to = self._free()
            self.told.append(f"cp {path.relative_to(self.photos)} {to.relative_to(self.photos)}")
            keeps_time = self.random.random() < 0.5
            (shutil.copy2 if keeps_time else shutil.copy)(path, to)

    def touch(self) -> None:
        if (path := self._one()) is not None:
            self.told.append(f"touch {path.relative_to(self.photos)}")
            self._stamp_anew(path)

    def _stamp_anew(self, path: Path) -> None:
        self.clock += 1
        us = 40 * YEAR_US + self.clock * 1_000_003
        os.utime(path, ns=(us * 1000, us * 1000))

    def plug(self) -> None:
        """A disk that the folder has a link to comes and goes."""
        disk, away, link = self.folder / "disk", self.folder / "away", self.photos / "disk"
        if away.exists():
            self.told.append("the disk is there")
            away.rename(disk)
        elif disk.exists():
            self.told.append("the disk is away")
            disk.rename(away)
        else:
            disk.mkdir()
            self.photos.mkdir(exist_ok=True)
            link.symlink_to(disk)
            for name in self.random.sample(NAMES, 3):
                self._stamp(write_picture(link / f"{name}.png", self._new(), side=8))
            self.told.append("a disk with three")

    def other_letters(self) -> None:
        for path in self._other_letters():
            for form in ("NFC", "NFD"):
                to = path.with_name(unicodedata.normalize(form, path.name))
                if to != path and not to.exists():
                    self.told.append(f"{form} {path.relative_to(self.photos)}")
                    path.rename(to)
                    return

    def _other_letters(self) -> Iterator[Path]:
        files = [path for path in self._files() if not path.name.isascii()]
        self.random.shuffle(files)
        yield from files

    def move_folder(self) -> None:
        folders = sorted({path.parent for path in self._files()} - {self.photos})
        if folders:
            folder = self.random.choice(folders)
            to = self.photos / f"moved{self.clock}"
            self.clock += 1
            self.told.append(f"mv {folder.relative_to(self.photos)}/ {to.relative_to(self.photos)}/")
            folder.rename(to)
