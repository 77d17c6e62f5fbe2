"""What the examples of the reference speak of: photos, texts and a film, all made on the spot."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from PIL import Image, ImageDraw

from thanosql_kernel.engine.session import Session

COLOURS = {"cat": ("black", "dimgray", "navy"), "dog": ("orange", "gold", "tomato")}
FILM_TOOL = Path(__file__).parents[2] / "tools" / "make_film.py"
WHAT = ("actors", "music", "story", "ending", "dialogue", "pictures")
REVIEWS = [
    (f"The {what} of this {kind} about {about} moved everybody in the cinema.", number % 2)
    for number, (what, kind, about) in enumerate(
        (what, kind, about)
        for what in WHAT
        for kind, about in (("comedy", "an old fisherman"), ("thriller", "a bank robbery"))
    )
]
REVIEWS += [(f"바다를 배경으로 한 가족 영화로, {what}이(가) 참 좋았습니다.", 1) for what in WHAT]


def write_film(path: Path, photos: list[Path]) -> None:
    """A film that shows photos for three seconds each."""
    spec = importlib.util.spec_from_file_location("make_film", FILM_TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    tool.write_film(path, photos)


def write_photos(folder: Path, count: int = 24) -> list[tuple[str, str]]:
    """Draw dark and bright shapes.

    Returns:
        Of each photo its path below the folder's parent, and what is on it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for number in range(count):
        label = ("cat", "dog")[number % 2]
        picture = Image.new("RGB", (96, 72), "white")
        pen, left = ImageDraw.Draw(picture), 2 + 2 * (number // 2)
        shape = pen.ellipse if label == "cat" else pen.rectangle
        shape((left, 8, left + 50, 60), fill=COLOURS[label][number // 2 % 3])
        path = folder / f"{label}{number:02}.jpg"
        picture.save(path)
        drawn.append((f"{folder.name}/{path.name}", label))
    return drawn


def run(session: Session, cell: str) -> list[object]:
    """What a cell gave."""
    results: list[object] = []
    session.run(cell, emit=results.append)
    return results


def make_world(folder: Path) -> Session:
    """The tables photos (with vectors of mini), new_photos, reviews and films, over a folder of photos and a film."""
    drawn = write_photos(folder / "my_photos")
    session = Session(folder / "db", working_folder=folder)
    labels = ", ".join(f"('{path}', '{label}', 'a {label} on white')" for path, label in drawn)
    reviews = ", ".join(f"('{text}', {label})" for text, label in REVIEWS)
    write_film(folder / "film.mp4", sorted((folder / "my_photos").iterdir())[:2])
    for cell in (
        "COPY photos FROM 'my_photos'",
        "ALTER TABLE photos ADD COLUMN label VARCHAR",
        "ALTER TABLE photos ADD COLUMN caption VARCHAR",
        f"UPDATE photos SET label = l, caption = c FROM (VALUES {labels}) AS t(p, l, c) WHERE image_path = p",
        "CREATE TABLE new_photos AS SELECT image_path, label, caption FROM photos LIMIT 5",
        f"CREATE TABLE reviews AS SELECT * FROM (VALUES {reviews}) AS t(text, label)",
        "CONVERT USING mini AS SELECT * FROM photos",
        "CREATE TABLE films AS SELECT 'film.mp4' AS video_path",
    ):
        run(session, cell)
    return session
