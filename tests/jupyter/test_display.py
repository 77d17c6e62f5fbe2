from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from wcwidth import wcswidth

from thanosql_kernel.catalog import Column, GeneratedColumn, Weights
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.media import MAX_OUTPUT_BYTES, MAX_PLAYER_BYTES
from thanosql_kernel.jupyter.tables import MAX_CELLS
from thanosql_kernel.statements.results import MediaItem, MediaResult, Message, TableResult


def table(data, total=None, types=None, notices=()):
    rows = data if isinstance(data, pa.Table) else pa.table(data)
    columns = tuple(Column(name, (types or {}).get(name, "VARCHAR")) for name in rows.column_names)
    return TableResult(rows, rows.num_rows if total is None else total, columns, notices)


class Tags(HTMLParser):
    """Every tag with its attributes, and whether all were closed."""

    VOID = ("img", "br", "wbr")

    def __init__(self, html):
        super().__init__()
        self.open, self.seen, self.words = [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.seen if name == tag]

    def heads(self):
        return [cell for cell in self.all("td") if "sticky" in cell["style"]]

    def cells(self):
        return [cell for cell in self.all("td") if "sticky" not in cell["style"]]


def lines_of(result):
    return mime_bundle(result)["text/plain"].split("\n")


# -- tables --------------------------------------------------------------------------------------------------
def test_both_forms_are_always_there():
    for result in (Message("done"), table({"a": [1]}), MediaResult("image", (), 0)):
        assert set(mime_bundle(result)) == {"text/plain", "text/html"}


def test_a_table_is_aligned_with_numbers_at_the_right():
    result = table({"name": ["a", "longer"], "n": [5, 12345]})
    assert lines_of(result) == [
        "name        n",
        "------  -----",
        "a           5",
        "longer  12345",
        "2 rows",
    ]


def test_korean_letters_take_two_columns_so_that_the_next_column_lines_up():
    lines = lines_of(table({"이름": ["고양이", "cat", "강아지와 cat"], "x": ["|", "|", "|"]}))
    ends = [line.index("|") for line in lines[2:5]]
    assert len({wcswidth(line[:end]) for line, end in zip(lines[2:5], ends, strict=True)}) == 1


def test_a_cut_table_says_how_many_rows_there_are_in_both_forms():
    bundle = mime_bundle(table({"n": list(range(20))}, total=24_968))
    assert bundle["text/plain"].endswith("\n20 of 24,968 rows")
    assert "20 of 24,968 rows" in bundle["text/html"]


def test_an_empty_table_shows_its_columns():
    bundle = mime_bundle(table({"n": pa.array([], pa.int64())}))
    assert bundle["text/plain"] == "n\n-\n0 rows"
    assert Tags(bundle["text/html"]).heads()


def test_a_table_without_columns_still_says_how_many_rows():
    assert mime_bundle(TableResult(pa.table({}), 3, ()))["text/plain"] == "0 of 3 rows"


def test_html_in_data_names_types_and_notices_is_text():
    attack = "<script>alert('x')</script>\"&"
    result = TableResult(pa.table({attack: [attack]}), 1, (Column(attack, attack),), notices=(attack,))
    html = mime_bundle(result)["text/html"]
    tags = Tags(html)
    assert "script" not in [tag for tag, _ in tags.seen]
    assert "<script" not in html
    assert attack in tags.words
    assert mime_bundle(Message(attack))["text/html"].count("<script") == 0


def test_dollar_signs_are_not_typeset_as_mathematics():
    classes = Tags(mime_bundle(table({"price": ["$5 and $6"]}))["text/html"]).all("div")[0]["class"]
    assert "tex2jax_ignore" in classes
    assert "mathjax_ignore" in classes


