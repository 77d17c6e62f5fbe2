"""How much training on frozen vectors gains, on photos that were not trained on.

``python benchmarks/training.py labels FOLDER`` takes a folder with one sub-folder of photos for each class: a half of
each class is trained on, the other is judged, by zero-shot labels and the classifier. ``python benchmarks/training.py
captions FILE.csv FOLDER [--split dev] [--train 400]`` takes a csv with the columns image, split and caption and a
folder of its photos: some photos with their captions are trained on, the captions of the others search for theirs,
over several divisions. Both print the figures before and after, by statements that anybody could run.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from thanosql_kernel.engine.session import Session
from thanosql_kernel.images.endings import PICTURES

RETRIEVAL = "OPTIONS(image_col='image_path', text_col='caption')"


class Trial:
    """A database of its own for one set of photos."""

    def __init__(self, folder: Path, model: str) -> None:
        self._session = Session(folder / "db", working_folder=folder)
        self._folder, self._model = folder, model

    def tell(self, name: str, columns: list[str], rows: list[tuple[str, ...]]) -> None:
        """Store rows as a table."""
        file = self._folder / f"{name}.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([columns, *rows])
        self._run(f"COPY {name} OPTIONS(if_exists='replace') FROM '{file.name}'")

    def _run(self, cell: str) -> dict[str, float]:
        found: list[object] = []
        self._session.run(cell, emit=found.append)
        rows = getattr(found[-1], "rows", None)
        table = rows.to_pylist() if rows is not None else []
        return {row["metric"]: row["score"] for row in table if "metric" in row}

    def figures(self, options: str) -> tuple[dict[str, float], dict[str, float]]:
        """What is measured on the table ``judged`` before and after training on the table ``trained``."""
        before = self._run(f"EVALUATE USING {self._model} {options} AS SELECT * FROM judged")
        base = self._model
        built = f"BUILD MODEL m USING {base} {options.replace(')', ', overwrite=True)')}"
        self._run(f"{built} AS SELECT * FROM trained")
        return before, self._run(f"EVALUATE USING m {options} AS SELECT * FROM judged")


def labels(folder: Path, model: str) -> Iterator[tuple[dict[str, float], dict[str, float]]]:
    """Zero-shot labels before, a classifier after."""
    random, parts = np.random.default_rng(0), ([], [])  # type: ignore[var-annotated]
    for place in sorted(it for it in folder.iterdir() if it.is_dir()):
        photos = sorted(it for it in place.iterdir() if it.suffix.lower() in PICTURES)
        for rank, number in enumerate(random.permutation(len(photos))):
            parts[rank % 2].append((str(photos[number].resolve()), place.name))
    with tempfile.TemporaryDirectory() as work:
        trial = Trial(Path(work), model)
        for name, rows in zip(("trained", "judged"), parts, strict=True):
            trial.tell(name, ["image_path", "label"], rows)
        yield trial.figures("OPTIONS(image_col='image_path', label_col='label')")


def captions(
    file: Path, folder: Path, model: str, split: str, train: int, divisions: int
) -> Iterator[tuple[dict[str, float], dict[str, float]]]:
    """A text-image model before, with its adapter after; once for each division of the photos."""
    texts: dict[str, list[str]] = {}
    with file.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["split"] == split:
                texts.setdefault(str((folder / row["image"]).resolve()), []).append(row["caption"])
    photos = sorted(texts)
    with tempfile.TemporaryDirectory() as work:
        trial = Trial(Path(work), model)
        for number in range(divisions):
            order = np.random.default_rng(number).permutation(len(photos))
            for name, some in (("trained", order[:train]), ("judged", order[train:])):
                rows = [(photos[it], text) for it in some for text in texts[photos[it]]]
                trial.tell(name, ["image_path", "caption"], rows)
            yield trial.figures(RETRIEVAL)


def report(pairs: Iterator[tuple[dict[str, float], dict[str, float]]]) -> None:
    """Print each figure, the mean of all runs, and the least gain among them."""
    runs = list(pairs)
    print(f"{'':10}  before   after    gain  least gain   ({len(runs)} divisions)")
    for name in runs[0][0]:
        before, after = (np.array([run[side].get(name) or np.nan for run in runs]) for side in (0, 1))
        gain = after - before
        print(
            f"{name:10}  {before.mean():6.4f}  {after.mean():6.4f}  {gain.mean():+6.4f}  {gain.min():+6.4f}"
        )


def main() -> None:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("labels", "captions"))
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--model", default="mini")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--train", type=int, default=400)
    parser.add_argument("--divisions", type=int, default=4)
    given = parser.parse_args()
    if given.what == "labels":
        report(labels(given.paths[0], given.model))
    else:
        file, folder = given.paths
        report(captions(file, folder, given.model, given.split, given.train, given.divisions))


if __name__ == "__main__":
    main()
