"""The examples of both READMEs run, one after the other, and both have the same parts."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "statements"))
from example_world import REVIEWS, run, write_film, write_photos

from thanosql_kernel.engine.session import Session
from thanosql_kernel.models.__main__ import table
from thanosql_kernel.statements.cell import parse_cell
from thanosql_kernel.wording import set_language

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "README.ko.md")
PICTURES, VIDEOS = "C:/Users/me/Pictures", "C:/Users/me/Videos"


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def cells_of(page: str) -> list[str]:
    return re.findall(r"^```sql\n(.*?)^```", text_of(page), flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Over folders of pictures and films, and tables of some that have been chosen, or have labels, and of texts."""
    drawn = write_photos(tmp_path / "Pictures")
    (tmp_path / "Videos").mkdir()
    write_film(tmp_path / "Videos" / "film.mp4", [tmp_path / path for path, _ in drawn[:2]])
    session = Session(tmp_path / "db", working_folder=tmp_path)
    labels = ", ".join(f"('{path}', '{label}')" for path, label in drawn)
    reviews = ", ".join(f"('{text}')" for text, _ in REVIEWS[:3])
    run(session, f"CREATE TABLE chosen AS SELECT '{drawn[0][0]}' AS image_path")
    run(session, f"CREATE TABLE labelled AS SELECT * FROM (VALUES {labels}) AS t(image_path, label)")
    run(session, f"CREATE TABLE reviews AS SELECT * FROM (VALUES {reviews}) AS t(text)")
    return session


@pytest.mark.parametrize("page", PAGES)
def test_every_example_runs_after_those_before_it(page: str, session: Session, tmp_path: Path) -> None:
    cells = cells_of(page)
    assert PICTURES in cells[0]
    for cell in cells:
        here = cell.replace(PICTURES, str(tmp_path / "Pictures")).replace(VIDEOS, str(tmp_path / "Videos"))
        assert run(session, here)


@pytest.mark.parametrize("page", PAGES)
def test_the_settings_that_a_page_shows_in_its_text_are_statements(page: str) -> None:
    for statement in re.findall(r"`(SET (?:display\.\w+|language) = \w+)`", text_of(page)):
        assert parse_cell(statement)


def test_both_pages_have_the_same_tables() -> None:
    rows = [re.findall(r"^\|(.*?[^\\])\|", text_of(page), flags=re.MULTILINE) for page in PAGES]
    english, korean = ([re.findall(r"[A-Z][A-Z_]+", row) for row in page] for page in rows)
    assert english == korean


def test_each_page_leads_to_the_other() -> None:
    assert "](README.ko.md)" in text_of("README.md")
    assert "](README.md)" in text_of("README.ko.md")


@pytest.mark.parametrize(("page", "language"), [("README.md", "en"), ("README.ko.md", "ko")])
def test_the_table_of_models_is_what_the_specs_say(page: str, language: str) -> None:
    set_language(language)
    try:
        assert table() in text_of(page)
    finally:
        set_language("en")
