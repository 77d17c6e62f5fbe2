"""Which weights a folder holds: a digest of everything that decides its vectors.

Hashing 600 MB takes a second or so, so digests of large files are kept by path, size and modification time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from thanosql_kernel.models.folders import WeightFolder, read_json

_KEPT_FROM_BYTES = 1_000_000
# A file written this recently may be written again within one tick of its clock: not worth remembering.
_SETTLED_AFTER_S = 2.0
# What saving a model again may change without changing its vectors.
_VOLATILE = frozenset({"transformers_version", "_name_or_path", "torch_dtype", "dtype", "architectures"})

_log = logging.getLogger(__name__)
_guard = threading.Lock()
_memory: dict[str, str] = {}


def fingerprint(folders: Sequence[WeightFolder]) -> str:
    """Hex SHA-256 over weights, configurations and vocabularies of the folders, by name within each.

    The same files in another place have the same fingerprint; formatting of the configurations and the library
    version noted in them do not count.
    """
    total = hashlib.sha256()
    for folder in folders:
        for file in folder.files:
            digest = _config_digest(file) if file.name.endswith("config.json") else _file_digest(file)
            total.update(f"{file.relative_to(folder.root).as_posix()}\0{digest}\n".encode())
        total.update(b"\n")
    return total.hexdigest()


def _config_digest(file: Path) -> str:
    config = read_json(file)
    if isinstance(config, dict):
        config = {key: value for key, value in config.items() if key not in _VOLATILE}
    return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()


def _file_digest(file: Path) -> str:
    real = file.resolve()
    status = real.stat()
    if status.st_size < _KEPT_FROM_BYTES:
        return hashlib.sha256(real.read_bytes()).hexdigest()
    key = f"{real}|{status.st_size}|{status.st_mtime_ns}"
    with _guard:
        known = _memory.get(key) or _read_kept().get(key)
        if known is None:
            known = _hash(real)
            if time.time() - status.st_mtime < _SETTLED_AFTER_S:
                return known
            _keep(key, known)
        _memory[key] = known
    return known


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _kept_path() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("thanosql-kernel", appauthor=False) / "weight-digests.json"


def _read_kept() -> dict[str, str]:
    try:
        kept = json.loads(_kept_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(key: str, digest: str) -> None:
    """Remember a digest; a cache that cannot be written costs time, nothing else."""
    path = _kept_path()
    stale = key.partition("|")[0] + "|"
    kept = {name: value for name, value in _read_kept().items() if not name.startswith(stale)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({**kept, key: digest}, stream, indent=1)
        os.replace(draft, path)
    except OSError as error:
        _log.info("digests of weights are not kept: %s", error)