def test_vectors_show_three_numbers_and_their_length():
    vectors = np.zeros((2, 512), np.float32)
    vectors[0, :3] = [0.01319, -0.0487, 0.0215]
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), 512)
    lines = lines_of(table(pa.table({"v": column}), types={"v": "FLOAT[512]"}))
    assert lines[2] == "[0.0132, -0.0487, 0.0215, …] (512)"
    assert lines[3] == "[0.0000, 0.0000, 0.0000, …] (512)"


def test_a_vector_that_is_null_is_null():
    column = pa.array([None, [1.0, 2.0]], pa.list_(pa.float32(), 2))
    assert lines_of(table(pa.table({"v": column})))[2:4] == ["NULL", "[1.0000, 2.0000] (2)"]


def test_a_slice_of_vectors_shows_its_own_rows():
    column = pa.array([[1.0, 1.0], [2.0, 2.0]], pa.list_(pa.float32(), 2))
    assert lines_of(table(pa.table({"v": column}).slice(1)))[2] == "[2.0000, 2.0000] (2)"


def test_null_differs_from_an_empty_string_and_stands_out_in_html():
    bundle = mime_bundle(table({"t": ["", None]}))
    assert bundle["text/plain"].split("\n")[2:4] == ["", "NULL"]
    cells = Tags(bundle["text/html"]).cells()
    assert "italic" not in cells[0]["style"]
    assert "italic" in cells[1]["style"]


def test_similarities_have_four_decimals_and_other_numbers_as_many_as_they_need():
    result = table(
        {
            "similarity": pa.array([0.27312345, 1.0, None, -0.5], pa.float32()),
            "price": pa.array([1234567.891, 2.0, 1 / 3, 1e-9]),
            "big": pa.array([1.5e300, float("nan"), float("inf"), -0.0]),
            "id": pa.array([2**62, 1, 0, -1]),
        }
    )
    columns = [line.split() for line in lines_of(result)[2:6]]
    assert columns == [
        ["0.2731", "1234567.891", "1.5e+300", "4611686018427387904"],
        ["1.0000", "2.0", "NaN", "1"],
        ["NULL", "0.333333", "inf", "0"],
        ["-0.5000", "1e-09", "0.0", "-1"],
    ]


def test_every_kind_of_value_has_one_line():
    result = table(
        pa.table(
            {
                "b": [True],
                "blob": [b"x" * 1234],
                "d": [date(2024, 1, 2)],
                "ts": pa.array([datetime(2024, 1, 2, 3, 4, 5)], pa.timestamp("ns")),
                "tz": pa.array([datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)], pa.timestamp("us", "UTC")),
                "dec": [Decimal("1.50")],
                "list": [["a", None, "b,c"]],
                "nested": [[{"x": 1, "y": [0.5]}]],
                "floats": [[0.1] * 20],
                "none": pa.nulls(1),
            }
        )
    )
    cells = re.split(r"\s{2,}", lines_of(result)[2])
    assert cells == [
        "true",
        "<1,234 bytes>",
        "2024-01-02",
        "2024-01-02 03:04:05",
        "2024-01-02 03:04:05+00",
        "1.50",
        "['a', NULL, 'b,c']",
        "[{x: 1, y: [0.5]}]",
        "[0.1000, 0.1000, 0.1000, …] (20)",
        "NULL",
    ]


def test_control_characters_cannot_steer_the_console():
    plain = mime_bundle(table({"t": ["a\nb\r\nc\td\x1b[31m\u202eevil"]}))["text/plain"]
    assert plain.split("\n")[2] == "a↵b↵c d␛[31m\\u202eevil"


def test_long_text_is_shortened_and_whole_in_the_title():
    text = "가나다" * 100
    bundle = mime_bundle(table({"t": [text]}))
    line = bundle["text/plain"].split("\n")[2]
    assert line.endswith("…")
    assert wcswidth(line) <= 48
    assert Tags(bundle["text/html"]).cells()[0]["title"] == text


