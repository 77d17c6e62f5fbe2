"""The probability that a row belongs to what is searched for, of models that were trained to tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from thanosql_kernel.errors import ModelError
from thanosql_kernel.models.encoder import Calibrated, Logits
from thanosql_kernel.statements.search_ranking import no_relevance
from thanosql_kernel.statements.vectors import Combined, Sought
from thanosql_kernel.wording.searching import TS110

if TYPE_CHECKING:
    from thanosql_kernel.models.encoder import Encoder


def logits_of(encoder: Encoder, inputs: Sequence[Sought]) -> Logits:
    """How the model computes it.

    Raises:
        ModelError: TS403 it does not; TS110 several inputs are searched for as one, of which it was never asked.
    """
    combined = next((item for item in inputs if isinstance(item, Combined)), None)
    if combined is not None:
        raise ModelError(TS110.OF_ONE_PAIR(), span=combined.span)
    logits = encoder.logits if isinstance(encoder, Calibrated) else None
    if logits is None:
        raise no_relevance(encoder.name)
    return logits
