"""Where trained models are kept: a folder each in the database's own, named by what is in it."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from thanosql_kernel.catalog import Model, Trained
from thanosql_kernel.catalog.store import MODELS, decode_model, encode_model
from thanosql_kernel.clock import cautious_s
from thanosql_kernel.errors import ModelError
from thanosql_kernel.models.heads.head import CARD_FILE, Head, is_head, load_head
from thanosql_kernel.wording.models import TS400

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Kept = tuple[NDArray[np.float32], NDArray[np.int64]]

ROWS_FILE = "rows.safetensors"
FACTS_FILE = "model.json"
MOST_KEPT = 20_000
_FOLDER_DIGITS = 32
_LEFT_OVER_AFTER_S = 86_400.0


class KeptModels:
    """The trained models of a database.

    Args:
        internal: The database's own folder.
    """

    def __init__(self, internal: Path) -> None:
        self.folder = internal / MODELS

    def put(self, trained: Trained, head: Head, card: str, kept: Kept | None) -> Trained:
        """Keep a head, whole or not at all.

        Args:
            trained: What it is.
            head: The head.
            card: What people read of it.
            kept: What a FIT of it goes on from: vectors and classes.

        Raises:
            OSError: The disk refuses.
        """
        folder = self.folder / head.fingerprint[:_FOLDER_DIGITS]
        if not _holds(folder, head):
            shutil.rmtree(folder, ignore_errors=True)
            with _draft_for(folder) as draft:
                head.save(draft, card)
                if kept is not None:
                    _write_rows(draft / ROWS_FILE, *kept)
        os.utime(
            folder
        )  # it may have been left over for long: nobody is to tidy it away before it is registered
        return replace(trained, folder=str(folder))

    def read(self, trained: Trained) -> tuple[Head, Kept | None]:
        """A head, and what it was trained on if that is kept.

        Raises:
            ModelError: TS400, its files are gone or damaged.
        """
        folder = Path(trained.folder)
        return load_head(folder), _read_rows(folder / ROWS_FILE)

    def export(self, model: Model, target: Path) -> None:
        """Write a model into a folder that is not there yet, whole or not at all.

        Raises:
            OSError: The disk refuses.
        """
        assert model.trained is not None
        with _draft_for(target) as draft:
            for file in sorted(Path(model.trained.folder).iterdir()):
                shutil.copyfile(file, draft / file.name)
            text = json.dumps(encode_model(model), ensure_ascii=False, indent=1)
            (draft / FACTS_FILE).write_text(text, encoding="utf-8")

    def adopt(self, source: Path, name: str) -> Model:
        """Take over a model that was exported, under a name; nothing in its folder is run.

        Raises:
            ModelError: TS400, something of it is missing or damaged.
            OSError: The disk refuses.
        """
        try:
            if not (source / FACTS_FILE).is_file():  # a pipe would be waited for
                raise _unreadable(source)
            model = decode_model(json.loads((source / FACTS_FILE).read_text(encoding="utf-8")), Path())
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unreadable(source) from error
        trained = model.trained
        if trained is None or not _is_sound(trained):
            raise _unreadable(source)
        head, kept = self.read(replace(trained, folder=str(source)))
        if (head.labels is None) == (trained.gives == "labels"):
            raise _unreadable(source)
        card = (source / CARD_FILE).read_text("utf-8") if (source / CARD_FILE).is_file() else ""
        return replace(model, name=name, trained=self.put(trained, head, card, kept))

    def tidy(self, models: Iterable[Model]) -> None:
        """Remove what no model is and nobody can be about to register."""
        used = {Path(model.trained.folder).name for model in models if model.trained is not None}
        with suppress(OSError):
            for folder in list(self.folder.iterdir()):
                is_old = cautious_s() - folder.stat().st_mtime > _LEFT_OVER_AFTER_S
                if folder.name not in used and is_old:
                    shutil.rmtree(folder, ignore_errors=True)


def _is_sound(trained: Trained) -> bool:
    """Whether somebody else's file can be of a model that was trained here."""
    return (
        trained.gives in ("vectors", "labels")
        and bool(trained.kinds)
        and set(trained.kinds) <= {"image", "text"}
        and len(trained.sources) == len(trained.kinds)
        and trained.on.trained is None
    )


def _unreadable(folder: Path) -> ModelError:
    message = TS400.UNREADABLE(file=FACTS_FILE, folder=folder)
    return ModelError(message, hint=TS400.COPY_AGAIN())


def _holds(folder: Path, head: Head) -> bool:
    """Whether a folder holds a head, undamaged."""
    try:
        return load_head(folder).fingerprint == head.fingerprint
    except ModelError:
        return False


@contextmanager
def _draft_for(folder: Path) -> Iterator[Path]:
    """An empty folder that takes the place of one that is not there, when it is filled.

    Raises:
        OSError: The disk refuses.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".draft-{uuid.uuid4().hex}"
    draft.mkdir()
    try:
        yield draft
        try:
            os.replace(draft, folder)
        except OSError:
            if not is_head(folder):  # else somebody else has written the same meanwhile
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _most_even(classes: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Positions of so many rows, in order, of each class as many as can be."""
    order = np.random.default_rng(0).permutation(len(classes))
    by_class = order[np.argsort(classes[order], kind="stable")]
    sizes = np.bincount(classes)
    place = np.arange(len(classes)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.sort(by_class[np.argsort(place, kind="stable")[:most]])


def _write_rows(path: Path, vectors: NDArray[np.float32], classes: NDArray[np.int64]) -> None:
    from safetensors.numpy import save_file

    some = _most_even(classes, MOST_KEPT)
    save_file({"vectors": vectors[some].astype(np.float16), "classes": classes[some]}, path)


def _read_rows(path: Path) -> Kept | None:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        arrays = load_file(path)
        return arrays["vectors"].astype(np.float32), arrays["classes"]
    except (OSError, SafetensorError, KeyError):
        return None
