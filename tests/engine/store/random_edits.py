"""How many random edits a hunt tries."""

from __future__ import annotations

from tests.hunts import rounds

EDITS = rounds(40, 200)
SEEDS = range(rounds(1, 10))
