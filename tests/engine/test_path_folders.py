"""A database found in a folder above the notebook's: whoever reads a path of a table finds the same file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from embed_world import PixelEncoder, age, write_picture

from thanosql_kernel.engine.session import Session
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.models import registry

Sessions = dict[str, Session]


@pytest.fixture
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """Of one database in ``albums``, from notebooks in ``albums`` and in ``albums/노트``; photos lie in ``albums/사진``."""
    monkeypatch.setattr(registry, "load", lambda model, **settings: PixelEncoder())
    monkeypatch.delenv("THANOSQL_DATABASE", raising=False)
    albums, notes = tmp_path / "albums", tmp_path / "albums" / "노트"
    (albums / ".thanosql").mkdir(parents=True)
    notes.mkdir()
    for number in range(4):
        age(write_picture(albums / "사진" / f"p{number}.png", seed=number))
    opened = {"own": Session(working_folder=albums), "below": Session(working_folder=notes)}
    yield opened
    for session in opened.values():
        session.close()


def run(session: Session, cell: str):
    results: list = []
    session.run(cell, emit=results.append)
    return results[-1]


def notices(session: Session, cell: str) -> str:
    return "\n".join(run(session, cell).notices)


def paths_of(session: Session) -> list[str]:
    return run(session, "SELECT image_path FROM photos").rows.column(0).to_pylist()


@pytest.mark.parametrize(
    ("copying", "source"), [("own", "사진"), ("below", "../사진"), ("below", "../사진/"), ("own", "./사진")]
)
@pytest.mark.parametrize("asking", ["own", "below"])
def test_a_copied_folder_is_found_from_any_notebook(
    sessions: Sessions, copying: str, source: str, asking: str
) -> None:
    run(sessions[copying], f"COPY photos FROM '{source}'")
    session = sessions[asking]
    assert "4 pictures embedded" in notices(session, "CONVERT USING mini AS SELECT * FROM photos")
    search = (
        f"SEARCH IMAGE image='{paths_of(session)[2]}' USING mini OPTIONS(top_k=1) AS SELECT * FROM photos"
    )
    assert run(session, search).rows.column("image_path").to_pylist() == paths_of(session)[2:3]
    printed = run(session, "PRINT IMAGE AS SELECT * FROM photos")
    assert "missing" not in mime_bundle(printed)["text/plain"]
    run(session, "SET display.images = on")
    assert mime_bundle(run(session, "SELECT * FROM photos"))["text/html"].count("<img") == 4
    assert not run(session, "EXPORT SELECT * FROM photos TO 'out/'").notices
    assert len(list((session.working_folder / "out").glob("*.png"))) == 4
    run(session, "EXPORT SELECT * FROM photos TO 'page.html'")
    assert (session.working_folder / "page.html").read_text("utf-8").count("<img") == 4


@pytest.mark.parametrize(("first", "second"), [("own", "below"), ("below", "own")])
def test_a_convert_from_another_notebook_loses_no_vector(sessions: Sessions, first: str, second: str) -> None:
    run(sessions[first], f"COPY photos FROM '{'사진' if first == 'own' else '../사진'}'")
    run(sessions[first], "CONVERT USING mini AS SELECT * FROM photos")
    told = notices(sessions[second], "CONVERT USING mini AS SELECT * FROM photos")
    assert "0 pictures embedded, 4 known from before" in told
    nulls = "SELECT count(*) FROM photos WHERE mini_clipmini IS NULL"
    assert run(sessions[second], nulls).rows.column(0).to_pylist() == [0]


def test_paths_that_start_in_a_notebooks_own_folder_are_found_there(sessions: Sessions) -> None:
    below = sessions["below"]
    write_picture(below.working_folder / "그림" / "q.png", seed=9)
    run(below, "CREATE TABLE photos AS SELECT '그림/q.png' AS image_path")
    assert "1 picture embedded" in notices(below, "CONVERT USING mini AS SELECT * FROM photos")
    assert "missing" not in mime_bundle(run(below, "PRINT IMAGE AS SELECT * FROM photos"))["text/plain"]


def test_the_home_folder_is_written_with_a_tilde_everywhere(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    below = sessions["below"]
    run(below, "COPY photos FROM '~/albums/사진'")
    assert paths_of(below)[0] == "~/albums/사진/p0.png"
    assert "4 pictures embedded" in notices(below, "CONVERT USING mini AS SELECT * FROM photos")
    assert "missing" not in mime_bundle(run(below, "PRINT IMAGE AS SELECT * FROM photos"))["text/plain"]
    assert not run(below, "EXPORT SELECT * FROM photos TO 'out/'").notices
