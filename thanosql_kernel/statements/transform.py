"""TRANSFORM USING: change rows by a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.statements.using import UsingModel
from thanosql_kernel.wording import old_kinds, statements


@dataclass(frozen=True)
class Transform(UsingModel):
    """``TRANSFORM USING model [OPTIONS(...)] AS query``."""

    heads = (("TRANSFORM", "USING"),)
    unsupported: ClassVar = {heads[0]: old_kinds.TRANSFORMED}
    syntax = "TRANSFORM USING model [OPTIONS(…)] AS query"
    help = statements.TRANSFORM
