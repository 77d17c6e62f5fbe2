"""SEARCH AUDIO: sounds that are like a text or another sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.search import Search
from thanosql_kernel.statements.search_inputs import INPUTS
from thanosql_kernel.wording import old_kinds


@dataclass(frozen=True)
class SearchAudio(Search):
    """``SEARCH AUDIO [text=…|texts=[…]|audio=…|audios=[…]] USING model [OPTIONS(...)] AS query``."""

    heads = (("SEARCH", "AUDIO"),)
    unsupported: ClassVar = {heads[0]: old_kinds.SOUNDS}
    syntax = "SEARCH AUDIO [text='…'|audio='…'] USING model [OPTIONS(…)] AS query"
    help = old_kinds.SEARCH_AUDIO
    example = ""
    input_specs = (
        *INPUTS,
        Option("audio", "text", old_kinds.AUDIO, role="path"),
        Option("audios", "texts", old_kinds.AUDIO, role="path"),
    )
