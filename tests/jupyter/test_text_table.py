"""Tables of text: the width there is, shared out by need."""

from __future__ import annotations

import os
import random
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from wcwidth import wcswidth

sys.path.insert(0, str(Path(__file__).parent))
from display_cases import table

from thanosql_kernel.jupyter.cells import is_path, shorten_value
from thanosql_kernel.jupyter.terminal import (
    TEXT_COLUMNS,
    displayed_columns,
    printed_columns,
    terminal_columns,
)
from thanosql_kernel.jupyter.text_table import share, table_text

FOLDER = "thanosql-dataset/sample_photos/ai_benchmark/segmentation"


def lines(data, columns=TEXT_COLUMNS):
    return table_text(table(data), columns).split("\n")


def vectors(rows, length=512):
    numbers = np.linspace(-1, 1, rows * length, dtype=np.float32)
    return pa.FixedSizeListArray.from_arrays(pa.array(numbers), length)


def test_paths_are_whole_where_there_is_room():
    paths = [f"{FOLDER}/{number}.jpg" for number in (12, 21, 0)]
    shown = lines({"image_path": paths, "score": pa.array([0.5, 0.25, 1.0], pa.float32())}, 110)
    assert [line.split()[0] for line in shown[2:5]] == paths


def test_a_path_is_shortened_at_its_beginning_so_that_rows_differ():
    shown = lines({"image_path": [f"{FOLDER}/{number}.jpg" for number in (12, 21)]}, 40)
    assert shown[2:4] == ["…/ai_benchmark/segmentation/12.jpg", "…/ai_benchmark/segmentation/21.jpg"]


def test_other_texts_are_shortened_at_their_end():
    assert lines({"설명": ["가나다라마바사아자차카타파하가나다라"]}, 21)[2] == "가나다라마바사아자차…"


@pytest.mark.parametrize(
    "text",
    [
        "segments/0001.jpg",
        "내 사진/여름 휴가/바다 1.jpg",
        "C:\\Users\\me\\My Pictures\\1.png",
        "/mnt/사진 보관함/2024",
        "~/내 사진/1",
        "../옛날 사진/1",
        "s3://bucket/my photos/1",
        "영상 모음/클립.3gp",
    ],
)
def test_what_looks_like_a_path(text):
    assert is_path(text)


@pytest.mark.parametrize(
    "text",
    [
        "고양이와/또는 강아지가 있는 사진",
        "cats and/or dogs on a sofa.",
        "rated 4/5 on average, mostly 4.5",
        '{"a": "x/y"}',
        "no separator.jpg",
        "",
    ],
)
def test_what_is_no_path(text):
    assert not is_path(text)


@pytest.mark.parametrize(
    ("path", "columns", "short"),
    [
        ("a/b/segments/0001.jpg", 19, "…/segments/0001.jpg"),
        ("C:\\Users\\me\\Pictures\\1.png", 20, "…\\me\\Pictures\\1.png"),
        ("사진/여름 휴가/바다.jpg", 20, "…/여름 휴가/바다.jpg"),
        (f"{FOLDER}/12.jpg", 32, "…/segmentation/12.jpg"),
        # A folder with a long name is cut, where nothing but the file would be left.
        ("photos/classification-of-birds/0.jpg", 20, "…tion-of-birds/0.jpg"),
        ("photos/IMG_20240102_123456_0001.jpg", 16, "IMG_2…6_0001.jpg"),
        ("a/b/folders/end/", 8, "…/end/"),
    ],
)
def test_the_end_of_a_path_is_kept(path, columns, short):
    assert shorten_value(path, columns) == short


@pytest.mark.parametrize("columns", range(14, 30))
def test_a_letter_of_several_code_points_is_not_torn_where_a_path_is_cut(columns):
    path = unicodedata.normalize("NFD", "사진들/아주긴이름의고양이사진모음입니다/각.jpg")
    shown = unicodedata.normalize("NFC", shorten_value(path, columns))
    assert columns - 2 < wcswidth(shown) <= columns
    assert unicodedata.normalize("NFC", path).endswith(shown.removeprefix("…"))


def test_narrow_columns_keep_their_width_and_wide_ones_share_what_is_left():
    text = "word " * 40
    shown = lines({"id": [1], "name": ["고양이"], "a": [text], "b": [text]}, 60)
    dashes = [len(rule) for rule in shown[1].split()]
    assert dashes == [2, 6, 23, 23]
    assert max(map(wcswidth, shown)) == 60


