"""BUILD MODEL and FIT MODEL as cells, and what PREDICT, CONVERT and SEARCH make of the models."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from embed_world import PixelEncoder

from thanosql_kernel.engine.session import Session
from thanosql_kernel.models import registry
from thanosql_kernel.models.bases import BASES
from thanosql_kernel.models.heads.head import load_head

CLASSIFIER = "BUILD MODEL c USING ConvNeXt_Tiny AS SELECT * FROM p"
ADAPTER = "BUILD MODEL a USING mini OPTIONS(image_col='image_path', text_col='text') AS SELECT * FROM p"


def head_of(world, name: str):
    trained = world.session.catalog.models[name].trained
    assert trained is not None
    return load_head(Path(trained.folder))


class Told:
    """A bar that remembers how the work went."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def start(self, label: str, total: int | None, unit: str) -> Told:
        return self

    def advance(self, n: int = 1, *, errors: int = 0) -> None: ...

    def tell(self, text: str) -> None:
        self.told.append(text)

    def close(self) -> None: ...


def folders(world) -> list[str]:
    place = world.session.database.kept_models.folder
    return sorted(it.name for it in place.iterdir()) if place.is_dir() else []


@pytest.mark.parametrize("base", [base.name for base in BASES.values()])
def test_every_base_is_built_with_its_old_options(pictures, base: str) -> None:
    options = "epochs=1, batch_size=2, learning_rate=0.001, pretrained=True, input_size=224, color='RGB', file_name='x'"
    kind = BASES[base.lower()]
    if kind.method == "labels":
        options += ", label='label'"
    (result,) = pictures.run(
        f"BUILD MODEL m USING {base} OPTIONS({options}, {kind.kind}_col='{'text' if kind.kind == 'text' else 'image_path'}') AS SELECT * FROM p"
    )
    assert result.text.startswith("model m is ready\n")
    assert any("no effect here" in notice for notice in result.notices)
    model = pictures.session.catalog.models["m"]
    assert (model.trained is None) == (kind.method == "none")
    if kind.suffix:
        column = "text" if kind.kind == "text" else "image_path"
        pictures.run(
            f"CONVERT USING m OPTIONS({kind.kind}_col='{column}', table_name='made') AS SELECT * FROM p"
        )
        assert pictures.session.catalog.table("made").column(f"m_{kind.suffix}") is not None


@pytest.mark.parametrize(("column", "kind"), [("label", str), ("is_red", bool), ("code", int)])
def test_labels_come_back_as_they_were(pictures, column: str, kind: type) -> None:
    pictures.run(f"BUILD MODEL c USING EfficientNetV2S OPTIONS(label_col='{column}') AS SELECT * FROM p")
    rows = pictures.rows(
        f"SELECT n, {column} AS truth, predict_result AS said FROM (PREDICT USING c AS SELECT * FROM p)"
    )
    by_number = {row["n"]: row for row in rows}
    assert by_number[100]["said"] is None
    assert type(by_number[101]["said"]) is kind
    known = [row for row in rows if row["n"] < 100]
    assert np.mean([row["said"] == row["truth"] for row in known]) == 1.0


@pytest.mark.parametrize(
    "values",
    [
        "DATE '2024-01-01', DATE '2024-06-01', DATE '2025-01-01'",
        "1.50::DECIMAL(6,2), -2.25::DECIMAL(6,2), 0::DECIMAL(6,2)",
        "0.5, -1.0, 2.5",
        "'고양이', '강아지', '새'",
        "'', '<b>', 'a\nb'",
        "TIMESTAMP '2024-01-01 10:00:00', TIMESTAMP '2024-06-01 00:00:01', TIMESTAMP '2025-01-01 00:00:00'",
    ],
)
def test_any_type_can_be_a_label(pictures, values: str) -> None:
    pictures.run(f"CREATE TABLE q AS SELECT *, [{values}][code + 1] AS mine FROM p")
    pictures.run("BUILD MODEL c USING ConvNeXt_Base OPTIONS(label_col='mine') AS SELECT * FROM q")
    rows = pictures.rows(
        "SELECT count(*) AS wrong FROM (PREDICT USING c AS SELECT * FROM q) WHERE n < 100 AND predict_result <> mine"
    )
    assert rows == [{"wrong": 0}]
    before = pictures.rows("PREDICT USING c AS SELECT * FROM q")
    pictures.session.close()
    pictures.session = Session(pictures.folder / "db", working_folder=pictures.folder)
    pictures.run("SET display.rows = 100")
    assert pictures.rows("PREDICT USING c AS SELECT * FROM q") == before


