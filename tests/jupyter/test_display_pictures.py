"""Pictures as HTML and as text: grids, and small ones in tables."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from display_cases import Tags, item, pictures, stored_sides, table, words_of

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.media import MAX_OUTPUT_BYTES, shown_px
from thanosql_kernel.models.spec import MINI_TEXT
from thanosql_kernel.wording import pictures as said


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


def test_a_picture_that_is_cut_short_is_shown_with_what_is_missing(photos):
    whole = (photos / "사진 0.jpg").read_bytes()
    (photos / "cut.jpg").write_bytes(whole[: int(0.75 * len(whole))])
    for form in ("grid", "sheet"):
        bundle = mime_bundle(replace(pictures(item("cut.jpg"), item("사진 1.jpg")), form=form), folder=photos)
        assert re.search(
            r"cut.jpg \(cut short: the last 2\d % of the picture are missing\)", bundle["text/plain"]
        )
        assert bundle["text/plain"].count("cut short") == 1
        assert form == "sheet" or ("cut short" in words_of(bundle) and len(stored_sides(bundle)) == 2)


def test_a_click_enlarges_a_picture_without_a_second_copy_of_it(photos):
    Image.new("RGB", (1280, 960), "teal").save(photos / "teal.png")
    bundle = mime_bundle(pictures(*[item("teal.png")] * 5), folder=photos)
    tags = Tags(bundle["text/html"])
    assert stored_sides(bundle) == [1280] * 5
    assert len(tags.all("summary")) == 5
    widths = [attrs["style"] for attrs in tags.all("div") if attrs.get("style", "").startswith("width:")]
    assert {f"width:{shown_px(None, 5)}px", "width:1280px"} <= set(widths)


def test_a_few_pictures_are_stored_as_large_as_a_screen(photos):
    for number in range(4):
        Image.linear_gradient("L").resize((3000, 2000)).save(photos / f"{number}.jpg")
    few = pictures(*(item(f"{number}.jpg") for number in range(4)))
    assert stored_sides(mime_bundle(few, folder=photos)) == [1600] * 4


def test_many_pictures_are_stored_as_large_as_a_megabyte_allows(photos):
    many = pictures(*(item(f"사진 {n % 4}.jpg") for n in range(40)))
    bundle = mime_bundle(many, folder=photos)
    assert 450_000 < sum(len(part.encode()) for part in bundle.values()) < 1_000_000
    assert len(set(stored_sides(bundle))) == 1


def test_pictures_of_a_row_are_equally_high_and_as_wide_as_their_captions(photos):
    Image.new("RGB", (600, 900)).save(photos / "portrait.png")
    Image.new("RGB", (900, 600)).save(photos / "landscape.png")
    bundle = mime_bundle(pictures(item("portrait.png"), item("landscape.png"), size=300), folder=photos)
    tags = Tags(bundle["text/html"])
    styles = [attrs.get("style", "") for attrs in tags.all("div")]
    assert [style for style in styles if re.fullmatch(r"width:\d+px", style)] == [
        "width:133px",
        "width:600px",
        "width:300px",
        "width:900px",
    ]
    assert sum("min-height:200px" in style for style in styles) == 2
    assert [attrs["style"].partition(";")[0] for attrs in tags.all("img")] == ["width:100%", "width:100%"]


def test_a_very_narrow_picture_has_a_caption_that_can_be_read(photos):
    Image.new("RGB", (100, 1000)).save(photos / "narrow.png")
    html = mime_bundle(pictures(item("narrow.png"), size=300), folder=photos)["text/html"]
    assert '<figure style="margin:0;max-width:100%"><div style="width:80px">' in html


def test_a_picture_that_is_shown_whole_has_nothing_to_enlarge(photos):
    Image.new("RGB", (28, 28)).save(photos / "digit.png")
    bundle = mime_bundle(pictures(item("digit.png")), folder=photos)
    assert Tags(bundle["text/html"]).all("summary") == []
    assert "max-width:112px" in Tags(bundle["text/html"]).all("img")[0]["style"]


def bars_of(bundle):
    """The lengths of the bars, in percent."""
    bars = [attrs["style"] for attrs in Tags(bundle["text/html"]).all("div") if "style" in attrs]
    return [int(bar[6:].partition("%")[0]) for bar in bars if re.match(r"width:\d+%;height:5px", bar)]


def test_rank_and_a_bar_for_each_similarity(photos):
    items = [
        item("사진 0.jpg", s1="0.8000", s2="-0.5000"),
        item("사진 1.jpg", s1="0.4000", s2="NULL"),
    ]
    bundle = mime_bundle(pictures(*items, similarities=("s1", "s2")), folder=photos)
    tags = Tags(bundle["text/html"])
    assert [word for word in tags.words if word.isdigit()] == ["1", "2"]
    assert bars_of(bundle) == [80, 0, 40, 0]
    assert "s2: -0.5000" in [attrs.get("title") for attrs in tags.all("div")]
    assert {"0.8000", "-0.5000", "NULL"} <= set(tags.words)


@pytest.mark.parametrize("others", [(), ("0.4900", "0.2000")])
def test_the_same_similarity_has_the_same_bar_whatever_else_is_shown(photos, others):
    items = [item("사진 0.jpg", s=value) for value in ("0.4400", *others)]
    bundle = mime_bundle(pictures(*items, similarities={"s": MINI_TEXT}), folder=photos)
    assert bars_of(bundle)[0] == 80


def test_one_sentence_below_the_pictures_says_what_similarities_are_usual(photos):
    result = pictures(
        *(item("사진 0.jpg", s="0.4400", t="0.3000") for _ in range(3)),
        similarities=dict.fromkeys("st", replace(MINI_TEXT, model="mini")),
    )
    bundle = mime_bundle(result, folder=photos)
    assert words_of(bundle).count(MINI_TEXT.usual(model="mini", low=0.3, high=0.5, least=0.2, most=0.35)) == 1
    assert bundle["text/plain"].split("\n")[-1] == "3 pictures"


def test_no_numbers_are_called_usual_where_the_model_is_not_known(photos):
    bundle = mime_bundle(pictures(item("사진 0.jpg", s="0.4400"), similarities=("s",)), folder=photos)
    assert Tags(bundle["text/html"]).words[-1] == "1 picture"


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
    (why,) = re.fullmatch(r"1\. \S+ \((.+)\)", bundle["text/plain"].split("\n")[0]).groups()
    assert {str(said.UNREADABLE), why} <= set(tags.words)


def test_the_size_and_columns_options_are_obeyed(photos):
    bundle = mime_bundle(pictures(item("사진 0.jpg"), size=100, columns=3), folder=photos)
    tags = Tags(bundle["text/html"])
    assert stored_sides(bundle) == [640]
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


def test_an_output_takes_no_more_than_is_allowed_to_it(photos, monkeypatch):
    items = [item(f"사진 {number}.jpg") for number in range(2)] * 4
    whole = mime_bundle(pictures(*items), folder=photos)
    monkeypatch.setenv("THANOSQL_OUTPUT_KB", "30")
    small = mime_bundle(pictures(*items), folder=photos)
    assert len(small["text/html"]) < 32_000 < len(whole["text/html"])
    assert small["text/html"].count("<img ") == whole["text/html"].count("<img ")
    monkeypatch.setenv("THANOSQL_OUTPUT_KB", "many")
    assert mime_bundle(pictures(*items), folder=photos) == whole
