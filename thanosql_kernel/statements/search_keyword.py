"""SEARCH KEYWORD: the words of texts that say best what they are about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.statements.statement import Words
from thanosql_kernel.statements.using import UsingModel
from thanosql_kernel.wording import keywords


@dataclass(frozen=True)
class SearchKeyword(UsingModel):
    """``SEARCH KEYWORD USING model [OPTIONS(...)] AS query``."""

    heads = (("SEARCH", "KEYWORD"),)
    unsupported: ClassVar = {heads[0]: keywords.SEARCH_WORDS}
    syntax = "SEARCH KEYWORD USING model [OPTIONS(…)] AS query"
    help = keywords.SEARCH_KEYWORD

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows SEARCH KEYWORD."""
        cursor.expect("USING")
        return replace(super().parse(cursor, (*words, "USING")), words=words)