def test_predictions_stand_where_a_table_can(pictures) -> None:
    pictures.run(CLASSIFIER)
    nested = pictures.rows(
        "SELECT p.n, q.predict_result FROM p JOIN (PREDICT USING c OPTIONS(image_col='file') AS "
        "SELECT n, image_path AS file FROM p WHERE n < 6) q USING (n) WHERE q.predict_result = 'blue' ORDER BY n"
    )
    assert [row["n"] for row in nested] == [2, 5]
    pictures.run(
        "PREDICT USING c OPTIONS(table_name='said', result_col='what') AS SELECT n, image_path FROM p"
    )
    assert pictures.rows("SELECT what FROM said WHERE n = 1") == [{"what": "green"}]
    again = pictures.rows("PREDICT USING c OPTIONS(result_col='what') AS SELECT * FROM said WHERE n < 3")
    assert [row["what"] for row in again] == ["red", "green", "blue"]


def test_the_same_rows_give_the_same_weights(pictures, tmp_path: Path) -> None:
    for number, order in enumerate(("n", "n")):
        pictures.run(f"BUILD MODEL c{number} USING ConvNeXt_Tiny AS SELECT * FROM p ORDER BY {order}")
        pictures.run(
            f"BUILD MODEL a{number} USING mini OPTIONS(image_col='image_path', text_col='text') AS SELECT * FROM p"
        )
    assert head_of(pictures, "c0").fingerprint == head_of(pictures, "c1").fingerprint
    assert head_of(pictures, "a0").fingerprint == head_of(pictures, "a1").fingerprint
    assert len(folders(pictures)) == 2


@pytest.mark.parametrize(
    ("cell", "says"), [(CLASSIFIER, r"best accuracy [01]\.\d{3}"), (ADAPTER, r"loss \d+\.\d{4}")]
)
def test_the_bar_says_how_training_goes(pictures, cell: str, says: str) -> None:
    shown = Told()
    pictures.run(cell, progress=shown)
    assert len(shown.told) >= 3
    assert all(re.fullmatch(says, told) for told in shown.told)
    figures = [float(told.split()[-1]) for told in shown.told]
    assert figures == sorted(figures) if cell is CLASSIFIER else min(figures) <= figures[0]


def test_frozen_vectors_are_made_once(pictures, encoder: PixelEncoder) -> None:
    pictures.run(CLASSIFIER)
    seen = encoder.pictures
    assert seen >= 36
    for cell in (
        "PREDICT USING c AS SELECT * FROM p",
        "EVALUATE USING c AS SELECT * FROM p",
        ADAPTER,
        "CONVERT USING a OPTIONS(table_name='v') AS SELECT * FROM p",
        "BUILD MODEL d USING ConvNeXt_Tiny OPTIONS(label_col='is_red') AS SELECT * FROM p",
    ):
        pictures.run(cell)
        assert encoder.pictures == seen, cell


@pytest.mark.parametrize("how", ["fresh", "frozen first", "vacuumed", "a column is there"])
def test_vectors_of_a_head_are_the_head_of_frozen_vectors(pictures, encoder, how: str) -> None:
    pictures.run("BUILD MODEL s USING SimCLR AS SELECT * FROM p")
    head = _moved(pictures, "s")
    if how == "frozen first":
        pictures.run("CONVERT USING mini OPTIONS(table_name='v') AS SELECT * FROM p")
    if how == "vacuumed":
        pictures.run("CONVERT USING s OPTIONS(table_name='v') AS SELECT * FROM p; DROP TABLE v; VACUUM")
    if how == "a column is there":
        pictures.run("CONVERT USING mini AS SELECT * FROM p")
    made = pictures.rows("SELECT n, s_simclr AS v FROM (CONVERT USING s AS SELECT * FROM p) ORDER BY n")
    frozen = pictures.rows(
        "SELECT n, mini_clipmini AS v FROM (CONVERT USING mini AS SELECT * FROM p) ORDER BY n"
    )
    for one, other in zip(made, frozen, strict=True):
        if other["v"] is None:
            assert one["v"] is None
            continue
        wanted = np.asarray(other["v"]) @ head.arrays["image.weight"].astype(np.float64)
        assert np.abs(np.asarray(one["v"]) - wanted / np.linalg.norm(wanted)).max() < 1e-6


def _moved(world, name: str, seed: int = 0):
    """The head of a model, which must differ from no head; another one in its place where it does not."""
    from dataclasses import replace

    trained = world.session.catalog.models[name].trained
    head = load_head(Path(trained.folder))
    kind = trained.kinds[0]
    random = np.random.default_rng(seed)
    weight = (np.eye(24) + 0.3 * random.standard_normal((24, 24))).astype(np.float32)
    other = replace(head, arrays={f"{kind}.weight": weight, "text.weight": weight})
    other.save(Path(trained.folder), "")
    return other


