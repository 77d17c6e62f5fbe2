"""Every figure that the model card and the READMEs give of the embedded model, by one command.

    make figures DATA=FOLDER                              # measures, and says which figures differ
    python tools/mini_figures.py --data FOLDER --write    # measures, and writes them into card and READMEs
    python tools/mini_figures.py --render                 # writes those of mini_figures.json there, measures nothing

FOLDER is that of `build_mini.py`; where it is not there, nothing is measured and the reason told. What is measured are
the files in the package, through the code that users run. Photos a second hang on the machine: they are measured,
written, and never compared. Two minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mini_pages import STORED, Figures, differing_pages, package_facts, stored, write

from thanosql_kernel.models import mini

TOLERANCE = 0.006
"""Other processors round otherwise: of 5,000 captions thirty may find a photo one rank later."""
OF_THE_MACHINE = frozenset({"photos_per_second"})


def main() -> int:
    """Measure, compare or write; the exit status is 1 when figures differ, 2 when they cannot be measured."""
    arguments = _arguments()
    if arguments.render:
        return write(stored())
    if not (arguments.data / "captions.csv").is_file():
        print(
            f"mini_figures: nothing is measured: {arguments.data / 'captions.csv'} is not there",
            file=sys.stderr,
        )
        return 2
    try:
        figures = measure(arguments.data)
    except ModuleNotFoundError as error:
        print(f"mini_figures: {error}: pip install -r tools/requirements-mini.txt", file=sys.stderr)
        return 2
    if arguments.write:
        STORED.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return write(figures)
    found = [*differences(stored(), figures), *differing_pages(stored())]
    print("\n".join(found) or "card, READMEs and what was measured agree")
    return 1 if found else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("mini-data"), help="folder of the captioned photos")
    parser.add_argument("--write", action="store_true", help="write what is measured")
    parser.add_argument("--render", action="store_true", help="write what was measured last")
    return parser.parse_args()


def measure(data: Path) -> Figures:
    """All figures of the files in the package.

    Raises:
        ModuleNotFoundError: What `requirements-mini.txt` lists is not installed.
        MissingData: The class names, or the sample photos, are not there.
    """
    import measure_similarity
    import mini_data
    import mini_evaluate

    encoder = mini.load()
    captions = mini_evaluate.caption_figures(encoder, data)
    samples = mini_evaluate.sample_figures(encoder, mini_data.read_classes(data))
    tables = measure_similarity.tables(data)
    return {
        **package_facts(),
        "captions": captions,
        "samples": samples,
        "similarity": [{"head": it.head, "form": it.form, "rows": it.rows} for it in tables],
    }


# -- comparing -----------------------------------------------------------------------------------------------
def differences(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """Where figures are others, beyond what the processor may do."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new} - OF_THE_MACHINE):
            yield from differences(old.get(name), new.get(name), f"{where}.{name}".lstrip("."))
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif isinstance(old, float) and isinstance(new, float):
        if abs(old - new) > TOLERANCE:
            yield f"{where}: {old} is written, {new} was measured"
    elif old != new:
        yield f"{where}: {old} is written, {new} was measured"


if __name__ == "__main__":
    sys.exit(main())
