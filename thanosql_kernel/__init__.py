"""A Jupyter kernel for ThanoSQL, the SQL dialect that searches photos, and the same from Python.

    import thanosql_kernel

    with thanosql_kernel.connect() as db:
        photos = db.sql("SELECT * FROM photos WHERE width > $least", least=1000).df()

In a Python notebook, ``%load_ext thanosql_kernel`` brings the magics ``%%thanosql`` and ``%thanosql``, and ``%%sql``
unless another extension has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os

    from thanosql_kernel.python.connection import Connection

__version__ = "0.1.0"
__all__ = ["__version__", "connect", "load_ipython_extension", "unload_ipython_extension"]


def connect(
    database: str | os.PathLike[str] | None = None,
    *,
    working_folder: str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> Connection:
    """Open a database.

    Args:
        database: A folder or ``s3://`` address; without it what a notebook here uses: ``THANOSQL_DATABASE``, else the
            nearest ``.thanosql`` folder here or above, else a new one here.
        working_folder: Where relative paths in statements and tables start; the process's own without it.
        progress: Whether work of more than a moment shows a line on stderr, unless ``SET display.progress = off``.

    Returns:
        The connection; a context manager.
    """
    from thanosql_kernel.python.connection import Connection

    return Connection(database, working_folder=working_folder, progress=progress)


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext thanosql_kernel`` in IPython or a Python notebook."""
    from thanosql_kernel.python.magic import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext thanosql_kernel``."""
    from thanosql_kernel.python.magic import unload

    unload(shell)
