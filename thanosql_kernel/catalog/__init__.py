"""What exists in a database: tables, columns, models. Shared by the kernel and the language server."""

from thanosql_kernel.catalog.model import (
    Catalog,
    Column,
    EmbeddingKind,
    GeneratedColumn,
    Model,
    Readable,
    Similarity,
    Table,
    Trained,
    View,
    Weights,
)

__all__ = [
    "Catalog",
    "Column",
    "EmbeddingKind",
    "GeneratedColumn",
    "Model",
    "Readable",
    "Similarity",
    "Table",
    "Trained",
    "View",
    "Weights",
]
