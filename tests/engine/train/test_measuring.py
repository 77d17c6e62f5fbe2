"""EVALUATE: figures are scikit-learn's and NumPy's own, over random labels too; and how a matrix is shown."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from thanosql_kernel.engine.train.figures import figures
from thanosql_kernel.jupyter.matrix import matrix_html, matrix_text
from thanosql_kernel.statements.results import Matrix
from thanosql_kernel.statements.training import Judged


def own(truth: list, said: list, sure: np.ndarray | None = None) -> dict[str, float]:
    """What scikit-learn says."""
    names = sorted({*truth, *said})
    mean = {"average": "macro", "zero_division": 0}
    if sure is not None:
        mean = {"average": "binary", "pos_label": names[-1], "zero_division": 0}
    found = {
        "Accuracy": metrics.accuracy_score(truth, said),
        "Recall": metrics.recall_score(truth, said, **mean),
        "Precision": metrics.precision_score(truth, said, **mean),
        "F1-Score": metrics.f1_score(truth, said, **mean),
        "Kappa": metrics.cohen_kappa_score(truth, said),
        "MCC": metrics.matthews_corrcoef(truth, said),
    }
    return found | ({"ROCAUC": metrics.roc_auc_score(truth, sure)} if sure is not None else {})


@pytest.mark.parametrize("seed", range(40))
def test_figures_are_those_of_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    count, labels = int(random.integers(2, 60)), int(random.integers(2, 6))
    truth = random.integers(0, labels, count)
    scores = random.standard_normal((count, labels)) + 1.5 * (truth[:, None] == np.arange(labels))
    said = scores.argmax(axis=1)
    found = dict(figures(Judged(tuple("abcdef"[:labels]), truth, said, scores, 0, 0)))
    if labels == 2 and len(set(truth)) < 2:
        assert found["ROCAUC"] is None
        return
    sure = scores[:, 1] - scores[:, 0] if labels == 2 else None
    wanted = own(truth.tolist(), said.tolist(), sure) if len({*truth, *said}) > 1 else {}
    assert {name: pytest.approx(value, abs=1e-9) for name, value in wanted.items()} == {
        name: found[name] for name in wanted
    }


def test_what_has_no_value_is_told_as_none() -> None:
    same = np.zeros(3, np.int64)
    found = dict(figures(Judged(("a", "b"), same, same, np.array([[1.0, 0.0]] * 3), 0, 0)))
    assert found["Accuracy"] == 1.0
    assert found["ROCAUC"] is found["Recall"] is found["Kappa"] is found["MCC"] is None


@pytest.mark.parametrize("label", ["label", "is_red", "code"])
def test_a_trained_model_is_measured_as_scikit_learn_would(pictures, label: str) -> None:
    pictures.run(
        f"BUILD MODEL c USING ConvNeXt_Tiny OPTIONS(label_col='{label}') AS SELECT * FROM p WHERE n < 8"
    )
    pictures.run(
        f"CREATE TABLE q AS SELECT n, image_path, CASE WHEN n % 7 = 0 THEN (SELECT {label} FROM p WHERE n = 1) "
        f"ELSE {label} END AS {label} FROM p"
    )
    (result,) = pictures.run("EVALUATE USING c AS SELECT * FROM q")
    rows = pictures.rows(
        f"SELECT {label} AS truth, predict_result AS said FROM (PREDICT USING c AS SELECT * FROM q)"
    )
    rows = [row for row in rows if None not in row.values()]
    truth, said = [row["truth"] for row in rows], [row["said"] for row in rows]
    found = {row["metric"]: row["score"] for row in result.rows.to_pylist()}
    wanted = own(truth, said, np.array(said, float) if label == "is_red" else None)
    wanted.pop("ROCAUC", None)
    assert {name: found[name] for name in wanted} == {
        name: pytest.approx(wanted[name], abs=1e-5) for name in wanted
    }
    assert ("ROCAUC" in found) == (label == "is_red")
    assert result.matrix.counts == tuple(map(tuple, metrics.confusion_matrix(truth, said).tolist()))
    assert any("left out" in notice for notice in result.notices)


def test_labels_that_were_never_seen_are_told_and_wrong(pictures) -> None:
    pictures.run("BUILD MODEL c USING ConvNeXt_Tiny AS SELECT * FROM p WHERE label <> 'blue'")
    (result,) = pictures.run("EVALUATE USING c AS SELECT * FROM p WHERE n < 36")
    assert result.rows.to_pylist()[0] == {"metric": "Accuracy", "score": pytest.approx(2 / 3)}
    assert any("12 rows with labels that c was not trained on" in notice for notice in result.notices)


@pytest.mark.parametrize("named", [True, False])
def test_comparing_with_names_is_measured_as_scikit_learn_would(pictures, encoder, named: bool) -> None:
    labels = ["red", "blue", "no colour", "green"] if named else ["blue", "green", "red"]
    option = f", labels={labels}" if named else ""
    (result,) = pictures.run(f"EVALUATE USING mini OPTIONS(label_col='label'{option}) AS SELECT * FROM p")
    prompts = encoder.encode_texts([f"a photo of a {name}" for name in labels])
    rows = pictures.rows("SELECT label, mini_clipmini AS v FROM (CONVERT USING mini AS SELECT * FROM p)")
    rows = [row for row in rows if row["label"] and row["v"]]
    said = [labels[int((prompts @ np.array(row["v"], np.float32)).argmax())] for row in rows]
    found = {row["metric"]: row["score"] for row in result.rows.to_pylist()}
    wanted = own([row["label"] for row in rows], said)
    assert {name: found[name] for name in wanted} == {
        name: pytest.approx(wanted[name], abs=1e-5) for name in wanted
    }


def test_retrieval_is_measured_as_numpy_would(pictures, encoder) -> None:
    pictures.run(
        "INSERT INTO p SELECT n + 200, image_path, label, is_red, code, 'again ' || text FROM p WHERE n < 12"
    )
    cell = "EVALUATE USING mini OPTIONS(image_col='image_path', text_col='text') AS SELECT * FROM p"
    found = {row["metric"]: row["score"] for row in pictures.rows(cell)}
    rows = pictures.rows(
        "SELECT image_path, text, mini_clipmini AS v FROM (CONVERT USING mini AS SELECT * FROM p) "
        "WHERE text IS NOT NULL AND image_path IS NOT NULL"
    )
    every = {row["image_path"]: np.array(row["v"]) for row in rows}
    texts = encoder.encode_texts([row["text"] for row in rows])
    ranks = []
    for row, text in zip(rows, texts, strict=True):
        scores = {path: float(text @ vector) for path, vector in every.items()}
        ranks.append(sum(score >= scores[row["image_path"]] - 1e-7 for score in scores.values()))
    ranks = np.array(ranks)
    wanted = {f"Recall@{k}": np.mean(ranks <= k) for k in (1, 5, 10)} | {"MRR": np.mean(1 / ranks)}
    assert found == {name: pytest.approx(value, abs=1e-5) for name, value in wanted.items()}


def test_a_figure_is_a_row_of_a_table(pictures) -> None:
    pictures.run("BUILD MODEL c USING ConvNeXt_Tiny AS SELECT * FROM p")
    rows = pictures.rows(
        "SELECT metric FROM (EVALUATE USING c AS SELECT * FROM p) WHERE score > 0.9 ORDER BY metric"
    )
    assert [row["metric"] for row in rows] == ["Accuracy", "F1-Score", "Kappa", "MCC", "Precision", "Recall"]


@pytest.mark.parametrize(
    "query",
    ["SELECT * FROM p WHERE label IS NULL", "SELECT * FROM p LIMIT 0", "SELECT * FROM p WHERE n = 100"],
)
def test_nothing_to_compare_is_an_error(pictures, query: str) -> None:
    pictures.run("BUILD MODEL c USING ConvNeXt_Tiny AS SELECT * FROM p")
    assert pictures.fail(f"EVALUATE USING c AS {query}").code == "TS404"
    assert pictures.fail(f"EVALUATE USING mini OPTIONS(label_col='label') AS {query}").code == "TS404"


def test_labels_are_shown_as_text_and_never_as_markup() -> None:
    matrix = Matrix(
        ("<script>alert(1)</script>", "고양이", "a\x1b[31m\nb"),
        ((1, 0, 2), (0, 3, 0), (1, 0, 1000)),
        "a & <b>",
    )
    html = matrix_html(matrix)
    assert "<script" not in html
    assert "<b>" not in html
    assert "\x1b" not in html + matrix_text(matrix)
    assert "1,000" in html


def test_columns_of_a_matrix_stand_below_each_other() -> None:
    from wcwidth import wcswidth

    text = matrix_text(Matrix(("고양이", "dog"), ((12, 0), (3, 400)), "caption"))
    assert text.splitlines() == [
        "caption",
        "        고양이  dog",
        "고양이      12    0",
        "   dog       3  400",
    ]
    assert len({wcswidth(line) for line in text.splitlines()[1:]}) == 1
