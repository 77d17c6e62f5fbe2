"""What a console says first: the version, the database, and the models at hand."""

from __future__ import annotations

from pathlib import Path

from thanosql_kernel import __version__
from thanosql_kernel.catalog import Catalog, Model
from thanosql_kernel.catalog.location import Location, find_database
from thanosql_kernel.catalog.store import CatalogFile
from thanosql_kernel.models.spec import builtin_models
from thanosql_kernel.visible import visible


def banner(folder: Path) -> str:
    """A few lines for whoever starts a kernel in a folder; nothing heavy is imported and no database opened."""
    location = find_database(folder)
    catalog = CatalogFile(location.internal).read()
    lines = (
        f"ThanoSQL Kernel {__version__}: search your photos with SQL",
        f"database: {_database(location, folder, catalog)}",
        f"models:   {_models(catalog)}",
        "HELP shows the statements, exit leaves. End a statement with a semicolon.",
    )
    return "\n".join(map(visible, lines))


def _database(location: Location, folder: Path, catalog: Catalog | None) -> str:
    place = location.address
    if location.is_local and location.folder.is_relative_to(folder):
        place = f"{location.folder.relative_to(folder)} in this folder"
    if catalog is None:
        return f"{place}, made when first used" if location.is_local else place
    kinds = {"table": len(catalog.tables), "view": len(catalog.views)}
    counts = [f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in kinds.items() if count]
    return f"{place}, {' and '.join(counts) or '0 tables'}"


def _models(catalog: Catalog | None) -> str:
    from thanosql_kernel.models.registry import weights_at_hand

    builtin = (Model(name, spec) for name, spec in builtin_models().items())
    models = list(catalog.models.values() if catalog is not None else builtin)
    here = [model.name for model in models if weights_at_hand(model)]
    away = [model.name for model in models if model.name not in here]
    if not away:
        return ", ".join(here)
    return f"{', '.join(here) or 'none'} (mini stands in for {', '.join(away)}: see HELP GET)"
