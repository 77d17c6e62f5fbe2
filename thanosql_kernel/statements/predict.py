"""PREDICT USING: say what rows are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.statements.using import UsingModel


@dataclass(frozen=True)
class Predict(UsingModel):
    """``PREDICT USING model [OPTIONS(...)] AS query``."""

    heads = (("PREDICT", "USING"),)
    unsupported: ClassVar = {heads[0]: "SEARCH IMAGE texts=['a cat', 'a dog'] gives one similarity a text"}
    syntax = "PREDICT USING model [OPTIONS(…)] AS query"
    help = "Say what each row is. Not run by this kernel."