def test_paths_and_short_texts_stay_on_one_line_and_long_ones_are_broken():
    path, text = "thanosql-dataset/sample_photos/ai_benchmark/0.jpg", "짧은 글"
    cells = Tags(
        mime_bundle(table({"a": [path], "b": [text], "c": ["a long sentence " * 5]}))["text/html"]
    ).cells()
    assert ["nowrap" in cell["style"] for cell in cells] == [True, True, False]


def test_long_texts_keep_some_width_beside_columns_that_are_never_broken():
    cells = Tags(mime_bundle(table({"긴 글": ["가나다라 " * 20], "n": [1]}))["text/html"]).cells()
    assert ["min-width:16em;word-break:keep-all" in cell["style"] for cell in cells] == [True, False]


def test_a_huge_value_cannot_fill_the_notebook():
    bundle = mime_bundle(table({"t": ["x" * 5_000_000]}))
    assert sum(map(len, bundle.values())) < 5_000


def test_the_header_tells_the_type_and_the_model_that_made_the_column():
    made = GeneratedColumn("my_model", "clipen", "image", "image_path", Weights("clip", "1", "ab"), 512)
    column = pa.array([[1.0, 2.0]], pa.list_(pa.float32(), 2))
    result = TableResult(pa.table({"v": column}), 1, (Column("v", "FLOAT[2]", made),))
    title = Tags(mime_bundle(result)["text/html"]).heads()[0]["title"]
    assert "FLOAT[2]" in title
    assert "my_model" in title


def test_more_rows_than_a_notebook_bears_are_cut_and_counted():
    rows = MAX_CELLS + 500
    bundle = mime_bundle(table({"n": list(range(rows))}))
    assert f"{MAX_CELLS:,} of {rows:,} rows" in bundle["text/plain"]


def test_columns_of_one_name_are_both_shown():
    rows = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    result = TableResult(rows, 1, (Column("a", "BIGINT"), Column("a", "BIGINT")))
    assert lines_of(result)[2] == "1  2"


def test_notices_follow_in_both_forms():
    bundle = mime_bundle(table({"n": [1]}, notices=("mini stands in",)))
    assert bundle["text/plain"].endswith("1 row\nnote: mini stands in")
    assert "note: mini stands in" in Tags(bundle["text/html"]).words


def test_a_message_keeps_its_lines():
    bundle = mime_bundle(Message("one\ntwo", notices=("three",)))
    assert bundle["text/plain"] == "one\ntwo\nnote: three"
    assert "pre-wrap" in bundle["text/html"]


