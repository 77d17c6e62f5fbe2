"""Make short films of the sample photos: ``python tools/make_film.py FOLDER`` writes ``FOLDER/films/``.

There is no film in the package, and examples need some. A photo is shown for three seconds while the view moves
slowly closer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import av
from PIL import Image, ImageOps

import thanosql_kernel
from thanosql_kernel.wording import tools

SIZE = (320, 240)
RATE = 10
SECONDS = 3
CLOSER = 0.12
"""How much of each side is out of view at the end of a photo."""

PHOTOS = Path("thanosql-dataset/sample_photos")
FILMS: dict[str, tuple[str, ...]] = {
    "animals": (
        *(f"ai_benchmark/classification/{number}.jpg" for number in (0, 2, 3, 4)),
        "ai_benchmark/segmentation/12.jpg",
        "ai_benchmark/classification/5.jpg",
    ),
}


def main() -> int:
    """Fetch the photos where they are missing, and make the films."""
    parser = argparse.ArgumentParser(description=str(tools.MAKE_FILM))
    parser.add_argument("folder", type=Path, nargs="?", default=Path(), help=str(tools.WHERE_FILMS_GO))
    folder = parser.parse_args().folder.resolve()
    with thanosql_kernel.connect(folder / ".thanosql", working_folder=folder) as database:
        database.sql("GET THANOSQL DATASET sample_photos")
    (folder / "films").mkdir(exist_ok=True)
    for name, photos in FILMS.items():
        write_film(folder / "films" / f"{name}.mp4", [folder / PHOTOS / photo for photo in photos])
    return 0


def write_film(path: Path, photos: Sequence[Path]) -> None:
    """Show photos one after the other.

    Args:
        path: The film.
        photos: Their files.
    """
    options = {"preset": "veryfast", "crf": "27", "tune": "zerolatency"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = RATE
        # Several threads, and looking ahead, write another file each time.
        stream.codec_context.thread_count = 1
        for picture in _frames(photos):
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())


def _frames(photos: Sequence[Path]) -> Iterator[Image.Image]:
    """The views of the photos, in order."""
    for path in photos:
        with Image.open(path) as opened:
            photo = ImageOps.fit(opened.convert("RGB"), (2 * SIZE[0], 2 * SIZE[1]))
        count = SECONDS * RATE
        for number in range(count):
            hidden = CLOSER * number / count / 2
            box = (
                hidden * photo.width,
                hidden * photo.height,
                (1 - hidden) * photo.width,
                (1 - hidden) * photo.height,
            )
            yield photo.resize(SIZE, Image.Resampling.BICUBIC, box=box)


if __name__ == "__main__":
    sys.exit(main())
