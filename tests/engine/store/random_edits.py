"""How many random edits a test tries: few in CI, thousands by hand."""

from __future__ import annotations

import os

#: Random edits of each kind of test; thousands with THANOSQL_EDITS.
EDITS = int(os.environ.get("THANOSQL_EDITS", "60"))
SEEDS = range(int(os.environ.get("THANOSQL_EDIT_SEEDS", "2")))
