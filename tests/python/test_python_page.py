"""docs/python.md: what it shows runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_first_script_and_the_chain_of_results_run(tmp_path):
    (tmp_path / "pictures").mkdir()
    for colour in ("red", "green", "black"):
        Image.new("RGB", (64, 48), colour).save(tmp_path / "pictures" / f"{colour}.png")
    chain = next(block for block in blocks("sql") if "EXPORT _" in block)
    script = blocks("python")[0] + f"\nwith thanosql_kernel.connect() as db:\n    db.sql({chain!r})\n"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THANOSQL_")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert "mini_clipmini_similarity1" in done.stdout
    assert len((tmp_path / "cats.csv").read_text(encoding="utf-8").splitlines()) == 4