# -- pictures ------------------------------------------------------------------------------------------------
@pytest.fixture
def photos(tmp_path):
    """A folder with noisy photos: noise is what JPEG compresses worst."""
    noise = np.random.default_rng(1)
    for number in range(4):
        pixels = noise.integers(0, 255, (480, 640, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"사진 {number}.jpg")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not really")
    return tmp_path


@pytest.fixture
def noisy(tmp_path):
    """Photos with as much detail in their thumbnails as JPEG can hold."""
    noise = np.random.default_rng(2)
    for number in range(4):
        pixels = Image.fromarray(noise.integers(0, 255, (60, 80, 3), np.uint8))
        pixels.resize((320, 240), Image.Resampling.NEAREST).save(tmp_path / f"{number}.jpg")
    return tmp_path


def item(path, **caption):
    return MediaItem(path, tuple((name, str(value)) for name, value in caption.items()))


def pictures(*items, **more):
    return MediaResult("image", items, more.pop("total", len(items)), **more)


def stored_sides(bundle):
    """The longest side of each picture in the output."""
    sources = [image["src"] for image in Tags(bundle["text/html"]).all("img")]
    contents = [base64.b64decode(source.removeprefix("data:image/webp;base64,")) for source in sources]
    return [max(Image.open(BytesIO(content)).size) for content in contents]


def words_of(bundle):
    return "".join(Tags(bundle["text/html"]).words)


def test_pictures_become_a_grid_of_inline_thumbnails_without_script(photos):
    result = pictures(item("사진 0.jpg", description="고양이"), item("사진 1.jpg"))
    bundle = mime_bundle(result, folder=photos)
    tags = Tags(bundle["text/html"])
    assert stored_sides(bundle) == [640, 640]
    assert tags.all("img")[0]["title"] == "사진 0.jpg"
    assert "description: 고양이" in words_of(bundle)
    assert {tag for tag, _ in tags.seen} <= set(
        "div figure figcaption img details summary b span wbr".split()
    )


def test_a_click_enlarges_a_picture_without_a_second_copy_of_it(photos):
    Image.new("RGB", (1280, 960), "teal").save(photos / "teal.png")
    bundle = mime_bundle(pictures(*[item("teal.png")] * 5), folder=photos)
    tags = Tags(bundle["text/html"])
    assert stored_sides(bundle) == [400] * 5
    assert len(tags.all("summary")) == 5
    widths = [attrs["style"] for attrs in tags.all("div") if attrs.get("style", "").startswith("width:")]
    assert {"width:256px", "width:400px"} <= set(widths)


def test_a_picture_that_is_shown_whole_has_nothing_to_enlarge(photos):
    Image.new("RGB", (28, 28)).save(photos / "digit.png")
    bundle = mime_bundle(pictures(item("digit.png")), folder=photos)
    assert Tags(bundle["text/html"]).all("summary") == []
    assert "max-width:112px" in Tags(bundle["text/html"]).all("img")[0]["style"]


def test_rank_and_a_bar_for_each_similarity_relative_to_the_best(photos):
    items = [
        item("사진 0.jpg", s1="0.8000", s2="-0.5000"),
        item("사진 1.jpg", s1="0.4000", s2="NULL"),
    ]
    bundle = mime_bundle(pictures(*items, similarities=("s1", "s2")), folder=photos)
    tags = Tags(bundle["text/html"])
    assert [word for word in tags.words if word.isdigit()] == ["1", "2"]
    bars = [
        attrs["style"].partition("%")[0]
        for attrs in tags.all("div")
        if "height:5px;b" in attrs.get("style", "")
    ]
    assert [bar for bar in bars if bar.startswith("width:")] == [
        "width:100",
        "width:0",
        "width:50",
        "width:0",
    ]
    assert "s2: -0.5000" in [attrs.get("title") for attrs in tags.all("div")]
    assert {"0.8000", "-0.5000", "NULL"} <= set(tags.words)


def test_the_names_of_similarities_break_between_their_words(photos):
    names = ("mini_clipmini_similarity1", "mini_clipmini_similarity2")
    items = [item("사진 0.jpg", **dict.fromkeys(names, "0.5000"))]
    html = mime_bundle(pictures(*items, similarities=names), folder=photos)["text/html"]
    assert "mini_<wbr>clipmini_<wbr>similarity1<" in html


def test_pictures_have_a_text_twin(photos):
    result = pictures(item("사진 0.jpg", similarity=0.2731, photo_id="a"), item("사진 1.jpg"), total=1234)
    assert mime_bundle(result, folder=photos)["text/plain"].split("\n") == [
        "1. 사진 0.jpg",
        "   similarity: 0.2731",
        "   photo_id: a",
        "2. 사진 1.jpg",
        "2 of 1,234 pictures",
    ]


def test_the_same_result_gives_the_same_bytes(photos):
    result = pictures(*(item(f"사진 {number}.jpg", n=number) for number in range(4)), item("broken.jpg"))
    assert mime_bundle(result, folder=photos) == mime_bundle(result, folder=photos)


@pytest.mark.parametrize("path", ["nowhere.jpg", "broken.jpg", None])
def test_a_picture_that_cannot_be_shown_gets_a_tile_with_the_reason(photos, path):
    bundle = mime_bundle(pictures(item(path, n=1), item("사진 0.jpg")), folder=photos)
    tags = Tags(bundle["text/html"])
    assert len(tags.all("img")) == 1
    assert len(tags.all("figure")) == 2
    first = bundle["text/plain"].split("\n")[0]
    assert re.fullmatch(r"1\. \S+ \(.+\)", first)


def test_the_size_and_columns_options_are_obeyed(photos):
    bundle = mime_bundle(pictures(item("사진 0.jpg"), size=100, columns=3), folder=photos)
    tags = Tags(bundle["text/html"])
    assert stored_sides(bundle) == [200]
    styles = [attrs.get("style", "") for attrs in tags.all("div")]
    assert "width:100px" in styles
    assert any("repeat(3, auto)" in style for style in styles)


@pytest.mark.parametrize("count", [60, 100, 150])
def test_a_grid_of_many_pictures_is_whole_and_under_a_megabyte(noisy, count):
    many = pictures(*(item(f"{n % 4}.jpg", caption="x" * 50, similarity="0.2731") for n in range(count)))
    bundle = mime_bundle(many, folder=noisy)
    assert sum(len(part.encode()) for part in bundle.values()) < 1_000_000
    assert len(Tags(bundle["text/html"]).all("figure")) == count


def test_pictures_beyond_the_megabyte_are_left_out_and_counted(noisy):
    many = pictures(*(item(f"{n % 4}.jpg") for n in range(300)), total=900)
    bundle = mime_bundle(many, folder=noisy)
    assert sum(len(part.encode()) for part in bundle.values()) < 1_000_000
    shown = len(Tags(bundle["text/html"]).all("figure"))
    assert 100 < shown < 300
    assert f"{shown} of 900 pictures (" in bundle["text/plain"]
    assert f"{shown} of 900 pictures (" in bundle["text/html"]


def test_long_captions_count_towards_the_megabyte(photos):
    captions = {f"열{number}": "값" * 400 for number in range(12)}
    bundle = mime_bundle(pictures(*(item("사진 0.jpg", **captions) for _ in range(100))), folder=photos)
    assert sum(len(part.encode()) for part in bundle.values()) < 1_000_000


def test_pictures_that_do_not_fit_enlarged_are_all_shown_smaller(noisy):
    bundle = mime_bundle(pictures(*(item(f"{n % 4}.jpg") for n in range(24))), folder=noisy)
    sides = set(stored_sides(bundle))
    assert len(sides) == 1
    assert 200 <= sides.pop() < 360
    assert bundle["text/plain"].endswith("24 pictures")


def test_large_thumbnails_stop_at_the_size_limit_and_say_so(photos):
    many = pictures(*(item(f"사진 {n % 4}.jpg") for n in range(40)), size=600)
    bundle = mime_bundle(many, folder=photos)
    assert len(bundle["text/html"]) < MAX_OUTPUT_BYTES + 10_000
    assert "too large" in bundle["text/plain"]


def test_an_interrupt_stops_the_thumbnails(photos):
    with pytest.raises(Interrupted):
        mime_bundle(pictures(item("사진 0.jpg")), folder=photos, cancelled=lambda: True)


def test_html_in_paths_and_captions_of_pictures_is_text(photos):
    attack = '"><script>alert(1)</script>'
    tags = Tags(mime_bundle(pictures(item(attack, **{attack: attack})), folder=photos)["text/html"])
    assert "script" not in [tag for tag, _ in tags.seen]


def test_a_long_path_loses_its_first_folders_and_breaks_between_its_parts(photos):
    path = "folder/" * 20 + "the_name.jpg"
    tags = Tags(mime_bundle(pictures(item(path)), folder=photos)["text/html"])
    assert "…/folder/folder/folder/the_name.jpg" in "".join(tags.words)
    assert "folder/" in tags.words
    assert path in [attrs.get("title") for attrs in tags.all("div")]


def test_captions_break_between_words(photos):
    captions = Tags(mime_bundle(pictures(item("사진 0.jpg")), folder=photos)["text/html"]).all("figcaption")
    assert "word-break:keep-all" in captions[0]["style"]
    assert "overflow-wrap:anywhere" in captions[0]["style"]


# -- pictures in tables ----------------------------------------------------------------------------------------
def images_of(result, folder):
    return Tags(mime_bundle(result, folder=folder)["text/html"]).all("img")


def test_a_table_shows_small_pictures_beside_their_paths_when_asked(photos):
    result = table({"image_path": ["사진 0.jpg", "사진 1.jpg"], "n": [1, 2]})
    assert images_of(result, photos) == []
    bundle = mime_bundle(replace(result, images=True), folder=photos)
    assert stored_sides(bundle) == [48, 48]
    assert bundle["text/plain"] == mime_bundle(result, folder=photos)["text/plain"]
    assert "사진 0.jpg" in Tags(bundle["text/html"]).words


def test_what_is_no_readable_picture_shows_its_path_only(photos):
    (photos / "notes.txt").write_text("no picture")
    paths = [
        "broken.jpg",
        "nowhere.jpg",
        "notes.txt",
        "http://example.org/a.jpg",
        "",
        None,
        "." * 5000 + ".jpg",
        "a\0.jpg",
    ]
    result = table({"image_path": paths}, total=len(paths))
    assert images_of(replace(result, images=True), photos) == []


def test_a_path_in_two_rows_is_read_once_and_shown_twice(photos):
    result = table({"a": ["사진 0.jpg", "사진 0.jpg"], "b": ["사진 1.jpg", None]})
    assert len(images_of(replace(result, images=True), photos)) == 3


def test_pictures_in_a_table_stop_at_their_limit_and_every_row_is_there(noisy):
    for number in range(300):
        (noisy / f"{number}.png.jpg").symlink_to(noisy / f"{number % 4}.jpg")
    rows = table({"path": [f"{number}.png.jpg" for number in range(300)]})
    html = mime_bundle(replace(rows, images=True), folder=noisy)["text/html"]
    assert len(html) < 600_000
    assert 50 < len(Tags(html).all("img")) <= 200
    assert len(Tags(html).cells()) == 300


def test_one_picture_in_ten_thousand_rows_cannot_fill_the_notebook(noisy):
    rows = table({"path": ["0.jpg"] * 10_000})
    assert len(mime_bundle(replace(rows, images=True), folder=noisy)["text/html"]) < 1_000_000


def test_an_interrupt_stops_the_pictures_of_a_table(photos):
    with pytest.raises(Interrupted):
        mime_bundle(replace(table({"p": ["사진 0.jpg"]}), images=True), folder=photos, cancelled=lambda: True)


# -- sounds and videos -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "name", "mime"), [("audio", "a.mp3", "audio/mpeg"), ("video", "v.mp4", "video/mp4")]
)
def test_small_sounds_and_videos_play_in_the_notebook(tmp_path, kind, name, mime):
    (tmp_path / name).write_bytes(b"sound")
    bundle = mime_bundle(MediaResult(kind, (item(name, n=1),), 1), folder=tmp_path)
    player = Tags(bundle["text/html"]).all(kind)[0]
    assert player["src"] == f"data:{mime};base64," + base64.b64encode(b"sound").decode()
    assert "controls" in player
    assert bundle["text/plain"].startswith(f"1. {name}\n   n: 1\n")


