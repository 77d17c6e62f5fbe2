"""The mean vector of each label: ``FUNCTION compute.groupby_emb_mean``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog import Column
from thanosql_kernel.engine.relations.arrow import ArrowRelation, without_views
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.reading import VectorColumn
from thanosql_kernel.engine.store.arrow_types import carried_type
from thanosql_kernel.engine.work import Work
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.statements.computing import vector_length
from thanosql_kernel.wording import functions_of_rows as said

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.duck.connection import Duck

Doubles = NDArray[np.float64]


def group_means(
    rows: Relation, label: str, vectors: str, result: str, duck: Duck, work: Work
) -> ArrowRelation:
    """One row a label, in order of first appearance, with the mean of its vectors; NULL for a label without any.

    Labels are the same where GROUP BY says so. Sums are of float64, means are rounded to float32 once. The mean is of
    the vectors as they are. That a model made these says nothing of it as a `GeneratedColumn` would: it has no source
    to be made of anew.

    Args:
        rows: The rows.
        label: Their column of labels.
        vectors: Their column of vectors; those with numbers that are missing or not finite are left out.
        result: What the column of means is called.
        duck: The statement's connection.
        work: The statement's; errors point at its span.

    Raises:
        TypeMismatch: TS300, there are vectors of different lengths.
    """
    rows = rows.repeatable()
    named = rows.column(label)
    labels = without_views(rows.fetch([named.name]))
    first, of_row = np.unique(_first_alike(labels, named, duck), return_inverse=True)
    column = VectorColumn(rows, vectors, work.span, work.check)
    dim = column.length()
    sums, counts = _summed(column, dim, len(first), of_row, work)
    kinds = (Column(named.name, carried_type(named.type)), Column(result, _mean_type(column.column)))
    means = _as_lists(sums, counts, is_fixed=bool(vector_length(column.column.type)))
    table = labels.take(first).append_column(result, means)
    return ArrowRelation(table, kinds)


def _mean_type(vectors: Column) -> str:
    return f"FLOAT[{vector_length(vectors.type) or ''}]"


def _first_alike(labels: pa.Table, column: Column, duck: Duck) -> NDArray[np.int64]:
    """int64 (n,): for each row the first that has the same label, as SQL compares labels."""
    name, label = duck.scratch_name(), quote(column.name)
    ArrowRelation(labels, [column]).register(duck, name)
    found = duck.table(
        f"SELECT min(_thanosql_at) OVER (PARTITION BY {label}) AS first FROM "
        f"(SELECT row_number() OVER () - 1 AS _thanosql_at, {label} FROM {name}) ORDER BY _thanosql_at"
    )
    return np.asarray(found.column(0).to_numpy(), dtype=np.int64)


def _summed(
    column: VectorColumn, dim: int, groups: int, of_row: NDArray[np.int64], work: Work
) -> tuple[Doubles, NDArray[np.int64]]:
    """Sums (g, dim) of the vectors of each group, and how many they are (g,)."""
    sums, counts, at = np.zeros((groups, dim)), np.zeros(groups, dtype=np.int64), 0
    if not dim:
        return sums, counts
    with work.progress(said.AVERAGING(column=column.name), len(of_row), "rows") as bar:
        for array in column.arrays():
            work.check()
            numbers, usable = _as_doubles(array, dim)
            group = of_row[at : at + len(array)][usable]
            order = np.argsort(group, kind="stable")
            there, starts = np.unique(group[order], return_index=True)
            if len(there):
                sums[there] += np.add.reduceat(numbers[usable][order], starts, axis=0)
                counts += np.bincount(group, minlength=groups)
            at += len(array)
            bar.advance(len(array))
    return sums, counts


def _as_doubles(array: Any, dim: int) -> tuple[Doubles, NDArray[np.bool_]]:
    """Float64 (n, dim) of an Arrow array of vectors, and which rows (n,) hold nothing but finite numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_fixed_size_list(array.type):
        fits = pc.equal(pc.list_value_length(array), dim)
        array = pc.if_else(fits, array, pa.scalar(None, array.type))
        array = array.cast(pa.list_(array.type.value_type, dim))
    numbers = array.values[array.offset * dim : (array.offset + len(array)) * dim].cast(pa.float64())
    values = pc.fill_null(numbers, float("nan")).to_numpy(zero_copy_only=False).reshape(len(array), dim)
    return values, array.is_valid().to_numpy(zero_copy_only=False) & np.isfinite(values).all(axis=1)


def _as_lists(sums: Doubles, counts: NDArray[np.int64], *, is_fixed: bool) -> pa.Array:
    """The means as Arrow lists, NULL where there is nothing to take the mean of."""
    import pyarrow as pa

    dim, lacking = sums.shape[1], counts == 0
    with np.errstate(over="ignore"):
        means = (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)
    numbers, mask = pa.array(means.ravel()), pa.array(lacking)
    if is_fixed:
        return pa.FixedSizeListArray.from_arrays(numbers, dim, mask=mask)
    offsets = pa.array(np.arange(len(sums) + 1, dtype=np.int32) * dim)
    return pa.ListArray.from_arrays(offsets, numbers, mask=mask)
