"""GENERATE USING: make texts or pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.errors import Unsupported
from thanosql_kernel.statements.old_kinds import instead_of
from thanosql_kernel.statements.using import UsingModel
from thanosql_kernel.wording import instead, statements
from thanosql_kernel.wording.refusals import TS600


@dataclass(frozen=True)
class Generate(UsingModel):
    """``GENERATE USING model [OPTIONS(...)] AS query``."""

    heads = (("GENERATE", "USING"),)
    unsupported: ClassVar = {heads[0]: instead.FIND_WHAT_IS_THERE}
    syntax = "GENERATE USING model [OPTIONS(…)] AS query"
    help = statements.GENERATE

    def refusal(self) -> Unsupported:
        """What there is instead of a model that writes, or of one that paints."""
        hint = instead_of(self.model.text) or instead.FIND_WHAT_IS_THERE
        return Unsupported(TS600.NOT_SUPPORTED(words=" ".join(self.words)), span=self.span, hint=str(hint))
