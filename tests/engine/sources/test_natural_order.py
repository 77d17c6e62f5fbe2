"""The order of paths is natsort's, however it is found."""

from __future__ import annotations

import random

import pytest
from natsort import natsorted, ns

from thanosql_kernel.engine.sources.media.order import in_natural_order, natural_key

PARTS = ["IMG_", "img", "2", "10", "007", "a", "B", "", " ", "-", ".", "여름", "é", "_", "²", "x.y", "(1)"]
ENDINGS = [".jpg", ".JPG", ".cr2", ".mp4", ".7z", ".tar.gz", ".5", "", ".jpeg2000", ".사진", "."]


def names(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)

    def name() -> str:
        return "".join(chance.choices(PARTS, k=chance.randrange(1, 5))) + chance.choice(ENDINGS)

    folders = ["", "하루/", "10/", "2/", "a.b/", "A/9 b/", "a/"]
    return [chance.choice(folders) + (name().strip("/") or "x") for _ in range(count)]


@pytest.mark.parametrize("seed", range(5))
def test_paths_are_sorted_as_natsort_does(seed):
    paths = list(dict.fromkeys(names(seed, 400)))
    expected = natsorted(paths, alg=ns.PATH | ns.IGNORECASE)
    assert [paths[index] for index in in_natural_order(paths, range(len(paths)))] == expected


def test_the_keys_are_the_same():
    from natsort import natsort_keygen

    whole, own = natsort_keygen(alg=ns.PATH | ns.IGNORECASE), natural_key()
    for path in names(9, 2000):
        assert own(path) == whole(path), path
