"""What statements answer once they have run, and what they note beside it; progress while they do."""

from __future__ import annotations
