"""Whose weights made the vectors of each cache table, and which of them belong to no model any more."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from thanosql_kernel.catalog import Model
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.lance_files import BESIDE
from thanosql_kernel.errors import Interrupted, ThanoSQLError

_NOTE = "maker.json"

_log = logging.getLogger(__name__)


def note_maker(dataset: Any, fingerprint: str) -> None:
    """Write beside a local cache table whose weights its vectors are of, once."""
    if "://" in str(dataset.uri):
        return
    path = Path(str(dataset.uri)) / BESIDE / _NOTE
    with suppress(OSError):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, {"fingerprint": fingerprint})


class DeletedModels:
    """The weights of models that were deleted; their vectors are removed by VACUUM.

    Args:
        folder: The database's own.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "deleted_models.json"

    def add(self, model: Model, check: Callable[[], None]) -> None:
        """Remember a model's weights, if they are on this machine.

        Raises:
            Interrupted: from ``check``.
        """
        fingerprint = _fingerprint(model, check)
        if fingerprint is not None:
            with suppress(OSError):
                _write(self._path, sorted({*self._fingerprints(), fingerprint}))

    def tables(self, store: Store, models: Iterable[Model], check: Callable[[], None]) -> list[str]:
        """The cache tables that only deleted models have made.

        Args:
            store: Where the tables are.
            models: Those that there are.
            check: Raises `Interrupted` when the user asked to stop.
        """
        deleted = self._fingerprints()
        if not deleted or not store.location.is_local:
            return []
        gone = deleted - {_fingerprint(model, check) for model in models}
        return [name for name in store.names() if _maker(store.folder(name)) in gone]

    def forget(self) -> None:
        """Their vectors are removed."""
        with suppress(OSError):
            self._path.unlink()

    def _fingerprints(self) -> set[str]:
        try:
            return {str(item) for item in json.loads(self._path.read_text("utf-8"))}
        except (OSError, ValueError, TypeError):
            return set()


def _fingerprint(model: Model, check: Callable[[], None]) -> str | None:
    """Of the model's own weights; None where they are not on this machine."""
    from thanosql_kernel.models import registry

    try:
        if registry.weights_at_hand(model):
            return registry.identify(model, notice=_log.info, check_interrupted=check).fingerprint
    except Interrupted:
        raise
    except (ThanoSQLError, OSError):
        _log.info("the weights of %s cannot be read", model.name, exc_info=True)
    return None


def _maker(folder: Path) -> str | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads((folder / BESIDE / _NOTE).read_text("utf-8"))["fingerprint"])
    return None


def _write(path: Path, data: object) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(data), "utf-8")
    os.replace(draft, path)
