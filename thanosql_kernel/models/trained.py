"""Models that were trained here: the head in its folder, on the encoder that it was trained on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Model, Trained, Weights
from thanosql_kernel.errors import ModelError
from thanosql_kernel.models.encoder import Encoder
from thanosql_kernel.wording.models import TS401
from thanosql_kernel.wording.training import TRAIN_AGAIN

if TYPE_CHECKING:
    from thanosql_kernel.models.heads.head import Head


def load(trained: Trained, frozen: Encoder) -> Encoder:
    """Its encoder.

    Args:
        trained: What was trained.
        frozen: The encoder that it is on.

    Raises:
        ModelError: TS400, its files are gone or damaged; TS401, it was trained on other weights than those of now.
    """
    from thanosql_kernel.models.heads.encoder import HeadEncoder

    return HeadEncoder(trained.base, frozen, head_of(trained, frozen.fingerprint))


def weights(trained: Trained, frozen: Weights) -> Weights:
    """Which weights `load` would give."""
    from thanosql_kernel.models.heads.encoder import weights_of

    return weights_of(trained.base, frozen.fingerprint, head_of(trained, frozen.fingerprint))


def head_of(trained: Trained, fingerprint: str) -> Head:
    """Its head, which must have been trained on the weights of that fingerprint.

    Raises:
        ModelError: TS400, its files are gone or damaged; TS401, it was trained on others.
    """
    from thanosql_kernel.models.heads.head import load_head

    head = load_head(Path(trained.folder))
    if head.frozen != fingerprint:
        raise ModelError(TS401.OTHER_FROZEN(base=trained.base, model=trained.on.name), hint=TRAIN_AGAIN())
    return head


def is_here(trained: Trained, frozen_is_here: Callable[[Model], bool]) -> bool:
    """Whether its head and the weights below are on this machine."""
    from thanosql_kernel.models.heads.head import is_head

    return is_head(Path(trained.folder)) and frozen_is_here(trained.on)
