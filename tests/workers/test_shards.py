"""Which shard a value belongs to, and which shard a job is told to take."""

from __future__ import annotations

import argparse

import numpy as np
import pyarrow as pa
import pytest

from thanosql_kernel.command_line import ArgumentParser
from thanosql_kernel.engine.embed.shards import Shard
from thanosql_kernel.workers.arguments import add_arguments, shard_of

TEXTS = [*(f"사진/{number}.jpg" for number in range(500)), "", "같은", "같은", None]


def column(values: list[str | None]) -> pa.LargeStringArray:
    return pa.array(values, pa.large_string())


def held(shard: Shard, values: list[str | None]) -> set[str | None]:
    return {value for value, is_held in zip(values, shard.holds(column(values)), strict=True) if is_held}


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_shards_are_disjoint_and_hold_every_value(count: int) -> None:
    shards = [held(Shard(number, count), TEXTS) for number in range(count)]
    assert set.union(*shards) == set(TEXTS) - {None}
    assert sum(map(len, shards)) == len(set(TEXTS)) - 1


def test_shards_are_about_as_large_as_each_other() -> None:
    texts = column([str(number) for number in range(40_000)])
    sizes = [int(Shard(number, 4).holds(texts).sum()) for number in range(4)]
    assert min(sizes) > 9_500


def test_a_value_keeps_its_shard_wherever_it_stands() -> None:
    shuffled = [TEXTS[at] for at in np.random.default_rng(1).permutation(len(TEXTS))]
    for number in range(3):
        assert held(Shard(number, 3), shuffled) == held(Shard(number, 3), TEXTS)
        later = column(["x", "y", *TEXTS]).slice(2)
        assert (Shard(number, 3).holds(later) == Shard(number, 3).holds(column(TEXTS))).all()


def test_what_belongs_to_others_is_null_at_its_place() -> None:
    shard = Shard(1, 3)
    only = shard.only(column(TEXTS)).to_pylist()
    assert only == [value if value in held(shard, TEXTS) else None for value in TEXTS]


@pytest.mark.parametrize("text", ["", "1", "0/4", "5/4", "-1/4", "1/0", "1/4/4", "one/two", "1.0/4"])
def test_a_shard_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Shard.parse(text)


def test_a_shard_is_counted_from_one() -> None:
    assert Shard.parse(" 2/4 ") == Shard(1, 4)
    assert str(Shard(3, 4)) == "4/4"


def options(*arguments: str) -> argparse.Namespace:
    parser = ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(["CONVERT …", *arguments])


def slurm(number: int, first: int, last: int, step: int = 1) -> dict[str, str]:
    count = len(range(first, last + 1, step))
    named = {"ID": number, "MIN": first, "MAX": last, "STEP": step, "COUNT": count}
    return {f"SLURM_ARRAY_TASK_{name}": str(value) for name, value in named.items()}


@pytest.mark.parametrize(
    ("arguments", "environ", "shard"),
    [
        ((), {}, "1/1"),
        (("--shard", "2/4"), {}, "2/4"),
        (("--shard", "2/4"), slurm(0, 0, 7), "2/4"),
        ((), slurm(0, 0, 3), "1/4"),
        ((), slurm(4, 1, 4), "4/4"),
        ((), slurm(30, 10, 40, 10), "3/4"),
        (("--shards", "8"), slurm(5, 0, 7), "6/8"),
        (("--shards", "8"), {"JOB_COMPLETION_INDEX": "7"}, "8/8"),
        (("--shards", "1"), {}, "1/1"),
    ],
)
def test_a_job_finds_its_shard(arguments: tuple[str, ...], environ: dict[str, str], shard: str) -> None:
    assert shard_of(options(*arguments), environ) == shard


@pytest.mark.parametrize(
    ("arguments", "environ", "told"),
    [
        ((), {"JOB_COMPLETION_INDEX": "0"}, "--shards"),
        ((), {"SLURM_ARRAY_TASK_ID": "0"}, "--shards"),
        (("--shards", "4"), {}, "JOB_COMPLETION_INDEX"),
        (("--shards", "4"), {"JOB_COMPLETION_INDEX": "4"}, "JOB_COMPLETION_INDEX=4"),
        (("--shards", "4"), slurm(9, 0, 9), "SLURM_ARRAY_TASK_ID=9"),
    ],
)
def test_a_job_that_cannot_know_its_shard_is_told_so(
    arguments: tuple[str, ...], environ: dict[str, str], told: str
) -> None:
    with pytest.raises(ValueError) as caught:
        shard_of(options(*arguments), environ)
    assert told in str(caught.value)