def test_a_large_video_is_linked_not_copied(tmp_path):
    with (tmp_path / "v.mp4").open("wb") as file:
        file.truncate(50_000_000)
    bundle = mime_bundle(MediaResult("video", (item("v.mp4"),), 1), folder=tmp_path)
    assert Tags(bundle["text/html"]).all("video")[0]["src"] == "v.mp4"
    assert "50.0 MB" in bundle["text/plain"]
    assert len(bundle["text/html"]) < 5_000


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_a_missing_file_has_a_place_with_the_reason(tmp_path, kind):
    bundle = mime_bundle(MediaResult(kind, (item("nowhere.bin"), item(None)), 2), folder=tmp_path)
    assert Tags(bundle["text/html"]).all(kind) == []
    assert bundle["text/plain"].startswith("1. nowhere.bin (missing)\n2. NULL (no path)\n2 ")


def test_many_small_sounds_stop_at_the_size_limit_and_say_so(tmp_path):
    for number in range(20):
        (tmp_path / f"{number}.mp3").write_bytes(bytes(400_000))
    many = MediaResult("audio", tuple(item(f"{number}.mp3") for number in range(20)), 20)
    bundle = mime_bundle(many, folder=tmp_path)
    assert len(bundle["text/html"]) < MAX_PLAYER_BYTES + 20_000
    assert 1 < len(Tags(bundle["text/html"]).all("audio")) < 20
    assert "too large" in bundle["text/plain"]


