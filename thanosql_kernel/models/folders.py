"""Folders of weights: what must lie in them, and what is refused because reading it would run code.

Only file names and JSON are looked at, so this costs milliseconds and loads no library.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thanosql_kernel.errors import ModelError, Unsupported
from thanosql_kernel.models.families import FAMILIES, REFUSED
from thanosql_kernel.wording import Said
from thanosql_kernel.wording.models import TS400, TS403
from thanosql_kernel.wording.refusals import TS601

PICKLES = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib"})
"""Suffixes of weight files that are Python pickles, which run code when they are read."""

_TOWERS = frozenset({"Transformer", "CLIPModel"})
_WEIGHTLESS = frozenset({"Pooling", "Normalize", "Dropout"})
_TOKENIZERS = (
    ("tokenizer.json",),
    ("vocab.json", "merges.txt"),
    ("vocab.txt",),
    ("sentencepiece.bpe.model",),
    ("spiece.model",),
)
_PREPROCESSORS = ("preprocessor_config.json", "processor_config.json")
_FEEDING = ("tokenizer_config.json", "sentence_bert_config.json")
_CONFIGS = ("config.json", "tokenizer_config.json", *_PREPROCESSORS)
_INDEX = "model.safetensors.index.json"


@dataclass(frozen=True, slots=True)
class WeightFolder:
    """A sentence-transformers (or plain transformers) folder that can be loaded without running its code.

    Attributes:
        root: The folder.
        tower: Where in it its first module lies, with the tokenizer.
        model_type: transformers' name of the architecture, e.g. ``clip``.
        weights: The safetensors files, in loading order.
        files: Everything that decides what the vectors are: ``weights``, configurations, vocabulary.
    """

    root: Path
    tower: Path
    model_type: str
    weights: tuple[Path, ...]
    files: tuple[Path, ...]

    @property
    def sees_images(self) -> bool:
        """Whether it holds an image tower and a text tower, as CLIP does."""
        return self.model_type in FAMILIES


def inspect_folder(folder: Path | str) -> WeightFolder:
    """Look at a folder without loading it.

    Raises:
        ModelError: TS400 when the folder or something in it is missing or broken.
        Unsupported: TS601 when loading it would need code of its own.
    """
    root = Path(folder).expanduser()
    if not root.is_dir():
        raise _broken(TS400.NO_FOLDER(folder=folder), hint=TS400.SAVED_FOLDER())
    modules = list(_modules(root))
    places = [place for _, place in modules]
    for place in {root, *places}:
        _refuse_code(root, place)
    model_type = _check_tower(root, modules[0][1])
    weights = [file for kind, place in modules for file in _weights(root, kind, place)]
    files = [*weights, *_deciding_files(root, places, model_type)]
    return WeightFolder(root, modules[0][1], model_type, tuple(weights), tuple(dict.fromkeys(files)))


def refuse_pickles(root: Path) -> None:
    """Refuse a folder that holds pickled weights, at its top or one level down.

    Raises:
        Unsupported: TS601, naming the file and what to do.
    """
    files = sorted({*root.glob("*"), *root.glob("*/*")})
    for file in files:
        if file.suffix.lower() in PICKLES and file.is_file():
            name = file.relative_to(root).as_posix()
            raise Unsupported(TS601.IS_PICKLE(name=name), hint=TS601.DELETE_OR_SAVE_AGAIN())


def refuse_others(folder: WeightFolder, given: str) -> None:
    """Refuse what is no dual encoder, or one that is not offered.

    Raises:
        ModelError: TS403, with the reason.
    """
    _refuse_kind(folder.model_type, given)


def inspect_configuration(folder: Path) -> None:
    """Look at a dual encoder's folder before its weights are there.

    Raises:
        ModelError: TS400 when something of it is missing or broken, TS403 when it is no dual encoder.
        Unsupported: TS601 when loading it would need code of its own.
    """
    modules = list(_modules(folder))
    for place in {folder, *(place for _, place in modules)}:
        _refuse_code(folder, place)
    config = modules[0][1] / "config.json"
    if config.is_file():
        _refuse_kind(_model_type(folder, config), folder.name)
    _check_tower(folder, modules[0][1])


def read_json(path: Path) -> Any:
    """The content of a JSON file.

    Raises:
        ModelError: TS400 when it cannot be read or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(TS400.UNREADABLE(file=path.name, folder=path.parent)) from error


def _modules(root: Path) -> Iterator[tuple[str, Path]]:
    """Kind and place of each module in the order they run; a plain transformers folder is one tower."""
    listing = root / "modules.json"
    if not listing.is_file():
        yield "Transformer", root
        return
    entries = read_json(listing)
    if not isinstance(entries, list) or not entries:
        raise _broken(TS400.NO_MODULES(folder=root))
    for entry in entries:
        yield _module(root, entry)


