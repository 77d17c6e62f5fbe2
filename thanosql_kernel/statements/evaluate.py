"""EVALUATE USING: measure how well a model does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.statements.using import UsingModel
from thanosql_kernel.wording import instead, statements


@dataclass(frozen=True)
class Evaluate(UsingModel):
    """``EVALUATE USING model [OPTIONS(...)] AS query``."""

    heads = (("EVALUATE", "USING"),)
    unsupported: ClassVar = {heads[0]: instead.FIGURES}
    syntax = "EVALUATE USING model [OPTIONS(…)] AS query"
    help = statements.EVALUATE