def test_searching_compares_what_the_head_makes(pictures, encoder) -> None:
    pictures.run(ADAPTER)
    head = _moved(pictures, "a")
    pictures.run("CONVERT USING a OPTIONS(table_name='v') AS SELECT * FROM p")
    rows = pictures.rows(
        "SELECT n, a_clipmini AS v, a_clipmini_similarity1 AS picture, a_clipmini_similarity2 AS other "
        "FROM (SEARCH IMAGE images=['p3.png', 'p4.png'] USING a AS SELECT * FROM v) ORDER BY n"
    )
    known = [row for row in rows if row["n"] < 100]
    assert known[3]["picture"] == pytest.approx(1.0, abs=1e-6)
    vectors = np.array([row["v"] for row in known])
    assert np.abs(vectors @ vectors[3] - [row["picture"] for row in known]).max() < 1e-5
    text = head.project(encoder.encode_texts(["a red picture"]), "text")[0]
    rows = pictures.rows(
        "SEARCH IMAGE text='a red picture' USING a AS SELECT * FROM v WHERE n < 100 ORDER BY n"
    )
    found = {row["n"]: row["a_clipmini_similarity1"] for row in rows}
    assert max(abs(found[n] - vectors[n] @ text) for n in found) < 1e-5


def test_a_column_of_earlier_weights_is_refused(pictures) -> None:
    pictures.run("BUILD MODEL s USING SimCLR AS SELECT * FROM p; CONVERT USING s AS SELECT * FROM p")
    _moved(pictures, "s")
    error = pictures.fail("SEARCH IMAGE image='p1.png' USING s AS SELECT * FROM p")
    assert error.code == "TS401"


def test_other_weights_below_are_refused(pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures.run(CLASSIFIER)
    pictures.run(ADAPTER)
    monkeypatch.setattr(registry, "_mini", lambda: PixelEncoder(seed=5))
    for cell in (
        "PREDICT USING c AS SELECT * FROM p",
        "EVALUATE USING c AS SELECT * FROM p",
        "CONVERT USING a OPTIONS(table_name='v') AS SELECT * FROM p",
        "FIT MODEL d USING c AS SELECT * FROM p",
    ):
        assert pictures.fail(cell).code == "TS401", cell


def test_going_on_keeps_labels_and_takes_new_ones(pictures) -> None:
    pictures.run("BUILD MODEL c USING ConvNeXt_Tiny AS SELECT * FROM p WHERE label <> 'blue'")
    pictures.run("FIT MODEL d USING c AS SELECT * FROM p WHERE label = 'blue'")
    assert head_of(pictures, "d").labels.to_pylist() == ["blue", "green", "red"]
    rows = pictures.rows(
        "SELECT label, predict_result AS said FROM (PREDICT USING d AS SELECT * FROM p WHERE n < 100)"
    )
    assert all(row["label"] == row["said"] for row in rows)
    assert (
        pictures.session.catalog.models["c"].trained.folder
        != pictures.session.catalog.models["d"].trained.folder
    )


def test_what_is_said_last_of_a_row_counts(pictures) -> None:
    pictures.run(CLASSIFIER)
    pictures.run(
        "FIT MODEL c USING c OPTIONS(overwrite=True) AS SELECT image_path, 'scarlet' AS label FROM p WHERE label = 'red'"
    )
    assert head_of(pictures, "c").labels.to_pylist() == ["blue", "green", "scarlet"]


@pytest.mark.parametrize(
    "cell",
    [
        "FIT MODEL d USING c OPTIONS(label_col='code') AS SELECT * FROM p",
        "EVALUATE USING c OPTIONS(label_col='code') AS SELECT * FROM p",
    ],
)
def test_labels_of_another_type_are_refused(pictures, cell: str) -> None:
    pictures.run(CLASSIFIER)
    code, marked = pictures.marked(cell)
    assert (code, marked) == ("TS404", "'code'") or (code, marked) == ("TS404", "code")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * FROM p WHERE label IS NULL", "no row has a label in label"),
        ("SELECT * FROM p WHERE n = 1", "1 row are too few|1 row"),
        ("SELECT image_path, n AS label FROM p", "that is no label"),
        ("SELECT image_path, [1] AS label FROM p", "which are no labels"),
        ("SELECT * FROM p LIMIT 0", "no row has a label"),
        ("SELECT NULL AS image_path, label FROM p", "too few"),
    ],
)
def test_what_cannot_be_learnt_is_refused(pictures, query: str, says: str) -> None:
    error = pictures.fail(f"BUILD MODEL m USING ConvNeXt_Tiny AS {query}")
    assert error.code == "TS404"
    assert any(part in error.message for part in says.split("|"))
    assert "m" not in pictures.session.catalog.models
    assert folders(pictures) == []


