"""Which weights a model name stands for on this machine, and the encoders loaded from them.

Import-light: an editor may ask `weights_at_hand`, so torch, onnxruntime and huggingface_hub are imported only by what
needs them. What a dual encoder runs on need not be installed at all: ``mini`` works without.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from thanosql_kernel import packages
from thanosql_kernel.catalog import Model, Weights
from thanosql_kernel.errors import DataError, ModelError, ThanoSQLError, Unsupported
from thanosql_kernel.models import hub, quantized, trained
from thanosql_kernel.models.encoder import Encoder
from thanosql_kernel.models.families import FAMILIES
from thanosql_kernel.models.fingerprint import fingerprint
from thanosql_kernel.models.folders import WeightFolder, inspect_folder, refuse_others, refuse_pickles
from thanosql_kernel.models.spec import OWN, SPECS, ModelSpec, trained_spec
from thanosql_kernel.wording import models
from thanosql_kernel.wording.data import TS502
from thanosql_kernel.wording.models import TS400

Notice = Callable[[str], None]
CheckInterrupted = Callable[[], None]

_log = logging.getLogger(__name__)


class MissingPackages(ModelError):
    """TS400: what the model runs on is not installed."""


@dataclass(frozen=True, slots=True)
class Towers:
    """The folders that a dual encoder is made of.

    Attributes:
        name: What its weights are called: their spec, the hub's repository or the folder.
        image: Holds the image tower, and the text tower unless ``text`` does.
        text: Holds a separate text tower.
    """

    name: str
    image: WeightFolder
    text: WeightFolder | None = None

    @property
    def folders(self) -> tuple[WeightFolder, ...]:
        """One or two folders."""
        return (self.image,) if self.text is None else (self.image, self.text)

    def weights(self) -> Weights:
        """Their identity as they are to be run; hashes what was not hashed before (a second for 600 MB)."""
        commits = [hub.commit_of(folder.root) for folder in self.folders]
        revision = "+".join(commit[:12] if commit else "local" for commit in dict.fromkeys(commits))
        weights = Weights(self.name, revision, fingerprint(self.folders))
        return quantized.identity(weights) if quantized.is_asked_for() else weights


def load(
    model: Model,
    *,
    notice: Notice,
    progress: hub.OpenProgress | None = None,
    check_interrupted: CheckInterrupted | None = None,
) -> Encoder:
    """The encoder of a model; loaded once a process, from any thread.

    Weights come from a configured folder, the local hub cache or the hub, in this order. Where those of a CLIP cannot
    be had, or the packages that run them are not installed, the embedded model stands in under its own name, and
    ``notice`` is told so each time. It does for no other: whoever asks for a better model wants no worse answers.

    Args:
        model: What to load.
        notice: Told in one line when other weights stand in.
        progress: Opens a bar while weights are fetched from the hub.
        check_interrupted: Raises when the user asked to stop; asked while weights are fetched.

    Raises:
        DataError: TS502 when no weights can be had of a model that none stands in for.
        ModelError: TS400 when a configured folder is broken or cannot be run, or when no weights can be had or run and
            ``THANOSQL_FALLBACK=error`` is set; TS403 when it is no dual encoder.
        Unsupported: TS601 when a folder or repository would run code.
    """
    if model.trained is not None:
        frozen = load(model.trained.on, notice=notice, progress=progress, check_interrupted=check_interrupted)
        return trained.load(model.trained, frozen)
    if _spec(model).loader == "colours":
        return _colours()
    towers = _resolve(model, notice, progress, check_interrupted)
    if towers is None:
        return _mini()
    weights = towers.weights()
    place = "|".join(str(folder.root) for folder in towers.folders)
    return _loaded.get(place, weights.fingerprint, lambda: _load_dual(towers, weights))


def identify(
    model: Model,
    *,
    notice: Notice,
    progress: hub.OpenProgress | None = None,
    check_interrupted: CheckInterrupted | None = None,
) -> Weights:
    """Which weights `load` would give, without loading them; takes and raises what `load` does."""
    if model.trained is not None:
        on = model.trained.on
        frozen = identify(on, notice=notice, progress=progress, check_interrupted=check_interrupted)
        return trained.weights(model.trained, frozen)
    if _spec(model).loader == "colours":
        return _identity(_colours())
    towers = _resolve(model, notice, progress, check_interrupted)
    if towers is not None:
        return towers.weights()
    return _identity(_mini())


def _identity(encoder: Encoder) -> Weights:
    return Weights(encoder.name, encoder.revision, encoder.fingerprint)


def weights_at_hand(model: Model) -> bool:
    """Whether the model's own weights are on this machine, with what runs them; looks at file names only."""
    if model.trained is not None:
        return trained.is_here(model.trained, weights_at_hand)
    spec = _spec(model)
    if spec.is_embedded:
        return True
    if packages.missing(packages.CLIP):
        return False
    try:
        return _find_local(model, spec) is not None
    except (ModelError, Unsupported):
        return False


