"""docs/from-the-old-thanosql*.md: every example runs after those before it, and what is said not to run is refused."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "statements"))
from example_world import make_world, run

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Unsupported
from thanosql_kernel.statements.build_model import BuildModel
from thanosql_kernel.wording import training

ROOT = Path(__file__).parents[1]
PAGES = ("from-the-old-thanosql.md", "from-the-old-thanosql.ko.md")


def text_of(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def cells_of(page: str) -> list[str]:
    return re.findall(r"^```sql\n(.*?)^```", text_of(page), flags=re.MULTILINE | re.DOTALL)


def refused_of(page: str) -> list[str]:
    (table,) = re.findall(r"<!-- refused -->\n(.*?)<!-- end -->", text_of(page), flags=re.DOTALL)
    return re.findall(r"^\| `([^`]+)`", table, flags=re.MULTILINE)


def in_one_line(cells: list[str]) -> list[str]:
    """Cells without what a language says differently: texts that are searched for, and bases for its texts."""
    return [re.sub(r"'[^']*'|\"[^\"]*\"|SBERT\w\w", "…", " ".join(cell.split())) for cell in cells]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Over the photos, the reviews and the film that the page speaks of."""
    session = make_world(tmp_path)
    yield session
    session.close()


@pytest.mark.parametrize("page", PAGES)
def test_every_example_runs_after_those_before_it(page: str, session: Session) -> None:
    cells = cells_of(page)
    assert len(cells) > 20
    for cell in cells:
        assert run(session, cell), cell


@pytest.mark.parametrize("page", PAGES)
def test_what_is_said_not_to_run_is_answered_with_a_hint(page: str, session: Session) -> None:
    cells = refused_of(page)
    assert len(cells) == 8
    for cell in cells:
        with pytest.raises(Unsupported) as refused:
            run(session, cell)
        assert refused.value.hint, cell


def test_both_pages_show_the_same() -> None:
    english, korean = (in_one_line(cells_of(page)) for page in PAGES)
    assert english == korean
    assert in_one_line(refused_of(PAGES[0])) == in_one_line(refused_of(PAGES[1]))
    heads = [re.findall(r"^#+ ", text_of(page), flags=re.MULTILINE) for page in PAGES]
    assert heads[0] == heads[1]


def test_options_said_to_have_no_effect_say_so_themselves() -> None:
    without = {
        name
        for spec in BuildModel.option_specs
        if spec.doc == training.NO_EFFECT
        for name in (spec.name, *spec.aliases)
    }
    for page in PAGES:
        assert without - {name for name in without if f"`{name}`" in text_of(page)} == set()