def test_what_paths_leave_over_by_whole_folders_goes_to_the_others():
    text = "word " * 40
    shown = lines({"image_path": [f"{FOLDER}/12.jpg"], "text": [text]}, 80)
    assert shown[2].startswith("…/ai_benchmark/segmentation/12.jpg  word")
    assert wcswidth(shown[2]) == 80


def test_numbers_and_dates_are_never_cut():
    text, number, day = "word " * 40, 2**62, "2024-01-02 03:04:05"
    rows = {"a": [text], "n": [number], "b": [text], "d": pa.array([np.datetime64(day, "us")])}
    row = lines(rows, 60)[2]
    assert str(number) in row
    assert day in row
    written = "9" * 39  # a UHUGEINT, which travels as text
    assert written in lines({"a": [text], "n": [written]}, 50)[2]


def test_words_that_tell_rows_apart_are_kept_before_sentences():
    names = ["classification-11", "classification-12"]
    shown = lines({"photo_id": names, "a": ["말 " * 40] * 2, "b": ["word " * 40] * 2}, 50)
    assert [line.split()[0] for line in shown[2:4]] == names


def test_a_vector_keeps_its_length():
    assert lines({"v": vectors(1), "t": ["word " * 40]}, 50)[2].startswith("[-1.0000, …] (512)  word")
    assert shorten_value("[0.1000, 0.2000, 0.3000, …] (512)", 30) == "[0.1000, 0.2000, …] (512)"


def test_a_cut_name_keeps_its_beginning_and_its_end():
    names = [f"tutorial_search_clip_clipen_similarity{number}" for number in (1, 2)]
    shown = lines({names[0]: [1], names[1]: [2], "t": ["word " * 40]}, 50)[0].split()
    assert shown[0] != shown[1]
    assert shown[0].startswith("tu")
    assert [name[-5:] for name in shown[:2]] == ["rity1", "rity2"]


def test_columns_that_do_not_fit_beside_the_others_stand_below_them():
    shown = lines({f"column{number}": ["word " * 40, "낱말 " * 40] for number in range(10)}, 60)
    heads = [line for line in shown if line.startswith("column")]
    assert [name for line in heads for name in line.split()] == [f"column{number}" for number in range(10)]
    assert len(heads) == 2
    assert max(map(wcswidth, shown)) <= 60
    assert shown[-1] == "2 rows"


def test_one_column_alone_may_be_too_wide():
    assert lines({"n": [10**17]}, 10)[2] == str(10**17)


def test_shared_widths_fit_and_waste_nothing():
    random.seed(1)
    for _ in range(500):
        needs = [random.randint(1, 90) for _ in range(random.randint(1, 9))]
        least = [random.randint(1, need) if random.random() < 0.3 else min(need, 8) for need in needs]
        room = random.randint(sum(least), 300)
        widths = share(needs, least, room)
        assert all(low <= given <= need for low, given, need in zip(least, widths, needs, strict=True))
        assert sum(widths) == min(room, sum(needs))
        cut = [given for given, low, need in zip(widths, least, needs, strict=True) if low < given < need]
        assert max(cut, default=0) - min(cut, default=0) <= 1


def test_every_row_is_as_wide_as_the_rule_whatever_the_letters():
    texts = ["고양이" * 9, "e\u0301" * 40, unicodedata.normalize("NFD", "고양이" * 9), "🐱" * 30, "한a" * 20]
    shown = lines({"t": texts, "mark": ["|"] * len(texts)}, 30)[2:-1]
    assert {wcswidth(line[: line.index("|")]) for line in shown} == {26}


def test_columns_tells_the_width_of_what_is_printed(monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    assert printed_columns() == 70
    assert displayed_columns() == TEXT_COLUMNS  # stdout is none here, so that a notebook could look on
    monkeypatch.setenv("COLUMNS", "3")
    assert printed_columns() == 20


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_terminal_tells_its_width_and_a_file_none(tmp_path):
    import fcntl
    import struct
    import termios

    controller, worker = os.openpty()
    with os.fdopen(controller, "w"), os.fdopen(worker, "w") as terminal:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 91, 0, 0))
        assert terminal_columns(terminal) == 91
    with (tmp_path / "기록.txt").open("w") as file:
        assert terminal_columns(file) is None
