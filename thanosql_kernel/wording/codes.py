"""All codes of errors with what they mean."""

from __future__ import annotations

from thanosql_kernel.wording import (
    data,
    grammar,
    indexes,
    models,
    names,
    refusals,
    searching,
    training,
    values,
    workers,
)
from thanosql_kernel.wording.text import Code, Wording

CODES: dict[str, Wording] = {
    name: kind.MEANING
    for module in (grammar, searching, names, indexes, values, models, training, data, refusals, workers)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Code) and kind is not Code
}