def _module(root: Path, entry: object) -> tuple[str, Path]:
    path, kind = (entry.get("path"), entry.get("type")) if isinstance(entry, dict) else (None, None)
    if not isinstance(path, str) or not isinstance(kind, str):
        raise _broken(TS400.NO_LIST_OF_MODULES(folder=root))
    if not kind.startswith("sentence_transformers."):
        raise _runs_code(root, TS601.MODULE(name=kind))
    place = root / path
    if not place.resolve().is_relative_to(root.resolve()):
        raise _broken(TS400.OUTSIDE(folder=root, path=path))
    return kind.rpartition(".")[2], place


def _refuse_code(root: Path, place: Path) -> None:
    for script in sorted(place.glob("*.py")):
        raise _runs_code(root, _name(root, script))
    for name in _CONFIGS:
        config = read_json(place / name) if (place / name).is_file() else {}
        for key in ("auto_map", "custom_code"):
            if isinstance(config, dict) and config.get(key):
                raise _runs_code(root, TS601.KEY(key=key, file=_name(root, place / name)))


def _check_tower(root: Path, place: Path) -> str:
    """The architecture of the first module, once all that it needs is known to be there."""
    if (place / "adapter_config.json").is_file():
        raise _broken(TS400.ADAPTER(folder=root), hint=TS400.MERGE_ADAPTER())
    if not (place / "config.json").is_file():
        raise _lacks(root, place / "config.json")
    model_type = _model_type(root, place / "config.json")
    if not any(all((place / name).is_file() for name in names) for names in _TOKENIZERS):
        raise _broken(TS400.NO_TOKENIZER(folder=root))
    if model_type in FAMILIES and not any((place / name).is_file() for name in _PREPROCESSORS):
        raise _lacks(root, place / _PREPROCESSORS[0])
    return model_type


def _model_type(root: Path, file: Path) -> str:
    config = read_json(file)
    model_type = config.get("model_type") if isinstance(config, dict) else None
    if not isinstance(model_type, str):
        raise _broken(TS400.NO_MODEL_TYPE(file=_name(root, file), folder=root))
    return model_type


def _refuse_kind(model_type: str, given: str) -> None:
    if model_type in FAMILIES:
        return
    hint = TS403.UPLOAD_DUAL(families=", ".join(family.name for family in FAMILIES.values()))
    if reason := REFUSED.get(model_type):
        raise ModelError(TS403.NOT_OFFERED(folder=given, kind=model_type, reason=reason()), hint=hint)
    raise ModelError(TS403.NO_PICTURES(folder=given, kind=model_type), hint=hint)


def _weights(root: Path, kind: str, place: Path) -> list[Path]:
    """The safetensors files of one module."""
    single, index = place / "model.safetensors", place / _INDEX
    if single.is_file():
        return [single]
    if kind in _TOWERS and index.is_file():
        return _shards(root, index)
    if kind in _WEIGHTLESS:
        return []
    if any(file.suffix.lower() in PICKLES for file in place.glob("*")):
        raise Unsupported(TS601.ONLY_PICKLE(folder=root), hint=TS601.SAVE_AGAIN())
    raise _lacks(root, single)


def _shards(root: Path, index: Path) -> list[Path]:
    listing = read_json(index)
    names = listing.get("weight_map") if isinstance(listing, dict) else None
    if not isinstance(names, dict) or not names:
        raise _broken(TS400.NO_WEIGHTS_LISTED(file=_name(root, index), folder=root))
    shards = [index.parent / str(name) for name in sorted(set(names.values()))]
    for shard in shards:
        if shard.suffix != ".safetensors" or shard.parent != index.parent or not shard.is_file():
            raise _lacks(root, shard)
    return shards


def _deciding_files(root: Path, places: list[Path], model_type: str) -> Iterator[Path]:
    """Configurations and vocabularies."""
    names = ["config.json", *_PREPROCESSORS, *(name for names in _TOKENIZERS for name in names)]
    if model_type in FAMILIES.keys() - {"clip"}:  # of a CLIP they only repeat what the others say
        names += _FEEDING
    for place in dict.fromkeys(places):
        yield from (place / name for name in names if (place / name).is_file())
    if (root / "modules.json").is_file():
        yield root / "modules.json"


def _name(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix()


def _broken(message: Said, *, hint: Said | None = None) -> ModelError:
    return ModelError(message, hint=hint or TS400.COPY_AGAIN())


def _lacks(root: Path, file: Path) -> ModelError:
    return _broken(TS400.LACKS_FILE(folder=root, file=_name(root, file)))


def _runs_code(root: Path, what: str) -> Unsupported:
    return Unsupported(TS601.OWN_CODE(folder=root, what=what), hint=TS601.OTHER_ARCHITECTURE())
