"""A small installation, without PyTorch and what goes with it: everything but CLIP runs, in a kernel and from Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import REAL, live_kernel

from thanosql_kernel.packages import CLIP, clip_command

pytestmark = pytest.mark.e2e

SEARCH = "SEARCH IMAGE text='빨강' USING {model} OPTIONS(top_k=2) AS SELECT * FROM 사진"
CELLS = (
    "COPY 사진 FROM 'pictures'",
    "CONVERT USING mini AS SELECT * FROM 사진",
    SEARCH.format(model="mini"),
    "LIST MODEL",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with pictures."""
    (tmp_path / "pictures").mkdir()
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (64, 48), colour).save(tmp_path / "pictures" / f"{colour}.png")
    return tmp_path


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables with which every Python finds none of the packages that CLIP runs on."""
    place = tmp_path_factory.mktemp("small")
    blocked = f"import sys\nsys.modules.update(dict.fromkeys({CLIP!r}))\n"
    (place / "sitecustomize.py").write_text(blocked, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(place), os.environ.get("PYTHONPATH", "")])}


def test_the_kernel_starts_and_converts_and_searches_with_mini(folder: Path, small: dict[str, str]) -> None:
    with live_kernel(REAL, folder, **small) as kernel:
        for cell in CELLS:
            assert kernel.run(cell).reply["content"]["status"] == "ok", cell
        (stood_in,) = kernel.run("GET THANOSQL MODEL clip").plain
        assert clip_command() in stood_in


def test_the_same_from_python_and_clip_says_what_to_install(folder: Path, small: dict[str, str]) -> None:
    script = f"""
import importlib.util, thanosql_kernel
assert not any(map(importlib.util.find_spec, {CLIP!r}))
from thanosql_kernel.errors import ThanoSQLError
with thanosql_kernel.connect(progress=False) as db:
    for cell in {CELLS!r}:
        db.sql(cell)
    found = db.sql({SEARCH.format(model="mini")!r})
    print(found.columns[-1], len(found))
    made = db.sql("CONVERT USING clip AS SELECT * FROM 사진")
    found = db.sql({SEARCH.format(model="clip")!r})
    print(found.columns[-1], *made.notices, sep="\\n")
"""
    done = python(script, folder, small)
    assert done.returncode == 0, done.stderr
    by_mini, by_clip, notice, *_ = done.stdout.splitlines()
    assert (by_mini, by_clip) == ("mini_clipmini_similarity1 2", "clip_clipen_similarity1")
    assert clip_command() in notice


def test_the_doctor_calls_it_a_note(folder: Path, small: dict[str, str]) -> None:
    script = """
from thanosql_kernel.jupyter.doctor import examine
print({(one.state, one.advice) for one in examine() if "torch" in one.what})
"""
    done = python(script, folder, small)
    command = clip_command()
    assert done.stdout.strip() == str({("note", f"run: {command}")}), done.stderr


def python(script: str, folder: Path, small: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=os.environ | small | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
