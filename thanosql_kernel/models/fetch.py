"""Fetch one repository of weights into the hub cache; `models.hub` runs this file as a process of its own.

Usage: ``python -P fetch.py fetch|survey REPOSITORY CACHE_FOLDER ENDPOINT``. Prints one JSON object: ``{"folder": …}``
(of a survey also the weights' ``"bytes"``, and whether there are ``"pickles"``) or ``{"error": …, "damaged": …}``.

huggingface_hub 2 starts a file anew when its fetch was broken off. Weights are hundreds of megabytes, so they are
fetched here first, into a part that stays, and put where the library then finds them:
``blobs/<etag>`` (https://huggingface.co/docs/huggingface_hub/guides/manage-cache).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from fnmatch import fnmatch
from pathlib import Path

# No *.bin, *.pt or *.h5: pickles are never read, so there is no use in having them.
SMALL = ["*.json", "*.txt", "*.model"]
# Some repositories have the same weights again for other libraries: open_clip_model.safetensors.
WEIGHTS = ["model.safetensors", "model-*-of-*.safetensors"]
UNWANTED = ["onnx/*", "openvino/*"]
PICKLES = (".bin", ".pt", ".pth", ".ckpt")
PART = ".part"
_SHA256_LENGTH = 64


class Damaged(OSError):
    """The bytes are not the ones that the hub announced."""


def main(task: str, repo: str, cache_folder: str, endpoint: str) -> int:
    """Fetch or survey, and report; 0 when all of it is in the cache."""
    try:
        told = {"fetch": fetch, "survey": survey}[task](repo, Path(cache_folder), endpoint)
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        print(json.dumps({"error": lines[0], "damaged": isinstance(error, Damaged)}))
        return 1
    print(json.dumps(told))
    return 0


def survey(repo: str, cache_folder: Path, endpoint: str) -> dict[str, object]:
    """What a repository has, with all but its weights fetched."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.hf_api import RepoFile
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    tree = HfApi(endpoint=endpoint).list_repo_tree(repo, recursive=True)
    sizes = {file.path: file.size for file in tree if isinstance(file, RepoFile)}
    folder = snapshot_download(
        repo, cache_dir=cache_folder, endpoint=endpoint, allow_patterns=SMALL, ignore_patterns=UNWANTED
    )
    return {
        "folder": folder,
        "bytes": sum(size for name, size in sizes.items() if is_weights(name)),
        "pickles": any(name.endswith(PICKLES) for name in sizes),
    }


def is_weights(name: str) -> bool:
    """Whether a repository's file holds weights that are read."""
    return any(fnmatch(name.rpartition("/")[2], pattern) for pattern in WEIGHTS) and not any(
        fnmatch(name, pattern) for pattern in UNWANTED
    )


def fetch(repo: str, cache_folder: Path, endpoint: str) -> dict[str, object]:
    """The folder of the snapshot, once every wanted file is in it."""
    from huggingface_hub import HfApi, hf_hub_url, snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    blobs = cache_folder / f"models--{repo.replace('/', '--')}" / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    weights = [name for name in HfApi(endpoint=endpoint).list_repo_files(repo) if is_weights(name)]
    for name in weights:
        fetch_weights(hf_hub_url(repo, name, endpoint=endpoint), blobs, endpoint)
    wanted = [*SMALL, *weights]
    folder = snapshot_download(
        repo, cache_dir=cache_folder, endpoint=endpoint, allow_patterns=wanted, ignore_patterns=UNWANTED
    )
    return {"folder": folder}


def fetch_weights(url: str, blobs: Path, endpoint: str) -> None:
    """Fetch one large file, or the rest of it.

    Raises:
        Damaged: when the bytes are not the ones the hub announced.
    """
    from filelock import FileLock
    from huggingface_hub import get_hf_file_metadata
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    known = get_hf_file_metadata(url, endpoint=endpoint)
    if not known.etag:
        return
    whole, part = blobs / known.etag, blobs / f"{known.etag}{PART}"
    with FileLock(blobs / f"{known.etag}.lock"):
        if whole.exists():
            return
        with part.open("ab") as stream:
            http_get(
                url, stream, resume_size=stream.tell(), headers=build_hf_headers(), expected_size=known.size
            )
        check(part, known.etag)
        os.replace(part, whole)


def check(part: Path, etag: str) -> None:
    """The hub names large files by their SHA-256; a part that does not fit is dropped, to be fetched anew.

    Raises:
        Damaged: when it does not fit.
    """
    if len(etag) != _SHA256_LENGTH:
        return
    with part.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != etag:
        part.unlink()
        raise Damaged(part.name)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