def test_players_need_no_script_and_load_nothing_before_they_play(tmp_path):
    (tmp_path / "a.mp3").write_bytes(b"sound")
    tags = Tags(mime_bundle(MediaResult("audio", (item("a.mp3"),), 1), folder=tmp_path)["text/html"])
    assert tags.all("audio")[0]["preload"] == "none"
    assert {tag for tag, _ in tags.seen} <= set("div figure figcaption audio b span wbr".split())


def test_a_help_page_is_markdown_and_text():
    bundle = mime_bundle(Message("plain", markdown="**page**"))
    assert bundle == {"text/plain": "plain", "text/markdown": "**page**"}


@pytest.mark.parametrize("sanitize", [False, True])
def test_the_list_of_statements_is_exported_as_it_is_read(sanitize):
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed: pip install -e '.[e2e]'")
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from thanosql_kernel.statements.cell import parse_cell

    (statement,) = parse_cell("HELP")
    output = new_output("display_data", data=mime_bundle(statement.run(None)))
    notebook = new_notebook(cells=[new_code_cell("HELP", outputs=[output])])
    html, _ = nbconvert.HTMLExporter(sanitize_html=sanitize).from_notebook_node(notebook)
    (line,) = [line for line in html.splitlines() if "PRINT IMAGE|AUDIO|VIDEO" in line]
    assert "&lt;" not in line


