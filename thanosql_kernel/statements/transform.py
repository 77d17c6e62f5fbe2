"""TRANSFORM USING: change rows by a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.statements.using import UsingModel


@dataclass(frozen=True)
class Transform(UsingModel):
    """``TRANSFORM USING model [OPTIONS(...)] AS query``."""

    heads = (("TRANSFORM", "USING"),)
    unsupported: ClassVar = {heads[0]: "CONVERT USING … makes vectors of pictures and texts"}
    syntax = "TRANSFORM USING model [OPTIONS(…)] AS query"
    help = "Change rows by a model. Not run by this kernel."
