"""``%load_ext thanosql``, as Python notebooks of the old service begin: the magics of `thanosql_kernel` by its name."""

from __future__ import annotations

from thanosql_kernel import load_ipython_extension, unload_ipython_extension

__all__ = ["load_ipython_extension", "unload_ipython_extension"]
