"""What earlier generations of the dialect called generated columns, and those of a folder's files.

The same similarity is ``search_result`` in notebooks of 1.5, ``{model}_{base}_similarity1`` in those of 1.0, ``score``,
``query1_score`` or ``similarity_image1`` in older ones. These names stand for a column only where no column has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from thanosql_kernel.catalog.model import Column

Names = frozenset[str]
"""Names in lower case; one that begins with ``*`` stands for all that end so."""

VECTORS: Names = frozenset(("convert_result",))
LABELS: Names = frozenset(("predict_result", "predicted"))
PATHS: dict[str, Names] = {f"{kind}_path": frozenset((kind,)) for kind in ("image", "audio", "video")}
"""What the columns were called that a folder's tables have."""

#: Bases as the vendor's pages misspell them: no column is called so.
_MISSPELT = {"simclr": "sinclr"}
_TRAILING = re.compile(r"\d+\Z")


def of_vectors(model: str, base: str) -> Names:
    """What the vector column of a model may be called."""
    wrong = _MISSPELT.get(base.lower())
    misspelt = () if wrong is None else (f"*_{wrong}",)
    return VECTORS | {f"{model}_{base}".lower(), *misspelt}


def of_similarity(number: int, model: str | None = None, base: str = "") -> Names:
    """What the similarities to the n-th input of a SEARCH may be called.

    Args:
        number: From 1.
        model: Whose vectors are compared; None where nobody knows.
        base: The model's.
    """
    numbered = (
        f"search_result{number} query{number}_score similarity_image{number} similarity_text{number}".split()
    )
    vectors = of_vectors(model, base) - VECTORS if model is not None else ()
    return frozenset(
        ("score", "search_result", *numbered, *(f"{name}_similarity{number}" for name in vectors))
    )


def of_column(column: Column) -> Names:
    """What a column may be called, as far as can be told from what is known of it."""
    if column.generated is not None:
        return of_vectors(column.generated.model, column.generated.base)
    if column.similarity is None:
        return PATHS.get(column.name.lower(), frozenset())
    digits = _TRAILING.search(column.name)
    return of_similarity(int(digits.group()) if digits else 1)


def is_among(name: str, names: Names) -> bool:
    """Whether a name is one of these, letter case ignored."""
    name = name.lower()
    return name in names or any(name.endswith(item[1:]) for item in names if item.startswith("*"))


def meant(name: str, columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns that an old name can mean; none where a column has the name."""
    found = tuple(columns)
    if any(column.name.lower() == name.lower() for column in found):
        return ()
    return tuple(column for column in found if is_among(name, of_column(column)))
