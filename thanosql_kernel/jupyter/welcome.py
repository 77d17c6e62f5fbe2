"""What a console says first: the version, the database, and the models at hand."""

from __future__ import annotations

from pathlib import Path

from thanosql_kernel import __version__
from thanosql_kernel.catalog import Catalog, Model
from thanosql_kernel.catalog.location import Location, find_database
from thanosql_kernel.catalog.store import CatalogFile
from thanosql_kernel.models.spec import builtin_models, spec_of
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import commands, counted


def banner(folder: Path) -> str:
    """A few lines for whoever starts a kernel in a folder; nothing heavy is imported and no database opened."""
    location = find_database(folder)
    catalog = CatalogFile(location.internal).read()
    lines = (
        commands.WELCOME(version=__version__),
        commands.DATABASE_LINE(database=_database(location, folder, catalog)),
        commands.MODELS_LINE(models=_models(catalog)),
        commands.HOW_TO(),
    )
    return "\n".join(map(visible, lines))


def _database(location: Location, folder: Path, catalog: Catalog | None) -> str:
    place = location.address
    if location.is_local and location.folder.is_relative_to(folder):
        place = commands.IN_THIS_FOLDER(folder=location.folder.relative_to(folder))
    if catalog is None:
        return commands.MADE_WHEN_USED(place=place) if location.is_local else place
    return commands.HOLDS(place=place, counts=_counts(len(catalog.tables), len(catalog.views)))


def _counts(tables: int, views: int) -> str:
    if tables and views:
        return commands.AND(one=counted(tables, "table"), other=counted(views, "view"))
    return counted(views, "view") if views else counted(tables, "table")


def _models(catalog: Catalog | None) -> str:
    from thanosql_kernel.models.registry import weights_at_hand

    builtin = (Model(name, spec) for name, spec in builtin_models().items())
    models = list(catalog.models.values() if catalog is not None else builtin)
    here = [it.name for it in models if spec_of(it).loader != "colours" and weights_at_hand(it)]
    away = [model.name for model in models if spec_of(model).stands_in and model.name not in here]
    if not away:
        return ", ".join(here)
    named = ", ".join(here) or str(commands.NONE)
    return commands.STANDS_IN(here=named, away=", ".join(away))
