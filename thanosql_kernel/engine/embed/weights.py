"""A model's weights, fetched and loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Model
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.interrupts import abandonable
from thanosql_kernel.wording import answers

if TYPE_CHECKING:
    from thanosql_kernel.models.encoder import Encoder


def encoder_of(model: Model, work: Work) -> Encoder:
    """The encoder of a model, loaded if it is not in memory.

    Raises:
        ModelError: It cannot be loaded.
        Interrupted: The user asked to stop; what is being loaded is let go of.
    """
    from thanosql_kernel.models import registry

    with abandonable(work.check) as call:
        return call(
            lambda: registry.load(
                model, notice=work.notice_once, progress=work.progress, check_interrupted=work.check
            )
        )


def fetched(model: Model, work: Work) -> str:
    """Download a model's weights if they are not at hand; what to tell the user, "" for nothing.

    Raises:
        ThanoSQLError: They cannot be had or run, and the embedded model must not stand in.
    """
    from thanosql_kernel.models import registry

    if registry.weights_at_hand(model):
        return ""
    try:
        weights = registry.download(model, progress=work.progress, check_interrupted=work.check)
    except (DataError, registry.MissingPackages) as error:
        if not registry.may_stand_in(model):
            raise
        told = answers.STANDS_IN(problem=error.message, model=model.name)
        return f"{told}\n{error.hint}" if error.hint else told
    return answers.WEIGHTS_HERE(weights=f"{weights.name} {weights.revision}")
