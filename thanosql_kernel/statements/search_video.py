"""SEARCH VIDEO: the moments of films that are like a text or picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.statements.search import Search
from thanosql_kernel.wording import films


@dataclass(frozen=True)
class SearchVideo(Search):
    """``SEARCH VIDEO [text=…|texts=[…]|image=…|images=[…]] USING model [OPTIONS(...)] AS query``."""

    heads = (("SEARCH", "VIDEO"),)
    unsupported: ClassVar = {heads[0]: films.SEARCH_FRAMES}
    syntax = "SEARCH VIDEO [text='…'|texts=[…]|image='…'|images=[…]] USING model [OPTIONS(…)] AS query"
    help = films.SEARCH_VIDEO
    example = ""
