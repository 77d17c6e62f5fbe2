"""Trained models from BUILD to DELETE: where they are kept, what is left of them, and where they go."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from thanosql_kernel.engine.session import Session
from thanosql_kernel.engine.train import kept as kept_module
from thanosql_kernel.errors import Interrupted, ThanoSQLError

CLASSIFIER = "BUILD MODEL c USING ConvNeXt_Tiny AS SELECT * FROM p"
ADAPTER = "BUILD MODEL a USING mini OPTIONS(image_col='image_path', text_col='text') AS SELECT * FROM p"


def folders(world) -> list[str]:
    place = world.session.database.kept_models.folder
    return sorted(it.name for it in place.iterdir()) if place.is_dir() else []


def test_a_model_is_used_under_its_name_until_it_is_deleted(pictures) -> None:
    pictures.run(CLASSIFIER)
    assert pictures.fail(CLASSIFIER).code == "TS205"
    pictures.run(CLASSIFIER.replace(" AS", " OPTIONS(overwrite=True) AS", 1))
    assert any(row["name"] == "c" for row in pictures.rows("LIST MODEL"))
    pictures.run("DELETE MODEL c")
    assert pictures.fail("PREDICT USING c AS SELECT * FROM p").code in ("TS200", "TS600")
    assert pictures.fail("EVALUATE USING c AS SELECT * FROM p").code == "TS200"


def test_vacuum_removes_what_was_left_over_for_a_day(pictures) -> None:
    pictures.run(CLASSIFIER)
    pictures.run(ADAPTER)
    pictures.run("DELETE MODEL c; VACUUM")
    assert len(folders(pictures)) == 2
    place = pictures.session.database.kept_models.folder
    for folder in place.iterdir():
        os.utime(folder, (0, 0))
    pictures.run("VACUUM")
    assert folders(pictures) == [Path(pictures.session.catalog.models["a"].trained.folder).name]


def test_what_was_left_over_is_no_danger_to_a_model_of_the_same_numbers(pictures) -> None:
    pictures.run(CLASSIFIER)
    folder = Path(pictures.session.catalog.models["c"].trained.folder)
    pictures.run("DELETE MODEL c")
    os.utime(folder, (0, 0))
    pictures.run(CLASSIFIER)
    assert folder.stat().st_mtime > 1e6


def test_training_again_mends_a_damaged_model(pictures) -> None:
    pictures.run(CLASSIFIER)
    folder = Path(pictures.session.catalog.models["c"].trained.folder)
    (folder / "head.safetensors").write_bytes(b"no head")
    assert pictures.fail("PREDICT USING c AS SELECT * FROM p").code == "TS400"
    pictures.run(CLASSIFIER.replace(" AS", " OPTIONS(overwrite=True) AS", 1))
    assert pictures.rows("PREDICT USING c AS SELECT * FROM p WHERE n = 0")[0]["predict_result"] == "red"


@pytest.mark.parametrize("cell", [CLASSIFIER, ADAPTER, "BUILD MODEL s USING SimCLR AS SELECT * FROM p"])
def test_a_stopped_training_leaves_nothing(pictures, cell: str) -> None:
    for stop_at in (1, 5, 20, 40):
        asked = iter(range(stop_at))
        with pytest.raises(Interrupted):
            pictures.run(cell, cancelled=lambda asked=asked: next(asked, None) is None)
        assert set(pictures.session.catalog.models) & {"a", "c", "s"} == set()
        assert folders(pictures) == []
    pictures.run(cell)


def test_a_disk_that_refuses_leaves_nothing(pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_module, "_write_rows", refuse)
    error = pictures.fail(CLASSIFIER)
    assert error.code.startswith("TS5")
    assert folders(pictures) == []


def test_a_database_that_was_moved_still_has_its_models(pictures) -> None:
    pictures.run(CLASSIFIER)
    before = pictures.rows("PREDICT USING c AS SELECT * FROM p")
    pictures.session.close()
    shutil.move(pictures.folder / "db", pictures.folder / "elsewhere")
    pictures.session = Session(pictures.folder / "elsewhere", working_folder=pictures.folder)
    pictures.run("SET display.rows = 100")
    assert pictures.rows("PREDICT USING c AS SELECT * FROM p") == before


def test_another_kernel_has_the_model_at_once(pictures) -> None:
    other = Session(pictures.folder / "db", working_folder=pictures.folder)
    pictures.run(CLASSIFIER)
    found: list = []
    other.run("PREDICT USING c AS SELECT * FROM p WHERE n = 1", emit=found.append)
    assert found[-1].rows.to_pylist()[0]["predict_result"] == "green"
    other.close()


@pytest.mark.parametrize("cell", [CLASSIFIER, ADAPTER])
def test_a_model_goes_elsewhere_and_says_the_same(pictures, cell: str, world) -> None:
    name = cell.split()[2]
    use = f"PREDICT USING {name}" if name == "c" else f"CONVERT USING {name} OPTIONS(result_col='v')"
    pictures.run(cell)
    before = pictures.rows(f"{use} AS SELECT * FROM p WHERE n > -1")
    pictures.run(f"EXPORT MODEL {name} TO 'out/{name}'")
    assert pictures.fail(f"EXPORT MODEL {name} TO 'out/{name}'").code == "TS404"
    assert not [it for it in (pictures.folder / "out").iterdir() if it.name.startswith(".")]
    pictures.run(f"UPLOAD MODEL taken FROM 'out/{name}'")
    after = pictures.rows(f"{use.replace(f'USING {name}', 'USING taken')} AS SELECT * FROM p WHERE n > -1")
    assert after == before
    pictures.run(f"DELETE MODEL {name}; FIT MODEL more USING taken AS SELECT * FROM p")


@pytest.mark.parametrize(
    "damage", ["model.json", "head.safetensors", "[]", '{"name": "x"}', '{"name": 1, "spec": "mini"}']
)
def test_a_damaged_export_is_refused(pictures, damage: str) -> None:
    pictures.run(CLASSIFIER + "; EXPORT MODEL c TO 'out'")
    if damage.endswith((".json", ".safetensors")):
        (pictures.folder / "out" / damage).write_bytes(b"{")
    else:
        (pictures.folder / "out" / "model.json").write_text(damage)
    assert pictures.fail("UPLOAD MODEL taken FROM 'out'").code == "TS400"
    assert "taken" not in pictures.session.catalog.models


def test_two_kernels_that_build_at_once_leave_one_model_that_works(pictures) -> None:
    """Whoever is last has the name; what each of them says of the rows is what its own rows taught."""
    sessions = [Session(pictures.folder / "db", working_folder=pictures.folder) for _ in range(2)]
    swapped = "CASE label WHEN 'red' THEN 'green' WHEN 'green' THEN 'red' ELSE label END"
    queries = ("SELECT * FROM p", f"SELECT * REPLACE ({swapped} AS label) FROM p")
    first = {"red": "red", "green": "green"}, {"red": "green", "green": "red"}

    def build(number: int) -> str:
        cell = f"BUILD MODEL c USING ConvNeXt_Tiny OPTIONS(overwrite=True) AS {queries[number]}"
        try:
            sessions[number].run(cell, emit=lambda result: None)
        except ThanoSQLError as error:
            return error.code
        return ""

    for _ in range(3):
        with ThreadPoolExecutor(2) as pool:
            codes = list(pool.map(build, range(2)))
        assert set(codes) <= {"", "TS503"}
        assert "" in codes
        rows = pictures.rows(
            "SELECT label, predict_result FROM (PREDICT USING c AS SELECT * FROM p WHERE n < 100)"
        )
        said = {row["label"]: row["predict_result"] for row in rows if row["label"] != "blue"}
        assert said in first
        for row in rows:
            assert row["label"] not in said or row["predict_result"] == said[row["label"]]
    for session in sessions:
        session.close()


def test_a_kernel_that_has_a_model_open_goes_on_with_what_another_has_built_anew(pictures) -> None:
    pictures.run(CLASSIFIER)
    use = "SELECT predict_result AS it FROM (PREDICT USING c AS SELECT * FROM p WHERE n = 0)"
    assert pictures.rows(use) == [{"it": "red"}]
    other = Session(pictures.folder / "db", working_folder=pictures.folder)
    renamed = "SELECT * REPLACE (upper(label) AS label) FROM p"
    other.run(
        f"BUILD MODEL c USING ConvNeXt_Tiny OPTIONS(overwrite=True) AS {renamed}", emit=lambda result: None
    )
    assert pictures.rows(use) == [{"it": "RED"}]
    other.run("DELETE MODEL c", emit=lambda result: None)
    assert pictures.fail(use).code in ("TS200", "TS600")
    other.close()


def test_a_pipe_in_the_place_of_a_models_facts_is_not_waited_for(pictures) -> None:
    pictures.run(CLASSIFIER)
    pictures.run("EXPORT MODEL c TO 'out'")
    facts = pictures.folder / "out" / kept_module.FACTS_FILE
    facts.unlink()
    os.mkfifo(facts)
    assert pictures.fail("UPLOAD MODEL d FROM 'out'").code == "TS400"