@pytest.mark.parametrize("base", ["SimCLR", "mini"])
def test_few_pictures_are_refused(pictures, base: str) -> None:
    options = "OPTIONS(image_col='image_path', text_col='text') " if base == "mini" else ""
    assert (
        pictures.fail(f"BUILD MODEL m USING {base} {options}AS SELECT * FROM p WHERE n < 3").code == "TS404"
    )
    assert (
        pictures.fail(f"BUILD MODEL m USING {base} {options}AS SELECT * FROM p WHERE n = 100").code == "TS404"
    )
    same = "SELECT 'p1.png' AS image_path, text FROM p"
    assert pictures.fail(f"BUILD MODEL m USING {base} {options}AS {same}").code == "TS404"


def test_one_label_is_told_and_always_given(pictures) -> None:
    (result,) = pictures.run(CLASSIFIER + " WHERE label = 'red'")
    assert "all rows have one label" in result.text
    assert {
        row["predict_result"] for row in pictures.rows("PREDICT USING c AS SELECT * FROM p WHERE n < 9")
    } == {"red"}


def test_two_rows_are_enough_and_no_score_is_told(pictures) -> None:
    (result,) = pictures.run(CLASSIFIER + " WHERE n < 2")
    assert "nobody knows how good it is" in result.text


def test_copies_of_a_row_tell_nothing_about_others(pictures) -> None:
    """Held out, a copy of what is trained on would be right whatever was learnt."""
    noise = "SELECT image_path, hash(n) % 2 = 0 AS label FROM p, range(6) WHERE n < 100"
    (result,) = pictures.run(f"BUILD MODEL c USING ConvNeXt_Tiny AS {noise}")
    assert "(7 rows held out)" in result.text or "(8 rows held out)" in result.text


def test_a_model_for_labels_makes_no_vectors(pictures) -> None:
    pictures.run(CLASSIFIER)
    for cell in (
        "CONVERT USING c AS SELECT * FROM p",
        "SEARCH IMAGE image='p1.png' USING c AS SELECT * FROM p",
    ):
        error = pictures.fail(cell)
        assert (error.code, error.hint) == ("TS404", "tell labels with it: PREDICT USING c AS …"), cell


def test_two_heads_stand_on_one_model(pictures) -> None:
    pictures.run(ADAPTER)
    pictures.run("BUILD MODEL b USING SimCLR AS SELECT * FROM p")
    one, two = _moved(pictures, "a"), _moved(pictures, "b", seed=1)
    assert one.fingerprint != two.fingerprint
    rows = pictures.rows(
        "SELECT a_clipmini AS a, b_simclr AS b FROM (CONVERT USING b AS SELECT * FROM (CONVERT USING a AS SELECT * FROM p)) WHERE n < 100"
    )
    for row in rows:
        assert np.linalg.norm(row["a"]) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(row["b"]) == pytest.approx(1, abs=1e-5)


def test_clip_without_weights_is_trained_on_what_stands_in_and_says_so(pictures, encoder) -> None:
    encoder.name = "mini"
    (result,) = pictures.run(
        "BUILD MODEL c USING ConvNeXt_Tiny OPTIONS(vectors_of='clip') AS SELECT * FROM p"
    )
    assert "on vectors of mini" in result.text
    assert any("clip" in notice for notice in result.notices)
    assert pictures.session.catalog.models["c"].trained.on.spec == "mini"


def test_colours_are_found_by_colour(pictures) -> None:
    pictures.run(
        "BUILD MODEL k USING Color_Descriptor AS SELECT * FROM p; CONVERT USING k AS SELECT * FROM p"
    )
    rows = pictures.rows(
        "SELECT label, k_color_descriptor_similarity1 AS s FROM (SEARCH IMAGE image='p0.png' USING k AS SELECT * FROM p) "
        "WHERE n < 100 ORDER BY s DESC"
    )
    assert rows[0]["s"] == pytest.approx(1.0, abs=1e-6)
    assert [row["label"] for row in rows[:12]] == ["red"] * 12
    assert pictures.fail("SEARCH IMAGE text='red' USING k AS SELECT * FROM p").code == "TS403"
    assert (
        pictures.fail("BUILD MODEL x USING AlbertEn OPTIONS(vectors_of='k') AS SELECT * FROM p").code
        == "TS403"
    )
    pictures.run(CLASSIFIER.replace(" AS", " OPTIONS(vectors_of='k') AS", 1))


def test_a_head_is_trained_on_no_head(pictures) -> None:
    pictures.run(ADAPTER)
    error = pictures.fail("BUILD MODEL c USING ConvNeXt_Tiny OPTIONS(vectors_of='a') AS SELECT * FROM p")
    assert (error.code, error.hint) == ("TS404", "name that one: vectors_of='mini'")