def download(
    model: Model,
    *,
    progress: hub.OpenProgress | None = None,
    check_interrupted: CheckInterrupted | None = None,
) -> Weights:
    """Bring a model's own weights to this machine; nothing is fetched when they are here.

    Args:
        model: Whose weights.
        progress: Opens a bar.
        check_interrupted: Raises when the user asked to stop; what has arrived is kept.

    Returns:
        Which weights they are.

    Raises:
        DataError: TS502 when the hub cannot be reached or does not give them.
        MissingPackages: What runs them is not installed.
        ModelError: TS400 when a configured folder is broken.
    """
    spec = _spec(model)
    if spec.is_embedded or model.trained is not None:
        return identify(model, notice=_log.info)
    _check_packages(spec)
    towers = _find_local(model, spec)
    if towers is None:
        hub.forget_reach()
        towers = _fetch(model, spec, progress, check_interrupted)
    return towers.weights()


def validate_folder(path: Path | str) -> Path:
    """Check a folder that UPLOAD MODEL names, without loading it.

    Returns:
        Its absolute path.

    Raises:
        ModelError: TS400 when something in it is missing or broken, TS403 when it is no dual encoder.
        Unsupported: TS601 when it holds pickles or code.
    """
    folder = Path(path).expanduser()
    if folder.is_dir():
        refuse_pickles(folder)
    refuse_others(inspect_folder(folder), str(path))
    return folder.resolve()


def may_stand_in(model: Model) -> bool:
    """Whether the embedded model may stand in for a model whose weights cannot be had."""
    return _spec(model).stands_in and os.environ.get("THANOSQL_FALLBACK", "").strip().lower() != "error"


def forget() -> None:
    """Drop loaded encoders and what was decided about the hub."""
    _loaded.clear()
    hub.forget_reach()


# -- finding weights -----------------------------------------------------------------------------------------


def _resolve(
    model: Model, notice: Notice, progress: hub.OpenProgress | None, check: CheckInterrupted | None
) -> Towers | None:
    """The model's towers, fetched if need be; None when the embedded model is meant or stands in."""
    spec = _spec(model)
    if spec.loader == "mini":
        return None
    try:
        _check_packages(spec)
        return _find_local(model, spec) or _fetch(model, spec, progress, check)
    except (DataError, MissingPackages) as error:
        if isinstance(error, MissingPackages) and _configured_folder(model, spec):
            raise
        _stand_in(model, spec, error, notice)
        return None


def _check_packages(spec: ModelSpec) -> None:
    """What runs a dual encoder comes with an extra of this package: it is large.

    Raises:
        MissingPackages: It is not installed.
    """
    absent = packages.missing(packages.CLIP)
    if absent:
        hint = TS400.INSTALL_PACKAGES(command=packages.clip_command())
        needs = TS400.NEEDS_PACKAGES(model=spec.people_say, packages=", ".join(absent))
        raise MissingPackages(needs, hint=hint)


def _spec(model: Model) -> ModelSpec:
    """What a model is; one of the user's own is called as its repository or folder is."""
    if model.trained is not None:
        return trained_spec(model, model.trained)
    if model.spec == OWN.name:
        return replace(OWN, name=model.repo or Path(model.folder or "").name, source=model.repo or "")
    if model.spec not in SPECS:
        message = TS400.OTHER_KERNEL(model=model.name, kind=model.spec)
        raise ModelError(message, hint=TS400.GET_AGAIN(model=model.name))
    return SPECS[model.spec]


def _find_local(model: Model, spec: ModelSpec) -> Towers | None:
    """Towers on this machine; None when the hub would have to be asked."""
    folder = _configured_folder(model, spec)
    if folder:
        return _configured(spec, folder)
    image = hub.find_snapshot(spec.source)
    if image is None or spec.text_source is None:
        return Towers(spec.name, image) if image else None
    text = hub.find_snapshot(spec.text_source)
    return Towers(spec.name, image, text) if text else None


def _configured_folder(model: Model, spec: ModelSpec) -> str | None:
    return model.folder or (None if model.repo else os.environ.get(spec.variable)) or None


