"""Every example of docs/statements.md, which is what HELP shows, runs."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from example_world import make_world, run

from thanosql_kernel.engine.session import Session
from thanosql_kernel.models import registry
from thanosql_kernel.statements.cell import parse_cell
from thanosql_kernel.statements.registry import documented_types, titles

KINDS = [kind for kind in documented_types() if kind.syntax and kind.is_supported()]
# Each function has an example of its own; FUNCTION alone says how they are written.
EXAMPLES = {titles(kind)[0]: kind.example for kind in KINDS if titles(kind)[0] != "FUNCTION"}
#: Those that cannot be tried here.
NOT_RUN = {"GET THANOSQL DATASET": "it fetches 41 MB; tests of the examples do"}
#: What has to have been done before, where an example goes on from another.
BEFORE = {
    "ALTER VIEW": "CREATE VIEW cats AS SELECT * FROM photos",
    "DROP VIEW": "CREATE VIEW cats AS SELECT * FROM photos",
    "CREATE INDEX": "CONVERT USING clip AS SELECT * FROM photos",
    "DROP INDEX": "CONVERT USING clip AS SELECT * FROM photos",
    "DELETE MODEL": "UPLOAD MODEL my_clip FROM 'models/my_clip'",
    "EXPORT MODEL": EXAMPLES["BUILD MODEL"],
    "RESET VARIABLE": "SET VARIABLE year = 2024",
    "SEARCH IMAGE": "CONVERT USING clip AS SELECT * FROM photos",
    "SEARCH VIDEO": "CONVERT USING clip OPTIONS(video_col='video_path') AS SELECT * FROM films",
}


@pytest.fixture(scope="module")
def template(
    tiny_dual: ModuleType, clip_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The world, and small models in the place of those that are fetched."""
    folder = tmp_path_factory.mktemp("examples")
    siglip2 = tiny_dual.FAMILIES["siglip2"](tmp_path_factory.mktemp("weights") / "siglip2")
    make_world(folder).close()
    shutil.copytree(clip_folder, folder / "models" / "my_clip")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THANOSQL_SIGLIP2", str(siglip2))
        yield folder
    registry.forget()


@pytest.fixture
def session(template: Path, tmp_path: Path) -> Session:
    """Over a copy of the world."""
    folder = Path(shutil.copytree(template, tmp_path / "world"))
    return Session(folder / "db", working_folder=folder)


@pytest.mark.parametrize("title", sorted(EXAMPLES))
def test_the_example_of_each_statement_runs(title: str, session: Session) -> None:
    if title in NOT_RUN:
        assert parse_cell(EXAMPLES[title])
        return
    if title in BEFORE:
        run(session, BEFORE[title])
    assert run(session, EXAMPLES[title])


def test_every_statement_that_runs_has_an_example() -> None:
    assert not [title for title, example in EXAMPLES.items() if not example]
    assert set(NOT_RUN) | set(BEFORE) <= set(EXAMPLES)


def test_the_page_shows_no_other_examples() -> None:
    page = (Path(__file__).parents[2] / "docs" / "statements.md").read_text(encoding="utf-8")
    shown = re.findall(r"^Example:\n\n```sql\n(.*?)\n```", page, flags=re.MULTILINE | re.DOTALL)
    assert sorted(shown) == sorted(EXAMPLES.values())
