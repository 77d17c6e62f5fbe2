"""The engine as a widget's statements see it: they may read, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from thanosql_kernel.engine.runtime import StatementRuntime
from thanosql_kernel.errors import Span, Unsupported
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.wording.refusals import TS603

#: What of `Runtime` reads. The embedding cache grows by `embed` and `keywords`; no statement can tell.
READS = frozenset(
    {
        *(
            "catalog",
            "models",
            "working_folder",
            "variables",
            "setting",
            "reader",
            "weights_at_hand",
            "dataset_names",
        ),
        *("has_database", "columns", "file_columns"),
        *("evaluate", "describe", "preview", "sample", "keep", "rows", "embed", "similarity", "ranked"),
        *("classify", "made_by", "group_means", "nearest", "keywords"),
        *("labelled", "judged", "retrieval_ranks"),
        *("damaged_tables", "table_versions", "table_at_version", "indexes"),
        *("notice", "progress", "check_interrupted"),
    }
)


def asked() -> frozenset[str]:
    """What statements may ask of `Runtime` and of what it inherits."""
    return frozenset(name for kind in Runtime.__mro__ for name in vars(kind) if not name.startswith("_"))


def refused() -> frozenset[str]:
    """What of that does not read, whatever is added to it."""
    return asked() - READS


def _refusal() -> Callable[..., NoReturn]:
    def refuse(runtime: StatementRuntime, *_: object, span: Span | None = None, **__: object) -> NoReturn:
        raise Unsupported(TS603.ONLY_READS(), span=span, hint=TS603.RUN_IN_A_CELL())

    return refuse


class ReadOnlyRuntime(StatementRuntime):
    """A `StatementRuntime` that refuses to store, change, fetch or write anything, however deep a statement is nested.

    Raises:
        Unsupported: TS603, by every method of `Runtime` that is not in `READS`.
    """


for _name in refused():
    setattr(ReadOnlyRuntime, _name, property(_refusal()) if _name == "changes" else _refusal())
