"""The benchmark of training runs on drawn pictures, and prints figures before and after."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[3] / "benchmarks" / "training.py"


@pytest.fixture
def benchmark_module():
    spec = importlib.util.spec_from_file_location("training_benchmark", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_labels_gain_from_a_classifier(
    benchmark_module, pictures, capsys: pytest.CaptureFixture[str]
) -> None:
    for row in pictures.rows("SELECT image_path, label FROM p WHERE n < 36"):
        place = pictures.folder / "classes" / row["label"]
        place.mkdir(parents=True, exist_ok=True)
        (pictures.folder / row["image_path"]).rename(place / row["image_path"])
    benchmark_module.report(benchmark_module.labels(pictures.folder / "classes", "mini"))
    accuracy = capsys.readouterr().out.splitlines()[1].split()
    assert accuracy[0] == "Accuracy"
    assert float(accuracy[1]) < float(accuracy[2]) == 1.0


def test_captions_are_divided_several_times(
    benchmark_module, pictures, capsys: pytest.CaptureFixture[str]
) -> None:
    file = pictures.folder / "captions.csv"
    with file.open("w", newline="") as stream:
        rows = [(f"p{n}.png", "dev", f"number {n} {again}") for n in range(36) for again in "ab"]
        csv.writer(stream).writerows([("image", "split", "caption"), *rows, ("p0.png", "train", "x")])
    found = list(benchmark_module.captions(file, pictures.folder, "mini", "dev", 24, 2))
    benchmark_module.report(iter(found))
    assert len(found) == 2
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == [
        "Recall@1",
        "Recall@5",
        "Recall@10",
        "MRR",
    ]