def _configured(spec: ModelSpec, folder: str) -> Towers | None:
    """Towers of a folder that the user names, whose faults are errors.

    For a spec with a separate text tower the folder holds both, each in a subfolder named as on the hub, or it is the
    text tower itself and the image tower is CLIP's.
    """
    root = Path(folder).expanduser()
    if spec.text_source is None:
        return Towers(spec.name, _seeing(inspect_folder(root), folder, spec))
    if (root / _last(spec.source)).is_dir():
        image = _seeing(inspect_folder(root / _last(spec.source)), folder, spec)
        return Towers(spec.name, image, inspect_folder(root / _last(spec.text_source)))
    text = inspect_folder(root)
    clip = _find_local(Model("clip", "clip"), SPECS["clip"])
    return Towers(spec.name, clip.image, text) if clip else None


def _last(repo: str) -> str:
    return repo.rpartition("/")[2]


def _seeing(folder: WeightFolder, given: str, spec: ModelSpec) -> WeightFolder:
    refuse_others(folder, given)
    if spec.family and folder.model_type != spec.family:
        message = TS400.OTHER_FAMILY(
            folder=given, kind=FAMILIES[folder.model_type].name, wanted=spec.people_say
        )
        raise ModelError(message, hint=TS400.UPLOAD_INSTEAD(variable=spec.variable, folder=given))
    return folder


def _fetch(
    model: Model, spec: ModelSpec, progress: hub.OpenProgress | None, check: CheckInterrupted | None
) -> Towers:
    """Towers that the hub gives.

    Raises:
        DataError: TS502 when it does not, with what to do as its hint.
        ModelError: TS403 when a repository that the user named holds no dual encoder.
        Unsupported: TS601 when it would run code.
    """
    repos, size_mb = [repo for repo in (spec.source, spec.text_source) if repo], spec.size_mb
    if _configured_folder(model, spec):  # a text tower that lacks CLIP's image tower
        repos, size_mb = [spec.source], SPECS["clip"].size_mb
    asked = f"'{model.repo}' AS {model.name}" if model.repo else spec.name
    reach = hub.reach(next((repo for repo in repos if hub.find_snapshot(repo) is None), repos[0]))
    if not reach.ok:
        raise reach.error(asked, spec.people_say)
    try:
        if model.repo:
            size_mb = hub.survey(model.repo, check_interrupted=check)
        label = models.FETCHING(model=spec.people_say, size=size_mb)
        hub.fetch(repos, label=label, total_mb=size_mb, progress=progress, check_interrupted=check)
    except DataError as error:
        error.hint = error.hint or TS502.GO_ON(model=asked)
        raise
    towers = _find_local(model, spec)
    assert towers is not None, "hub.fetch gives complete snapshots or raises"
    return towers


def _stand_in(model: Model, spec: ModelSpec, error: ThanoSQLError, notice: Notice) -> None:
    """Say that the embedded model stands in, or refuse where it must not.

    Raises:
        ModelError: TS400 with ``THANOSQL_FALLBACK=error``.
        ThanoSQLError: ``error`` for a model that none stands in for.
    """
    if not spec.stands_in:
        raise error
    if not may_stand_in(model):
        hint = error.hint
        if not isinstance(error, MissingPackages):
            hint = TS400.OR_SET_FOLDER(remedy=error.hint, variable=spec.variable)
        raise ModelError(TS400.OF_MODEL(model=model.name, problem=error.message), hint=hint) from error
    people = spec.people_say
    notice(models.MINI_STANDS_IN(model=model.name, problem=error.message, people=people, remedy=error.hint))


# -- loaded encoders -----------------------------------------------------------------------------------------


class _Loaded:
    """The encoder of each place; two threads that want the same one wait for a single load."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._encoders: dict[str, tuple[str, Encoder]] = {}

    def get(self, place: str, fingerprint: str, load_it: Callable[[], Encoder]) -> Encoder:
        """The encoder loaded from a place, loaded anew if the place holds other weights now."""
        with self._guard:
            turn = self._turns.setdefault(place, threading.Lock())
        with turn:
            known = self._encoders.get(place)
            if known is None or known[0] != fingerprint:
                known = self._encoders[place] = (fingerprint, load_it())
            return known[1]

    def clear(self) -> None:
        self._encoders.clear()


_loaded = _Loaded()


def _colours() -> Encoder:
    from thanosql_kernel.models.colours import ColourEncoder

    return ColourEncoder()


def _mini() -> Encoder:
    return _loaded.get("mini", "", _load_mini)


def _load_mini() -> Encoder:
    from thanosql_kernel.models import mini

    return mini.load()


def _load_dual(towers: Towers, weights: Weights) -> Encoder:
    from thanosql_kernel.models import dual

    int8 = quantized.is_asked_for()
    if int8:
        quantized.check(FAMILIES[towers.image.model_type])
    return dual.load(towers.image, towers.text, weights, int8=int8)
