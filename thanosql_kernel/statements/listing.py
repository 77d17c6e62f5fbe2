"""LIST: what tables, views, models and data sets there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from thanosql_kernel.catalog import Column, Model, View
from thanosql_kernel.errors import Interrupted, ThanoSQLError
from thanosql_kernel.models.spec import SPECS, ModelSpec
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.foresight import Foresight, Makes
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.statements.views import named_query
from thanosql_kernel.wording import answers, statements

if TYPE_CHECKING:
    import pyarrow as pa

Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Listing(Statement):
    """``LIST TABLE|VIEW|MODEL|THANOSQL MODEL|THANOSQL DATASET``."""

    heads = (
        ("LIST", "TABLE"),
        ("LIST", "TABLES"),
        ("SHOW", "TABLES"),
        ("LIST", "VIEW"),
        ("LIST", "VIEWS"),
        ("SHOW", "VIEWS"),
        ("LIST", "MODEL"),
        ("LIST", "MODELS"),
        ("LIST", "THANOSQL", "MODEL"),
        ("LIST", "THANOSQL", "DATASET"),
        ("LIST", "THANOSQL", "TUTORIAL"),
    )
    syntax = "LIST TABLE | LIST VIEW | LIST MODEL | LIST THANOSQL MODEL | LIST THANOSQL DATASET"
    help = statements.LIST
    example = "LIST TABLE"
    table_valued = True
    unsupported: ClassVar = {("LIST", "THANOSQL", "TUTORIAL"): statements.TUTORIAL}

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Nothing follows the words."""
        start = cursor.start_of(words)
        return cls(cursor.span_from(start), words)

    @property
    def what(self) -> str:
        """What is listed, in the singular."""
        return " ".join(self.words[1:]).removesuffix("S")

    def evaluate(self, runtime: Runtime) -> Relation:
        """One row a thing."""
        if self.what == "TABLE":
            return runtime.rows(_table(_tables(runtime), **_TYPES["TABLE"]))
        if self.what == "VIEW":
            return runtime.rows(_table(_views(runtime), **_TYPES["VIEW"]))
        if self.what == "MODEL":
            return runtime.rows(_table(_models(runtime), **_TYPES["MODEL"]))
        if self.what == "THANOSQL DATASET":
            found: Rows = [
                {"name": name, "description": text} for name, text in runtime.dataset_names().items()
            ]
            return runtime.rows(_table(found, **_TYPES["THANOSQL DATASET"]))
        return runtime.rows(_table(_specs(runtime), **_TYPES["THANOSQL MODEL"]))

    def makes(self, known: Foresight) -> Makes:
        """Rows whose columns depend only on what is listed."""
        types = _TYPES.get(self.what, {})
        columns = tuple(Column(name, _SQL_TYPES[alias]) for name, alias in types.items())
        return Makes(known.catalog, lambda: columns)


_TYPES: dict[str, dict[str, str]] = {
    "TABLE": {"name": "string", "kind": "string", "rows": "int64", "columns": "string"},
    "VIEW": {"name": "string", "columns": "string", "query": "string"},
    "MODEL": {"name": "string", "kind": "string", "weights": "string", "folder": "string"},
    "THANOSQL DATASET": {"name": "string", "description": "string"},
    "THANOSQL MODEL": {
        "name": "string",
        "choose": "string",
        "korean": "double",
        "english": "double",
        "size_mb": "int64",
        "here": "bool",
        "licence": "string",
        "languages": "string",
        "dim": "int64",
        "base": "string",
        "modalities": "string",
        "source": "string",
    },
}
_SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "bool": "BOOLEAN", "double": "DOUBLE"}


def _table(found: Rows, /, **types: str) -> pa.Table:
    import pyarrow

    schema = pyarrow.schema([(name, pyarrow.type_for_alias(alias)) for name, alias in types.items()])
    return pyarrow.Table.from_pylist(found, schema=schema)


def _tables(runtime: Runtime) -> Rows:
    damaged = runtime.damaged_tables()
    for error in damaged.values():
        runtime.notice(f"{error.message}\n{error.hint}" if error.hint else error.message)
    found: Rows = [
        {
            "name": table.name,
            "kind": "table",
            "rows": None if table.name in damaged else table.rows,
            "columns": str(answers.DAMAGED) if table.name in damaged else _names(table.columns),
        }
        for table in runtime.catalog.tables.values()
    ]
    found += [
        {"name": view.name, "kind": "view", "rows": None, "columns": _columns_now(view, runtime)}
        for view in runtime.catalog.views.values()
    ]
    return sorted(found, key=lambda row: str(row["name"]))


def _views(runtime: Runtime) -> Rows:
    return [
        {"name": view.name, "columns": _columns_now(view, runtime), "query": view.sql}
        for view in sorted(runtime.catalog.views.values(), key=lambda view: view.name)
    ]


def _columns_now(view: View, runtime: Runtime) -> str:
    """The columns that a view has now; one that cannot be read says so, and why is told beside."""
    try:
        return _names(runtime.describe(named_query(view.name)))
    except Interrupted:
        raise
    except ThanoSQLError as error:
        runtime.notice(answers.CANNOT_READ_VIEW(view=view.name, reason=error.message))
        return answers.UNREADABLE()


def _names(columns: Iterable[Column]) -> str:
    return ", ".join(column.name for column in columns)


def _models(runtime: Runtime) -> Rows:
    return [
        {
            "name": model.name,
            "kind": model.spec,
            "weights": str(answers.HERE if runtime.weights_at_hand(model) else answers.NOT_HERE),
            "folder": model.folder or model.repo,
        }
        for model in sorted(runtime.models.values(), key=lambda model: model.name)
    ]


def _specs(runtime: Runtime) -> Rows:
    return [_spec_row(spec, runtime) for spec in SPECS.values()]


def _spec_row(spec: ModelSpec, runtime: Runtime) -> dict[str, object]:
    return {
        "name": spec.name,
        "choose": str(spec.choose),
        "korean": spec.korean,
        "english": spec.english,
        "size_mb": spec.size_mb,
        "here": runtime.weights_at_hand(Model(spec.name, spec.name)),
        "licence": str(spec.licence),
        "languages": str(spec.languages),
        "dim": spec.dim,
        "base": spec.base,
        "modalities": ", ".join(spec.modalities),
        "source": spec.origin,
    }
