"""``python -m thanosql_kernel.models [en|ko]``: the READMEs' table of models, from the specs themselves."""

from __future__ import annotations

import sys

from thanosql_kernel.models.spec import SPECS, ModelSpec
from thanosql_kernel.wording import families, set_language

_MEGABYTES = 1000


def table() -> str:
    """The table as Markdown, in the language that is set."""
    rows = [f"| {' | '.join(map(str, families.HEADINGS))} |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*rows, *map(_row, SPECS.values())]) + "\n"


def _row(spec: ModelSpec) -> str:
    names = ", ".join(f"`{name}`" for name in (spec.name, *spec.aliases))
    cells = (
        names,
        spec.choose,
        _figure(spec.korean),
        _figure(spec.english),
        _size(spec.size_mb) if spec.source else spec.origin,
        f"{spec.dim}",
        f"{spec.languages}; {spec.licence}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _size(megabytes: int) -> str:
    return f"{megabytes} MB" if megabytes < _MEGABYTES else f"{megabytes / _MEGABYTES:.1f} GB"


if __name__ == "__main__":
    set_language(sys.argv[1] if len(sys.argv) > 1 else "en")
    sys.stdout.write(table())
