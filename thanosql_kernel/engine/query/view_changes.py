"""Views that are made, dropped and renamed: changes of the catalogue alone."""

from __future__ import annotations

from dataclasses import replace

from thanosql_kernel.catalog import Catalog, Table, View
from thanosql_kernel.catalog.unknown import table_in_the_way, taken_view
from thanosql_kernel.engine.query.committing import Committing
from thanosql_kernel.engine.store.names import check_table_name
from thanosql_kernel.errors import Span
from thanosql_kernel.statements.foresight import with_view, without_view
from thanosql_kernel.statements.views import check_new
from thanosql_kernel.wording.names import CHOOSE_ANOTHER_NAME, TS204


class ViewChanges(Committing):
    """Changes of views."""

    def create_view(self, view: View, *, replaces: bool, span: Span | None = None) -> None:
        """Keep a view; who else keeps one at the same time is waited for."""
        check_table_name(view.name, span)

        def edit(catalog: Catalog) -> Catalog:
            existing = catalog.find(view.name)
            if isinstance(existing, Table):
                raise table_in_the_way(existing.name, span)
            if existing is not None and not replaces:
                raise taken_view(existing.name, span, TS204.REPLACE_VIEW())
            check_new(catalog, view, span)
            return with_view(catalog, view)

        self._tables.change_views([view.name], edit, self._work.check)

    def drop_view(self, name: str, span: Span | None = None) -> None:
        """Forget a view."""

        def edit(catalog: Catalog) -> Catalog:
            return without_view(catalog, catalog.view(name, span).name)

        self._tables.change_views([name], edit, self._work.check)

    def rename_view(self, name: str, new_name: str, span: Span | None = None) -> None:
        """Give a view another name."""
        check_table_name(new_name, span)

        def edit(catalog: Catalog) -> Catalog:
            view, other = catalog.view(name, span), catalog.find(new_name)
            if isinstance(other, Table):
                raise table_in_the_way(other.name, span)
            if other is not None and other is not view:
                raise taken_view(other.name, span, CHOOSE_ANOTHER_NAME())
            without, renamed = without_view(catalog, view.name), replace(view, name=new_name)
            check_new(without, renamed, span)
            return with_view(without, renamed)

        self._tables.change_views([name, new_name], edit, self._work.check)
