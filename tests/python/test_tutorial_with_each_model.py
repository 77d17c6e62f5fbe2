"""The whole tutorial, with a model of each family in the place of ``mini``, over a few photos."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

import thanosql_kernel
from thanosql_kernel.models import registry

ROOT = Path(__file__).parents[2]
PHOTOS = ("ai_benchmark/segmentation/12.jpg", "b/sea.jpg", "c/cat.png", "c/d/night.jpg", "e/room.png")
BASES = {"siglip2": "siglip2", "clip": "clipen", "meta": "emb"}


@pytest.fixture(scope="module")
def home(tiny_dual: ModuleType, clip_folder: Path, tmp_path_factory: pytest.TempPathFactory):
    """A folder with the data set in it and a model of each family at hand."""
    folder = tmp_path_factory.mktemp("tutorial")
    photos = folder / "thanosql-dataset" / "sample_photos"
    rows = ["image_path,photo_description,licence,photographer,source"]
    for number, name in enumerate(PHOTOS):
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        Image.effect_noise((80 + 9 * number, 60), 60 + number).convert("RGB").save(photos / name)
        rows.append(f"thanosql-dataset/sample_photos/{name},photo {number},Public domain,somebody,here")
    (photos / "sample_photos.csv").write_text("\n".join(rows) + "\n", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THANOSQL_SIGLIP2", str(tiny_dual.FAMILIES["siglip2"](folder / "siglip2")))
        patch.setenv("THANOSQL_CLIP", str(clip_folder))
        patch.setenv("THANOSQL_FALLBACK", "error")
        tiny_dual.FAMILIES["metaclip2"](folder / "metaclip2")
        yield folder
    registry.forget()


def cells(model: str) -> list[str]:
    notebook = json.loads((ROOT / "examples" / "tutorial.ipynb").read_text("utf-8"))
    found = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    column = f"{model}_{BASES[model]}"
    return [cell.replace("mini_clipmini", column).replace("USING mini", f"USING {model}") for cell in found]


@pytest.mark.parametrize("model", BASES)
def test_the_whole_tutorial_runs_with_a_model_of_each_family(model: str, home: Path) -> None:
    said: list[str] = []
    with thanosql_kernel.connect(home / f"{model}.db", working_folder=home, progress=False) as connection:
        if model == "meta":
            connection.sql("UPLOAD MODEL meta FROM 'metaclip2'")
        for cell in cells(model):
            said += connection.sql(cell).notices
        column = f"{model}_{BASES[model]}"
        found = connection.sql(
            f"SELECT count({column}) AS n, count(DISTINCT {column}) AS m FROM my_photos"
        ).arrow()
        assert found.to_pylist() == [{"n": len(PHOTOS), "m": len(PHOTOS)}]
        again = connection.sql(f"CONVERT USING {model} AS SELECT * FROM sample_photos").notices
    assert not [text for text in said if "mini" in text or "cannot" in text]
    assert "0 pictures embedded, 5 known from before" in again
