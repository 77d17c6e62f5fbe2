"""What REFRESH must make of a table, in plain Python: rows are known by their paths, files by all of their bytes."""

from __future__ import annotations

import copy
import hashlib
import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

COVERED_BYTES = 16 << 10
"""A larger file is not read as a whole when it is copied."""


@dataclass(frozen=True)
class Seen:
    """A file: digest of its bytes, bytes, microseconds since 1970."""

    content: str
    size: int
    modified_us: int


@dataclass
class Row:
    """A row: its path, the number that the user gave it (None for a new one), and what its file was."""

    path: str
    star: int | None
    seen: Seen


def pictures_below(folder: Path) -> Iterator[Path]:
    """The pictures of a folder and of linked ones."""
    for here, _, names in os.walk(folder, followlinks=True):
        yield from (Path(here, name) for name in names if name.endswith(".png") and Path(here, name).exists())


def files_below(folder: Path, base: str) -> dict[str, Seen]:
    """The files of a folder by their paths in the table."""
    found = {}
    for path in sorted(pictures_below(folder)):
        status = path.stat()
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[base + path.relative_to(folder).as_posix()] = Seen(
            content, status.st_size, status.st_mtime_ns // 1000
        )
    return found


@dataclass
class Oracle:
    """The rows that a table must have.

    Attributes:
        rows: These.
        has_vectors: Whether their files were embedded, and so are known by all of their bytes.
    """

    rows: list[Row] = field(default_factory=list)
    has_vectors: bool = False

    def copy(self) -> Oracle:
        return copy.deepcopy(self)

    def judge(self, found: list[tuple[str, int | None]], files: Mapping[str, Seen], *, keeps: bool) -> str:
        """What the table says it has after a REFRESH; returns the answer that there must be.

        Args:
            found: Path and star of each row, in order.
            files: What is in the folder.
            keeps: Whether rows of missing files stay.

        Raises:
            AssertionError: It must not have these rows.
        """
        old = {row.star: row for row in self.rows}
        kept = [(path, star) for path, star in found if star is not None]
        assert len({star for _, star in kept}) == len(kept), "a row is doubled"
        order = {row.star: number for number, row in enumerate(self.rows)}
        places = [order[star] for _, star in kept]
        assert places == sorted(places), "rows have changed places"
        assert all(star is None for _, star in found[len(kept) :]), "new rows are not the last ones"
        here = {star: path for path, star in kept}
        missing = {star for star, path in here.items() if path not in files}
        there = Counter(path for path, _ in found if path in files)
        assert there == Counter(list(files)), (
            f"paths are wrong: {there - Counter(files)} {Counter(files) - there}"
        )
        assert keeps or not missing, "rows of missing files stay"
        counts = Counter()
        for star, path in here.items():
            counts[self._became(old[star], path, files)] += 1
        self._follow(here, old, files, keeps=keeps)
        counts["added"] = len(found) - len(kept)
        counts["removed"] = len(old) - len(kept)
        assert not (keeps and counts["removed"]), "a row went that was to stay"
        self.rows = [Row(path, star, files.get(path) or old[star].seen) for path, star in found]
        return _answer(counts)

    def _became(self, row: Row, path: str, files: Mapping[str, Seen]) -> str:
        """What happened to a row that is there."""
        now = files.get(path)
        if path != row.path:
            assert now is not None
            is_known = now.content == row.seen.content or _is_same_name(path, row.path)
            assert is_known, f"{row.path} was guessed to be {path}"
            return "renamed"
        is_as_it_was = now is None or (now.size, now.modified_us) == (row.seen.size, row.seen.modified_us)
        return "kept" if is_as_it_was else "changed"

    def _follow(
        self,
        here: Mapping[int | None, str],
        old: Mapping[int | None, Row],
        files: Mapping[str, Seen],
        *,
        keeps: bool,
    ) -> None:
        """A content that one row has lost and one file has got goes from the one to the other; no file, no row."""
        by_path = {row.path: row for row in old.values()}
        lost, got = defaultdict(list), defaultdict(list)
        for row in old.values():
            now = files.get(row.path)
            if now is None or now.content != row.seen.content:
                lost[row.seen.content].append(row)
        for path, now in files.items():
            before = by_path.get(path)
            if before is None or before.seen.content != now.content:
                got[now.content].append(path)
        for content, rows in lost.items():
            if len(rows) == len(got[content]) == 1:
                (row,), (path,) = rows, got[content]
                stays = keeps and any(_is_same_name(path, other) for other in by_path)
                assert here.get(row.star) == path or stays or not self._proves(row.seen, files[path]), (
                    f"{row.path} is not known as {path}"
                )
            if not got[content]:
                self._stays(rows, here, files, lost, keeps=keeps)

    def _proves(self, before: Seen, now: Seen) -> bool:
        """Whether a file can be known again: of a large one that was never embedded, both ends and the time are known."""
        return self.has_vectors or before.size <= COVERED_BYTES or before.modified_us == now.modified_us

    def _stays(
        self, rows: list[Row], here, files: Mapping[str, Seen], lost: Mapping[str, list[Row]], *, keeps: bool
    ):
        """A content that is nowhere any more: its rows go with their files, or have what is in its place."""
        for row in rows:
            now = files.get(row.path)
            if now is not None and now.content not in lost:
                assert here.get(row.star) == row.path, f"the changed {row.path} has lost its row"
            if now is None and not keeps:
                others = [path for path in files if _is_same_name(path, row.path)]
                assert row.star not in here or here[row.star] in others, f"the row of {row.path} stays"


def _is_same_name(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def _answer(counts: Mapping[str, int]) -> str:
    parts = [f"{counts[name]} {name}" for name in ("added", "removed", "renamed", "changed") if counts[name]]
    return f"{', '.join(parts) or 'nothing new'} in {{name}}; {counts['kept']} kept"
