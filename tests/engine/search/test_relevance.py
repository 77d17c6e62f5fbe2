"""Relevance is SigLIP's own sigmoid, as transformers computes it; models that were trained otherwise give none."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from thanosql_kernel.models import dual, registry
from thanosql_kernel.models.encoder import Calibrated, Logits

TEXTS = ("a cat", "the black sea", "검은 고양이")
COUNT = 5


def write_siglip(tiny_dual: ModuleType, folder: Path, scale: float, bias: float) -> Path:
    """A tiny SigLIP with such a logarithm of a scale, and such a bias."""
    import torch
    from safetensors.torch import load_file, save_file

    made = tiny_dual.FAMILIES["siglip2"](folder)
    file = folder / "model.safetensors"
    tensors = {**load_file(file), "logit_scale": torch.tensor([scale]), "logit_bias": torch.tensor([bias])}
    save_file(tensors, file, metadata={"format": "pt"})
    return made


@pytest.fixture
def photos(world, tiny_dual, monkeypatch):
    """Five pictures in the table photos, embedded by a tiny SigLIP and by a tiny CLIP."""
    monkeypatch.setattr(dual, "multiplies_bfloat16", lambda device: False)
    write_siglip(tiny_dual, world.folder / "siglip", 1.3, -0.7)
    tiny_dual.FAMILIES["clip"](world.folder / "clip")
    noise = np.random.default_rng(7)
    for number in range(COUNT):
        pixels = noise.integers(0, 256, (40 + number, 50, 3), np.uint8)
        (world.folder / "사진").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(world.folder / "사진" / f"{number}.png")
    world.run("UPLOAD MODEL sig FROM 'siglip'; UPLOAD MODEL other FROM 'clip'; COPY photos FROM '사진'")
    world.run("INSERT INTO photos BY NAME SELECT 'absent.png' AS image_path")
    world.run("CONVERT USING sig AS SELECT * FROM photos; CONVERT USING other AS SELECT * FROM photos")
    yield world
    registry.forget()


def reference(folder: Path) -> np.ndarray:
    """Of each picture and text what transformers says, sigmoid(logits_per_image)."""
    import torch
    from transformers import AutoModel, AutoProcessor

    model, processor = (
        AutoModel.from_pretrained(folder / "siglip").eval(),
        AutoProcessor.from_pretrained(folder / "siglip"),
    )
    pictures = [Image.open(folder / "사진" / f"{number}.png").convert("RGB") for number in range(COUNT)]
    words = processor.tokenizer(
        [text.lower() for text in TEXTS],
        padding="max_length",
        max_length=64,
        truncation=True,
        return_tensors="pt",
    )
    pixels = processor.image_processor(pictures, return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        answer = model(input_ids=words["input_ids"], pixel_values=pixels)
    return torch.sigmoid(answer.logits_per_image).numpy()


def test_it_is_what_transformers_computes(photos):
    texts = ", ".join(f"'{text}'" for text in TEXTS)
    rows = photos.rows(
        f"SELECT * FROM (SEARCH IMAGE texts=[{texts}] USING sig OPTIONS(relevance=True, result_col='s') "
        "AS SELECT * FROM photos) ORDER BY image_path = 'absent.png', image_path"
    )
    assert rows[-1]["image_path"] == "absent.png"
    assert [rows[-1][f"s{number}_relevance"] for number in (1, 2, 3)] == [None] * 3
    found = [[row[f"s{number}_relevance"] for number in (1, 2, 3)] for row in rows[:COUNT]]
    expected = reference(photos.folder)
    assert expected.max() - expected.min() > 0.05
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_it_stands_behind_the_similarity_and_changes_no_order(photos):
    cell = "SEARCH IMAGE text='a cat' USING sig OPTIONS({}) AS SELECT image_path, sig_emb FROM photos"
    with_it = photos.run(cell.format("relevance=True, top_k=3"))[-1]
    names = ["image_path", "sig_emb", "sig_emb_similarity1", "sig_emb_similarity1_relevance"]
    assert [(column.name, column.type) for column in with_it.columns][2:] == [
        (name, "FLOAT") for name in names[2:]
    ]
    plain = photos.run(cell.format("top_k=3"))[-1]
    assert with_it.rows.column(0).equals(plain.rows.column(0))


@pytest.mark.parametrize(
    ("cell", "code", "message"),
    [
        (
            "SEARCH IMAGE text='a' USING other OPTIONS(relevance=True) AS SELECT * FROM photos",
            "TS403",
            "no relevance",
        ),
        (
            "SEARCH IMAGE image='사진/1.png' USING sig OPTIONS(relevance=True) AS SELECT * FROM photos",
            "TS110",
            "both are images",
        ),
        (
            "SEARCH IMAGE texts=['a', 'b'] weights=[1, 1] USING sig OPTIONS(relevance=True) AS SELECT * FROM photos",
            "TS110",
            "not of several inputs",
        ),
        (
            "SEARCH IMAGE text=(SELECT image_path FROM photos) USING sig OPTIONS(relevance=True) AS SELECT * FROM photos",
            "TS110",
            "not of several inputs",
        ),
        (
            "SEARCH IMAGE text='a' USING sig OPTIONS(relevance=True, emb_col='v') "
            "AS SELECT CAST(sig_emb AS FLOAT[32]) AS v FROM (SELECT list_transform(sig_emb, x -> x) AS sig_emb FROM photos)",
            "TS110",
            "nobody knows",
        ),
    ],
)
def test_where_there_is_none_it_says_why(photos, cell, code, message):
    error = photos.fail(cell)
    assert error.code == code
    assert message in error.message


def test_one_row_of_a_query_is_one_text(photos):
    given = [f"text={it}" for it in ("'a cat'", "(SELECT 'a cat')")]
    found = [
        photos.rows(f"SEARCH IMAGE {it} USING sig OPTIONS(relevance=True) AS SELECT * FROM photos")
        for it in given
    ]
    assert found[0] == found[1]


def test_mini_gives_none(world):
    from thanosql_kernel.catalog import Model

    assert not isinstance(registry.load(Model("mini", "mini"), notice=print), Calibrated)


def test_the_sigmoid_neither_overflows_nor_loses_missing_ones():
    found = Logits(120.0, -16.0).relevance(np.array([-1, 0, 1, np.nan, 0.14], np.float32))
    assert found[:3].tolist() == [0.0, pytest.approx(1.125e-7, rel=1e-3), 1.0]
    assert np.isnan(found[3])
    assert found.dtype == np.float32
