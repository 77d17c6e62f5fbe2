"""Whether two pictures are the same photo, told from pixels alone."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).parent))
from drawn import COPIES, OTHERS, cut, scene

from thanosql_kernel.errors import Interrupted
from thanosql_kernel.images.alignment import align
from thanosql_kernel.images.likeness import SIDE, LookPairs, Outlines, distances, look_of

SEEDS = range(40)


def same(pairs, **settings):
    looks = [(look_of(one), look_of(other)) for one, other in pairs]
    return np.isfinite(distances(*(stacked(pair[side] for pair in looks) for side in (0, 1)), **settings))


def stacked(looks):
    return LookPairs(*map(np.stack, zip(*looks, strict=True)))


def halved(pictures):
    return np.stack([look_of(it).grey[::2, ::2] for it in pictures])


@pytest.mark.parametrize("change", COPIES.values(), ids=COPIES)
def test_copies_are_the_same_photo_whichever_comes_first(change):
    pairs = [(scene(seed), change(scene(seed))) for seed in SEEDS]
    assert same(pairs).all()
    assert same([pair[::-1] for pair in pairs]).all()


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_what_has_changed_is_not(change):
    pairs = [(scene(seed), change(scene(seed))) for seed in SEEDS]
    assert not same(pairs).any()
    assert not same([pair[::-1] for pair in pairs]).any()


def test_other_scenes_are_not():
    assert not same([(scene(seed), scene(seed + 1)) for seed in SEEDS]).any()


def test_a_small_thing_that_came_into_the_picture_is_seen():
    def with_guest(seed):
        picture = scene(seed)
        ImageDraw.Draw(picture).ellipse(
            (150, 100, 190, 150), fill=(255, 255, 255), outline=(0, 0, 0), width=12
        )
        return picture

    assert not same([(scene(seed), with_guest(seed)) for seed in SEEDS]).any()


def test_plain_pictures_are_the_same_if_they_have_one_colour():
    grey, nearly, black, red = (
        Image.new("RGB", (90, 60), it) for it in ("#808080", "#818181", "#000", "#c05050")
    )
    reddish_grey = Image.new("RGB", (90, 60), "#707070")
    assert same([(grey, nearly), (grey, black), (grey, red), (red, reddish_grey)]).tolist() == [
        True,
        False,
        False,
        False,
    ]


def test_a_plain_picture_is_not_one_with_something_in_it():
    assert not same([(scene(seed), Image.new("RGB", (90, 60), "#808080")) for seed in SEEDS]).any()


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.1])
def test_how_much_was_cut_is_found(share):
    first = halved(scene(seed) for seed in SEEDS)
    second = halved(cut(scene(seed), share, seed % 3 / 2, seed % 5 / 4) for seed in SEEDS)
    for one, other in ((first, second), (second, first)):
        assert np.abs(align(one, other).trimmed - share).max() < 0.012


def test_outlines_leave_out_no_copy_and_most_others():
    scenes = [scene(seed) for seed in SEEDS]
    copies = [change(it) for change in COPIES.values() for it in scenes]
    outlines = Outlines.of(np.stack([look_of(it).grey for it in [*scenes, *copies]]))
    ours = np.tile(np.arange(40), len(COPIES))
    assert outlines.may_be_same(ours, np.arange(40, 40 + len(copies))).all()
    first, second = np.triu_indices(40, 1)
    assert outlines.may_be_same(first, second).mean() < 0.1


def test_no_pictures_have_no_outlines():
    none = np.zeros(0, np.int64)
    assert not len(Outlines.of(np.zeros((0, SIDE, SIDE), np.uint8)).may_be_same(none, none))


def test_a_stop_is_heard():
    def stop():
        raise Interrupted

    with pytest.raises(Interrupted):
        same([(scene(0), scene(0))], check=stop)
