"""What the examples of the reference speak of: a folder of photos, tables, models, all made on the spot."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from thanosql_kernel.engine.session import Session

COLOURS = {"cat": ("black", "dimgray", "navy"), "dog": ("orange", "gold", "tomato")}
REVIEWS = (
    "The actors were funny, and the story of the old fisherman moved everybody in the cinema to tears.",
    "A slow thriller about a bank robbery; the music saves what the dialogue spoils.",
    "여름 바다를 배경으로 한 따뜻한 가족 영화입니다. 배우들의 연기와 음악이 모두 좋았습니다.",
)


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
    """The tables photos, new_photos and reviews over a folder of photos, with vectors of mini and clip."""
    drawn = write_photos(folder / "my_photos")
    session = Session(folder / "db", working_folder=folder)
    labels = ", ".join(f"('{path}', '{label}', 'a {label} on white')" for path, label in drawn)
    reviews = ", ".join(f"($$ {text} $$, {number % 2})" for number, text in enumerate(REVIEWS * 4))
    for cell in (
        "COPY photos FROM 'my_photos'",
        "ALTER TABLE photos ADD COLUMN label VARCHAR",
        "ALTER TABLE photos ADD COLUMN caption VARCHAR",
        f"UPDATE photos SET label = l, caption = c FROM (VALUES {labels}) AS t(p, l, c) WHERE image_path = p",
        "CREATE TABLE new_photos AS SELECT image_path, label, caption FROM photos LIMIT 5",
        f"CREATE TABLE reviews AS SELECT trim(text) AS text, label FROM (VALUES {reviews}) AS t(text, label)",
        "CONVERT USING mini AS SELECT * FROM photos",
        "CONVERT USING clip AS SELECT * FROM photos",
    ):
        run(session, cell)
    return session
