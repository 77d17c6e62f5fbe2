"""EVALUATE USING: measure how well a model does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.statements.using import UsingModel


@dataclass(frozen=True)
class Evaluate(UsingModel):
    """``EVALUATE USING model [OPTIONS(...)] AS query``."""

    heads = (("EVALUATE", "USING"),)
    unsupported: ClassVar = {heads[0]: "SELECT computes figures: avg(CASE WHEN a = b THEN 1 ELSE 0 END)"}
    syntax = "EVALUATE USING model [OPTIONS(…)] AS query"
    help = "Measure a model on rows. Not run by this kernel."
