"""The command line of a worker, and which shard is its own. Standard library only: ``--help`` loads no engine."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from thanosql_kernel.command_line import ArgumentParser
from thanosql_kernel.wording import workers

COMMIT_S = 60.0
"""A commit a minute: of a thousand workers 17 a second."""
EVERY_S = 10.0
_SLURM, _KUBERNETES = "SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"


def add_arguments(parser: ArgumentParser) -> None:
    """Add what a worker takes."""
    parser.add_argument("statement", metavar="CONVERT", help=str(workers.STATEMENT))
    options = parser.options
    options.add_argument("--database", help=str(workers.DATABASE))
    options.add_argument("--folder", type=Path, help=str(workers.FOLDER))
    which = options.add_mutually_exclusive_group()
    which.add_argument("--shard", metavar="I/N", help=str(workers.SHARD))
    which.add_argument("--shards", metavar="N", type=_positive, help=str(workers.SHARDS))
    options.add_argument("--commit-s", type=_seconds, default=COMMIT_S, help=str(workers.COMMIT))
    options.add_argument("--progress-s", type=_seconds, default=EVERY_S, help=str(workers.EVERY))


def shard_of(options: argparse.Namespace, environ: Mapping[str, str] | None = None) -> str:
    """The shard as ``2/4``: what the options say, else what Slurm or Kubernetes do, else everything.

    Raises:
        ValueError: What they say does not fit together; the text says why.
    """
    environ = os.environ if environ is None else environ
    if options.shard is not None:
        return str(options.shard)
    if environ.get(_SLURM):
        return _slurm(options.shards, environ)
    if environ.get(_KUBERNETES):
        if options.shards is None:
            raise ValueError(workers.NO_COUNT(variable=_KUBERNETES))
        return _checked(_KUBERNETES, int(environ[_KUBERNETES]), options.shards)
    if options.shards not in (None, 1):
        raise ValueError(workers.NO_NUMBER())
    return "1/1"


def _slurm(count: int | None, environ: Mapping[str, str]) -> str:
    """Of ``--array=0-3``, ``1-4`` and ``10-40:10`` each job has its number."""
    first, step = (int(environ.get(f"SLURM_ARRAY_TASK_{name}") or 0) for name in ("MIN", "STEP"))
    count = count or int(environ.get("SLURM_ARRAY_TASK_COUNT") or 0)
    if not count:
        raise ValueError(workers.NO_COUNT(variable=_SLURM))
    return _checked(_SLURM, (int(environ[_SLURM]) - first) // max(1, step), count)


def _checked(variable: str, number: int, count: int) -> str:
    if not 0 <= number < count:
        raise ValueError(workers.BEYOND(variable=variable, number=number, count=count))
    return f"{number + 1}/{count}"


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError
    return number
