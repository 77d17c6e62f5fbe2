"""GENERATE USING: make texts or pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.statements.using import UsingModel


@dataclass(frozen=True)
class Generate(UsingModel):
    """``GENERATE USING model [OPTIONS(...)] AS query``."""

    heads = (("GENERATE", "USING"),)
    unsupported: ClassVar = {heads[0]: "CONVERT and SEARCH find what is there; nothing here writes or paints"}
    syntax = "GENERATE USING model [OPTIONS(…)] AS query"
    help = "Make texts or pictures. Not run by this kernel."