# -- where files are looked for ---------------------------------------------------------------------------------


def test_pictures_are_found_in_any_folder_that_the_result_names(photos, tmp_path):
    other = tmp_path / "노트"
    other.mkdir()
    paths = PathFinder.over(other, photos)
    (photos / "사진 0.jpg").rename(other / "옮김.jpg")
    result = replace(pictures(item("옮김.jpg"), item("사진 1.jpg")), paths=paths)
    assert "missing" not in mime_bundle(result)["text/plain"]
    assert "missing" in mime_bundle(result, folder=photos)["text/plain"]
    sheet = mime_bundle(replace(result, form="sheet"))
    assert "missing" not in sheet["text/plain"]
    rows = replace(table({"p": ["옮김.jpg", "사진 1.jpg"]}), images=True, paths=paths)
    assert len(Tags(mime_bundle(rows)["text/html"]).all("img")) == 2


def test_the_address_of_a_large_video_starts_in_the_working_folder(tmp_path):
    own, notebooks = tmp_path, tmp_path / "노트"
    notebooks.mkdir()
    for folder, name in ((own, "a.mp4"), (notebooks, "b.mp4")):
        (folder / name).write_bytes(bytes(MAX_PLAYER_BYTES))
    result = MediaResult("video", (item("a.mp4"), item("b.mp4")), 2, paths=PathFinder.over(own, notebooks))
    sources = [tag["src"] for tag in Tags(mime_bundle(result)["text/html"]).all("video") if "src" in tag]
    assert sources == ["b.mp4"]
