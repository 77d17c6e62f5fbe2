"""GENERATE USING: make texts or pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.statements.using import UsingModel
from thanosql_kernel.wording import instead, statements


@dataclass(frozen=True)
class Generate(UsingModel):
    """``GENERATE USING model [OPTIONS(...)] AS query``."""

    heads = (("GENERATE", "USING"),)
    unsupported: ClassVar = {heads[0]: instead.FIND_WHAT_IS_THERE}
    syntax = "GENERATE USING model [OPTIONS(…)] AS query"
    help = statements.GENERATE
