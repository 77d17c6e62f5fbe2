"""The scores that completion has reached, by kind of place; no change may lower one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.completion.score import Found, by_kind, mean

FILE = Path(__file__).parent / "reached.txt"


def read() -> dict[str, float]:
    """Kind of place -> mean reciprocal rank, and ``overall``."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {kind: float(score) for kind, _, score in (line.rpartition(" ") for line in lines)}


def write(found: Sequence[Found]) -> None:
    """Keep these as what is reached."""
    scores = {"overall": mean(found)} | {kind: mean(group) for kind, group in by_kind(found).items()}
    FILE.write_text("".join(f"{kind} {score:.3f}\n" for kind, score in scores.items()), encoding="utf-8")
